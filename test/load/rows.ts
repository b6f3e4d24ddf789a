/**
 * @module What an open costs in rows of the Counters' tables, as the runtime counts them: the largest part of what a
 * million opens cost on Cloudflare. Real lanes of twenty isolates open fifty links of several streams at once, each at
 * its own rate, in real time: a commit and a fold are a matter of seconds and minutes.
 */
import type { Miniflare } from "miniflare";
import { rowsName } from "../../scripts/costs.ts";
import type { Amounts } from "./amounts.ts";
import { posted, started } from "./in-memory.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Report, type Row } from "./report.ts";
import type { Drive, Driven } from "./rows/drive.ts";

/** Opens a second, shards, and the most rows that an open may write. */
const streams: readonly (readonly [opensPerSecond: number, shards: number, goal?: number])[] = [
  [1 / 60, 1],
  [10, 1],
  [10, 8],
  [100, 1, 0.15],
  [100, 8, 0.9],
  [1_000, 1, 0.02],
  [1_000, 8],
  [10_000, 1, 0.005],
  [10_000, 8],
];
const isolates = 20;
const links = 50;

async function driven(miniflare: Miniflare, drive: Drive): Promise<Driven> {
  const found = await posted<Driven>(miniflare, drive);
  if (found.views !== found.opens) {
    throw new Error(`${found.views} of ${found.opens} opens are counted`);
  }
  return found;
}

export async function measureRows(_: Lab, amounts: Amounts): Promise<Report> {
  const { miniflare } = await started("test/load/rows/worker.ts", { COUNTER: "Counter" });
  try {
    const found = await Promise.all(
      streams.map(async ([opensPerSecond, shards], index) => {
        const drive: Drive = {
          ...amounts.rows,
          opensPerSecond,
          shards,
          isolates,
          links,
          streamId: `st_${index}`,
        };
        return driven(miniflare, drive);
      }),
    );
    const rows = streams.map(([opensPerSecond, shards, goal], index): Row => {
      const { opens, rows: written, commits } = found[index] as Driven;
      const value = written / opens;
      const name = rowsName(opensPerSecond, shards);
      const measured = `${value.toPrecision(2)}  (${written} ÷ ${opens}, ${commits} commits)`;
      return goal === undefined ? { name, value, measured } : atMost(name, value, goal, measured);
    });
    return { rows, details: { rows: found } };
  } finally {
    await miniflare.dispose();
  }
}
