/**
 * @module The distinct visitors that one isolate saw, as sketch pairs. What identifies a visitor stays in
 * this isolate's memory until the epoch's salt is known, for moments; only an index and a rank leave it.
 */

import { BoundedMap, textBytes } from "../../lib/bounded-map.ts";
import { hmac } from "../../lib/hash.ts";
import { keyedHash } from "../../lib/keyed-hash.ts";
import type { Salt } from "../counter/salts.ts";
import { type Epoch, saltGrace } from "../epoch.ts";
import { pairFrom, placeOf, type SketchPair } from "../hyperloglog.ts";

/** Slug, epoch and the pairs that were seen for it. */
export type Sighting = [slug: string, epoch: string, pairs: SketchPair[]];

/** Viewers open links; clickers tap on a page, or go through `/go`, in a request of its own. */
export type Role = "viewer" | "clicker";

/** Who opened a link, or clicked on its page; texts of bounded length. */
export interface Who {
  role: Role;
  slug: string;
  /** From `addressPrefix`; `""` where it is not known. */
  address: string;
  userAgent: string;
  /** `keyedHash` of the user agent, the longest of the three, where it was made already. */
  agentHash?: number;
  languages: string;
}

/** Who was seen already, by all lanes of this isolate: a keyed hash, whose loss costs only a repetition. */
const seen = new BoundedMap<number, true>({ bytes: 8 * 1_048_576 });
/** Of one lane, until the salt is there: for moments, in bytes. */
const waitingBytes = 1_048_576;
let lanes = 0;

interface Waiting {
  role: Role;
  slug: string;
  epoch: string;
  identity: string;
}

interface Seen {
  role: Role;
  slug: string;
  epoch: string;
  /** The highest rank of each register: what a sketch takes, however many came. */
  ranks: Map<number, number>;
}

export class Visitors {
  /** Keeps what one lane has seen apart from another's of the same stream. */
  readonly #lane = ++lanes;
  readonly #waiting = new BoundedMap<number, Waiting>({
    bytes: waitingBytes,
    weigh: (_, { slug, epoch, identity }) =>
      textBytes(slug) + textBytes(epoch) + textBytes(identity),
  });
  /** By the epoch's id; each names the epoch that it is for. */
  #salts = new Map<string, Salt & { endsAt: number }>();
  #sightings = new Map<string, Seen>();
  #wanted = new Map<string, Epoch>();

  /** Notes that a visitor opened a link, or clicked; synchronous. */
  note(who: Who, epoch: Epoch): void {
    const { role, slug, address, userAgent, languages } = who;
    const { id, endsAt } = epoch;
    // With its end: an epoch that comes back after it may be counted anew.
    const seenFor = `${this.#lane} ${role} ${slug} ${id} ${endsAt}`;
    const key = keyedHash(
      `${seenFor}\n${address}\n${languages}`,
      who.agentHash ?? keyedHash(userAgent),
    );
    if (seen.get(key)) return;
    seen.set(key, true);
    const identity = `${address}\n${userAgent}\n${languages}`;
    const salt = this.#salts.get(id);
    // The end was moved later: shard 0 keeps the salt for longer when it hears of it.
    if (!salt || salt.endsAt < endsAt) this.#wanted.set(id, epoch);
    if (salt) this.#add({ role, slug, epoch: id, identity }, salt);
    else this.#waiting.set(key, { role, slug, epoch: id, identity });
  }

  /**
   * Hashes who waited, once their epoch's salt is known. One that can't be had holds no other up, and is asked
   * for until its epoch is over.
   *
   * @throws what went wrong with a salt that cannot be had now
   */
  async resolve(saltOf: (epoch: Epoch) => Promise<Salt | null>, now: number): Promise<void> {
    for (const [id, { endsAt }] of this.#salts) if (endsAt <= now) this.#salts.delete(id);
    const failures: unknown[] = [];
    const resolveOne = async ([id, epoch]: [string, Epoch]) => {
      const isOver = now >= epoch.endsAt + saltGrace;
      try {
        this.#salted(id, epoch, isOver ? null : await saltOf(epoch));
      } catch (error) {
        failures.push(error);
      }
    };
    await Promise.all([...this.#wanted].map(resolveOne));
    if (failures.length > 0) throw failures[0];
  }

  #salted(id: string, { endsAt }: Epoch, salt: Salt | null): void {
    if (salt) this.#salts.set(id, { ...salt, endsAt });
    this.#wanted.delete(id);
    for (const [key, one] of [...this.#waiting.entries()]) {
      if (one.epoch !== id) continue;
      this.#waiting.delete(key);
      if (salt) this.#add(one, salt);
    }
  }

  get areWaiting(): boolean {
    return this.#wanted.size > 0;
  }

  /** What was seen in a role since the last call. */
  take(role: Role): Sighting[] {
    const taken: Sighting[] = [];
    for (const [key, sighting] of this.#sightings) {
      if (sighting.role !== role) continue;
      const { slug, epoch, ranks } = sighting;
      taken.push([slug, epoch, Array.from(ranks, ([index, rank]) => pairFrom(index, rank))]);
      this.#sightings.delete(key);
    }
    return taken;
  }

  #add({ role, slug, identity }: Waiting, { epoch, value }: Salt): void {
    const { index, rank } = placeOf(hmac("sha256", value, identity));
    const key = `${role}\t${slug}\t${epoch}`;
    let sighting = this.#sightings.get(key);
    if (!sighting) {
      sighting = { role, slug, epoch, ranks: new Map() };
      this.#sightings.set(key, sighting);
    }
    if (rank > (sighting.ranks.get(index) ?? 0)) sighting.ranks.set(index, rank);
  }
}
