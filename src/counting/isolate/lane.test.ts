import { describe, it } from "vitest";
import { Clock } from "../../../test/model/clock.ts";
import { fnv1a } from "../../lib/fnv.ts";
import type { Ack, Batch, Edit } from "../batch.ts";
import type { Epoch } from "../epoch.ts";
import { Held } from "./held.ts";
import { fastTimes, Lane, type LanePorts, type LaneTimes, shardOf, strictTimes } from "./lane.ts";

const never = new Promise<never>(() => undefined);
const down = () => Promise.reject(new Error("connection lost"));
const overloaded = () =>
  Promise.reject(Object.assign(new Error("overloaded"), { overloaded: true }));
const added = async (): Promise<Ack> => ({ status: "added" });

/** A lane in virtual time. What its ports answer is what the test puts there. */
function laneOf(times: Partial<LaneTimes> = {}, ports: Partial<LanePorts> = {}, shards = 1) {
  const clock = new Clock();
  const start = clock.now;
  /** How far this machine's clock is off, in ms. */
  const skew = { by: 0 };
  /** What was sent, and when, in ms since the beginning. */
  const sent: { at: number; batch: Batch; known: number }[] = [];
  const spilled: { at: number; batch: Batch }[] = [];
  const logged: [event: string, details: object][] = [];
  const learned: (readonly Edit[])[] = [];
  const answers: { deliver: () => Promise<Ack>; spill: () => Promise<void> } = {
    deliver: added,
    spill: async () => undefined,
  };
  let made = 0;
  const lane = new Lane(
    "st",
    shards,
    {
      deliver: (batch, known) => {
        sent.push({ at: clock.now - start, batch, known });
        return answers.deliver();
      },
      spill: (batch) => {
        spilled.push({ at: clock.now - start, batch });
        return answers.spill();
      },
      salt: () => never,
      learn: (edits) => learned.push(edits),
      wait: (milliseconds) => clock.wait(milliseconds),
      now: () => clock.now + skew.by,
      random: () => 0.5,
      newProducer: () => {
        made += 1;
        return `p${made}`;
      },
      log: (event, details) => logged.push([event, details]),
      ...ports,
    },
    { ...fastTimes, ...times },
  );
  /** Goes on to a moment, in ms since the beginning. */
  const until = (milliseconds: number) => clock.runUntil(start + milliseconds);
  const named = ({ batch: { producer, seq, cells } }: { batch: Batch }) =>
    `${producer}/${seq} ${cells.map(([key, count]) => `${key}${count}`).join(" ")}`;
  return {
    lane,
    clock,
    skew,
    sent,
    spilled,
    logged,
    learned,
    answers,
    until,
    /** What was sent, as `when: producer/seq cells`. */
    told: () => sent.map((one) => `${one.at}: ${named(one)}`),
    spills: () => spilled.map((one) => `${one.at}: ${named(one)}`),
  };
}

