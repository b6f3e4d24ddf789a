/**
 * @module The distinct visitors that one isolate saw, as sketch pairs. What identifies a visitor stays in
 * this isolate's memory until the epoch's salt is known, for moments; only an index and a rank leave it.
 */
import { createHmac } from "node:crypto";
import type { Epoch } from "./epoch.ts";
import { pairOf, type SketchPair } from "./hyperloglog.ts";

/** Slug, epoch and the pairs that were seen for it. */
export type Sighting = [slug: string, epoch: string, pairs: SketchPair[]];

const pendingAtMost = 10_000;
const rememberedAtMost = 50_000;

export class Visitors {
  /** Waiting for the salt: identity by slug and epoch. */
  #pending: { slug: string; epoch: string; identity: string }[] = [];
  #seen = new Set<string>();
  #salts = new Map<string, { value: Uint8Array; endsAt: number }>();
  #sightings = new Map<string, Sighting>();
  #wanted = new Map<string, Epoch>();

  /**
   * Notes that a visitor opened a link; synchronous.
   *
   * @param identity address (an IPv4, or the /64 of an IPv6), user agent and accepted languages
   */
  note(slug: string, epoch: Epoch, identity: string): void {
    const key = `${slug}\t${epoch.id}\t${identity}`;
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= rememberedAtMost) this.#seen.clear();
    this.#seen.add(key);
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
