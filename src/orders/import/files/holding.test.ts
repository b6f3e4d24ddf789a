/** What is held in memory of uploads is bounded for all together, and nothing holds it for ever. */
import { afterEach, describe, it, vi } from "vitest";
import { Holding } from "./holding.ts";

const mebibyte = 1_048_576;
const minute = 60_000;

afterEach(() => {
  // What a test left is forgotten by the next.
  vi.useRealTimers();
});

describe("what is held of uploads", () => {
  it("is bounded in bytes, of what came and not of what may come", ({ expect }) => {
    vi.useFakeTimers({ now: Date.now() + minute });
    const slow = Array.from({ length: 50 }, () => new Holding());
    for (const one of slow) one.hold(1_024);
    const large = new Holding();
    large.hold(16 * mebibyte);
    const next = new Holding();
    next.hold(15 * mebibyte);
    expect(() => next.hold(mebibyte)).toThrow("Other workbooks");
    // Refused, it holds nothing.
    const another = new Holding();
    another.hold(15 * mebibyte);
    for (const one of [...slow, large, another]) one.release();
  });

  it("of one upload alone is never too much", ({ expect }) => {
    vi.useFakeTimers({ now: Date.now() + 2 * minute });
    const one = new Holding();
    expect(() => one.hold(40 * mebibyte)).not.toThrow();
    one.release();
  });

  it("waits while two are unpacked, and is told so when they take long", async ({ expect }) => {
    vi.useFakeTimers({ now: Date.now() + 3 * minute });
    const [one, two, three] = [new Holding(), new Holding(), new Holding()];
    const pause = async () => undefined;
    await one.unpack(pause);
    await two.unpack(pause);
    await expect(three.unpack(undefined)).rejects.toThrow("Other workbooks");
    await expect(three.unpack(pause)).rejects.toThrow("Other workbooks");
    let turns = 0;
    await three.unpack(async () => {
      turns += 1;
      if (turns === 3) one.release();
    });
    expect(turns).toBe(3);
    two.release();
    three.release();
  });

  it("of a request that ended without a word is forgotten, of one that works is not", async ({
    expect,
  }) => {
    vi.useFakeTimers({ now: Date.now() + 4 * minute });
    const [gone, working] = [new Holding(), new Holding()];
    const pause = async () => undefined;
    await gone.unpack(pause);
    await working.unpack(pause);
    vi.advanceTimersByTime(20_000);
    working.touch();
    vi.advanceTimersByTime(20_000);
    const next = new Holding();
    await next.unpack(undefined);
    await expect(new Holding().unpack(undefined)).rejects.toThrow("Other workbooks");
    working.release();
    next.release();
  });
});