describe("a lane's batch", () => {
  it("leaves after the window, equal events as one cell", async ({ expect }) => {
    const { lane, sent, until } = laneOf();
    expect(lane.idle).toBe(true);
    lane.record("a");
    lane.record("b");
    lane.record("a");
    expect(lane.idle).toBe(false);
    void lane.drive();
    await until(249);
    expect(sent).toEqual([]);
    await until(250);
    expect(sent).toStrictEqual([
      {
        at: 250,
        known: 0,
        batch: {
          v: 1,
          streamId: "st",
          shard: 0,
          producer: "p1",
          seq: 1,
          cells: [
            ["a", 2],
            ["b", 1],
          ],
        },
      },
    ]);
    expect(lane.idle).toBe(true);
  });

  it("says that visitors wait, and the stream's time zone, where that is so", async ({
    expect,
  }) => {
    const { lane, sent, until } = laneOf(strictTimes);
    lane.timezone = "Asia/Shanghai";
    lane.record("a");
    void lane.drive();
    await until(20);
    expect(sent[0]?.batch).toMatchObject({ strict: true, timezone: "Asia/Shanghai" });
  });

  it("settles the tickets of its own events, when it is acknowledged", async ({ expect }) => {
    const { lane, answers, until } = laneOf();
    let acknowledge = (_: Ack) => {};
    answers.deliver = () => new Promise((resolve) => (acknowledge = resolve));
    const first = lane.record("a");
    expect(first.settled).toBe(false);
    expect(lane.record("b")).toBe(first);
    void lane.drive();
    await until(300);
    const second = lane.record("a");
    expect(second).not.toBe(first);
    acknowledge({ status: "duplicate" });
    await until(301);
    expect([first.settled, second.settled]).toEqual([true, false]);
    await until(551);
    acknowledge({ status: "added" });
    await until(552);
    expect([second.settled, lane.idle]).toEqual([true, true]);
  });

  it("grows while another is in flight, and is the next of its producer", async ({ expect }) => {
    const { lane, answers, told, until } = laneOf();
    let acknowledge = (_: Ack) => {};
    answers.deliver = () => new Promise((resolve) => (acknowledge = resolve));
    lane.record("a");
    void lane.drive();
    await until(1_000);
    lane.record("b");
    await until(1_500);
    lane.record("b");
    expect(told()).toEqual(["250: p1/1 a1"]);
    expect(lane.idle).toBe(false);
    acknowledge({ status: "added" });
    await until(1_749);
    expect(told()).toHaveLength(1);
    await until(1_750);
    expect(told()).toEqual(["250: p1/1 a1", "1750: p1/2 b2"]);
  });

  it("carries who was seen, viewers and clickers apart, once the salt is known", async ({
    expect,
  }) => {
    const epoch: Epoch = { id: "live", endsAt: Number.MAX_SAFE_INTEGER };
    const asked: Epoch[] = [];
    const { lane, sent, until } = laneOf(
      {},
      {
        salt: async (of) => {
          asked.push(of);
          return { epoch: of.id, value: new Uint8Array(32) };
        },
      },
    );
    const who = { slug: "abc", address: "1.2.3.4", userAgent: "UA", languages: "zh" };
    lane.visitors.note({ ...who, role: "viewer" }, epoch);
    lane.visitors.note({ ...who, role: "clicker" }, epoch);
    lane.record("a");
    void lane.drive();
    await until(249);
    // Not before the window is over: the first answer waits for no Counter.
    expect(asked).toEqual([]);
    await until(250);
    expect(asked).toEqual([epoch]);
    const [{ batch } = {}] = sent;
    expect(batch?.visitors).toEqual([["abc", "live", [expect.any(Number)]]]);
    expect(batch?.clickers).toEqual(batch?.visitors);
    lane.visitors.note({ ...who, role: "clicker", address: "1.2.3.5" }, epoch);
    lane.record("a");
    void lane.drive();
    await until(600);
    expect(asked).toHaveLength(1);
    expect(sent[1]?.batch.visitors).toBeUndefined();
    expect(sent[1]?.batch.clickers).toHaveLength(1);
  });

  it("waits for its window and its answer alone where nobody waits for a salt", async ({
    expect,
  }) => {
    const waits: number[] = [];
    const { lane, until } = laneOf(
      {},
      {
        wait: async (milliseconds) => {
          waits.push(milliseconds);
        },
      },
    );
    lane.record("a");
    void lane.drive();
    await until(1);
    expect(waits).toEqual([250, 4_000]);
  });

  it("waits half a second for a salt, no longer, and goes without who waits for it", async ({
    expect,
  }) => {
    for (const [salt, at] of [
      [() => never, 750],
      [down, 250],
    ] as const) {
      const { lane, sent, until } = laneOf({}, { salt });
      lane.visitors.note(
        { role: "viewer", slug: "abc", address: "x", userAgent: "", languages: "" },
        { id: "live", endsAt: Number.MAX_SAFE_INTEGER },
      );
      lane.record("a");
      void lane.drive();
      await until(at - 1);
      expect(sent).toEqual([]);
      await until(at);
      expect(sent).toHaveLength(1);
      expect(sent[0]?.batch.visitors).toBeUndefined();
      expect(lane.visitors.areWaiting).toBe(true);
    }
  });
});

