/** @module How the cost of a redirect grows with the number of links there are. */
import type { Amounts } from "./amounts.ts";
import { noted } from "./beside.ts";
import type { Target } from "./drive.ts";
import { copyLinks } from "./edge-copies.ts";
import { inTurn, makeLinks, redirectOf, redirectsOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type Running, type RunningService, runService } from "./processes.ts";
import { atMost, type Report, type Row } from "./report.ts";
import { alternate, type Rounds } from "./rounds.ts";

/** As flat as a shared machine can show. */
const flat = 1.15;

type Settings = Amounts["links"];

interface Grown {
  service: RunningService;
  /** Slugs of each stream. */
  streams: string[][];
  remove: () => Promise<void>;
}

/** Opens of a service with so many links, in one of these ways. */
interface Opened {
  name: string;
  count: number;
  target(grown: Grown, sample: Settings["sample"], name: string): Target;
}

const one: Opened["target"] = ({ service, streams }, _, name) =>
  redirectOf(service, streams[0]?.at(-1) ?? "", name);

/** Links of so many streams, again and again. */
const inTurns: Opened["target"] = ({ service, streams }, sample, name) => {
  const known = streams
    .slice(0, sample.streams)
    .flat()
    .toSorted(() => Math.random() - 0.5)
    .slice(0, sample.links);
  const any = () => known[Math.floor(Math.random() * known.length)] ?? "";
  return { ...redirectsOf(service, any, name), seconds: sample.seconds };
};

/** Each once, one stream after the other. */
const firsts: Opened["target"] = ({ service, streams }, sample, name) => {
  const unopened = inTurn(streams.flat());
  return { ...redirectsOf(service, unopened, name), seconds: sample.seconds };
};

function openedOf({ counts, firstOf }: Settings): Opened[] {
  const [, ...more] = counts;
  return [
    ...counts.map((count) => ({ name: `one of ${count}`, count, target: one })),
    ...more.map((count) => ({ name: `sample of ${count}`, count, target: inTurns })),
    { name: "first", count: firstOf, target: firsts },
  ];
}

/** Each way of opening has a service of its own, since what it counts is written into tables a minute after. */
export async function measureLinkGrowth(lab: Lab, { links: settings }: Amounts): Promise<Report> {
  const grown: Grown[] = [];
  const still = await lab.freshWorker("bare");
  try {
    const targets: Target[] = [];
    for (const { name, count, target } of openedOf(settings)) {
      const made = await grow(lab, count, settings);
      grown.push(made);
      targets.push(target(made, settings.sample, name));
    }
    const [first] = targets;
    if (!first) throw new Error("no counts of links were given");
    const [often, ...readers] = await workersOf(lab, still, first, settings.sample.links);
    // The reference is loaded again and again, which keeps it warm: what is compared is loaded as often as each other.
    const samples = await alternate(often, [...targets, ...readers], settings, {
      restsFor: settings.restsFor,
    });
    return { rows: growthRows(samples, settings), details: { linkGrowth: samples } };
  } finally {
    for (const { remove } of grown) await remove();
    await still.stop();
  }
}

/**
 * A Worker that does nothing, to be the reference; and what KV costs the first open of a link, whose stream is known by
 * others: one that reads as often and does nothing else, and another that does nothing.
 */
async function workersOf(
  lab: Lab,
  still: Running,
  redirect: Target,
  values: number,
): Promise<[reference: Target, ...readers: Target[]]> {
  const [bare, reading] = [await lab.worker("bare"), await lab.worker("reading")];
  await fetch(reading.url, { method: "PUT", body: String(values) });
  const vary = inTurn(Array.from({ length: values }, (_, value) => ({ path: `/${value}` })));
  const of = ({ url, pids }: { url: string; pids: readonly number[] }, name: string): Target => ({
    ...redirect,
    name,
    url,
    pids,
    settlesAtOnce: true,
  });
  return [of(bare, "bare"), { ...of(reading, "one read"), vary }, of(still, "no reads")];
}

function growthRows(samples: Rounds, { counts, sample }: Settings): Row[] {
  const [few = 0, ...more] = counts;
  const [middle = 0, most = middle] = more;
  const [reference, sampled] = [`one of ${few}`, `sample of ${middle}`];
  const rowOf = (title: string, name: string, by = reference): Row => {
    const [spent, least] = [spentOn(samples, name), spentOn(samples, by)];
    const value = spent / least;
    const measured = `${value.toFixed(2)}  (${spent.toFixed(0)} ÷ ${least.toFixed(0)} µs)`;
    return { name: `${title}, CPU`, value, measured };
  };
  const isFlat = (row: Row): Row => atMost(row.name, row.value, flat, row.measured);
  const all = grouped(sample.links);
  return [
    ...more.map((count) =>
      isFlat(rowOf(`redirect, ${grouped(count)} ÷ ${few} links`, `one of ${count}`)),
    ),
    ...(most === middle
      ? []
      : [
          isFlat(
            rowOf(
              `redirect, ${all} of ${grouped(most)} ÷ ${all} of ${grouped(middle)} links`,
              `sample of ${most}`,
              sampled,
            ),
          ),
        ]),
    rowOf(`redirect, ${all} links in turn ÷ one`, sampled),
    rowOf("first open of a link ÷ the next", "first"),
    noted(withoutKv(samples, reference, "the next")),
    withoutKv(samples, sampled, "one of links in turn"),
  ];
}

/** µs that an answer cost, what was done long after it included. */
const spentOn = ({ whole }: Rounds, name: string): number => whole?.[name] ?? Number.NaN;

/**
 * The first open less what KV's read costs a Worker that does nothing else, beside an open of one of as many links that
 * are known: each link that is opened has rows of its own in the tables, whether it is the first time or not.
 */
function withoutKv(samples: Rounds, by: string, title: string): Row {
  const [first, known] = [spentOn(samples, "first"), spentOn(samples, by)];
  const kv = spentOn(samples, "one read") - spentOn(samples, "no reads");
  const value = (first - kv) / known;
  const made = `(${first.toFixed(0)} less KV's ${kv.toFixed(0)} ÷ ${known.toFixed(0)} µs)`;
  const name = `first open of a link without KV ÷ ${title}, CPU`;
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
  return { service, streams, remove: service.remove };
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
  return { service, streams, remove };
}
