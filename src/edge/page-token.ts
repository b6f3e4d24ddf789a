/**
 * @module The token of a landing page's beacons: signed with the stream's secret, naming the link, the page and
 * what it offered, good for ten minutes, and good once for each thing it reports. A page that stays open has its
 * token renewed, for a day from its birth at most, and stays the same page: what it reported it can't report
 * again. What it offers is then what it shows from there on.
 */
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { hmac, isSame, randomBytes, toBase64Url } from "../lib/hash.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { isFresh } from "../lib/moments.ts";
import type { StreamRecord } from "../model/edge-records.ts";
import { longestOffer } from "./offer.ts";

const goodForMs = 10 * 60_000;
/** From a page's birth to the last renewal of its token, ms. */
export const pageLife = 24 * 3_600_000;

/**
 * What became of the open that a page answered: it was counted as a view; it was past the limit of its
 * address; or nobody looked (a prefetch).
 */
const standings = { viewed: "v", limited: "l", prefetched: "p" } as const;
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
  /** Its ways (offer.ts); `null` for a page of an older release, whose token does not say. */
  offer: string | null;
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
  macs: string[];
  used: number;
}

/** Characters of a signature, without padding; a whole number of bytes and of characters is one byte longer. */
const macLength = 11;
const stride = macBytes + 1;
const strideLength = 12;

/** The signatures of a block, as texts: one call for eight. */
function macsOf(secret: string, slug: string, payload: string): string[] {
  const macs = hmac("sha512", secret, `${slug}.${payload}`);
  const spread = new Uint8Array(blockSize * stride);
  for (let index = 0; index < blockSize; index += 1) {
    spread.set(macs.subarray(index * macBytes, (index + 1) * macBytes), index * stride);
  }
  const text = toBase64Url(spread);
  return Array.from({ length: blockSize }, (_, index) =>
    text.slice(index * strideLength, index * strideLength + macLength),
  );
}

/** What makes this isolate's nonces its own; random values can't be had before the first request. */
let isolate = "";
let made = 0;
const blocks = new BoundedMap<string, Block>({
  bytes: 1_048_576,
  weigh: (key, { payload, secret }) =>
    textBytes(key) + textBytes(payload) + textBytes(secret) + 512,
});

function openBlock(
  secret: string,
  slug: string,
  { standing, offer }: Answered,
  now: number,
): Block {
  const key = `${slug} ${standing} ${offer}`;
  const known = blocks.get(key);
  const isUsable = known && known.used < blockSize && isFresh(known.madeAt, now, blockLife);
  if (isUsable && known.secret === secret) return known;
  isolate ||= toBase64Url(randomBytes(9));
  made += 1;
  const name = `${now.toString(36)}-${standings[standing]}-${isolate}${made.toString(36)}`;
  const payload = payloadOf(now + goodForMs, nonceOf(name, offer));
  const block = {
    secret,
    payload,
    madeAt: now,
    macs: macsOf(secret, slug, payload),
    used: 0,
  };
  blocks.set(key, block);
  return block;
}

const payloadOf = (expiresAt: number, nonce: string): string =>
  `${expiresAt.toString(36)}.${nonce}`;

/**
 * A zero before the birth says that an offer follows. The release before, which has nonces without either, reads
 * the same number and takes the rest for a part of the page's name.
 */
const nonceOf = (name: string, offer: string): string => `0${name}-${offer}`;

/** The open that a page answers. */
export interface Answered {
  /** What became of it. */
  standing: Standing;
  /** What the page offers (offer.ts). */
  offer: string;
}

/**
 * `expiry.nonce.index.signature`, the nonce being `0birth-standing-unique-offer`; the signature covers the slug,
 * so a token is worth nothing for another link. The nonce need not be a secret, only never the same twice.
 */
export function issueToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  answered: Answered,
  now: number,
): string {
  const block = openBlock(secret, slug, answered, now);
  const index = block.used;
  block.used += 1;
  return `${block.payload}.${index}.${block.macs[index]}`;
}

const tokenShape = /^([0-9a-z]{1,12})\.([\w-]{1,200})\.([0-7])\.([\w-]{11})$/;
const pageShape = /^([0-9a-z]{1,10})-([a-z])-/;
const longestToken = 80 + longestOffer;

/** The page's name and what it offers, from a nonce of this release or of the one before. */
function nonceParts(nonce: string): { name: string; offer: string | null } {
  if (!nonce.startsWith("0")) return { name: nonce, offer: null };
  const border = nonce.lastIndexOf("-");
  return { name: nonce.slice(1, border), offer: nonce.slice(border + 1) };
}

/** Reads a token that was issued for this link, expired or not; `null` for any other text. */
export function readToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  token: string,
): PageSigned | null {
  const match = token.length > longestToken ? null : tokenShape.exec(token);
  if (!match) return null;
  const [, expiry = "", nonce = "", index = "", mac = ""] = match;
  const expected = macsOf(secret, slug, `${expiry}.${nonce}`)[Number(index)] ?? "";
  if (!isSame(mac, expected)) return null;
  const { name, offer } = nonceParts(nonce);
  const [, birth, letter = ""] = pageShape.exec(name) ?? [];
  return {
    id: `${name}.${index}`,
    bornAt: birth === undefined ? null : Number.parseInt(birth, 36),
    standing: standingByLetter.get(letter) ?? "viewed",
    offer,
    expiresAt: Number.parseInt(expiry, 36),
  };
}

/** Whether a page may report now: its token has not expired, and none ends later than one made now. */
export function mayReport({ expiresAt }: PageSigned, now: number): boolean {
  return now < expiresAt && expiresAt <= now + goodForMs + 60_000;
}

/**
 * The next token of the same page.
 *
 * @param offer what the page shows from now on
 * @returns `null` once a day is over since its birth
 */
export function renewToken(
  { secret }: Pick<StreamRecord, "secret">,
  slug: string,
  { id, bornAt }: PageSigned,
  offer: string,
  now: number,
): string | null {
  if (bornAt === null || now - bornAt >= pageLife) return null;
  const border = id.lastIndexOf(".");
  const nonce = nonceOf(id.slice(0, border), offer);
  const payload = payloadOf(Math.min(now + goodForMs, bornAt + pageLife), nonce);
  const index = Number(id.slice(border + 1));
  return `${payload}.${index}.${macsOf(secret, slug, payload)[index]}`;
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