describe("a lane's driver", () => {
  it("is needed until there is one, and again once it is done", async ({ expect }) => {
    const { lane, until } = laneOf();
    expect(lane.needsDriver()).toBe(true);
    lane.record("a");
    void lane.drive();
    expect(lane.needsDriver()).toBe(false);
    await until(249);
    expect(lane.needsDriver()).toBe(false);
    await until(251);
    expect(lane.needsDriver()).toBe(true);
  });

  it("is taken for dead when it has not renewed its lease", async ({ expect }) => {
    // Its request ended: no wait ever comes back.
    const { lane, clock, sent, until } = laneOf({}, { wait: () => never });
    lane.record("a");
    void lane.drive();
    const now = clock.now;
    expect(lane.needsDriver(now + 7_999)).toBe(false);
    expect(lane.needsDriver(now + 8_000)).toBe(true);
    expect(fastTimes).toMatchObject({ lease: 10_000, relief: 8_000 });
    await until(60_000);
    expect(sent).toEqual([]);
    const strict = laneOf({ ...strictTimes, relief: 8_000 }, { wait: () => never });
    strict.lane.record("a");
    void strict.lane.drive();
    expect(strict.lane.needsDriver(strict.clock.now + 3_999)).toBe(false);
    expect(strict.lane.needsDriver(strict.clock.now + 4_000)).toBe(true);
  });

  it("is not waited for longer than any lease, when the clock was set back", ({ expect }) => {
    const { lane, clock } = laneOf({ lease: 10_000 }, { wait: () => never });
    lane.record("a");
    void lane.drive();
    expect(lane.needsDriver(clock.now - 10_000)).toBe(false);
    expect(lane.needsDriver(clock.now - 10_001)).toBe(true);
  });

  it("renews its lease at each step", async ({ expect }) => {
    const times = { window: 1_000, relief: 600_000, giveUp: 600_000, giveUpDriver: 600_000 };
    const { lane, answers, until } = laneOf({ ...times, lease: 4_800 }, { random: () => 1 });
    answers.deliver = () => never;
    lane.record("a");
    void lane.drive();
    // The window, then calls of 4 s each, and pauses of 0.1, 0.2, 0.4, 0.8 and 1.6 s.
    for (const at of [990, 4_990, 5_090, 9_090, 13_690, 18_490, 24_000, 28_090]) {
      await until(at);
      expect([at, lane.needsDriver()]).toEqual([at, false]);
    }
  });

  it("renews its lease with each batch that it spills", async ({ expect }) => {
    const { lane, clock, answers, spills, until } = laneOf({
      giveUp: 0,
      relief: 60_000,
      lease: 5_000,
    });
    answers.deliver = down;
    answers.spill = down;
    lane.record("a");
    void lane.drive();
    await until(300);
    lane.record("b");
    await until(600);
    answers.spill = () => clock.wait(3_500);
    await until(5_900);
    expect(spills()).toEqual(["250: p1/1 a1", "850: p1/1 a1", "4350: p2/1 b1"]);
    expect(lane.needsDriver()).toBe(false);
    await until(8_000);
    expect(lane.idle).toBe(true);
  });

  it("is relieved after eight seconds by the next, who sends the batch in flight as it is", async ({
    expect,
  }) => {
    const { lane, answers, told, sent, until } = laneOf();
    const acks: ((ack: Ack) => void)[] = [];
    answers.deliver = () => new Promise((resolve) => acks.push(resolve));
    const ticket = lane.record("a");
    void lane.drive();
    await until(8_400);
    expect(told()).toEqual(["250: p1/1 a1", "4300: p1/1 a1", "8400: p1/1 a1"]);
    expect(lane.needsDriver()).toBe(true);
    lane.record("b");
    void lane.drive();
    await until(8_401);
    expect(told()).toHaveLength(4);
    expect(sent[3]?.batch).toBe(sent[0]?.batch);
    // An acknowledgement counts, also of a call that the first driver made.
    acks[2]?.({ status: "added" });
    await until(8_402);
    expect(ticket.settled).toBe(true);
    expect(told()).toHaveLength(4);
    // The second driver's own call is answered: it goes on, with the next batch.
    acks[3]?.({ status: "duplicate" });
    await until(8_702);
    expect(told().slice(4)).toEqual(["8652: p1/2 b1"]);
  });

  it("that comes back late clears no later batch, and rotates no producer", async ({ expect }) => {
    for (const late of ["added", "gap"] as const) {
      const { lane, answers, told, until } = laneOf({ attempt: 20_000 });
      const acks: ((ack: Ack) => void)[] = [];
      answers.deliver = () => new Promise((resolve) => acks.push(resolve));
      lane.record("a");
      void lane.drive();
      await until(8_000);
      void lane.drive();
      await until(8_001);
      acks[1]?.({ status: "added" });
      await until(8_002);
      const second = lane.record("b");
      void lane.drive();
      await until(8_300);
      expect(told()).toEqual(["250: p1/1 a1", "8000: p1/1 a1", "8252: p1/2 b1"]);
      acks[0]?.({ status: late });
      await until(8_310);
      expect([lane.idle, second.settled]).toEqual([false, false]);
      acks[2]?.({ status: "added" });
      await until(8_320);
      expect([lane.idle, second.settled]).toEqual([true, true]);
      lane.record("c");
      void lane.drive();
      await until(9_000);
      expect(told().at(-1)).toBe("8570: p1/3 c1");
    }
  });

  it("that another relieved while it gathered, waited or spilled does no more", async ({
    expect,
  }) => {
    const gathering = laneOf({ window: 9_000 });
    gathering.lane.record("a");
    void gathering.lane.drive();
    await gathering.until(8_500);
    void gathering.lane.drive();
    await gathering.until(17_400);
    expect(gathering.told()).toEqual([]);
    await gathering.until(17_500);
    expect(gathering.told()).toEqual(["17500: p1/1 a1"]);

    const waiting = laneOf({ relief: 0 });
    waiting.answers.deliver = down;
    waiting.lane.record("a");
    void waiting.lane.drive();
    await waiting.until(250);
    waiting.answers.deliver = added;
    void waiting.lane.drive();
    await waiting.until(5_000);
    expect(waiting.told()).toEqual(["250: p1/1 a1", "250: p1/1 a1"]);

    const pausing = laneOf({ relief: 0 });
    pausing.answers.deliver = down;
    pausing.lane.record("a");
    void pausing.lane.drive();
    await pausing.until(250);
    pausing.answers.deliver = () => never;
    void pausing.lane.drive();
    await pausing.until(4_000);
    expect(pausing.told()).toEqual(["250: p1/1 a1", "250: p1/1 a1"]);

    const attempting = laneOf({ relief: 0 });
    attempting.answers.deliver = () => never;
    attempting.lane.record("a");
    void attempting.lane.drive();
    await attempting.until(300);
    void attempting.lane.drive();
    await attempting.until(4_360);
    // The first one's attempt ended at 4,250; only the second one's, at 4,300, is followed by another.
    expect(attempting.told()).toEqual(["250: p1/1 a1", "300: p1/1 a1", "4350: p1/1 a1"]);
  });
});

