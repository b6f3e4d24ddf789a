/** @module Faults of the Counter's shell, its intake and its publishing, and of the sweep. */
import type { Batch } from "../../../src/counting/batch.ts";
import { type Any, type Fault, method, type Reached } from "../planted.ts";

const inClass = (
  name: string,
  module: string,
  of: string,
  called: string,
  make: Parameters<typeof method>[1],
): Fault => ({ name, in: [[module, of, method(called, make)]] });

const inCounter = (name: string, called: string, make: Parameters<typeof method>[1]): Fault =>
  inClass(name, "counting/counter.ts", "Counter", called, make);
const inIntake = (name: string, called: string, make: Parameters<typeof method>[1]): Fault =>
  inClass(name, "counting/intake.ts", "Intake", called, make);

const inStore = (name: string, change: (real: Any, reached: Reached) => Any): Fault => ({
  name,
  in: [
    [
      "counting/publisher.ts",
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
): Fault => ({
  name,
  in: [
    [
      "counting/sweep.ts",
      "sweep",
      (sweep: (...args: Any[]) => Promise<Any>, reached: Reached) =>
        async (env: Any, state: Any, now: number) =>
          change(await sweep(env, state, now), state, reached),
    ],
  ],
});

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
  inIntake(
    "acknowledged before the commit",
    "add",
    (add, reached) =>
      function (batch) {
        const added = add.call(this, batch);
        added.catch(() => undefined);
        reached();
        return Promise.race([added, Promise.resolve("added")]);
      },
  ),
  inIntake("a duplicate answered before its commit", "add", (add, reached) => {
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
      return add.call(this, batch).finally(() => names.delete(name));
    };
  }),
  inStore("published before the commit", ({ rev }, reached) => ({
    rev: () => {
      reached();
      return rev() + 1;
    },
  })),
  inStore("a put that failed is taken for done", ({ lastPut, rememberPut }, reached) => ({
    rememberPut: (put: { rev: number }) => {
      if (put.rev < lastPut().rev) reached();
      else rememberPut(put);
    },
  })),
  inStore("no second put, when a late one can have landed", ({ changedAt }, reached) => ({
    changedAt: () => {
      reached();
      return changedAt() - 90_000;
    },
  })),
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
    "what isolates lost is left out",
    "add",
    (add, reached) =>
      function ({ lost, ...batch }: Batch, known) {
        if (lost) reached();
        return add.call(this, batch, known);
      },
  ),
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
  ),
  {
    name: "cumulative states are added whole",
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
  ),
  inCounter(
    "a state's visitors are left out",
    "collect",
    (collect, reached) =>
      function (state: Batch) {
        if (state.visitors) reached();
        return collect.call(this, { ...state, visitors: [] });
      },
  ),
  inIntake(
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
  inSweep("what was pending stays so", (swept, before, reached) => {
    reached();
    return { ...swept, pending: { ...before.pending, ...swept.pending } };
  }),
  inSweep("the cursor of the list is lost", ({ spillCursor, laneCursor, ...swept }, _, reached) => {
    if (spillCursor !== undefined || laneCursor !== undefined) reached();
    return swept;
  }),
  inClass(
    "a second shard counts the first one's batches too",
    "counting/ledger.ts",
    "Ledger",
    "addGroup",
    (addGroup, reached) =>
      function (group: Batch[], now) {
        reached();
        const [first] = group;
        return addGroup.call(this, first ? [...group, { ...first, visitors: [] }] : group, now);
      },
  ),
];
