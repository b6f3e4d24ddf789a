/** @module How the cost of a redirect grows with the number of links there are. */
import type { Target } from "./drive.ts";
import { copyLinks } from "./edge-copies.ts";
import { makeLinks, redirectOf, redirectsOf } from "./fixture.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { atMost, type Report, type Row } from "./report.ts";
import { alternate, quotient, type Rounds, typical } from "./rounds.ts";

/** As flat as a shared machine can show. */
const flat = 1.15;
const linksPerStream = 1_000;

/** Links opened at random where one is opened alone otherwise, of so many streams: each has a lane. */
const sample = { links: 1_000, streams: 10 };
/** s: long enough for a sample's links to be read once and then opened many times. */
const sampleSeconds = 2;

interface Grown {
  count: number;
  service: RunningService;
  /** Slugs of each stream. */
  streams: string[][];
  remove: () => Promise<void>;
}

/**
 * @param counts of links: few, more, most
 * @param full makes every link through the API, which takes minutes for 100,000
 */
export async function measureLinkGrowth(
  counts: readonly number[],
  full: boolean,
  rounds: number,
  seconds: number,
): Promise<Report> {
  const grown: Grown[] = [];
  try {
    for (const count of counts) grown.push(await grow(count, full));
    const [reference, ...contenders] = grown.flatMap(targetsOf);
    if (!reference) throw new Error("no counts of links were given");
    const samples = await alternate(reference, contenders, rounds, seconds);
    return {
      rows: growthRows(samples, counts),
      details: { linkGrowth: samples },
    };
  } finally {
    for (const { remove } of grown) await remove();
  }
}

function targetsOf({ count, service, streams }: Grown): Target[] {
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
    { ...redirectsOf(service, any, `sample of ${count}`), seconds: sampleSeconds },
    redirectsOf(service, unopened, `first of ${count}`),
  ];
}

function growthRows(samples: Rounds, [few = 0, ...more]: readonly number[]): Row[] {
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
  ];
}

const grouped = (count: number) => count.toLocaleString("en");

/** A service of its own with so many links, in streams of 1,000. */
async function grow(count: number, full: boolean): Promise<Grown> {
  const folder = ownFolder();
  let service = await runService(folder.path);
  const remove = async () => {
    await service.stop();
    folder.remove();
  };
  const perStream = Math.min(count, linksPerStream);
  const byApi = full || count <= perStream ? perStream : 1;
  const streams: string[][] = [];
  while (streams.length * perStream < count) {
    streams.push((await makeLinks(service, byApi)).slugs);
  }
  if (byApi < perStream) {
    await service.stop();
    const likes = streams.map(([like = ""]) => like);
    for (const [index, slugs] of copyLinks(folder.path, likes, perStream - 1).entries()) {
      streams[index]?.push(...slugs);
    }
    service = await runService(folder.path);
  }
  return { count, service, streams, remove };
}