describe("a driver whose time is over while another drives", () => {
  it("gives nothing up", async ({ expect }) => {
    const { lane, answers, spills, until } = laneOf({ relief: 0, giveUpDriver: 4_200 });
    answers.deliver = () => never;
    lane.record("a");
    void lane.drive();
    await until(300);
    void lane.drive();
    await until(8_300);
    expect(spills()).toEqual([]);
    await until(8_400);
    expect(spills()).toEqual(["8350: p1/1 a1"]);
  });

  it("leaves the other its lease, and what is spilled", async ({ expect }) => {
    for (const giveUpDriver of [4_000, 60_000]) {
      const { lane, answers, spilled, until } = laneOf({ giveUp: 0, giveUpDriver, relief: 3_000 });
      answers.deliver = down;
      answers.spill = () => never;
      lane.record("a");
      void lane.drive();
      await until(3_000);
      void lane.drive();
      await until(4_700);
      expect([giveUpDriver, lane.needsDriver()]).toEqual([giveUpDriver, false]);
      await until(6_900);
      expect(spilled.map(({ at }) => at)).toEqual([250, 3_000]);
    }
  });

  it("spills no batch whose acknowledgement came to the other's call", async ({ expect }) => {
    const { lane, answers, spills, told, until } = laneOf({ attempt: 20_000 });
    const acks: ((ack: Ack) => void)[] = [];
    answers.deliver = () => new Promise((resolve) => acks.push(resolve));
    const ticket = lane.record("a");
    void lane.drive();
    await until(8_000);
    void lane.drive();
    await until(8_100);
    acks[0]?.({ status: "added" });
    await until(8_200);
    expect(ticket.settled).toBe(true);
    answers.deliver = added;
    lane.record("b");
    await until(29_000);
    expect(spills()).toEqual([]);
    expect(told().at(-1)).toMatch(/: p1\/2 b1$/);
  });
});

describe("a batch that is not acknowledged", () => {
  it("is sent again as it is, after a pause that doubles, by chance, to two seconds", async ({
    expect,
  }) => {
    const { lane, sent, answers, until } = laneOf({}, { random: () => 1 });
    answers.deliver = down;
    lane.record("a");
    void lane.drive();
    await until(9_999);
    expect(sent.map(({ at }) => at)).toEqual([
      250, 350, 550, 950, 1_750, 3_350, 5_350, 7_350, 9_350,
    ]);
    expect(new Set(sent.map(({ batch }) => batch)).size).toBe(1);
    const hasty = laneOf({}, { random: () => 0.5 });
    hasty.answers.deliver = down;
    hasty.lane.record("a");
    void hasty.lane.drive();
    await hasty.until(500);
    expect(hasty.sent.map(({ at }) => at)).toEqual([250, 300, 400]);
  });

  it("begins with the shortest pause again, once another was delivered", async ({ expect }) => {
    const { lane, sent, answers, until } = laneOf();
    let calls = 0;
    answers.deliver = () => {
      calls += 1;
      return [1, 2, 3, 5].includes(calls) ? down() : added();
    };
    lane.record("a");
    void lane.drive();
    await until(590);
    lane.record("b");
    await until(2_000);
    expect(sent.map(({ at }) => at)).toEqual([250, 300, 400, 600, 850, 900]);
  });

  it("is given up four seconds after it was sent, and sent again", async ({ expect }) => {
    const { lane, sent, answers, until } = laneOf();
    answers.deliver = () => never;
    lane.record("a");
    void lane.drive();
    await until(4_299);
    expect(sent).toHaveLength(1);
    await until(4_300);
    expect(sent.map(({ at }) => at)).toEqual([250, 4_300]);
  });

  it("widens the window while the Counter is overloaded, and narrows it when it is not", async ({
    expect,
  }) => {
    const { lane, sent, answers, until } = laneOf();
    answers.deliver = overloaded;
    lane.record("a");
    void lane.drive();
    // 250, then twice that and 250 more: 750.
    await until(310);
    expect(sent).toHaveLength(2);
    answers.deliver = added;
    await until(400);
    expect(lane.idle).toBe(true);
    const last = async (from: number) => {
      await until(from);
      lane.record("b");
      void lane.drive();
      await until(from + 9_000);
      return (sent.at(-1)?.at ?? 0) - from;
    };
    expect(await last(1_000)).toBe(250 + 375);
    expect(await last(20_000)).toBe(250 + 187);
    expect(await last(40_000)).toBe(250 + 93);
  });

  it("widens the window to five seconds at most", async ({ expect }) => {
    const { lane, sent, answers, until } = laneOf({}, { random: () => 0 });
    let calls = 0;
    answers.deliver = () => {
      calls += 1;
      return calls <= 30 ? overloaded() : added();
    };
    lane.record("a");
    void lane.drive();
    await until(300);
    expect([sent.length, lane.idle]).toEqual([31, true]);
    lane.record("b");
    void lane.drive();
    await until(9_000);
    // Halved once, by the acknowledgement.
    expect(sent.at(-1)?.at).toBe(300 + 250 + 2_500);
  });

  it("widens nothing for another error", async ({ expect }) => {
    for (const error of [
      null,
      undefined,
      "overloaded",
      new Error("overloaded"),
      { overloaded: false },
      { overloaded: "yes" },
    ]) {
      const { lane, sent, answers, until } = laneOf();
      answers.deliver = () => Promise.reject(error);
      lane.record("a");
      void lane.drive();
      await until(260);
      answers.deliver = added;
      await until(400);
      lane.record("b");
      void lane.drive();
      await until(9_000);
      expect([error, sent.at(-1)?.at]).toEqual([error, 650]);
    }
  });

  it("goes again as a new producer's first, where the Counter has forgotten the old one", async ({
    expect,
  }) => {
    const { lane, sent, answers, told, until } = laneOf();
    let calls = 0;
    answers.deliver = async () => {
      calls += 1;
      return { status: calls === 2 ? "gap" : "added" };
    };
    lane.record("a");
    void lane.drive();
    await until(260);
    const ticket = lane.record("b");
    void lane.drive();
    await until(520);
    expect(told()).toEqual(["250: p1/1 a1", "510: p1/2 b1", "510: p2/1 b1"]);
    expect([ticket.settled, lane.idle]).toEqual([true, true]);
    expect(sent[2]?.batch).toEqual({ ...sent[1]?.batch, producer: "p2", seq: 1 });
    lane.record("c");
    void lane.drive();
    await until(900);
    expect(told().at(-1)).toBe("770: p2/2 c1");
  });
});

