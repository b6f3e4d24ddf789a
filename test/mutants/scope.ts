/**
 * @module What `npm run mutants` changes, and by which tests a change has to be noticed. A file of these
 * folders stands here or in {@link leftOut}, with the reason; `test/project/mutants.test.ts` holds that.
 */

/** Every file of `src/counting` is mutated unless it is left out; of the other folders those that decide. */
export const mutated = [
  "src/counting/counter/archive.ts",
  "src/counting/batch.ts",
  "src/counting/batch-shape.ts",
  "src/counting/clicks-without-view.ts",
  "src/counting/counter/collected.ts",
  "src/counting/counter/entry.ts",
  "src/counting/counter/fold-back.ts",
  "src/counting/cumulative.ts",
  "src/counting/counter/change-log.ts",
  "src/counting/epoch.ts",
  "src/counting/event.ts",
  "src/counting/counter/forgetting.ts",
  "src/lib/fnv.ts",
  "src/counting/hyperloglog.ts",
  "src/counting/counter/group-commit.ts",
  "src/counting/isolate/held.ts",
  "src/counting/isolate/lane.ts",
  "src/counting/counter/ledger.ts",
  "src/counting/query/link-visitors.ts",
  "src/counting/counter/migrations.ts",
  "src/counting/counter/publisher.ts",
  "src/counting/query/part.ts",
  "src/counting/query/parts.ts",
  "src/counting/query/read.ts",
  "src/counting/query/read-link-visitors.ts",
  "src/counting/counter/ring.ts",
  "src/counting/counter/rises.ts",
  "src/counting/counter/rows.ts",
  "src/counting/counter/salts.ts",
  "src/counting/query/series.ts",
  "src/counting/counter/sketch-pages.ts",
  "src/counting/counter/sketches.ts",
  "src/counting/counter/tables.ts",
  "src/counting/counter/unfolded.ts",
  "src/counting/link-sketches.ts",
  "src/counting/snapshot.ts",
  "src/lib/sql.ts",
  "src/counting/isolate/visitors.ts",
  "src/lib/zones.ts",
  "src/decision/decide.ts",
  "src/decision/matrix.ts",
  "src/model/phase.ts",
  "src/orders/apply-events.ts",
  "src/orders/import/fees.ts",
  "src/orders/matching.ts",
  "src/orders/order-line.ts",
  "src/orders/states.ts",
] as const;

/** Files of a folder that is mutated whole, which are not: what they do shows in workerd only. */
export const leftOut = [
  [
    "src/counting/counter/object.ts",
    "the Durable Object around group commit, ledger and publisher",
  ],
  ["src/counting/counter/purged.ts", "a word by which an error is known"],
  ["src/counting/counter/stub.ts", "the name of a Durable Object"],
  ["src/counting/isolate/refused-stores.ts", "what /healthz says of an isolate's calls"],
  ["src/counting/sweep/kept-batch.ts", "what KV answers a sweep that reads a batch"],
  ["src/counting/sweep/provided-salts.ts", "calls of Counters, puts to KV"],
  ["src/counting/purge.ts", "the end of a Durable Object, deletes of KV"],
  ["src/counting/isolate/recorder.ts", "lanes on workerd's own timers"],
  ["src/counting/sweep/set-aside.ts", "what a sweep moves within KV"],
  ["src/counting/sweep/run.ts", "calls of Counters and of KV, each with its time limit"],
  ["src/counting/sweep/state.ts", "what one run of the sweep leaves to the next, in KV"],
  ["src/counting/sweep/sweep.ts", "lists and deletes of KV"],
  ["src/counting/isolate/transport.ts", "calls of Counters, puts to KV"],
  ["src/counting/isolate/isolate-metrics.ts", "zeros to begin with"],
  ["src/counting/spill.ts", "names and options of KV"],
] as const;

/** Folders of which every file has to be named above. */
export const wholeFolders = ["src/counting"] as const;

/** Tests in Node alone, which together take a second or two; simulations and large properties stay out. */
export const tests = [
  "src/counting/**/!(*.properties).test.ts",
  "src/decision/decide.test.ts",
  "src/lib/{fnv,sql,zones}.test.ts",
  "src/model/phase.test.ts",
  "src/orders/apply-events.test.ts",
  "src/orders/import/fees.test.ts",
  "src/orders/matching.test.ts",
  "src/orders/order-line.test.ts",
  "src/orders/states.test.ts",
  "src/orders/sub-ids.test.ts",
  "test/project/docs.test.ts",
];
