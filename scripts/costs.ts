/**
 * What a million opens cost on Cloudflare, by the price list of November 2026 (Workers paid plan, included
 * quotas not deducted), this project's protocol, and the rows that were measured: those of bench/results.json where it
 * has them (`npm run bench -- --only rows`), else the ones below. Prints the table of docs/performance.md.
 * The number of isolates is an assumption: nobody publishes it.
 */
import { existsSync, readFileSync } from "node:fs";
import { groupWindow } from "../src/counting/counter/group-commit.ts";
import { fastTimes } from "../src/counting/isolate/lane.ts";

const dollars = {
  /** a million requests */
  workerRequests: 0.3,
  /** a million ms of CPU */
  workerCpu: 0.02,
  objectRequests: 0.15,
  /** a million GB-s; an object counts as 128 MB */
  objectDuration: 12.5,
  rowsWritten: 1,
  kvReads: 0.5,
  kvWrites: 5,
};
/** ms of CPU an open, generously. */
const cpuPerOpen = 0.5;
/** Opens per second and isolate that a hot Worker is assumed to spread to; at least 20 isolates. */
const isolateRate = 25;
const links = 50;
const publishEvery = 10;
/** s an isolate serves a link's record without reading KV. */
const linkFresh = 60;
/** From sealing a batch to sealing the next: window, group, the way there and back; s. */
const cycle = (fastTimes.window + groupWindow.fast + 100) / 1_000;
/** Rows written an open, as `npm run bench -- --only rows` measured them on 2026-11-26 for 50 links and 20 isolates. */
const measured: readonly (readonly [opensPerSecond: number, shards: number, rows: number])[] = [
  [100, 1, 0.086],
  [100, 8, 0.52],
  [1_000, 1, 0.0095],
  [1_000, 8, 0.062],
  [10_000, 1, 0.00098],
  [10_000, 8, 0.006],
];

/** As the bench names what it measures. */
export const rowsName = (opensPerSecond: number, shards: number): string =>
  `rows written an open, ${opensPerSecond < 1 ? `${opensPerSecond * 60} a minute` : `${opensPerSecond.toLocaleString("en")}/s`}, ${shards} shard${shards === 1 ? "" : "s"}`;

function rowsPerOpen(opensPerSecond: number, shards: number): number {
  const file = "bench/results.json";
  const { rows } = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { rows: [] }) as {
    rows: { name: string; value: number }[];
  };
  const name = rowsName(opensPerSecond, shards);
  const known = measured.find(([opens, of]) => opens === opensPerSecond && of === shards)?.[2];
  const value = rows.find((row) => row.name === name)?.value ?? known;
  if (value === undefined) throw new Error(`nobody measured ${name}`);
  return value;
}

export interface Cost {
  opensPerSecond: number;
  shards: number;
  callsPerShard: number;
  rowsPerOpen: number;
  kvWritesPerSecond: number;
  perMillion: number;
  parts: Record<"requests" | "objects" | "rows" | "kv", number>;
}

export function costOf(opensPerSecond: number, shards: number): Cost {
  const isolates = Math.max(20, opensPerSecond / isolateRate);
  const calls = Math.min(opensPerSecond, isolates / cycle);
  const rows = rowsPerOpen(opensPerSecond, shards);
  const seconds = 1e6 / opensPerSecond;
  const kvWrites = shards / publishEvery;
  const kvReads = (isolates * links) / linkFresh;
  const parts = {
    requests: dollars.workerRequests + cpuPerOpen * dollars.workerCpu,
    objects:
      ((calls * seconds) / 1e6) * dollars.objectRequests +
      ((shards * 0.128 * seconds) / 1e6) * dollars.objectDuration,
    rows: rows * dollars.rowsWritten,
    kv: ((kvWrites * dollars.kvWrites + kvReads * dollars.kvReads) * seconds) / 1e6,
  };
  return {
    opensPerSecond,
    shards,
    callsPerShard: calls / shards,
    rowsPerOpen: rows,
    kvWritesPerSecond: kvWrites,
    perMillion: parts.requests + parts.objects + parts.rows + parts.kv,
    parts,
  };
}

export function costTable(): string {
  const money = (amount: number) => `$${amount.toFixed(2)}`;
  const lines = [100, 1_000, 10_000].flatMap((opens) =>
    [1, 8].map((shards) => {
      const { callsPerShard, rowsPerOpen, kvWritesPerSecond, perMillion, parts } = costOf(
        opens,
        shards,
      );
      return `| ${opens.toLocaleString("en")} | ${shards} | ${callsPerShard.toFixed(0)} | ${rowsPerOpen.toPrecision(2)} | ${kvWritesPerSecond.toFixed(1)} | ${money(parts.requests)} | ${money(parts.objects)} | ${money(parts.rows)} | ${money(parts.kv)} | **${money(perMillion)}** |`;
    }),
  );
  return [
    "| opens/s | shards | calls/s a shard | rows written an open | KV writes/s | Worker | objects | rows | KV | a million opens |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

if (process.argv[1]?.endsWith("costs.ts")) console.log(costTable());
