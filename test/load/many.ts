/**
 * @module How a Counter's work grows with a stream's links and days: a commit and a fold of forty opens, a read, and
 * what KV is given. A commit and a fold are to stay flat, a read to grow as what it returns. And with many streams at
 * once.
 */
import type { Miniflare } from "miniflare";
import type { Amounts } from "./amounts.ts";
import { posted, type Started, started } from "./in-memory.ts";
import type { Lab } from "./lab.ts";
import type { Done, Task } from "./many/task.ts";
import { memoryOf } from "./processes.ts";
import { atMost, type Report, type Row } from "./report.ts";
import { median } from "./rounds.ts";

/** A commit and a fold of a large stream may take so much more than those of a small one: its tables are deeper. */
const flat = 2;
/** KiB: of registers 4 a link, of SQLite's pages and the object's own the rest. */
const memoryAtMost = 1_024;
/** What KV takes in one value, bytes. */
const valueAtMost = 25 * 1_048_576;

interface Stream {
  links: number;
  days: number;
}

interface Measured extends Stream {
  /** ms each. */
  commit: number;
  fold: number;
  read: number;
  publish: number;
  /** Of a read, and of a value in KV. */
  readBytes: number;
  valueBytes: number;
}

type Ask = (task: Pick<Task, "what" | "times" | "days">) => Promise<Done>;

/** What one of these costs, ms, and what it read last. @param times in a round */
async function cost(
  ask: Ask,
  what: Task["what"],
  times: number,
  rounds: number,
): Promise<{ took: number; bytes: number }> {
  const timed = async (task: Parameters<Ask>[0]) => {
    const began = performance.now();
    const { bytes } = await ask(task);
    return { took: performance.now() - began, bytes };
  };
  await ask({ what, times });
  const took: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    // A commit is measured alone: as many as these wait for their fold.
    await ask({ what: "fold" });
    const least = await timed({ what: "nothing" });
    const one = await timed({ what, times });
    took.push((one.took - least.took) / times);
    bytes = one.bytes;
  }
  return { took: median(took), bytes };
}

async function measured(
  miniflare: Miniflare,
  stream: Stream,
  { times, rounds }: Amounts["many"],
): Promise<Measured> {
  const { links, days } = stream;
  const name = `${links} links, ${days} days`;
  const now = Date.now();
  const ask: Ask = (task) => posted<Done>(miniflare, { name, links, now, ...task });
  await ask({ what: "fill", days });
  const commit = await cost(ask, "commit", times, rounds);
  const fold = await cost(ask, "fold", times, rounds);
  const read = await cost(ask, "read", Math.ceil(times / 10), rounds);
  const publish = await cost(ask, "publish", Math.ceil(times / 10), rounds);
  return {
    ...stream,
    commit: commit.took,
    fold: fold.took,
    read: read.took,
    readBytes: read.bytes,
    publish: publish.took,
    valueBytes: publish.bytes,
  };
}

export async function measureMany(_: Lab, { many }: Amounts): Promise<Report> {
  const { miniflare, pid } = await started("test/load/many/worker.ts", { LEDGERS: "Ledgers" });
  try {
    const found: Measured[] = [];
    for (const [links, days] of many.streams) {
      found.push(await measured(miniflare, { links, days }, many));
    }
    const [small, ...larger] = found;
    if (!small) throw new Error("no streams were given");
    const crowd = await crowded({ miniflare, pid }, small, many);
    return {
      rows: [...larger.flatMap((one) => rowsOf(small, one)), ...crowdRows(small, crowd)],
      details: { many: found, crowd },
    };
  } finally {
    await miniflare.dispose();
  }
}

interface Crowd {
  streams: number;
  /** ms of a commit, with so many streams' objects in memory. */
  commit: number;
  /** Bytes of the runtime's memory that each takes. */
  each: number;
}

/** So many streams at once, each of as many links as the small one, and then what a commit of one of them takes. */
async function crowded(
  { miniflare, pid }: Started,
  { links }: Stream,
  { crowd: streams, times, rounds }: Amounts["many"],
): Promise<Crowd> {
  const now = Date.now();
  const asks = Array.from(
    { length: streams },
    (_, index): Ask =>
      (task) =>
        posted<Done>(miniflare, { name: `live ${index}`, links, now, ...task }),
  );
  const before = memoryOf(pid);
  for (const ask of asks) await ask({ what: "fill" });
  const each = (memoryOf(pid) - before) / streams;
  const [first] = asks;
  if (!first) throw new Error("no streams are at once");
  return { streams, commit: (await cost(first, "commit", times, rounds)).took, each };
}

function crowdRows(small: Measured, { streams, commit, each }: Crowd): Row[] {
  const times = commit / small.commit;
  const shown = `${times.toFixed(2)}  (${commit.toFixed(2)} ÷ ${small.commit.toFixed(2)} ms)`;
  const kibibytes = each / 1_024;
  const of = `${grouped(streams)} live streams`;
  return [
    atMost(`commit of 40 opens, ${of} ÷ 1`, times, flat, shown),
    {
      ...atMost(
        `memory of a live stream, ${of} of ${small.links} links`,
        kibibytes,
        memoryAtMost,
        `${kibibytes.toFixed(0)} KiB`,
      ),
      goal: `≤ ${memoryAtMost} KiB`,
    },
  ];
}

const grouped = (count: number) => count.toLocaleString("en");
const nameOf = ({ links, days }: Stream) =>
  `${grouped(links)} links${days === 1 ? "" : `, ${days} days`}`;

function rowsOf(small: Measured, large: Measured): Row[] {
  const against = `${nameOf(large)} ÷ ${nameOf(small)}`;
  const times = (what: "commit" | "fold" | "read" | "publish") => large[what] / small[what];
  const shown = (what: "commit" | "fold" | "read" | "publish") =>
    `${times(what).toFixed(2)}  (${large[what].toFixed(2)} ÷ ${small[what].toFixed(2)} ms)`;
  const kilobytes = (bytes: number) => `${grouped(Math.round(bytes / 1_024))} KiB`;
  // Each link's totals, and its visitors of each day.
  const returned = ({ links, days }: Stream) => links * (1 + days);
  const grown = returned(large) / returned(small);
  const value = large.valueBytes / 1_048_576;
  return [
    atMost(`commit of 40 opens, ${against}`, times("commit"), flat, shown("commit")),
    atMost(`commit and fold of 40 opens, ${against}`, times("fold"), flat, shown("fold")),
    {
      ...atMost(
        `read for stats, ${against}`,
        times("read"),
        grown,
        `${shown("read")}, ${kilobytes(large.readBytes)}`,
      ),
      goal: `≤ ${grown.toFixed(0)}, as what is returned`,
    },
    {
      ...atMost(
        `value in KV, ${nameOf(large)}`,
        value,
        valueAtMost / 1_048_576,
        `${value.toFixed(2)} MiB, made in ${large.publish.toFixed(1)} ms`,
      ),
      goal: "≤ 25 MiB",
    },
  ];
}
