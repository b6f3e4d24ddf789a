import { describe, it } from "vitest";
import type { Batch } from "../batch.ts";
import { GroupCommit, groupWindow } from "./group-commit.ts";

const batchOf = (producer: string, seq: number, more: Partial<Batch> = {}): Batch => ({
  v: 1,
  streamId: "st",
  shard: 0,
  producer,
  seq,
  cells: [],
  ...more,
});

/** One whose timers ring when they are told to. */
function groupsOf() {
  const committed = new Map<string, number>();
  const commits: string[][] = [];
  const timers: { milliseconds: number; run: () => void }[] = [];
  const aborts: unknown[] = [];
  const state = { fails: false };
  const groups = new GroupCommit(
    {
      committedSeq: (producer) => committed.get(producer) ?? 0,
      commit: (group) => {
        if (state.fails) throw new Error("the disk is full");
        commits.push(group.map(({ producer, seq }) => `${producer}${seq}`));
        for (const { producer, seq } of group) committed.set(producer, seq);
      },
    },
    {
      after: (milliseconds, run) => timers.push({ milliseconds, run }),
      abort: (error) => aborts.push(error),
    },
  );
  const settled: Record<string, string> = {};
  /** Adds a batch and notes what became of it. */
  const add = (name: string, batch: Batch) => {
    const added = groups.take(batch);
    void added.then(
      (status) => (settled[name] = status),
      (error) => (settled[name] = String(error)),
    );
    return added;
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { groups, committed, commits, timers, aborts, state, settled, add, turn };
}

describe("group commit", () => {
  it("gathers the batches of 250 ms, or of 10 once somebody waits for one", ({ expect }) => {
    expect(groupWindow).toEqual({ fast: 250, strict: 10 });
    const { timers, add } = groupsOf();
    void add("a", batchOf("a", 1));
    void add("b", batchOf("b", 1));
    expect(timers.map(({ milliseconds }) => milliseconds)).toEqual([250]);
    void add("c", batchOf("c", 1, { strict: true }));
    void add("d", batchOf("d", 1, { strict: true }));
    expect(timers.map(({ milliseconds }) => milliseconds)).toEqual([250, 10]);
  });

  it("answers nobody before the commit, and all of a group by one", async ({ expect }) => {
    const { commits, timers, settled, add, turn } = groupsOf();
    void add("a1", batchOf("a", 1));
    void add("a2", batchOf("a", 2));
    void add("b1", batchOf("b", 1));
    await turn();
    expect([settled, commits]).toEqual([{}, []]);
    timers[0]?.run();
    await turn();
    expect(commits).toEqual([["a1", "a2", "b1"]]);
    expect(settled).toEqual({ a1: "added", a2: "added", b1: "added" });
  });

  it("commits a group once, whichever of its timers rings first, and the next one apart", async ({
    expect,
  }) => {
    const { commits, timers, settled, add, turn } = groupsOf();
    void add("a1", batchOf("a", 1, { strict: true }));
    timers[1]?.run();
    timers[1]?.run();
    await turn();
    expect(settled).toEqual({ a1: "added" });
    void add("a2", batchOf("a", 2));
    // The first group's other timer is of no concern to the second group.
    timers[0]?.run();
    await turn();
    expect(commits).toEqual([["a1"]]);
    expect(timers.map(({ milliseconds }) => milliseconds)).toEqual([250, 10, 250]);
    void add("a3", batchOf("a", 3, { strict: true }));
    expect(timers).toHaveLength(4);
    timers[2]?.run();
    await turn();
    expect(commits).toEqual([["a1"], ["a2", "a3"]]);
    expect(settled).toEqual({ a1: "added", a2: "added", a3: "added" });
  });

  it("knows a committed batch at once, and one that waits after its commit", async ({ expect }) => {
    const { committed, commits, timers, settled, add, turn } = groupsOf();
    committed.set("a", 5);
    expect(await add("known", batchOf("a", 5))).toBe("duplicate");
    expect(await add("older", batchOf("a", 4))).toBe("duplicate");
    expect(timers).toEqual([]);
    void add("first", batchOf("a", 6));
    void add("again", batchOf("a", 6));
    // Also while a group is open, which is no concern of what is committed.
    expect(await add("known", batchOf("a", 5))).toBe("duplicate");
    await turn();
    expect(settled).toEqual({ known: "duplicate", older: "duplicate" });
    timers[0]?.run();
    await turn();
    expect(settled).toMatchObject({ first: "added", again: "duplicate" });
    expect(commits).toEqual([["a6"]]);
  });

  it("takes no batch whose one before is missing, and holds no group for it", async ({
    expect,
  }) => {
    const { timers, add } = groupsOf();
    expect(await add("gap", batchOf("a", 2))).toBe("gap");
    expect(timers).toEqual([]);
    void add("a1", batchOf("a", 1));
    expect(await add("gap", batchOf("a", 3))).toBe("gap");
  });

  it("that fails tells everybody who waits, ends the object, and takes nothing for pending", async ({
    expect,
  }) => {
    const { aborts, timers, settled, state, add, turn } = groupsOf();
    state.fails = true;
    void add("a1", batchOf("a", 1));
    void add("again", batchOf("a", 1));
    timers[0]?.run();
    await turn();
    const error = "Error: the disk is full";
    expect(settled).toEqual({ a1: error, again: error });
    expect(aborts.map(String)).toEqual([error]);
    state.fails = false;
    void add("retried", batchOf("a", 1));
    timers[1]?.run();
    await turn();
    expect(settled).toMatchObject({ retried: "added" });
  });

  it("that fails with nobody waiting is no unhandled rejection", async ({ expect }) => {
    const { aborts, timers, state, groups, turn } = groupsOf();
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", note);
    state.fails = true;
    const adding = groups.take(batchOf("a", 1));
    timers[0]?.run();
    await adding.catch(() => undefined);
    await turn();
    await turn();
    process.off("unhandledRejection", note);
    expect([aborts.length, unhandled]).toEqual([1, []]);
  });

  it("is waited for by who must know that none of a producer's batches is on its way", async ({
    expect,
  }) => {
    const { groups, timers, add, turn } = groupsOf();
    const done: string[] = [];
    await groups.settled("a");
    void add("a1", batchOf("a", 1));
    void groups.settled("b").then(() => done.push("b"));
    void groups.settled("a").then(() => done.push("a"));
    await turn();
    expect(done).toEqual(["b"]);
    timers[0]?.run();
    await turn();
    expect(done).toEqual(["b", "a"]);
  });
});