describe("a batch that is given up", () => {
  it("is spilled 20 s after it was sealed, its producer's last; the next begins another", async ({
    expect,
  }) => {
    expect(fastTimes).toMatchObject({ giveUp: 20_000, giveUpDriver: 24_000, attempt: 4_000 });
    const { lane, sent, answers, spills, told, until } = laneOf();
    answers.deliver = () => never;
    const ticket = lane.record("a");
    void lane.drive();
    await until(20_000);
    lane.record("b");
    // Sealed at 250; the fifth attempt begins at 16,600 or later, and ends after 20,250.
    await until(24_000);
    expect(spills()).toEqual(["21000: p1/1 a1"]);
    expect(sent.map(({ at }) => at).slice(0, 5)).toEqual([250, 4_300, 8_400, 12_600, 17_000]);
    expect(ticket.settled).toBe(true);
    expect(told().slice(5)).toEqual(["21250: p2/1 b1"]);
  });

  it("is spilled at the moment that its time is over, or its driver's", async ({ expect }) => {
    const { lane, answers, spills, until } = laneOf({ giveUp: 50 }, { random: () => 1 });
    answers.deliver = down;
    lane.record("a");
    void lane.drive();
    await until(349);
    expect(spills()).toEqual([]);
    await until(350);
    expect(spills()).toEqual(["350: p1/1 a1"]);

    const exact = laneOf({ giveUp: 100 }, { random: () => 1 });
    exact.answers.deliver = down;
    exact.lane.record("a");
    void exact.lane.drive();
    await exact.until(1_000);
    expect(exact.spills()).toEqual(["350: p1/1 a1"]);

    const driver = laneOf({ giveUpDriver: 350 }, { random: () => 1 });
    driver.answers.deliver = down;
    driver.lane.record("a");
    void driver.lane.drive();
    await driver.until(1_000);
    expect(driver.spills()).toEqual(["350: p1/1 a1"]);
  });

  it("is kept until KV takes it, and tried again", async ({ expect }) => {
    const { lane, answers, logged, spilled, until } = laneOf({ giveUp: 0 }, { random: () => 1 });
    answers.deliver = down;
    answers.spill = () => Promise.reject(new Error("KV is down"));
    const ticket = lane.record("a");
    void lane.drive();
    await until(700);
    expect(spilled.map(({ at }) => at)).toEqual([250]);
    expect(lane.idle).toBe(false);
    expect(logged).toEqual([["spill_failed", { streamId: "st", error: "Error: KV is down" }]]);
    answers.spill = async () => undefined;
    await until(749);
    expect(spilled).toHaveLength(1);
    await until(750);
    expect(spilled.map(({ at }) => at)).toEqual([250, 750]);
    expect([ticket.settled, lane.idle]).toEqual([true, true]);
  });

  it("is tried again after a pause by chance, and given four seconds each time", async ({
    expect,
  }) => {
    const { lane, answers, logged, spilled, until } = laneOf({ giveUp: 0 }, { random: () => 0 });
    answers.deliver = down;
    answers.spill = () => never;
    lane.record("a");
    void lane.drive();
    await until(9_000);
    expect(spilled.map(({ at }) => at)).toEqual([250, 4_450, 8_650]);
    expect(logged[0]).toEqual([
      "spill_failed",
      { streamId: "st", error: "Error: KV did not answer within 4000 ms" },
    ]);
  });

  it("waits for the next request once its driver's time is over", async ({ expect }) => {
    const { lane, answers, spilled, until } = laneOf({ giveUp: 0, relief: 60_000 });
    answers.deliver = down;
    answers.spill = () => Promise.reject(new Error("KV is down"));
    lane.record("a");
    void lane.drive();
    await until(24_300);
    const tried = spilled.length;
    expect(spilled.at(-1)?.at).toBeGreaterThanOrEqual(24_000);
    expect([lane.idle, lane.needsDriver()]).toEqual([false, true]);
    await until(60_000);
    expect(spilled).toHaveLength(tried);
    answers.spill = async () => undefined;
    void lane.drive();
    await until(60_001);
    expect([spilled.length, lane.idle]).toEqual([tried + 1, true]);
  });

  it("waits for the next request from the moment on that its driver's time is over", async ({
    expect,
  }) => {
    const { lane, answers, spilled, until } = laneOf(
      { giveUp: 0, giveUpDriver: 750 },
      { random: () => 1 },
    );
    answers.deliver = down;
    answers.spill = down;
    lane.record("a");
    void lane.drive();
    await until(5_000);
    expect(spilled.map(({ at }) => at)).toEqual([250, 750]);
  });

  it("is counted lost when others that wait take all the room there is, and the next batch says so", async ({
    expect,
  }) => {
    const room = 1_500;
    const held = new Held(room);
    const { lane, answers, logged, sent } = laneOf(
      { giveUp: 0, giveUpDriver: Number.POSITIVE_INFINITY },
      // No time passes: what fails, fails at once.
      { wait: async () => undefined, held },
    );
    const open = () => {
      for (const key of ["a", "b", "a"]) lane.record(key);
    };
    answers.spill = down;
    answers.deliver = () => {
      if (sent.length < 30) {
        open();
        return down();
      }
      answers.spill = async () => undefined;
      return added();
    };
    open();
    await lane.drive();
    const losses = logged.filter(([event]) => event === "counts_lost");
    expect(losses.slice(0, 2)).toEqual([
      ["counts_lost", { streamId: "st", events: 3 }],
      ["counts_lost", { streamId: "st", events: 3 }],
    ]);
    const lost = sent.map(({ batch }) => batch.lost);
    const first = lost.findIndex((events) => events !== undefined);
    const sizes = sent.slice(0, first).map(({ batch }) => JSON.stringify(batch).length);
    const heldBefore = sizes.reduce((sum, size) => sum + size, 0);
    expect(heldBefore).toBeGreaterThan(room);
    expect(heldBefore - (sizes[0] ?? 0)).toBeLessThanOrEqual(room);
    // Each batch says what was lost since the one before.
    for (const events of lost.slice(first, 30)) expect(events).toBeGreaterThanOrEqual(3);
    const told = lost.reduce<number>((sum, events = 0) => sum + events, 0);
    expect(told).toBe(3 * losses.length);
    expect([lane.owes, held.holding.batches, held.holding.bytes]).toEqual([false, 0, 0]);
  });

  it("is owed until a batch says so, where the bound takes all there is", async ({ expect }) => {
    const { lane, answers, until } = laneOf({ giveUp: 0 }, { held: new Held(1) });
    answers.deliver = down;
    answers.spill = down;
    expect(lane.owes).toBe(false);
    lane.record("a");
    void lane.drive();
    await until(5_000);
    expect([lane.idle, lane.owes]).toEqual([true, true]);
    answers.deliver = added;
    lane.record("a");
    void lane.drive();
    await until(6_000);
    expect([lane.idle, lane.owes]).toEqual([true, false]);
  });
});

