import { describe, it } from "vitest";
import type { Batch } from "../batch.ts";
import { Held } from "./held.ts";

const batch = (seq: number, count = 1): Batch => ({
  v: 1,
  streamId: "st",
  shard: 0,
  producer: "p",
  seq,
  cells: [["door\tviews\t1", count]],
});
const bytes = JSON.stringify(batch(1)).length;

describe("what is held in memory", () => {
  it("is counted, and given up from the oldest above its bound, whichever lane's it is", ({
    expect,
  }) => {
    const held = new Held(3 * bytes);
    const lost: number[] = [];
    const keys = [{}, {}, {}, {}];
    const add = (seq: number) => held.add(keys[seq - 1] ?? {}, batch(seq), () => lost.push(seq));
    add(1);
    add(2);
    add(3);
    expect([held.holding, lost]).toEqual([
      { batches: 3, events: 3, bytes: 3 * bytes, bytesAtMost: 3 * bytes },
      [],
    ]);
    add(4);
    expect([held.holding.batches, lost]).toEqual([3, [1]]);
    // It has no place any more that could be given back.
    held.delete(keys[0] ?? {});
    expect(held.holding.events).toBe(3);
  });

  it("gives its place back once it is delivered", ({ expect }) => {
    const held = new Held(2 * bytes);
    const lost: number[] = [];
    const first = {};
    held.add(first, batch(1), () => lost.push(1));
    held.add({}, batch(2), () => lost.push(2));
    held.delete(first);
    held.delete(first);
    held.add({}, batch(3), () => lost.push(3));
    expect([held.holding.batches, held.holding.events, held.holding.bytes, lost]).toEqual([
      2,
      2,
      2 * bytes,
      [],
    ]);
  });

  it("is lost at once where it alone is above the bound", ({ expect }) => {
    const held = new Held(bytes - 1);
    const lost: number[] = [];
    held.add({}, batch(1), () => lost.push(1));
    expect([held.holding.bytes, lost]).toEqual([0, [1]]);
  });
});
