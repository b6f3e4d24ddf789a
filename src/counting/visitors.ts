/**
 * @module The distinct visitors that one isolate saw, as sketch pairs. What identifies a visitor stays in
 * this isolate's memory until the epoch's salt is known, for moments; only an index and a rank leave it.
 */
import { createHmac } from "node:crypto";
import type { Epoch } from "./epoch.ts";
import { pairOf, type SketchPair } from "./hyperloglog.ts";

/** Slug, epoch and the pairs that were seen for it. */
export type Sighting = [slug: string, epoch: string, pairs: SketchPair[]];

/** Who opened a link. */
export interface Who {
  slug: string;
  /** From {@link addressPrefix}. */
  address: string;
  userAgent: string;
  languages: string;
}

const pendingAtMost = 10_000;
const rememberedAtMost = 50_000;

export class Visitors {
  /** Waiting for the salt: identity by slug and epoch. */
  #pending: { slug: string; epoch: string; identity: string }[] = [];
  /** User agent → slug, epoch, address and languages: the long string is hashed once, not joined each time. */
  #seen = new Map<string, Set<string>>();
  #seenCount = 0;
  #salts = new Map<string, { value: Uint8Array; endsAt: number }>();
  #sightings = new Map<string, Sighting>();
  #wanted = new Map<string, Epoch>();

  /** Notes that a visitor opened a link; synchronous. */
  note({ slug, address, userAgent, languages }: Who, epoch: Epoch): void {
    let seen = this.#seen.get(userAgent);
    if (!seen) {
      seen = new Set();
      this.#seen.set(userAgent, seen);
    }
    const key = `${slug}\t${epoch.id}\t${address}\t${languages}`;
    if (seen.has(key)) return;
    this.#seenCount += 1;
    if (this.#seenCount > rememberedAtMost) {
      this.#seen.clear();
      this.#seenCount = 0;
    } else {
      seen.add(key);
    }
    const identity = `${address}\n${userAgent}\n${languages}`;
    const salt = this.#salts.get(epoch.id);
    if (salt) {
      this.#add(slug, epoch.id, salt.value, identity);
    } else if (this.#pending.length < pendingAtMost) {
      this.#pending.push({ slug, epoch: epoch.id, identity });
      this.#wanted.set(epoch.id, epoch);
    }
  }

  /** Hashes who waited, once their epoch's salt is known. Rejects when a salt cannot be had now. */
  async resolve(saltOf: (epoch: Epoch) => Promise<Uint8Array | null>, now: number): Promise<void> {
    for (const [id, { endsAt }] of this.#salts) if (endsAt <= now) this.#salts.delete(id);
    for (const [id, epoch] of this.#wanted) {
      const value = await saltOf(epoch);
      if (value) this.#salts.set(id, { value, endsAt: epoch.endsAt });
      this.#wanted.delete(id);
      const waiting = this.#pending;
      this.#pending = [];
      for (const one of waiting) {
        if (one.epoch !== id) this.#pending.push(one);
        else if (value) this.#add(one.slug, id, value, one.identity);
      }
    }
  }

  get areWaiting(): boolean {
    return this.#wanted.size > 0;
  }

  /** What was seen since the last call. */
  take(): Sighting[] {
    const taken = [...this.#sightings.values()];
    this.#sightings.clear();
    return taken;
  }

  #add(slug: string, epoch: string, salt: Uint8Array, identity: string): void {
    const pair = pairOf(createHmac("sha256", salt).update(identity).digest());
    const key = `${slug}\t${epoch}`;
    const known = this.#sightings.get(key);
    if (known) known[2].push(pair);
    else this.#sightings.set(key, [slug, epoch, [pair]]);
  }
}

/**
 * The part of an address that stands for a household: an IPv4 address, or the /64 of an IPv6 one.
 *
 * @param header an address, or a list of them (`X-Forwarded-For`) of which the first counts
 */
export function addressPrefix(header: string): string {
  const comma = header.indexOf(",");
  const address = comma === -1 ? header : header.slice(0, comma).trim();
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const after = tail === "" ? 0 : tail.split(":").length;
    while (groups.length + after < 8) groups.push("0");
    groups.push(...(tail === "" ? [] : tail.split(":")));
  }
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}