/** A lane that may offer what it gave up, and everything that it asked of its ports, in order. */
function offering(times: Partial<LaneTimes> = {}, ports: Partial<LanePorts> = {}) {
  const calls: string[] = [];
  const offers: { answer: (batch: Batch) => Promise<Ack> } = { answer: down };
  const world = laneOf(times, {
    deliver: (batch) => asked("deliver", batch, () => world.answers.deliver()),
    spill: (batch) => asked("spill", batch, () => world.answers.spill()),
    offer: (batch) => asked("offer", batch, () => offers.answer(batch)),
    ...ports,
  });
  const start = world.clock.now;
  function asked<T>(what: string, { producer, seq }: Batch, answer: () => Promise<T>): Promise<T> {
    calls.push(`${world.clock.now - start}: ${what} ${producer}/${seq}`);
    return answer();
  }
  world.answers.deliver = down;
  world.answers.spill = down;
  return { ...world, calls, offers };
}

describe("a batch that is given up and may be offered", () => {
  it("goes to KV first while the Counter fails, then to the Counter, and so on after a pause", async ({
    expect,
  }) => {
    const { lane, calls, offers, until } = offering({ giveUp: 0 });
    const ticket = lane.record("a");
    void lane.drive();
    await until(599);
    expect(calls).toEqual(["250: deliver p1/1", "250: spill p1/1", "250: offer p1/1"]);
    expect([ticket.settled, lane.idle]).toEqual([false, false]);
    offers.answer = added;
    await until(600);
    expect(calls.slice(3)).toEqual(["600: spill p1/1", "600: offer p1/1"]);
    expect([ticket.settled, lane.idle]).toEqual([true, true]);
  });

  it("goes to the Counter first once it answers, one batch at a time", async ({ expect }) => {
    const { lane, answers, calls, offers, until } = offering({ giveUp: 0 });
    lane.record("a");
    void lane.drive();
    await until(260);
    lane.record("b");
    await until(860);
    lane.record("c");
    answers.deliver = added;
    offers.answer = async () => ({ status: "duplicate" });
    const before = calls.length;
    await until(9_000);
    expect(calls.slice(before)).toEqual([
      "1450: deliver p3/1",
      "1450: offer p1/1",
      "1450: offer p2/1",
    ]);
    expect(lane.idle).toBe(true);
  });

  it("takes the name that the sweep would give it, where its producer is forgotten", async ({
    expect,
  }) => {
    const { lane, answers, calls, offers, spilled, until } = offering({ giveUp: 0 });
    offers.answer = async ({ producer }) => ({ status: producer === "p1" ? "gap" : "added" });
    lane.record("a");
    void lane.drive();
    await until(300);
    expect(calls.slice(2)).toEqual(["250: offer p1/1", "250: offer p1~1/1"]);
    expect(lane.idle).toBe(true);

    // An object that knows neither, as after an import, is no place for it.
    offers.answer = async () => ({ status: "gap" });
    lane.record("b");
    void lane.drive();
    await until(560);
    expect(calls.slice(4)).toEqual([
      "550: deliver p2/1",
      "550: spill p2/1",
      "550: offer p2/1",
      "550: offer p2~1/1",
    ]);
    expect([lane.idle, spilled]).toEqual([false, []]);
    answers.spill = async () => undefined;
    await until(1_000);
    expect(calls.slice(8)).toEqual([
      "900: offer p2~1/1",
      "900: offer p2~1~1/1",
      "900: spill p2~1~1/1",
    ]);
    expect(lane.idle).toBe(true);
  });

  it("is still to be placed where the Counter forgets it and then fails", async ({ expect }) => {
    const { lane, offers, until } = offering({ giveUp: 0 });
    offers.answer = ({ producer }) =>
      producer === "p1" ? Promise.resolve({ status: "gap" }) : down();
    lane.record("a");
    void lane.drive();
    await until(300);
    expect(lane.idle).toBe(false);
  });

  it("lets what is recorded meanwhile go first", async ({ expect }) => {
    const { lane, answers, calls, until } = offering({ giveUp: 0 });
    lane.record("a");
    void lane.drive();
    await until(300);
    lane.record("b");
    answers.deliver = added;
    await until(850);
    expect(calls.slice(3)).toEqual(["850: deliver p2/1", "850: offer p1/1", "850: spill p1/1"]);
  });

  it("renews the driver's lease at each step", async ({ expect }) => {
    const { lane, offers, answers, until } = offering({ giveUp: 0, lease: 4_200, relief: 60_000 });
    answers.spill = () => never;
    offers.answer = () => never;
    lane.record("a");
    void lane.drive();
    // Steps of four seconds each: the spill, the offer, a pause of 350 ms, and again.
    for (const at of [4_249, 5_300, 8_249, 8_599, 9_500, 12_599, 13_500, 16_600]) {
      await until(at);
      expect([at, lane.needsDriver()]).toEqual([at, false]);
    }
  });
});

