/**
 * @module A poll that finds nothing new, answered before any framework code runs. The stats are read at
 * most every 400 ms anyway (counting/query/read.ts); within that time the same key asking the same address for
 * what it has already gets 304.
 */

import { headerOf } from "../http/request-headers.ts";
import { textBytes } from "../lib/bounded-map.ts";
import { sha256 } from "../lib/hash.ts";
import { Memo } from "../lib/memo.ts";

/** The tag of each answer. */
const answered = new Memo<string>({
  goodForMs: 400,
  bytes: 524_288,
  weigh: (key, etag) => textBytes(key) + textBytes(etag),
});

/** Characters of all that names a poll; one with more is not remembered, and answered all the same. */
const namedAtMost = 8_192;

/** A digest: neither key nor cookie is kept. `null` for what is not remembered. */
function nameOf({ headers, url }: Request): string | null {
  const parts = [headerOf(headers, "Authorization"), headerOf(headers, "Cookie"), url];
  const length = parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
  if (length > namedAtMost) return null;
  // As JSON, so that one part is never taken for another, nor for none.
  return sha256(JSON.stringify(parts));
}

/** @returns 304, or `null` when the API must look */
export function answerPoll(request: Request): Response | null {
  const wanted = headerOf(request.headers, "If-None-Match");
  if (wanted === null || request.method !== "GET") return null;
  const name = nameOf(request);
  if (name === null || answered.fresh(name, Date.now()) !== wanted) return null;
  return new Response(null, {
    status: 304,
    headers: { ETag: wanted, "Cache-Control": "no-cache" },
  });
}

/** Remembers what a poller was just told; a comparison is never 304. */
export function rememberPoll(request: Request, etag: string): void {
  const name = nameOf(request);
  if (name === null) return;
  const now = Date.now();
  // Never over the minute, which the tag names.
  answered.set(name, etag, now, (Math.floor(now / 60_000) + 1) * 60_000);
}

/** A key or a session was closed: what it asked before it may not see again. */
export function forgetPolls(): void {
  answered.clear();
}
