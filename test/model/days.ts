/** @module Weeks and months: minutes become hours and hours days, salts are destroyed, producers forgotten. */
import type { Batch } from "../../src/counting/batch.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { type Broadcast, type Counted, Traffic } from "./traffic.ts";
import type { Isolate, World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export async function days(world: World): Promise<string[]> {
  const { chance, clock } = world;
  // Before the end of summer time in Europe and America, or in the winter.
  clock.now += chance.pick([-61 * day, 0]);
  const traffic = new Traffic(world);
  const timezone = chance.pick(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]);
  const broadcast = await traffic.create({ timezone });
  const isolate = world.newIsolate();
  if (!isolate) return ["no isolate is left"];
  const run = new Days(world, traffic, broadcast, isolate, timezone);
  const end = clock.now + chance.between(100, 140) * day;
  while (clock.now < end) {
    await run.step();
  }
  await run.deletes();
  return run.wrong;
}

class Days {
  readonly #world: World;
  readonly #traffic: Traffic;
  readonly #broadcast: Broadcast;
  readonly #isolate: Isolate;
  #timezone: string;
  readonly #beganAt: number;
  readonly wrong: string[] = [];
  /** The local day that an event was summed to, once its hour was gone. */
  readonly #dayOf = new Map<Counted, number>();

  constructor(
    world: World,
    traffic: Traffic,
    broadcast: Broadcast,
    isolate: Isolate,
    timezone: string,
  ) {
    this.#world = world;
    this.#traffic = traffic;
    this.#broadcast = broadcast;
    this.#isolate = isolate;
    this.#timezone = timezone;
    this.#beganAt = world.clock.now;
  }

  async step(): Promise<void> {
    const { clock, chance } = this.#world;
    // Not while anything is about to be summed: by which zone is then a matter of moments.
    if (chance.is(0.2) && clock.now - this.#beganAt < 45 * day) {
      this.#timezone = chance.pick(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]);
      await this.#edit({ timezone: this.#timezone });
      await clock.runUntil(clock.now + 2 * minute);
    }
    for (let times = chance.between(1, 4); times > 0; times -= 1) {
      void this.#traffic.open(this.#isolate, chance.pick(this.#broadcast.slugs));
      await clock.runUntil(clock.now + chance.between(1, 40) * 1_000);
    }
    await clock.runUntil(clock.now + 2 * minute);
    await this.#check();
    await this.#resend();
    const pause = chance.pick([20 * minute, 7 * hour, 26 * hour, 3 * day, 12 * day, 40 * day]);
    clock.jump(pause);
    if (chance.is(0.6)) {
      clock.jump(untilMidnight(clock.now, this.#timezone) + chance.between(0, 50) * minute);
    }
    await clock.runUntil(clock.now + 3 * minute);
    // What is due by time is done at rest too.
    await this.#check();
    this.#saltsAreGone();
  }

  async #edit(change: { timezone: string }): Promise<void> {
    await this.#world.until(this.#traffic.edit(this.#isolate, this.#broadcast, change));
  }

  async #check(): Promise<void> {
    const { clock, ask } = { clock: this.#world.clock, ask: this.#world };
    const { id } = this.#broadcast;
    const snapshot = await ask.ask<Snapshot | null>(`${id}:0`, "read", {});
    if (!snapshot) return;
    const { minute: minutes, hour: hours, day: locals } = snapshot.series;
    const found = { minutes: sums(minutes), hours: sums(hours), days: sums(locals) };
    const expected = {
      minutes: new Map<number, number>(),
      hours: new Map<number, number>(),
      days: new Map<number, number>(),
    };
    for (const one of this.#traffic.counted) {
      const { metric, at } = one.event;
      if (metric !== "views" && metric !== "clicks") continue;
      const age = clock.now - at;
      const bucket = { minutes: Math.floor(at / minute), hours: Math.floor(at / hour) };
      // What is on the border may be there or not; what is well before or behind it may not.
      if (age < 48 * hour || (age < 51 * hour && found.minutes.has(bucket.minutes))) {
        add(expected.minutes, bucket.minutes);
      }
      const isHour = found.hours.has(bucket.hours);
      if (isHour && age < 92 * day) add(expected.hours, bucket.hours);
      else if (age > 90 * day) {
        const local = this.#dayOf.get(one) ?? localDay(at, this.#timezone);
        this.#dayOf.set(one, local);
        add(expected.days, local);
      } else add(expected.hours, bucket.hours);
    }
    for (const step of ["minutes", "hours", "days"] as const) {
      for (const key of new Set([...expected[step].keys(), ...found[step].keys()])) {
        const [is, should] = [found[step].get(key) ?? 0, expected[step].get(key) ?? 0];
        if (is !== should) this.wrong.push(`${step} ${key} has ${is}, not ${should}`);
      }
    }
    const { views, clicks } = snapshot.totals;
    const sum = [...found.hours.values(), ...found.days.values()].reduce(
      (all, one) => all + one,
      0,
    );
    if (sum !== views + clicks) this.wrong.push(`Σ hours and days is ${sum}, of ${views + clicks}`);
  }

  /** A batch that comes again within a week is known; KV may hold it for as long. */
  async #resend(): Promise<void> {
    const { clock, chance, sent } = this.#world;
    const known = sent.filter(({ at, ack }) => ack === "added" && clock.now - at < 7 * day);
    if (known.length === 0) return;
    const { batch } = chance.pick(known);
    const name = `${batch.streamId}:${batch.shard}`;
    const { status } = await this.#world.ask<{ status: string }>(name, "add", batch as Batch);
    if (status !== "duplicate") this.wrong.push(`a batch of this week is ${status}`);
  }