describe("a batch that was given up, and a driver", () => {
  it("whose time is over goes on while something was recorded meanwhile", async ({ expect }) => {
    const { lane, clock, answers, spills, told, until } = laneOf(
      { giveUp: 0, giveUpDriver: 1_000 },
      { random: () => 0 },
    );
    answers.deliver = down;
    answers.spill = () => clock.wait(3_000).then(down);
    lane.record("a");
    void lane.drive();
    await until(3_000);
    lane.record("b");
    answers.deliver = added;
    await until(3_700);
    expect(spills()).toEqual(["250: p1/1 a1", "3700: p1/1 a1"]);
    expect(told()).toEqual(["250: p1/1 a1", "3700: p2/1 b1"]);
  });

  it("whose time is over goes on while something is in flight", async ({ expect }) => {
    const { lane, answers, told, until } = laneOf(
      { giveUp: 0, giveUpDriver: 500 },
      { random: () => 0 },
    );
    answers.deliver = down;
    answers.spill = down;
    lane.record("a");
    void lane.drive();
    await until(300);
    lane.record("b");
    // Its producer is forgotten, so it goes again at the next turn.
    answers.deliver = async () => ({ status: "gap" });
    await until(700);
    answers.deliver = added;
    await until(900);
    expect(told()).toEqual(["250: p1/1 a1", "700: p2/1 b1", "900: p3/1 b1"]);
    expect([lane.undelivered, lane.needsDriver()]).toEqual([1, true]);
  });

  it("that another relieved during its pause is that other's to place", async ({ expect }) => {
    const { lane, answers, spilled, until } = laneOf({ giveUp: 0, relief: 0 });
    answers.deliver = down;
    answers.spill = down;
    lane.record("a");
    void lane.drive();
    await until(300);
    answers.spill = () => never;
    void lane.drive();
    await until(4_200);
    expect(spilled.map(({ at }) => at)).toEqual([250, 300]);
  });
});

describe("what is not delivered", () => {
  it("is told in events: those gathered, those in flight, and those given up", async ({
    expect,
  }) => {
    const { lane, answers, until } = laneOf({ giveUp: 0 });
    expect(lane.undelivered).toBe(0);
    answers.deliver = down;
    answers.spill = down;
    for (const key of ["a", "b", "a"]) lane.record(key);
    expect(lane.undelivered).toBe(3);
    void lane.drive();
    await until(260);
    expect(lane.undelivered).toBe(3);
    answers.deliver = () => never;
    for (const key of ["a", "a"]) lane.record(key);
    await until(900);
    expect(lane.undelivered).toBe(5);
    lane.record("c");
    expect(lane.undelivered).toBe(6);
  });
});

describe("a process that ends", () => {
  it("waits for no window, and for an attempt one second at most", async ({ expect }) => {
    for (const [attempt, most] of [
      [4_000, 1_000],
      [400, 400],
    ] as const) {
      const { lane, answers, calls, until } = offering({ attempt });
      answers.deliver = () => never;
      answers.spill = async () => undefined;
      const ticket = lane.record("a");
      void lane.hurry();
      await until(most - 1);
      expect(calls).toEqual(["0: deliver p1/1"]);
      await until(most);
      expect(calls.slice(1)).toEqual([`${most}: spill p1/1`]);
      expect([ticket.settled, lane.idle]).toEqual([true, true]);
    }
  });

  it("asks no Counter that did not answer, and KV until it has it, however long", async ({
    expect,
  }) => {
    const { lane, answers, calls, offers, until } = offering({ giveUpDriver: 1_000 });
    lane.record("a");
    void lane.drive();
    await until(260);
    offers.answer = added;
    lane.record("b");
    void lane.hurry();
    await until(1_700);
    const tries = (from: number) => calls.slice(from);
    expect(tries(1).every((call) => call.includes("spill"))).toBe(true);
    answers.spill = async () => undefined;
    await until(3_000);
    expect(lane.idle).toBe(true);
    expect(calls.filter((call) => !call.includes("spill"))).toEqual(["250: deliver p1/1"]);
    expect(calls.at(-1)).toMatch(/: spill p2\/1$/);
  });

  it("offers what it gave up to a Counter that answers", async ({ expect }) => {
    const { lane, answers, calls, offers, until } = offering({ giveUp: 0 });
    lane.record("a");
    void lane.drive();
    await until(260);
    answers.deliver = added;
    offers.answer = () => never;
    lane.record("b");
    await until(900);
    offers.answer = added;
    lane.record("c");
    void lane.hurry();
    await until(910);
    expect(calls.slice(3)).toEqual([
      "850: deliver p2/1",
      "850: offer p1/1",
      "900: deliver p2/2",
      "900: offer p1/1",
    ]);
    expect(lane.idle).toBe(true);
  });
});

