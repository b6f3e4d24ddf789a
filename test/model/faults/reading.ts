/** @module Faults in reading: how shards become one answer, and what is read where one does not answer. */
import type { Counts } from "../../../src/counting/query/read.ts";
import type { Snapshot } from "../../../src/counting/snapshot.ts";
import type { Fault, Reached, Wrap } from "../planted.ts";

type Merge = (parts: readonly Snapshot[], streamId: string, now: number) => Snapshot;

/** Changes what several shards are summed to. */
const merged =
  (change: (sum: Snapshot, parts: readonly Snapshot[]) => Snapshot): Wrap =>
  (merge: Merge, reached: Reached): Merge =>
  (parts, streamId, now) => {
    const sum = merge(parts, streamId, now);
    if (parts.length < 2) return sum;
    reached();
    return change(sum, parts);
  };

const inMerging = (name: string, change: Parameters<typeof merged>[0]): Fault => ({
  name,
  seenBy: { kind: "storm" },
  in: [["counting/snapshot.ts", "mergeSnapshots", merged(change)]],
});

type ReadParts = (
  streamId: string,
  shards: unknown,
  known: { lowered: unknown } | null,
  ask: unknown,
) => Promise<object>;
type ReadCounts = (env: Env, ...args: unknown[]) => Promise<Counts>;
type Env = { COUNTS: { get: (key: string, type?: string) => Promise<unknown> } };

/** Reads with other bindings, or tells something else of what was read. */
const reading = (
  name: string,
  wrap: (read: ReadCounts, reached: Reached) => ReadCounts,
): Fault => ({
  name,
  seenBy: { kind: "storm" },
  in: [["counting/query/read.ts", "readCounts", wrap]],
});

export const readingFaults: readonly Fault[] = [
  inMerging("the second shard's links are left out", (sum, [first]) => ({
    ...sum,
    links: first?.links ?? {},
  })),
  inMerging("the last shard's dimensions replace the others'", (sum, parts) => ({
    ...sum,
    dimensions: parts.at(-1)?.dimensions ?? sum.dimensions,
  })),
  inMerging("sketches are not merged", (sum, [first]) => ({
    ...sum,
    visitors: first?.visitors ?? {},
  })),
  inMerging("clickers are not merged", (sum, [first]) => ({
    ...sum,
    clickers: first?.clickers ?? {},
  })),
  inMerging("as new as the newest part", (sum, parts) => ({
    ...sum,
    asOf: Math.max(...parts.map(({ asOf }) => asOf)),
  })),
  inMerging("the second shard's minutes are left out", (sum, [first]) => ({
    ...sum,
    series: first?.series ?? sum.series,
  })),
  {
    name: "links that rose are not merged again",
    seenBy: { kind: "storm" },
    in: [
      [
        "counting/query/link-visitors.ts",
        "remergedLinkVisitors",
        (_: unknown, reached: Reached) => (known: unknown) => {
          reached();
          return known;
        },
      ],
    ],
  },
  {
    name: "shards that stand still are not asked again",
    seenBy: { kind: "storm" },
    in: [
      [
        "counting/query/parts.ts",
        "readParts",
        (read: ReadParts, reached: Reached): ReadParts =>
          async (streamId, shards, known, ask) => {
            const parts = await read(streamId, shards, known, ask);
            if (!known?.lowered) return parts;
            reached();
            return { ...parts, lowered: known.lowered };
          },
      ],
    ],
  },
  reading("no shard is taken from KV", (read, reached) => (env, ...args) => {
    const isPublished = JSON.stringify(args).includes('"published":true');
    if (isPublished) return read(env, ...args);
    const get = async () => {
      reached();
      return null;
    };
    return read({ ...env, COUNTS: { ...env.COUNTS, get } }, ...args);
  }),
  reading("the revs of one shard only", (read, reached) => async (...args) => {
    const counts = await read(...args);
    if (counts.revs.length < 2) return counts;
    reached();
    return { ...counts, revs: counts.revs.slice(0, 1) };
  }),
  reading("the source is always live", (read, reached) => async (...args) => {
    const counts = await read(...args);
    if (counts.source === "published") reached();
    return { ...counts, source: "live" as const };
  }),
];
