/**
 * @module A poll that finds nothing new, answered before any framework code runs. The stats are read at
 * most every 400 ms anyway (counting/query/read.ts); within that time the same key asking the same address for
 * what it has already gets 304. Then one of those who poll asks anew, and the others get 304 until it has its answer.
 */

import { headerOf } from "../http/request-headers.ts";
import { keptAnswer } from "../http/security-headers.ts";
import { textBytes } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { Memo } from "../lib/memo.ts";

interface Answered {
  etag: string;
  /** For who has it already. */
  unchanged: Response;
}

const answered = new Memo<Answered, number>({
  goodForMs: 400,
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

/** Remembers what a poller was just told; a comparison is never 304. @param isHttps the poller asks over https */
export function rememberPoll(request: Request, etag: string, isHttps: boolean): void {
  const name = nameOf(request);
  if (name === null) return;
  const headers = { ETag: etag, "Cache-Control": "no-cache" };
  const unchanged = keptAnswer({ status: 304, headers }, isHttps);
  const now = Date.now();
  // Never over the minute, which the tag names.
  answered.set(name, { etag, unchanged }, now, (Math.floor(now / 60_000) + 1) * 60_000);
}

/** A key or a session was closed: what it asked before it may not see again. */
export function forgetPolls(): void {
  answered.clear();
}
