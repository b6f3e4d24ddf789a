import { afterEach, beforeEach, describe, it, vi } from "vitest";
import type { Ack, Batch } from "../batch.ts";
import { Cumulative } from "../cumulative.ts";
import { pairFrom } from "../hyperloglog.ts";
import { fastTimes, Lane, type LanePorts, shardOf, strictTimes, type Ticket } from "./lane.ts";

const never = <T>(): Promise<T> => new Promise(() => undefined);
const added: Ack = { status: "added" };

/** A Counter and a KV that work, until a test says otherwise; each keeps what it was given, once. */
class World {
  readonly counted = new Map<string, Batch>();
  readonly spilled = new Map<string, Batch>();
  counter: (batch: Batch) => Promise<Ack> = async (batch) => {
    this.counted.set(`${batch.producer} ${batch.seq}`, batch);
    return added;
  };
  kv: (batch: Batch) => Promise<void> = async (batch) => {
    this.spilled.set(`${batch.producer} ${batch.seq}`, batch);
  };
  #made = 0;

  lane(times = fastTimes, shards = 1, more: Partial<LanePorts> = {}): Lane {
    return new Lane(
      "st",
      shards,
      {
        deliver: (batch) => this.counter(batch),
        offer: (batch) => this.counter(batch),
        spill: (batch) => this.kv(batch),
        salt: never,
        learn: () => undefined,
        wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        now: Date.now,
        random: () => 0.5,
        newProducer: () => {
          this.#made += 1;
          return `p${this.#made}`;
        },
        log: () => undefined,
        ...more,
      },
      times,
    );
  }

  get events(): number {
    const all = new Map([...this.spilled, ...this.counted]);
    return [...all.values()].reduce((sum, { cells }) => sum + (cells[0]?.[1] ?? 0), 0);
  }
}

function open(lane: Lane): Ticket {
  const ticket = lane.record("abc\tviews\t1");
  if (lane.needsDriver()) void lane.drive();
  return ticket;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-20T12:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a Counter that was out for a minute while KV hangs", () => {
  for (const times of [fastTimes, strictTimes]) {
    it(`is spoken to again, ${times.strict ? "strict" : "fast"}, and gets all that was held`, async ({
      expect,
    }) => {
      const world = new World();
      const healthy = world.counter;
      world.counter = never;
      world.kv = never;
      const lane = world.lane(times);
      let opened = 0;
      for (let second = 0; second < 60; second += 1) {
        open(lane);
        opened += 1;
        await vi.advanceTimersByTimeAsync(1_000);
      }
      world.counter = healthy;
      // At most the rest of two steps that were under way when it came back.
      await vi.advanceTimersByTimeAsync(3 * times.attempt + times.window + 3_000);
      const late: Ticket[] = [];
      for (let turn = 0; turn < 50; turn += 1) {
        late.push(open(lane));
        opened += 1;
        await vi.advanceTimersByTimeAsync(100);
      }
      await vi.advanceTimersByTimeAsync(2_000);
      expect(late.filter(({ settled }) => !settled)).toEqual([]);
      expect(world.events).toBe(opened);
      expect(lane.idle).toBe(true);
    });
  }
});

describe("a process that ends", () => {
  for (const [name, counter] of [
    ["hangs", () => never<Ack>()],
    ["throws", () => Promise.reject<Ack>(new Error("out"))],
  ] as const) {
    it(`spills within seconds all that was answered, when the Counter ${name}`, async ({
      expect,
    }) => {
      const world = new World();
      world.counter = counter;
      const lane = world.lane();
      for (let turn = 0; turn < 50; turn += 1) {
        open(lane);
        await vi.advanceTimersByTimeAsync(20);
      }
      expect(lane.undelivered).toBe(50);
      void lane.hurry();
      await vi.advanceTimersByTimeAsync(2_500);
      expect([...world.spilled.values()].flatMap(({ cells }) => cells)).not.toEqual([]);
      expect(world.events).toBe(50);
      expect([lane.idle, lane.undelivered]).toEqual([true, 0]);
    });
  }

  it("delivers to a Counter that is well, and says what neither takes", async ({ expect }) => {
    const world = new World();
    const lane = world.lane();
    open(lane);
    void lane.hurry();
    await vi.advanceTimersByTimeAsync(10);
    expect([world.counted.size, world.spilled.size]).toEqual([1, 0]);
    world.counter = never;
    world.kv = never;
    open(lane);
    open(lane);
    void lane.hurry();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(lane.undelivered).toBe(2);
  });
});

