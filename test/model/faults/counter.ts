/** @module Faults of the Counter's shell, its commits and its publishing, and of the sweep. */
import type { Batch } from "../../../src/counting/batch.ts";
import { type Any, type Fault, method, type Reached } from "../planted.ts";

type Make = Parameters<typeof method>[1];

const byCalls = { seenBy: { kind: "storm", transport: "do" } } as const;
const byStates = { seenBy: { kind: "storm", transport: "kv" } } as const;
/** Batches of a lane that is strict in between go another way, and leave gaps. */
const byGaps = {
  seenBy: {
    kind: "storm",
    transport: "kv",
    weather: { faults: { kv: 0.5 }, edits: 30, outages: 4 },
  },
} as const;
/** What was answered too early is often never committed. */
const byLostCommits = {
  seenBy: { kind: "storm", transport: "do", weather: { faults: { network: 0.6, commit: 0.5 } } },
} as const;
/** A fold often fails in its middle, and its Counter dies soon after. */
const byFailingFolds = {
  seenBy: { kind: "storm", transport: "do", weather: { faults: { commit: 0.5 }, deaths: 40 } },
} as const;
const byCrossing = { seenBy: { kind: "crossing" } } as const;

const inCounter = (name: string, called: string, make: Make, seen: Partial<Fault> = {}): Fault => ({
  ...{ name, in: [["counting/counter/object.ts", "Counter", method(called, make)]] },
  ...{ ...byCalls, ...seen },
});
const inGroups = (name: string, called: string, make: Make, seen: Partial<Fault> = {}): Fault => ({
  ...{ name, in: [["counting/counter/group-commit.ts", "GroupCommit", method(called, make)]] },
  ...{ ...byCalls, ...seen },
});

/** The last word of KV is often one that it was given before. */
const byLatePuts = {
  seenBy: { kind: "storm", transport: "do", weather: { faults: { kv: 0.5, late: 1 } } },
} as const;

const inStore = (
  name: string,
  change: (real: Any, reached: Reached) => Any,
  seen: Partial<Fault> = byCalls,
): Fault => ({
  name,
  ...seen,
  in: [
    [
      "counting/counter/publisher.ts",
      "publisherStore",
      (publisherStore: (...args: Any[]) => Any, reached: Reached) =>
        (...args: Any[]) => {
          const real = publisherStore(...args);
          return { ...real, ...change(real, reached) };
        },
    ],
  ],
});

const inSweep = (
  name: string,
  change: (swept: Any, before: Any, reached: Reached) => Any,
  seen: Partial<Fault>,
): Fault => ({
  name,
  ...seen,
  in: [
    [
      "counting/sweep/sweep.ts",
      "sweep",
      (sweep: (...args: Any[]) => Promise<Any>, reached: Reached) =>
        async (env: Any, state: Any, now: number) =>
          change(await sweep(env, state, now), state, reached),
    ],
  ],
});

/** Of the ring and the tables: what takes the place of a function. */
const inFile =
  (file: string) =>
  (
    name: string,
    replaced: string,
    make: (real: (...args: Any[]) => Any, reached: Reached) => (...args: Any[]) => Any,
    seen: Partial<Fault> = byCalls,
  ): Fault => ({ name, ...seen, in: [[file, replaced, make]] });
const inRing = inFile("counting/counter/ring.ts");
const inTables = inFile("counting/counter/tables.ts");

let renamed = 0;

