/**
 * @module What an open costs in rows of the Counters' tables, as the runtime counts them: the largest part of what a
 * million opens cost on Cloudflare. Real lanes of twenty isolates open fifty links of several streams at once, each at
 * its own rate, in real time: a commit and a fold are a matter of seconds and minutes.
 */
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { rowsName } from "../../scripts/costs.ts";
import { workerBuild } from "../../scripts/worker-build.ts";
import type { Amounts } from "./amounts.ts";
import type { Lab } from "./lab.ts";
import { compatibility } from "./processes.ts";
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
  const answer = await miniflare.dispatchFetch("http://rows/", {
    method: "POST",
    body: JSON.stringify(drive),
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  const found = (await answer.json()) as Driven;
  if (found.views !== found.opens) {
    throw new Error(`${found.views} of ${found.opens} opens are counted`);
  }
  return found;
}

/** The Worker with its Counters, in memory. */
async function started(): Promise<Miniflare> {
  const { outputFiles } = await build({
    ...workerBuild("test/load/rows/worker.ts"),
    splitting: false,
    minify: false,
    outdir: "/rows",
    write: false,
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "rows",
      ...compatibility(),
      modules: outputFiles.map(({ path, text }) => ({
        type: "ESModule",
        path: path.slice(1),
        contents: text,
      })),
      kvNamespaces: ["COUNTS", "LINKS"],
      durableObjects: { COUNTER: { className: "Counter", useSQLite: true } },
      bindings: { ADMIN_KEY: "an-admin-key-for-the-rows" },
    } as never),
  );
  await miniflare.ready;
  return miniflare;
}

export async function measureRows(_: Lab, amounts: Amounts): Promise<Report> {
  const miniflare = await started();
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
