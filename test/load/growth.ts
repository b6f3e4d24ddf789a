/** @module How the cost of a redirect grows with the number of links there are. */
import type { Amounts } from "./amounts.ts";
import type { Target } from "./drive.ts";
import { copyLinks } from "./edge-copies.ts";
import { makeLinks, redirectOf, redirectsOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { atMost, type Report, type Row } from "./report.ts";
import { alternate, quotient, type Rounds, typical } from "./rounds.ts";

/** As flat as a shared machine can show. */
const flat = 1.15;

type Settings = Amounts["links"];

interface Grown {
  count: number;
  service: RunningService;
  /** Slugs of each stream. */
  streams: string[][];
  remove: () => Promise<void>;
}

/** Each count of links has a service of its own. */
export async function measureLinkGrowth(lab: Lab, { links: settings }: Amounts): Promise<Report> {
  const { counts, sample } = settings;
  const grown: Grown[] = [];
  try {
    for (const count of counts) grown.push(await grow(lab, count, settings));
    const [reference, ...others] = grown.flatMap((one) => targetsOf(one, sample));
    if (!reference) throw new Error("no counts of links were given");
    const contenders = [...others, ...(await readersOf(lab, reference, sample.links))];
    const samples = await alternate(reference, contenders, settings);
    return {
      rows: growthRows(samples, settings),
      details: { linkGrowth: samples },
    };
  } finally {
    for (const { remove } of grown) await remove();
  }
}

function targetsOf({ count, service, streams }: Grown, sample: Settings["sample"]): Target[] {
  const one = redirectOf(service, streams[0]?.at(-1) ?? "", `one of ${count}`);
  if (count <= sample.links) return [one];
  const drawn = streams
    .slice(0, sample.streams)
    .flat()
    .toSorted(() => Math.random() - 0.5);
  const known = drawn.splice(0, sample.links);
  const any = () => known[Math.floor(Math.random() * known.length)] ?? "";
  let at = 0;
  const unopened = () => {
    at = (at + 1) % drawn.length;
    return drawn[at] ?? "";
  };
  return [
    one,
    { ...redirectsOf(service, any, `sample of ${count}`), seconds: sample.seconds },
    redirectsOf(service, unopened, `first of ${count}`),
  ];
}

/**
 * What KV costs the first open of a link, whose stream is known by others: a Worker that reads as often and does nothing
 * else, and one that does nothing.
 */
async function readersOf(lab: Lab, redirect: Target, values: number): Promise<Target[]> {
  const [reading, bare] = [await lab.worker("reading"), await lab.worker("bare")];
  await fetch(reading.url, { method: "PUT", body: String(values) });
  let at = 0;
  const vary = () => {
    at = (at + 1) % values;
    return { path: `/${at}` };
  };
  const of = ({ url, pid }: { url: string; pid: number }, name: string): Target => ({
    ...redirect,
    name,
    url,
    pid,
    settlesAtOnce: true,
  });
  return [{ ...of(reading, "one read"), vary }, of(bare, "no reads")];
}

function growthRows(samples: Rounds, { counts, sample }: Settings): Row[] {
  const [few = 0, ...more] = counts;
  const [middle = 0, most = middle] = more;
  const cpu = (name?: string) => typical(samples, "cpu", name).toFixed(0);
  const against = (name: string) => quotient(samples, "cpu", name);
  const rowOf = (title: string, value: number, name: string, by?: string): Row => ({
    name: `${title}, CPU`,
    value,
    measured: `${value.toFixed(2)}  (${cpu(name)} ÷ ${cpu(by)} µs)`,
  });
  const isFlat = (row: Row): Row => atMost(row.name, row.value, flat, row.measured);
  const [drawn, drawnOfMost] = [`sample of ${middle}`, `sample of ${most}`];
  const all = grouped(sample.links);
  return [
    ...more.map((count) => {
      const name = `one of ${count}`;
      return isFlat(rowOf(`redirect, ${grouped(count)} ÷ ${few} links`, against(name), name));
    }),
    ...(most === middle
      ? []
      : [
          isFlat(
            rowOf(
              `redirect, ${all} of ${grouped(most)} ÷ ${all} of ${grouped(middle)} links`,
              against(drawnOfMost) / against(drawn),
              drawnOfMost,
              drawn,
            ),
          ),
        ]),
    rowOf(`redirect, ${all} links in turn ÷ one`, against(drawn), drawn),
    rowOf("first open of a link ÷ the next", against(`first of ${middle}`), `first of ${middle}`),
    withoutKv(samples, `first of ${middle}`),
  ];
}

/** The first open less what KV's read costs a Worker that does nothing else. */
function withoutKv(samples: Rounds, first: string): Row {
  const cpu = (name?: string) => typical(samples, "cpu", name);
  const kv = cpu("one read") - cpu("no reads");
  const value = (cpu(first) - kv) / cpu();
  const made = `(${cpu(first).toFixed(0)} less KV's ${kv.toFixed(0)} ÷ ${cpu().toFixed(0)} µs)`;
  const name = "first open of a link without KV ÷ the next, CPU";
  return atMost(name, value, 3, `${value.toFixed(2)}  ${made}`);
}

const grouped = (count: number) => count.toLocaleString("en");

/** A service of its own with so many links, in streams of as many as told. */
async function grow(lab: Lab, count: number, { perStream, byApi }: Settings): Promise<Grown> {
  return byApi || count <= perStream
    ? growByApi(lab, count, perStream)
    : growByCopies(count, perStream);
}

async function growByApi(lab: Lab, count: number, perStream: number): Promise<Grown> {
  const service = await lab.ownService();
  const streams: string[][] = [];
  for (let left = count; left > 0; left -= perStream) {
    streams.push((await makeLinks(service, Math.min(left, perStream))).slugs);
  }
  return { count, service, streams, remove: service.remove };
}

/** One link of each stream by the API, the others as its copies while the service is stopped. */
async function growByCopies(count: number, perStream: number): Promise<Grown> {
  const folder = ownFolder();
  const first = await runService(folder.path);
  const likes: string[] = [];
  while (likes.length * perStream < count) {
    likes.push((await makeLinks(first, 1)).slugs[0] ?? "");
  }
  await first.stop();
  const copies = copyLinks(folder.path, likes, perStream - 1);
  const service = await runService(folder.path);
  const streams = likes.map((like, index) => [like, ...(copies[index] ?? [])]);
  const remove = async () => {
    await service.stop();
    folder.remove();
  };
  return { count, service, streams, remove };
}
