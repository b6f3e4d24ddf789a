import { describe, it } from "vitest";
import { orAborted, signalled, TimedOut, TimeLimit, within } from "./deadline.ts";

const never = () => new Promise<never>(() => undefined);
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

describe("a bound on waiting", () => {
  it("gives what is done in time, and its error", async ({ expect }) => {
    expect(await within(Promise.resolve(7), 50, "it")).toBe(7);
    await expect(within(Promise.reject(new Error("no")), 50, "it")).rejects.toThrow("no");
  });

  it("gives up what hangs, in words", async ({ expect }) => {
    const hung = within(never(), 20, "a put");
    await expect(hung).rejects.toThrow(TimedOut);
    await expect(hung).rejects.toThrow("a put did not answer within 20 ms");
  });

  it("waits by another clock where it is given one", async ({ expect }) => {
    const asked: number[] = [];
    const clock = { wait: async (ms: number) => void asked.push(ms) };
    await expect(within(never(), 3_600_000, "it", clock)).rejects.toThrow(TimedOut);
    expect(asked).toEqual([3_600_000]);
  });
});

describe("a signal for work", () => {
  it("is aborted when the time is over", async ({ expect }) => {
    const isAborted = signalled(10, async (signal) => {
      await pause(30);
      return signal.aborted;
    });
    expect(await isAborted).toBe(true);
  });

  it("is never aborted once the work is done, or has failed", async ({ expect }) => {
    const signals: AbortSignal[] = [];
    const done = signalled(10, async (signal) => signals.push(signal));
    const failed = signalled(10, async (signal) => {
      signals.push(signal);
      throw new Error("no");
    });
    expect(await done).toBe(1);
    await expect(failed).rejects.toThrow("no");
    await pause(30);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });

  it("ends work that does not heed it", async ({ expect }) => {
    await expect(signalled(10, (signal) => orAborted(never(), signal))).rejects.toThrow("abort");
    await expect(orAborted(never(), AbortSignal.abort("gone"))).rejects.toBe("gone");
    expect(await orAborted(Promise.resolve(7), AbortSignal.timeout(1_000))).toBe(7);
  });
});

describe("a span of time", () => {
  it("is over by itself, unless it was ended", async ({ expect }) => {
    const [one, ended] = [new TimeLimit(10), new TimeLimit(10)];
    expect(one.isOver).toBe(false);
    ended.end();
    await pause(30);
    expect([one.isOver, ended.isOver]).toEqual([true, false]);
  });
});
