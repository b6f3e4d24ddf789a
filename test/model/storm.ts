/** @module A storm: opens, edits, faults, deaths and drains at moments by chance; then rest, and the reckoning. */
import { type Rest, reckon, reckonFresh } from "./rest.ts";
import { editUnknown, lanesDiffer } from "./told.ts";
import { Traffic } from "./traffic.ts";
import { watch } from "./watch.ts";
import { type Faults, type Isolate, noFaults, type World } from "./world.ts";

const durabilities = ["fast", "strict"] as const;
const second = 1_000;
const hour = 3_600_000;

/** What a storm is to be like, where that is not left to chance. */
export interface Weather {
  faults?: Partial<Faults>;
  /** How often streams are changed. */
  edits?: number;
  /** How often a Counter can't be reached for a while, and KV takes no keys of a kind. */
  outages?: number;
  /** How often Counters die. */
  deaths?: number;
}
type Times = Pick<Weather, "edits" | "outages" | "deaths">;

/** @returns what is wrong */
export async function storm(
  world: World,
  { faults = {}, ...times }: Weather = {},
): Promise<string[]> {
  const { chance } = world;
  const run = new Storm(world, times);
  await run.run({
    network: chance.pick([0.05, 0.3, 0.6]),
    vanish: chance.pick([0, 0.02, 0.1]),
    commit: chance.pick([0, 0.1, 0.3]),
    kv: chance.pick([0, 0.2, 0.5]),
    stale: chance.pick([0, 0.3]),
    late: 0,
    page: chance.pick([4, 1_000, 1_000]),
    ...faults,
  });
  return run.told();
}

class Storm {
  readonly #world: World;
  readonly #traffic: Traffic;
  /** Those that live. */
  readonly #isolates: Isolate[] = [];
  readonly #wrong: string[] = [];
  readonly #times: Times;
  #about = "";

  constructor(world: World, times: Times) {
    this.#world = world;
    this.#times = times;
    this.#traffic = new Traffic(world);
  }

  told(): string[] {
    return this.#wrong.length > 0 ? [...this.#wrong, this.#about] : [];
  }

