/**
 * @module What `npm run mutants` changes, and by which tests a change has to be noticed. A file of these
 * folders stands here or in {@link leftOut}, with the reason; `test/unit/mutants.test.ts` holds that.
 */

/** Every file of `src/counting` is mutated unless it is left out; of the other folders those that decide. */
export const mutated = [
  "src/counting/archive.ts",
  "src/counting/batch.ts",
  "src/counting/clicks-without-view.ts",
  "src/counting/collected.ts",
  "src/counting/cumulative.ts",
  "src/counting/edits.ts",
  "src/counting/epoch.ts",
  "src/counting/event.ts",
  "src/counting/forgetting.ts",
  "src/counting/hash.ts",
  "src/counting/hyperloglog.ts",
  "src/counting/intake.ts",
  "src/counting/lane.ts",
  "src/counting/ledger.ts",
  "src/counting/link-visitors.ts",
  "src/counting/migrations.ts",
  "src/counting/publisher.ts",
  "src/counting/read.ts",
  "src/counting/rows.ts",
  "src/counting/salts.ts",
  "src/counting/series.ts",
  "src/counting/sketches.ts",
  "src/counting/snapshot.ts",
  "src/counting/sql.ts",
  "src/counting/visitors.ts",
  "src/counting/zone.ts",
  "src/edge/decide.ts",
  "src/edge/matrix.ts",
  "src/edge/phase.ts",
  "src/attribution/apply.ts",
  "src/attribution/fees.ts",
  "src/attribution/matching.ts",
  "src/attribution/order.ts",
  "src/attribution/states.ts",
] as const;

/** Files of a folder that is mutated whole, which are not: what they do shows in workerd only. */
export const leftOut = [
  ["src/counting/counter.ts", "the Durable Object around group commit, ledger and publisher"],
  ["src/counting/kept-batch.ts", "what KV answers a sweep that reads a batch"],
  ["src/counting/provided-salts.ts", "calls of Counters, puts to KV"],
  ["src/counting/purge.ts", "the end of a Durable Object, deletes of KV"],
  ["src/counting/recorder.ts", "lanes on workerd's own timers"],
  ["src/counting/set-aside.ts", "what a sweep moves within KV"],
  ["src/counting/sweep-run.ts", "calls of Counters and of KV, each with its time limit"],
  ["src/counting/sweep-state.ts", "what one run of the sweep leaves to the next, in KV"],
  ["src/counting/sweep.ts", "lists and deletes of KV"],
  ["src/counting/transport.ts", "calls of Counters, puts to KV"],
  ["src/counting/vitals.ts", "zeros to begin with"],
] as const;

/** Folders of which every file has to be named above. */
export const wholeFolders = ["src/counting"] as const;

/** Tests in Node alone, which together take a second or two; simulations and large properties stay out. */
export const tests = [
  "src/attribution/apply.test.ts",
  "src/attribution/order.test.ts",
  "src/counting/**/!(clicks-without-view).test.ts",
  "test/unit/clicks-without-view.test.ts",
  "test/unit/decide.test.ts",
  "test/unit/docs.test.ts",
  "test/unit/fees.test.ts",
  "test/unit/forgetting.test.ts",
  "test/unit/lane-outages.test.ts",
  "test/unit/ledger.test.ts",
  "test/unit/matching.test.ts",
  "test/unit/states.test.ts",
  "test/unit/sub-ids.test.ts",
];