describe("a lane whose stream is given more shards", () => {
  it("goes on with a producer of them, once nothing is in flight", async ({ expect }) => {
    const world = new World();
    const lane = world.lane();
    open(lane);
    await vi.advanceTimersByTimeAsync(1_000);
    lane.shards = 8;
    const seen: Batch[] = [];
    const { counter } = world;
    world.counter = (batch) => {
      seen.push(batch);
      return counter(batch);
    };
    for (let turn = 0; turn < 3; turn += 1) {
      open(lane);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(shardOf("p1", 8)).not.toBe(0);
    expect(seen.map(({ producer, seq }) => [producer === "p1", seq])).toEqual([
      [false, 1],
      [false, 2],
      [false, 3],
    ]);
    for (const { producer, shard } of seen) expect(shard).toBe(shardOf(producer, 8));
    expect(world.events).toBe(4);
  });

  it("leaves a batch in flight with its own", async ({ expect }) => {
    const world = new World();
    const healthy = world.counter;
    world.counter = never;
    const lane = world.lane();
    open(lane);
    await vi.advanceTimersByTimeAsync(1_000);
    lane.shards = 8;
    world.counter = healthy;
    await vi.advanceTimersByTimeAsync(10_000);
    expect([...world.counted.values()].map(({ producer, shard }) => [producer, shard])).toEqual([
      ["p1", 0],
    ]);
  });
});

describe("a producer", () => {
  it("has a state of bounded size through KV: each register once, however many come", ({
    expect,
  }) => {
    const state = new Cumulative("p");
    const size = () => JSON.stringify(state.with(batchOf(1_000_000, [])).visitors).length;
    for (let seq = 1; seq <= 200; seq += 1) {
      state.keep(
        batchOf(
          seq,
          Array.from({ length: 100 }, (_, at) => pairFrom(at, 1 + (seq % 20))),
        ),
      );
    }
    expect(state.size).toBe(101);
    expect(size()).toBeLessThan(1_500);
    const [sighting] = state.with(batchOf(201, [])).visitors ?? [];
    expect(sighting?.[2]).toContain(pairFrom(7, 20));
  });
});

const batchOf = (seq: number, pairs: number[]): Batch => ({
  v: 1,
  streamId: "st",
  shard: 0,
  producer: "p",
  seq,
  cells: [["abc\tviews\t1", 1]],
  visitors: [["abc", "live", pairs]],
});

describe("a strict lane whose spills are at hand", () => {
  const world = () => {
    const made = new World();
    const tried: number[] = [];
    const spilled: number[] = [];
    const healthy = made.counter;
    const state = { isAway: true };
    made.counter = (batch) => {
      tried.push(Date.now());
      return state.isAway ? never() : healthy(batch);
    };
    const kv = made.kv;
    made.kv = async (batch) => {
      spilled.push(Date.now());
      return kv(batch);
    };
    return { made, tried, spilled, state };
  };
  const at = (start: number, moments: readonly number[]) => moments.map((moment) => moment - start);

  it("asks a Counter that is away for a second, then for a third of one, and spills at once", async ({
    expect,
  }) => {
    const { made, tried, spilled, state } = world();
    const start = Date.now();
    const lane = made.lane(strictTimes, 1, { attemptWhileAway: 300 });
    const first = open(lane);
    await vi.advanceTimersByTimeAsync(1_019);
    expect(first.settled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([first.settled, at(start, tried), at(start, spilled)]).toEqual([true, [20], [1_020]]);
    await vi.advanceTimersByTimeAsync(980);
    const second = open(lane);
    await vi.advanceTimersByTimeAsync(320);
    expect([second.settled, at(start, spilled)]).toEqual([true, [1_020, 2_320]]);
    // Once it answers it is waited for as ever.
    state.isAway = false;
    const third = open(lane);
    await vi.advanceTimersByTimeAsync(20);
    expect([third.settled, made.counted.size, spilled.length]).toEqual([true, 1, 2]);
    state.isAway = true;
    const fourth = open(lane);
    await vi.advanceTimersByTimeAsync(1_019);
    expect([fourth.settled, spilled.length]).toEqual([false, 2]);
    await vi.advanceTimersByTimeAsync(1);
    expect([fourth.settled, spilled.length, made.events]).toEqual([true, 3, 4]);
  });

  it("is asked for as long as any where nobody waits, or where spills are elsewhere", async ({
    expect,
  }) => {
    for (const [times, more] of [
      [fastTimes, { attemptWhileAway: 300 }],
      [strictTimes, {}],
    ] as const) {
      const { made, tried, spilled } = world();
      const lane = made.lane(times, 1, more);
      const start = Date.now();
      open(lane);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(at(start, spilled)[0]).toBeGreaterThan(times.giveUp);
      const [first = 0, second = 0, third = start + 60_000] = at(start, tried);
      expect(Math.min(second - first, third - second)).toBeGreaterThan(times.attempt);
    }
  });
});
