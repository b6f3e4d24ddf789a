/**
 * @module The token of a landing page's beacons: signed with the stream's secret, naming the link and the
 * page, good for ten minutes, and good once for each thing it reports. A page that stays open has its token
 * renewed, for a day from its birth at most, and stays the same page: what it reported it can't report again.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { StreamRecord } from "../catalog/records.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";

const goodFor = 10 * 60_000;
/** From a page's birth to the last renewal of its token, ms. */
export const pageLife = 24 * 3_600_000;

/**
 * What became of the open that a page answered: it was counted as a view; it was past the limit of its
 * address; or nobody looked (a prefetch).
 */
export const standings = { viewed: "v", limited: "l", prefetched: "p" } as const;
export type Standing = keyof typeof standings;
const standingByLetter = new Map<string, Standing>(
  (Object.keys(standings) as Standing[]).map((name) => [standings[name], name]),
);

/** A page, as its token says. */
export interface PageSigned {
  /** Names the page among all of this link. */
  id: string;
  /** UTC ms; `null` for a page that an older release made, whose token is never renewed. */
  bornAt: number | null;
  standing: Standing;
  /** UTC ms at which this token ends. */
  expiresAt: number;
}

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
const blocks = new BoundedMap<string, Block>({
  bytes: 1_048_576,
  weigh: (key, { payload, secret }) => textBytes(key) + textBytes(payload) + textBytes(secret) + 64,
});

function openBlock(secret: string, slug: string, standing: Standing, now: number): Block {
  const key = `${slug} ${standing}`;
  const known = blocks.get(key);
  const isUsable = known && known.used < blockSize && now - known.madeAt < blockLife;
  if (isUsable && known.secret === secret) return known;
  isolate ||= randomBytes(9).toString("base64url");
  made += 1;
  const nonce = `${now.toString(36)}-${standings[standing]}-${isolate}${made.toString(36)}`;
  const payload = payloadOf(now + goodFor, nonce);
  const block = { secret, payload, madeAt: now, macs: macsOf(secret, slug, payload), used: 0 };
  blocks.set(key, block);
  return block;
}

const payloadOf = (expiresAt: number, nonce: string): string =>
  `${expiresAt.toString(36)}.${nonce}`;

/**
 * `expiry.nonce.index.signature`, the nonce being `birth-standing-unique`; the signature covers the slug, so
 * a token is worth nothing for another link. The nonce need not be a secret, only never the same twice.
 *
 * @param standing what became of the open that the page answers
 */
export function issueToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  standing: Standing,
  now: number,
): string {
  const block = openBlock(secret, slug, standing, now);
  const index = block.used;
  block.used += 1;
  return `${block.payload}.${index}.${macAt(block.macs, index)}`;
}

const tokenShape = /^([0-9a-z]{1,12})\.([\w-]{1,40})\.([0-7])\.([\w-]{11})$/;
const nonceShape = /^([0-9a-z]{1,10})-([a-z])-/;
const longestToken = 80;

/** Reads a token that was issued for this link, expired or not; `null` for any other text. */
export function readToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  token: string,
): PageSigned | null {
  const match = token.length > longestToken ? null : tokenShape.exec(token);
  if (!match) return null;
  const [, expiry = "", nonce = "", index = "", mac = ""] = match;
  const expected = macAt(macsOf(secret, slug, `${expiry}.${nonce}`), Number(index));
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return null;
  const [, birth, letter = ""] = nonceShape.exec(nonce) ?? [];
  return {
    id: `${nonce}.${index}`,
    bornAt: birth === undefined ? null : Number.parseInt(birth, 36),
    standing: standingByLetter.get(letter) ?? "viewed",
    expiresAt: Number.parseInt(expiry, 36),
  };
}

/** Whether a page may report now: its token has not expired, and none ends later than one made now. */
export function mayReport({ expiresAt }: PageSigned, now: number): boolean {
  return now < expiresAt && expiresAt <= now + goodFor + 60_000;
}

/** The next token of the same page; `null` once a day is over since its birth. */
export function renewToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  { id, bornAt }: PageSigned,
  now: number,
): string | null {
  if (bornAt === null || now - bornAt >= pageLife) return null;
  const border = id.lastIndexOf(".");
  const payload = payloadOf(Math.min(now + goodFor, bornAt + pageLife), id.slice(0, border));
  const index = Number(id.slice(border + 1));
  return `${payload}.${index}.${macAt(macsOf(secret, slug, payload), index)}`;
}

/** Remembers what was reported already; an isolate knows only its own. */
export class Replays {
  readonly #seen = new BoundedMap<number, number>({ bytes: 4 * 1_048_576 });

  /**
   * @param page from {@link readToken}
   * @returns whether the page reports this for the first time
   */
  first(slug: string, { id, bornAt, expiresAt }: PageSigned, type: string, now: number): boolean {
    const key = keyedHash(`${slug} ${id} ${type}`);
    if ((this.#seen.get(key) ?? 0) > now) return false;
    this.#seen.set(key, bornAt === null ? expiresAt : bornAt + pageLife);
    return true;
  }
}
