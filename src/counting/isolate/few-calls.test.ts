/** @module Lanes where a request may make few calls: each driver makes no more, and whoever comes next goes on. */
import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { type Ack, type Batch, eventsIn } from "../batch.ts";
import { fastTimes, Lane, type LanePorts } from "./lane.ts";

const added: Ack = { status: "added" };
const epoch = { id: "live", endsAt: Date.parse("2026-11-28T00:00:00Z") };
const viewer = {
  ...{ role: "viewer" as const, slug: "abc", userAgent: "a", languages: "zh" },
  address: "10.0.0.1",
};

/** A lane, the calls that were made, and how long each takes. */
function laneOf(callsAtMost: number | undefined, more: Partial<LanePorts> = {}) {
  const start = Date.now();
  const calls: string[] = [];
  const counted = new Map<string, Batch>();
  const network = { takes: 30, isDown: false };
  let producers = 0;
  const call = async <T>(name: string, answer: () => T): Promise<T> => {
    calls.push(`${Date.now() - start} ${name}`);
    await new Promise((done) => setTimeout(done, network.takes));
    if (network.isDown) throw new Error("connection lost");
    return answer();
  };
  const take = (batch: Batch): Ack => {
    counted.set(`${batch.producer} ${batch.seq}`, batch);
    return added;
  };
  const lane = new Lane(
    "st",
    1,
    {
      deliver: (batch) => call(`deliver ${batch.seq}`, () => take(batch)),
      offer: (batch) => call(`offer ${batch.seq}`, () => take(batch)),
      spill: (batch) => call(`spill ${batch.seq}`, () => void take(batch)),
      salt: ({ id }) => call("salt", () => ({ epoch: id, value: new Uint8Array(32) })),
      learn: () => undefined,
      wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
      now: Date.now,
      random: () => 0.5,
      newProducer: () => `p${++producers}`,
      log: () => undefined,
      callsAtMost,
      ...more,
    },
    { ...fastTimes, window: 1_000 },
  );
  let drivers = 0;
  return {
    ...{ lane, calls, network },
    open: () => {
      lane.record("abc\tviews\t1");
      if (!lane.needsDriver()) return;
      drivers += 1;
      void lane.drive();
    },
    drivers: () => drivers,
    events: () => [...counted.values()].reduce((sum, batch) => sum + eventsIn(batch), 0),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-27T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a driver that may make few calls", () => {
  it("hands over to whoever comes, once it has one left, and waits for no time of its own", async ({
    expect,
  }) => {
    const { lane, open, calls, drivers, events } = laneOf(2);
    for (let turn = 0; turn < 100; turn += 1) {
      open();
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect([events(), lane.idle]).toEqual([100, true]);
    // One for each window, and no batch twice though many came while one was under way.
    expect(new Set(calls.map((call) => call.split(" ").slice(1).join(" "))).size).toBe(
      calls.length,
    );
    expect(calls.length).toBeLessThanOrEqual(7);
    expect(drivers()).toBe(calls.length);
  });

  it("makes no more of them, whatever fails, and leaves the rest to whoever comes next", async ({
    expect,
  }) => {
    for (const callsAtMost of [1, 2, 3]) {
      const { lane, open, calls, network, events } = laneOf(callsAtMost);
      network.isDown = true;
      open();
      await vi.advanceTimersByTimeAsync(60_000);
      expect([callsAtMost, calls.length, lane.needsDriver()]).toEqual([
        callsAtMost,
        callsAtMost,
        true,
      ]);
      network.isDown = false;
      open();
      await vi.advanceTimersByTimeAsync(5_000);
      open();
      await vi.advanceTimersByTimeAsync(5_000);
      expect([callsAtMost, events(), lane.idle]).toEqual([callsAtMost, 3, true]);
    }
  });

  it("asks for a salt only where a call is left for the batch", async ({ expect }) => {
    const one = laneOf(1);
    one.lane.visitors.note(viewer, epoch);
    one.open();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(one.calls).toEqual(["1000 deliver 1"]);
    const two = laneOf(2);
    two.lane.visitors.note(viewer, epoch);
    two.open();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(two.calls).toEqual(["1000 salt", "1030 deliver 1"]);
  });

  it("brings on what was given up by one call a request", async ({ expect }) => {
    const { lane, open, calls, network, events } = laneOf(2);
    network.isDown = true;
    for (let turn = 0; turn < 40; turn += 1) {
      open();
      await vi.advanceTimersByTimeAsync(2_500);
    }
    network.isDown = false;
    calls.length = 0;
    let turns = 0;
    for (; !lane.idle && turns < 40; turns += 1) {
      open();
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect([events(), lane.idle]).toEqual([40 + turns, true]);
    expect(calls.length).toBeLessThanOrEqual(2 * turns);
  });

  it("takes over where the attempt that it waits for was cut off with its request", async ({
    expect,
  }) => {
    const never = new Promise<Ack>(() => undefined);
    let isFirst = true;
    const sent: number[] = [];
    const { lane, open } = laneOf(2, {
      deliver: async ({ seq }) => {
        sent.push(seq);
        if (!isFirst) return added;
        isFirst = false;
        return never;
      },
    });
    open();
    await vi.advanceTimersByTimeAsync(1_500);
    open();
    await vi.advanceTimersByTimeAsync(fastTimes.attempt + 2_000);
    expect([sent, lane.idle]).toEqual([[1, 1, 2], true]);
  });

  it("is not bound where any number may be made", async ({ expect }) => {
    const { open, calls, network } = laneOf(undefined);
    network.isDown = true;
    open();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(calls.length).toBeGreaterThan(5);
  });
});
