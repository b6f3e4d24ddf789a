/**
 * @module A poll that finds nothing new, answered before any framework code runs. The stats are read at
 * most every 400 ms anyway (counting/query/read.ts); within that time the same key asking the same address for
 * what it has already gets 304. Then one of those who poll asks anew, and the others get 304 until it has its answer.
 * An edge in a process of its own answers the same, of what it passed on and for no longer than who answered would.
 */

import { headerOf } from "../http/request-headers.ts";
import { keptAnswer } from "../http/security-headers.ts";
import { textBytes } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { Memo } from "../lib/memo.ts";
import type { Keyed } from "../lib/records.ts";

interface Answered {
  etag: string;
  /** For who has it already. */
  unchanged: Response;
}

/** ms */
const goodFor = 400;

const answered = new Memo<Answered, number>({
  goodForMs: goodFor,
  bytes: 524_288,
  weigh: (_, { etag }) => textBytes(etag) + 512,
});

/** Characters of what names a poll, each; one with more is not remembered, and answered all the same. */
const namedAtMost = 8_192;

/**
 * A keyed hash, as of visitors: neither key nor cookie is kept, and who does not know the key that asked can't make
 * another that is taken for it. `null` for what is not remembered.
 */
function nameOf({ headers, url }: Request): number | null {
  const key = headerOf(headers, "Authorization");
  // Beside a key no cookie is looked at (auth/credential.ts).
  const credential = key ?? headerOf(headers, "Cookie") ?? "";
  if (credential.length > namedAtMost || url.length > namedAtMost) return null;
  return keyedHash(url, keyedHash(credential, key === null ? 0 : 1));
}

/** @returns 304, or `null` when the API must look */
export function answerPoll(request: Request): Response | null {
  const wanted = headerOf(request.headers, "If-None-Match");
  if (wanted === null || request.method !== "GET") return null;
  const name = nameOf(request);
  const known = name === null ? undefined : answered.freshOrSought(name, Date.now());
  return known?.etag === wanted ? known.unchanged : null;
}

/** Until when an edge may answer the same, UTC ms: of an answer to an edge, which takes it off. */
const goodUntil = "Poll-Good-Until";

interface Poller {
  /** It asks over https. */
  isHttps: boolean;
  /** By way of an edge of this server. */
  isByEdge: boolean;
}

/**
 * Remembers what a poller was just told; a comparison is never 304.
 *
 * @returns headers that its answer needs beside its own
 */
export function rememberPoll(request: Request, etag: string, poller: Poller): Keyed<string> {
  const now = Date.now();
  // Never over the minute, which the tag names.
  const until = (Math.floor(now / 60_000) + 1) * 60_000;
  const beside = poller.isByEdge
    ? { [goodUntil]: String(Math.min(now + goodFor, until)) }
    : undefined;
  remember(request, { etag, beside, now, until }, poller.isHttps);
  return beside ?? {};
}

interface Told {
  etag: string;
  beside?: Keyed<string> | undefined;
  now: number;
  /** UTC ms */
  until: number;
}

function remember(request: Request, { etag, beside, now, until }: Told, isHttps: boolean): void {
  const name = nameOf(request);
  if (name === null) return;
  const headers = { ETag: etag, "Cache-Control": "no-cache", ...beside };
  answered.set(
    name,
    { etag, unchanged: keptAnswer({ status: 304, headers }, isHttps) },
    now,
    until,
  );
}

/**
 * Remembers at an edge what the store's process has just answered a poller.
 *
 * @returns the answer as the poller may see it
 */
export function passedOn(request: Request, answer: Response, isHttps: () => boolean): Response {
  const until = headerOf(answer.headers, goodUntil);
  if (until === null) return answer;
  const [etag, now] = [headerOf(answer.headers, "ETag"), Date.now()];
  if (etag !== null && now < Number(until)) {
    remember(request, { etag, now, until: Number(until) }, isHttps());
  }
  const shown = new Response(answer.body, answer);
  shown.headers.delete(goodUntil);
  return shown;
}

/** A key or a session was closed: what it asked before it may not see again. */
export function forgetPolls(): void {
  answered.clear();
}