describe("a clock that is set back", () => {
  for (const [what, times] of [
    ["a batch", { giveUp: 5_000, giveUpDriver: 600_000 }],
    ["a driver", { giveUp: 600_000, giveUpDriver: 5_000 }],
  ] as const) {
    it(`holds nothing up: the time of ${what} is reckoned from there`, async ({ expect }) => {
      const { lane, answers, skew, spilled, until } = laneOf(
        { ...times, relief: 600_000 },
        { random: () => 1 },
      );
      answers.deliver = down;
      lane.record("a");
      void lane.drive();
      await until(1_000);
      skew.by = -86_400_000;
      await until(60_000);
      // At 1,750 it is heard of; sent again at 3,350, 5,350 and 7,350.
      expect(spilled.map(({ at }) => at)).toEqual([7_350]);
    });
  }
});

describe("a lane's producer", () => {
  it("is replaced when its state is full, once nothing is in flight", async ({ expect }) => {
    let isFull = false;
    const { lane, answers, told, until } = laneOf({}, { isFull: () => isFull });
    answers.deliver = down;
    lane.record("a");
    void lane.drive();
    await until(260);
    isFull = true;
    // What is in flight stays its producer's, however often it is sent.
    answers.deliver = added;
    await until(310);
    lane.record("b");
    void lane.drive();
    await until(600);
    isFull = false;
    lane.record("c");
    void lane.drive();
    await until(900);
    expect(told()).toEqual(["250: p1/1 a1", "300: p1/1 a1", "560: p2/1 b1", "850: p2/2 c1"]);
  });

  it("is replaced when it was quiet for more than a day, to the millisecond", async ({
    expect,
  }) => {
    for (const [pause, producer] of [
      [86_400_000, "p1/2"],
      [86_400_001, "p2/1"],
    ] as const) {
      const { lane, told, until } = laneOf({ window: 0 });
      lane.record("a");
      void lane.drive();
      await until(0);
      await until(pause);
      lane.record("b");
      void lane.drive();
      await until(pause);
      expect(told()).toEqual(["0: p1/1 a1", `${pause}: ${producer} b1`]);
      // A first batch that was long in coming is no other than any.
      const late = laneOf({ window: 0 });
      await late.until(pause);
      late.lane.record("a");
      void late.lane.drive();
      await late.until(pause);
      expect(late.told()).toEqual([`${pause}: ${producer.slice(0, 2)}/1 a1`]);
    }
  });

  it("stays where the shards changed and its own did not", async ({ expect }) => {
    const shard = shardOf("p1", 2);
    const numbers = Array.from({ length: 60 }, (_, index) => 3 + index);
    const more = numbers.find((shards) => shardOf("p1", shards) === shard) ?? 0;
    const other = numbers.find((shards) => shardOf("p1", shards) !== shard) ?? 0;
    const { lane, sent, told, until } = laneOf({}, {}, 2);
    lane.record("a");
    void lane.drive();
    await until(260);
    lane.shards = more;
    lane.record("b");
    void lane.drive();
    await until(600);
    lane.shards = other;
    lane.record("c");
    void lane.drive();
    await until(900);
    expect(told()).toEqual(["250: p1/1 a1", "510: p1/2 b1", "850: p2/1 c1"]);
    expect(sent[2]?.batch.shard).toBe(shardOf("p2", other));
  });

  it("has one shard of those there are", async ({ expect }) => {
    for (const producer of ["p1", "p2", "x", "a long one"]) {
      for (const shards of [1, 2, 7]) {
        expect(shardOf(producer, shards)).toBe(fnv1a(producer) % shards);
      }
    }
    const { lane, sent, until } = laneOf({}, {}, 1_000);
    lane.record("a");
    void lane.drive();
    await until(260);
    expect(sent[0]?.batch.shard).toBe(fnv1a("p1") % 1_000);
  });
});

describe("records that changed", () => {
  it("are learned from an acknowledgement, which next time is told what is known of that shard", async ({
    expect,
  }) => {
    const { lane, answers, learned, sent, until } = laneOf();
    const edit: Edit = {
      key: "link:abc",
      version: 2,
      link: { slug: "abc", version: 2, streamId: "st" },
    };
    answers.deliver = async () => ({ status: "added", edits: { change: 7, records: [edit] } });
    lane.record("a");
    void lane.drive();
    await until(260);
    answers.deliver = added;
    lane.record("b");
    void lane.drive();
    await until(600);
    expect(learned).toEqual([[edit]]);
    expect(sent.map(({ known }) => known)).toEqual([0, 7]);
  });
});
