/**
 * @module The token of a landing page's beacons: signed with the stream's secret, naming the link, good
 * for ten minutes, and good once for each thing it reports.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { StreamRecord } from "../catalog/records.ts";

const goodFor = 10 * 60_000;
const rememberedAtMost = 50_000;

function sign(secret: string, payload: string): string {
  return createHmac("sha256", secret).update(payload).digest("base64url").slice(0, 22);
}

/** `expiry.nonce.signature`; the signature covers the slug, so a token is worth nothing for another link. */
export function issueToken(stream: StreamRecord, slug: string, now: number): string {
  const payload = `${(now + goodFor).toString(36)}.${randomBytes(9).toString("base64url")}`;
  return `${payload}.${sign(stream.secret, `${slug}.${payload}`)}`;
}

/** Whether a token was issued for this link and has not expired. */
export function tokenIsGood(
  stream: StreamRecord,
  slug: string,
  token: string,
  now: number,
): boolean {
  if (token.length > 100) return false;
  const border = token.lastIndexOf(".");
  const payload = token.slice(0, border);
  const expected = Buffer.from(sign(stream.secret, `${slug}.${payload}`));
  const given = Buffer.from(token.slice(border + 1));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const expiry = Number.parseInt(payload.split(".", 1)[0] ?? "", 36);
  return now < expiry && expiry <= now + goodFor + 60_000;
}

/** Remembers in bounded memory what was reported already; an isolate knows only its own. */
export class Replays {
  #seen = new Map<string, number>();

  /** @returns whether this is the first time within the token's life */
  first(key: string, now: number): boolean {
    const expiry = this.#seen.get(key);
    if (expiry !== undefined && expiry > now) return false;
    if (this.#seen.size >= rememberedAtMost) this.#forget(now);
    this.#seen.set(key, now + goodFor);
    return true;
  }

  #forget(now: number): void {
    for (const [key, expiry] of this.#seen) if (expiry <= now) this.#seen.delete(key);
    // Still full: the oldest tenth goes, which stands first.
    let surplus = this.#seen.size - Math.floor(rememberedAtMost * 0.9);
    for (const key of this.#seen.keys()) {
      if (surplus-- <= 0) break;
      this.#seen.delete(key);
    }
  }
}