export const counterFaults: readonly Fault[] = [
  inCounter("no de-duplication", "add", (add, reached) => {
    const seen = new Set<string>();
    return function (batch: Batch, known) {
      const name = `${batch.producer} ${batch.seq}`;
      if (seen.has(name)) reached();
      seen.add(name);
      renamed += 1;
      return add.call(this, { ...batch, producer: `${batch.producer}-${renamed}`, seq: 1 }, known);
    };
  }),
  inGroups(
    "acknowledged before the commit",
    "take",
    (take, reached) =>
      function (batch) {
        const added = take.call(this, batch);
        added.catch(() => undefined);
        reached();
        return Promise.race([added, Promise.resolve("added")]);
      },
  ),
  inGroups(
    "a duplicate answered before its commit",
    "take",
    (take, reached) => {
      const waiting = new WeakMap<object, Set<string>>();
      return async function (batch: Batch) {
        const names = waiting.get(this) ?? new Set();
        waiting.set(this, names);
        const name = `${batch.producer} ${batch.seq}`;
        if (names.has(name)) {
          reached();
          return "duplicate";
        }
        names.add(name);
        return take.call(this, batch).finally(() => names.delete(name));
      };
    },
    byLostCommits,
  ),
  inStore("published before the commit", ({ lastPut, rememberPut }, reached) => ({
    // What is put is taken for the state after the next commit too.
    rememberPut: (put: { rev: number; startedAt: number }) => {
      const isNewer = put.rev > lastPut().rev;
      if (isNewer) reached();
      rememberPut({ ...put, rev: put.rev + (isNewer ? 1 : 0) });
    },
  })),
  inStore("a put that failed is taken for done", ({ lastPut, rememberPut }, reached) => ({
    rememberPut: (put: { rev: number }) => {
      if (put.rev < lastPut().rev) reached();
      else rememberPut(put);
    },
  })),
  inStore(
    "no second put, when a late one can have landed",
    ({ changedAt }, reached) => ({
      changedAt: () => {
        reached();
        return changedAt() - 90_000;
      },
    }),
    byLatePuts,
  ),
  inCounter(
    "an alarm that throws",
    "alarm",
    (alarm, reached) =>
      async function () {
        await alarm.call(this);
        if (!/^1/.test(String(Date.now() % 10))) return;
        reached();
        throw new Error("planted");
      },
  ),
  inCounter("the alarm does nothing", "alarm", (_, reached) => async () => {
    reached();
  }),
  inCounter(
    "a gap's spill is deleted",
    "add",
    (add, reached) =>
      async function (batch, known) {
        const ack = await add.call(this, batch, known);
        if (ack.status !== "gap") return ack;
        reached();
        return { ...ack, status: "duplicate" };
      },
    byGaps,
  ),
  {
    name: "cumulative states are added whole",
    ...byStates,
    in: [
      [
        "counting/cumulative.ts",
        "difference",
        (_: unknown, reached: Reached) => (later: unknown, earlier: unknown[]) => {
          if (earlier.length > 0) reached();
          return later;
        },
      ],
    ],
  },
  inCounter(
    "a state is collected twice",
    "collect",
    (collect, reached) =>
      async function (state: Batch) {
        const status = await collect.call(this, state);
        if (status !== "added") return status;
        reached();
        await this.add({ ...state, producer: `${state.producer}+`, seq: 1 });
        return status;
      },
    byStates,
  ),
  inCounter(
    "a state's visitors are left out",
    "collect",
    (collect, reached) =>
      function (state: Batch) {
        if (state.visitors) reached();
        return collect.call(this, { ...state, visitors: [] });
      },
    byStates,
  ),
  inGroups(
    "collecting does not wait for the group",
    "settled",
    (settled, reached) =>
      async function (producer) {
        let isSettled = false;
        void settled.call(this, producer).then(() => {
          isSettled = true;
        });
        await null;
        await null;
        if (!isSettled) reached();
      },
    byCrossing,
  ),
  inCounter(
    "each isolate gets a salt of its own",
    "saltFor",
    (salt, reached) =>
      function (...args) {
        const found = salt.apply(this, args);
        if (!found) return found;
        reached();
        renamed += 1;
        const value = found.value.map((byte: number, index: number) =>
          index === 0 ? renamed & 255 : byte,
        );
        return { ...found, value };
      },
  ),
  inSweep(
    "what was pending stays so",
    (swept, before, reached) => {
      reached();
      return { ...swept, pending: { ...before.pending, ...swept.pending } };
    },
    byCalls,
  ),
  inSweep(
    "the cursor of the list is lost",
    ({ spillCursor, laneCursor, ...swept }, _, reached) => {
      if (spillCursor !== undefined || laneCursor !== undefined) reached();
      return swept;
    },
    byStates,
  ),
  {
    name: "a batch is written twice in its commit",
    ...byCalls,
    in: [
      [
        "counting/counter/ledger.ts",
        "Ledger",
        method(
          "commit",
          (commit, reached) =>
            function (group: Batch[], now) {
              reached();
              return commit.call(this, [...group, ...group.slice(0, 1)], now);
            },
        ),
      ],
    ],
  },
  inTables("a fold without its number", "foldInto", (_, reached) => (store, _numbers, write) => {
    reached();
    store.transaction(write);
  }),
  inTables(
    "the number before the fold",
    "foldInto",
    (_, reached) =>
      (store, { rev, changedAt }, write) => {
        reached();
        store.transaction(() => {
          store.sql.exec("UPDATE meta SET value = ? WHERE name = 'rev'", rev);
          store.sql.exec("UPDATE meta SET value = ? WHERE name = 'changed_at'", changedAt);
        });
        store.transaction(write);
      },
    byFailingFolds,
  ),
  inTables(
    "the number after the fold",
    "foldInto",
    (foldInto, reached) => (store, numbers, write) => {
      reached();
      store.transaction(write);
      foldInto(store, numbers, () => undefined);
    },
    byFailingFolds,
  ),
  inRing("the ring is read from one too early", "commitsAfter", (real, reached) => (sql, rev) => {
    const [row] = sql.exec("SELECT 1 AS one FROM ring WHERE n = ?", rev).toArray();
    if (row) reached();
    return real(sql, row ? rev - 1 : rev);
  }),
  inRing("the ring is read from one too late", "commitsAfter", (real, reached) => (sql, rev) => {
    const found = real(sql, rev);
    if (found.length > 0) reached();
    return found.slice(1);
  }),
  inRing("a group is in two slots", "writeSlot", (real, reached) => (sql, place, n, at, text) => {
    reached();
    real(sql, place, n, at, text);
    real(sql, place + 1, n + 1, at, text);
  }),
  inRing(
    "every commit is in the first slot",
    "writeSlot",
    (real, reached) =>
      (sql, place, ...rest) => {
        if (place > 0) reached();
        real(sql, 0, ...rest);
      },
  ),
  {
    name: "what is in memory alone is not read",
    ...byCalls,
    in: [
      [
        "counting/counter/rows.ts",
        "readBreakdown",
        (real: (...args: Any[]) => Any, reached: Reached) =>
          (sql: Any, slug: string, added: Any) => {
            if (added) reached();
            return real(sql, slug);
          },
      ],
    ],
  },
  {
    name: "memory is taken for folded though the fold failed",
    ...byFailingFolds,
    in: [
      [
        "counting/counter/ledger.ts",
        "Ledger",
        method(
          "fold",
          (fold, reached) =>
            function (now) {
              try {
                fold.call(this, now);
              } catch {
                reached();
                // As one that has nothing to fold.
                this.fold = () => undefined;
              }
            },
        ),
      ],
    ],
  },
];
