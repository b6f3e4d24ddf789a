/**
 * @module The token of a landing page's beacons: signed with the stream's secret, naming the link, good
 * for ten minutes, and good once for each thing it reports.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { StreamRecord } from "../catalog/records.ts";

const goodFor = 10 * 60_000;
const rememberedAtMost = 50_000;

/**
 * One HMAC-SHA-512 signs a block of eight tokens, 64 bits each: a page costs an eighth of an HMAC. The bits
 * of one token say nothing of another's, and guessing one is hopeless within its ten minutes.
 */
const blockSize = 8;
const macBytes = 8;
/** A block's expiry is that of its first token, so it is not used for long, in ms. */
const blockLife = 2_000;

interface Block {
  secret: string;
  slug: string;
  payload: string;
  madeAt: number;
  macs: Buffer;
  used: number;
}

function macsOf(secret: string, slug: string, payload: string): Buffer {
  return createHmac("sha512", secret).update(`${slug}.${payload}`).digest();
}

const macAt = (macs: Buffer, index: number): string =>
  macs.toString("base64url", index * macBytes, (index + 1) * macBytes);

/** What makes this isolate's nonces its own; random values can't be had before the first request. */
let isolate = "";
let made = 0;
const blocks = new Map<string, Block>();
const blocksAtMost = 1_000;

function openBlock(secret: string, slug: string, now: number): Block {
  const known = blocks.get(slug);
  const isUsable = known && known.used < blockSize && now - known.madeAt < blockLife;
  if (isUsable && known.secret === secret) return known;
  isolate ||= randomBytes(9).toString("base64url");
  made += 1;
  const payload = `${(now + goodFor).toString(36)}.${isolate}${made.toString(36)}`;
  const macs = macsOf(secret, slug, payload);
  const block = { secret, slug, payload, madeAt: now, macs, used: 0 };
  if (blocks.size >= blocksAtMost) blocks.clear();
  blocks.set(slug, block);
  return block;
}

/**
 * `expiry.nonce.index.signature`; the signature covers the slug, so a token is worth nothing for another
 * link. The nonce need not be a secret, only never the same twice.
 */
export function issueToken({ secret }: StreamRecord, slug: string, now: number): string {
  const block = openBlock(secret, slug, now);
  const index = block.used;
  block.used += 1;
  return `${block.payload}.${index}.${macAt(block.macs, index)}`;
}

/** Whether a token was issued for this link and has not expired. */
export function tokenIsGood(
  stream: StreamRecord,
  slug: string,
  token: string,
  now: number,
): boolean {
  const match = /^(([0-9a-z]{1,12})\.[\w-]{1,40})\.([0-7])\.([\w-]{11})$/.exec(token);
  if (!match) return false;
  const [, payload = "", expiry = "", index = "", mac = ""] = match;
  const expected = macAt(macsOf(stream.secret, slug, payload), Number(index));
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return false;
  const expiresAt = Number.parseInt(expiry, 36);
  return now < expiresAt && expiresAt <= now + goodFor + 60_000;
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
