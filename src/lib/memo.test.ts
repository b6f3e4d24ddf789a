import { describe, it } from "vitest";
import { entryBytes } from "./bounded-map.ts";
import { Memo } from "./memo.ts";

describe("a memo", () => {
  it("gives what is good still, and at any time what was last", ({ expect }) => {
    const memo = new Memo<number>({ bytes: 1_000, goodForMs: 400 });
    memo.set("a", 7, 10_000);
    expect([memo.fresh("a", 10_000), memo.fresh("a", 10_400)]).toEqual([7, 7]);
    expect([memo.fresh("a", 10_401), memo.last("a")]).toEqual([undefined, 7]);
    memo.set("a", 8, 10_400);
    expect([memo.fresh("a", 10_400), memo.last("a")]).toEqual([8, 8]);
    expect([memo.fresh("b", 10_400), memo.last("b")]).toEqual([undefined, undefined]);
  });

  it("sends one to find anew what is over, and tells others what was known meanwhile", ({
    expect,
  }) => {
    const memo = new Memo<number>({ bytes: 1_000, goodForMs: 400 });
    const told = (now: number) => memo.freshOrSought("a", now);
    expect(told(0)).toBeUndefined();
    memo.set("a", 7, 10_000);
    expect([told(10_400), told(10_401), told(10_401), told(10_800)]).toEqual([7, undefined, 7, 7]);
    expect([told(10_801), told(10_801)]).toEqual([undefined, undefined]);
    memo.set("a", 8, 10_801);
    expect([told(11_201), told(11_202), told(11_202)]).toEqual([8, undefined, 8]);
    expect(memo.fresh("a", 11_202)).toBeUndefined();
  });

  it("sends all to find what is long over, what ended, and what a clock wrote that was set back", ({
    expect,
  }) => {
    const memo = new Memo<number>({ bytes: 1_000, goodForMs: 400 });
    const told = (key: string, now: number) => memo.freshOrSought(key, now);
    memo.set("old", 7, 0);
    expect([told("old", 801), told("old", 801)]).toEqual([undefined, undefined]);
    memo.set("ends", 7, 1_000, 1_100);
    expect([told("ends", 1_099), told("ends", 1_100), told("ends", 1_100)]).toEqual([
      7,
      undefined,
      undefined,
    ]);
    memo.set("later", 7, 86_400_000);
    expect([told("later", 0), told("later", 0)]).toEqual([undefined, undefined]);
  });

  it("keeps nothing for good that a clock wrote which was set back since", ({ expect }) => {
    const memo = new Memo<number>({ bytes: 1_000, goodForMs: 400 });
    memo.set("a", 7, 86_400_000);
    expect(memo.fresh("a", 0)).toBeUndefined();
  });

  it("ends earlier where it is told so, and never later", ({ expect }) => {
    const memo = new Memo<number>({ bytes: 1_000, goodForMs: 400 });
    memo.set("early", 7, 0, 100);
    memo.set("late", 8, 0, 10_000);
    expect([memo.fresh("early", 99), memo.fresh("early", 100)]).toEqual([7, undefined]);
    expect([memo.fresh("late", 400), memo.fresh("late", 401)]).toEqual([8, undefined]);
  });

  it("weighs its values, and forgets what it is told to forget", ({ expect }) => {
    const bytes = 2 * (entryBytes + 100);
    const memo = new Memo<number>({ bytes, goodForMs: 400, weigh: (_, value) => value });
    const known = () => ["a", "b", "c"].filter((key) => memo.last(key) !== undefined);
    memo.set("a", 150, 0);
    expect(known()).toEqual(["a"]);
    for (const key of ["a", "b"]) memo.set(key, 100, 0);
    expect(known()).toEqual(["a", "b"]);
    memo.set("c", 1_000, 0);
    expect(known()).toEqual(["a", "b"]);
    memo.delete("a");
    expect(known()).toEqual(["b"]);
    memo.clear();
    expect(known()).toEqual([]);
  });
});