  async run(faults: Faults): Promise<void> {
    const { chance, clock } = this.#world;
    await this.#begin();
    // A ring of few slots is often full.
    const slots = chance.pick([1_024, 1_024, 3]);
    this.#world.ringOf(slots);
    this.#about = JSON.stringify({ ...faults, slots, streams: this.#traffic.broadcasts.length });
    Object.assign(this.#world.faults, faults);
    const lasts = chance.between(20, 90) * second;
    const end = clock.now + lasts;
    this.#opens(lasts);
    this.#edits(lasts);
    this.#deaths(lasts);
    this.#outages(lasts);
    this.#readings(lasts);
    const stop = watch(this.#world, this.#traffic, this.#wrong);
    await clock.runUntil(end);

    // All is well again: the next opens find what is left, the sweep comes by, KV settles.
    this.#allIsWell(faults.page);
    await this.#enable();
    for (let round = 0; round < 5; round += 1) {
      this.#everyoneOpens();
      await clock.runUntil(clock.now + 9 * second);
    }
    // What the network still holds back comes within 90 s.
    await clock.runUntil(clock.now + 60 * second);
    await this.#lastEdits();
    await this.#lastFaults(faults);
    // Whose calls were spent on what failed left the rest to whoever comes next.
    for (let round = 0; round < 3 && this.#world.callsAtMost !== undefined; round += 1) {
      this.#everyoneOpens();
      await clock.runUntil(clock.now + 9 * second);
    }
    await clock.runUntil(clock.now + 400 * second);
    stop();
    // A spill whose producer's earlier batches went another way is a gap, and that is final after an hour.
    const { transport, counts } = this.#world;
    if (transport === "kv" && counts.keys("spill:").length > 0) {
      await clock.runUntil(clock.now + hour + 200 * second);
    }
    const rest = {
      ...{ world: this.#world, traffic: this.#traffic, isolates: this.#isolates, series: true },
    };
    this.#wrong.push(...(await reckon(rest)));
    if (transport === "do") this.#wrong.push(...(await this.#fresh(rest)));
  }

  /** The first opens after a rest are folded when they are published, the next ones wait. */
  async #fresh(rest: Rest): Promise<string[]> {
    const { clock } = this.#world;
    for (let round = 0; round < 2; round += 1) {
      this.#everyoneOpens();
      await clock.runUntil(clock.now + 4 * second);
    }
    return reckonFresh(rest);
  }

  async #begin(): Promise<void> {
    const { chance, clock } = this.#world;
    this.#world.objectSkew = chance.between(-2_000, 2_000);
    for (let index = chance.pick([1, 1, 2, 3]); index > 0; index -= 1) {
      const startsAt = clock.now + chance.between(-3, 12) * hour;
      await this.#traffic.create({
        durability: chance.is(0.3) ? "strict" : "fast",
        shards: chance.pick([1, 1, 3]),
        ...(chance.is(0.5) ? { startsAt, endsAt: startsAt + 30 * hour } : {}),
      });
    }
    for (let index = chance.between(1, 3); index > 0; index -= 1) this.#start();
  }

  #start(): void {
    const isolate = this.#world.newIsolate();
    if (!isolate) return;
    isolate.skew = this.#world.chance.pick([0, 0, -3_000, 2_000]);
    this.#isolates.push(isolate);
  }

  /** At moments by chance, within a time. */
  #sometimes(times: number, within: number, run: () => void): void {
    const { chance, clock } = this.#world;
    for (let index = 0; index < times; index += 1) clock.after(chance.between(0, within), run);
  }

  #slug(): string {
    const { chance } = this.#world;
    return chance.pick(chance.pick(this.#traffic.broadcasts).slugs);
  }

  #opens(lasts: number): void {
    const { chance, clock } = this.#world;
    for (let at = 0; at < lasts; at += chance.between(1, 1_500)) {
      clock.after(at, () => {
        const isolate = chance.pick(this.#isolates);
        void this.#traffic.open(isolate, this.#slug()).catch(() => undefined);
      });
    }
  }

  #edits(lasts: number): void {
    const { chance } = this.#world;
    this.#sometimes(this.#times.edits ?? chance.between(0, 5), lasts, () => {
      const change = {
        ...(chance.is(0.4) ? { shards: chance.pick([1, 2, 3]) } : {}),
        ...(chance.is(0.3) ? { durability: chance.pick(durabilities) } : {}),
      };
      const broadcast = chance.pick(this.#traffic.broadcasts);
      void this.#traffic.edit(chance.pick(this.#isolates), broadcast, change);
    });
    this.#sometimes(chance.between(0, 2), lasts, () => {
      void this.#traffic.editLink(chance.pick(this.#isolates), this.#slug(), chance.is(0.5));
    });
    if (chance.is(0.2)) {
      this.#sometimes(1, lasts, () => {
        const [, second = ""] = chance.pick(this.#traffic.broadcasts).slugs;
        void this.#traffic.deleteLink(chance.pick(this.#isolates), second);
      });
    }
  }

  /** Boards that poll, of which an isolate remembers what it read. */
  #readings(lasts: number): void {
    const { chance } = this.#world;
    this.#sometimes(chance.pick([0, 3, 20]), lasts, () => {
      const { id, shardsEver } = chance.pick(this.#traffic.broadcasts);
      const isolate = chance.pick(this.#isolates);
      const options = { byLink: true, taking: chance.between(1, shardsEver) };
      void isolate
        .request(() => isolate.code.readCounts(isolate.env as never, id, shardsEver, options))
        .catch(() => undefined);
    });
  }

  /** For a while a Counter can't be reached, or KV takes no keys of a kind. */
  #outages(lasts: number): void {
    const { chance, clock, outages, counts } = this.#world;
    const times = () => this.#times.outages ?? chance.between(0, 2);
    const whiles = (end: () => void) => clock.after(chance.between(3_000, 45_000), end);
    this.#sometimes(times(), lasts, () => {
      const { id, shardsEver } = chance.pick(this.#traffic.broadcasts);
      const name = `${id}:${chance.between(0, shardsEver - 1)}`;
      outages.set(name, chance.pick(["refuses", "hangs"]));
      whiles(() => outages.delete(name));
    });
    this.#sometimes(times(), lasts, () => {
      const prefix = chance.pick(["lane:", "lane:", "stats:", "spill:"]);
      counts.outages.add(prefix);
      whiles(() => counts.outages.delete(prefix));
    });
  }

  #allIsWell(page: number): void {
    Object.assign(this.#world.faults, { ...noFaults, page });
    this.#world.outages.clear();
    this.#world.counts.outages.clear();
  }

  /** Once more, after which nothing comes that would make good what was left out. */
  async #lastFaults({ network, kv, late, page }: Faults): Promise<void> {
    const { clock, chance, faults } = this.#world;
    // Visitors whose salt was not there yet go with the next batch.
    await clock.runUntil(clock.now + 30 * second);
    // Where lanes need no KV, nothing that comes later repairs what was put last.
    const isLast = this.#world.transport === "do" && chance.is(0.5);
    Object.assign(faults, isLast ? { kv, late } : { network, kv, late });
    for (const pause of [2 * second, 0]) {
      for (const broadcast of this.#traffic.broadcasts) {
        void this.#traffic.edit(chance.pick(this.#isolates), broadcast, {});
      }
      this.#everyoneOpens();
      await clock.runUntil(clock.now + pause);
    }
    await clock.runUntil(clock.now + 20 * second);
    this.#allIsWell(page);
    if (!isLast) this.#everyoneOpens();
  }

  #deaths(lasts: number): void {
    const { chance } = this.#world;
    this.#sometimes(this.#times.deaths ?? chance.between(0, 4), lasts, () => {
      for (const host of this.#world.objects.values()) if (chance.is(0.5)) host.crash();
    });
    this.#sometimes(chance.between(0, 6), lasts, () => {
      for (const host of this.#world.objects.values()) if (host.isAtRest) host.crash("evicted");
    });
    if (chance.is(0.2)) this.#sometimes(1, lasts, () => this.#dies());
    if (chance.is(0.2)) this.#sometimes(1, lasts, () => void this.#stops());
    if (chance.is(0.1)) {
      this.#sometimes(1, lasts, () => {
        const isolate = chance.pick(this.#isolates);
        isolate.skew += chance.pick([-24 * hour, 3 * hour]);
        isolate.hasStepped = true;
        this.#world.note("clock set", `${isolate.name} ${isolate.skew}`);
      });
    }
  }

  #replace(isolate: Isolate): void {
    const index = this.#isolates.indexOf(isolate);
    if (index >= 0) this.#isolates.splice(index, 1);
    this.#start();
  }

  #dies(): void {
    const isolate = this.#world.chance.pick(this.#isolates);
    this.#replace(isolate);
    if (this.#isolates.length === 0) {
      this.#isolates.push(isolate);
      return;
    }
    isolate.isAlive = false;
    this.#world.note("isolate died", isolate.name);
  }

  /** SIGTERM: no open comes any more, what is held is delivered, and then it ends. */
  async #stops(): Promise<void> {
    const isolate = this.#world.chance.pick(this.#isolates);
    this.#replace(isolate);
    if (this.#isolates.length === 0) {
      this.#isolates.push(isolate);
      return;
    }
    const within = 10 * second;
    let left: number | null = null;
    const drained = this.#traffic.drain(isolate, within).then((streams) => {
      left = streams;
    });
    await Promise.race([drained, this.#world.clock.wait(within + 2 * second)]);
    if (left === null) this.#wrong.push("a drain did not end in its time");
    const held = this.#traffic.counted.filter(
      ({ isolate: by, ticket }) => by === isolate && !ticket.settled,
    );
    if (left === 0 && held.length > 0) {
      this.#wrong.push(`a drain left ${held.length} events and said that it left none`);
    }
    isolate.isAlive = false;
    this.#world.note("isolate stopped", `${isolate.name} ${left}`);
  }

  /** What lanes hold is found by the next open, which needs a link that leads somewhere. */
  async #enable(): Promise<void> {
    const { chance } = this.#world;
    for (const { slugs } of this.#traffic.broadcasts) {
      for (const slug of slugs) {
        const isolate = chance.pick(this.#isolates);
        await this.#world.until(this.#traffic.editLink(isolate, slug, false));
      }
    }
  }

  /** @param which of each stream's links; by chance unless it is said */
  #everyoneOpens(which?: number): void {
    for (const isolate of this.#isolates) {
      for (const { slugs } of this.#traffic.broadcasts) {
        const slug = which === undefined ? this.#world.chance.pick(slugs) : slugs[which];
        void this.#traffic.open(isolate, slug ?? "");
      }
    }
  }

  /** Where there is traffic, an edit is known everywhere within seconds, and lanes go by it. */
  async #lastEdits(): Promise<void> {
    const { clock, chance, sent, repeated } = this.#world;
    const { broadcasts } = this.#traffic;
    const opens = async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        this.#everyoneOpens(0);
        await clock.runUntil(clock.now + 700);
      }
    };
    await this.#enable();
    // Copies that are due are read again from KV: what comes later can come by acknowledgements alone.
    await opens(3);
    repeated.add("learn");
    for (const broadcast of broadcasts) {
      const [, second = ""] = broadcast.slugs;
      const last = { shards: chance.pick([1, 2, 3]), durability: chance.pick(durabilities) };
      for (const change of [{}, last]) {
        const isolate = chance.pick(this.#isolates);
        await this.#world.until(this.#traffic.edit(isolate, broadcast, change));
      }
      if (chance.is(0.3)) {
        await this.#world.until(this.#traffic.editLink(chance.pick(this.#isolates), second, true));
      }
    }
    // All that was told has come, the older after the newer too, before anybody asks.
    await clock.runUntil(clock.now + 4.5 * second);
    await opens(4);
    repeated.delete("learn");
    if (this.#world.transport === "kv") return;
    const before = sent.length;
    await opens(3);
    for (const broadcast of broadcasts) {
      // Who counts nothing of a stream, since its links are gone, is told nothing of it.
      const counting = new Set(
        sent
          .slice(before)
          .flatMap(({ by, batch, ack }) =>
            batch.streamId === broadcast.id && ack === "added" ? [by] : [],
          ),
      );
      const told = this.#isolates.filter(({ name }) => counting.has(name));
      this.#wrong.push(
        ...(await editUnknown(this.#world, this.#traffic, told, broadcast, "acknowledgements")),
        ...(await lanesDiffer(this.#world, broadcast, sent.slice(before))),
      );
    }
  }
}
