/**
 * @module A poll that finds nothing new, answered before any framework code runs. The stats are read at
 * most every 400 ms anyway (counting/read.ts); within that time the same key asking the same address for
 * what it has already gets 304.
 */

const goodFor = 400;
const rememberedAtMost = 1_000;
const answered = new Map<string, { etag: string; until: number }>();

const keyOf = ({ headers, url }: Request): string =>
  `${headers.get("Authorization") ?? ""}\n${headers.get("Cookie") ?? ""}\n${url}`;

/** @returns 304, or `null` when the API must look */
export function answerPoll(request: Request): Response | null {
  const wanted = request.headers.get("If-None-Match");
  if (wanted === null || request.method !== "GET") return null;
  const known = answered.get(keyOf(request));
  if (!known || known.etag !== wanted || Date.now() >= known.until) return null;
  return new Response(null, {
    status: 304,
    headers: { ETag: known.etag, "Cache-Control": "no-cache" },
  });
}

/** Remembers what a poller was just told; a comparison is never 304. */
export function rememberPoll(request: Request, etag: string): void {
  const now = Date.now();
  // Never over the minute, which the tag names.
  const until = Math.min(now + goodFor, (Math.floor(now / 60_000) + 1) * 60_000);
  if (answered.size >= rememberedAtMost) answered.clear();
  answered.set(keyOf(request), { etag, until });
}