  /** No byte of a salt is on a disk, or in KV, once its epoch has been over for an hour. */
  #saltsAreGone(): void {
    const { clock, salts, objects, counts } = this.#world;
    const disks = [...objects.values()].map(({ database }) => database.dump()).join("\n");
    for (const [key, values] of salts) {
      const [streamId = "", epoch = ""] = key.split(" ");
      const end = Date.parse(`${epoch}T00:00:00Z`) + 2 * day;
      if (Number.isNaN(end) || clock.now < end) continue;
      for (const hex of values) {
        if (disks.includes(hex)) this.wrong.push(`the salt of ${epoch} is still kept`);
      }
      if (counts.peek(`salt:${streamId}:${epoch}`)) this.wrong.push(`KV keeps a salt of ${epoch}`);
    }
  }

  /** A month after it was deleted nothing is left of a stream, but that it was there. */
  async deletes(): Promise<void> {
    const { clock } = this.#world;
    const { id } = this.#broadcast;
    await this.#world.ask("catalog", "deleteStream", id, "key");
    clock.jump(31 * day);
    // The alarm rings within five minutes, and retaining goes by the hour.
    await clock.runUntil(clock.now + 70 * minute);
    if (await this.#world.ask(`${id}:0`, "read", {})) this.wrong.push("a purged stream has counts");
    const left = ["stats:", "spill:", "lane:", "salt:"].flatMap((prefix) =>
      this.#world.counts.keys(`${prefix}${id}`),
    );
    if (left.length > 0) this.wrong.push(`KV still has ${left[0]}`);
  }
}

const sums = (series: object): Map<number, number> =>
  new Map(
    Object.entries(series as Snapshot["series"]["hour"]).map(([key, [views, clicks]]) => [
      Number(key),
      views + clicks,
    ]),
  );

const add = (into: Map<number, number>, key: number) => into.set(key, (into.get(key) ?? 0) + 1);

/** To the next midnight of a zone: in the hour after it the offset alone tells which day it is. */
function untilMidnight(now: number, timeZone: string): number {
  let at = Math.ceil(now / hour) * hour;
  while (localDay(at, timeZone) === localDay(now, timeZone)) at += hour;
  return at - now;
}

/** Days since the epoch by a zone's own calendar. An hour belongs to the day that it begins in. */
function localDay(at: number, timeZone: string): number {
  const begins = Math.floor(at / hour) * hour;
  const text = new Intl.DateTimeFormat("en-CA", { timeZone }).format(begins);
  return Date.parse(`${text}T00:00:00Z`) / day;
}
