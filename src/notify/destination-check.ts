/**
 * @module Whether a destination's page answers an error: looked at once when it is set, and once a quarter of
 * an hour before the start (docs/decisions/0032-looking-at-destinations.md).
 */
import { signalled } from "../lib/deadline.ts";
import { sha256 } from "../lib/hash.ts";
import { type Fetch, follow, Strayed } from "../outbound/safe-fetch.ts";
import { isAllowedHost } from "../platforms/recognize.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import type { NotifyStore, Page } from "./store.ts";
import type { Found, StreamState } from "./watch.ts";

const beforeStart = 15 * 60_000;
const within = 8_000;
const againAfter = 60_000;
/** A server's error is told when it is there a minute later still. */
const triesAtMost = 2;

/**
 * Pages to look at. Affiliate links are never asked for: the request would be a click. Of one that a connection made, what it
 * was made of is looked at, where that is not the stream's, whose page is looked at already.
 */
export const pagesOf = (destinations: readonly Destination[]) =>
  destinations.flatMap(({ platform, promoted, ...own }) => {
    if (promoted && !promoted.isOfLink) return [];
    const { kind, url } = promoted?.of ?? own;
    return url === undefined || kind === "affiliate" ? [] : [{ platform, url }];
  });

/** When the look before the start is due. */
function dueForStart({ startsAt }: StreamState, now: number): number | null {
  return startsAt !== null && startsAt - beforeStart > now ? startsAt - beforeStart : null;
}

/**
 * Takes the pages of a stream, or of a link.
 *
 * @param at when pages that were not known are looked at; `null`: only before the start
 */
export function notePages(
  store: NotifyStore,
  {
    stream,
    slug,
    pages,
    at,
    now,
  }: {
    stream: StreamState;
    slug: string;
    pages: readonly { platform: string; url: string }[];
    at: number | null;
    now: number;
  },
): void {
  const known = new Map(store.pagesOf(stream.id, slug).map((page) => [page.platform, page]));
  for (const { platform, url } of pages) {
    const before = known.get(platform);
    known.delete(platform);
    const isFirst = before?.url !== url;
    // One that is due keeps its time; else the start may have been moved.
    const isWaiting = !isFirst && ((before.dueAt ?? now + 1) <= now || before.tries > 0);
    const dueAt = isWaiting ? before.dueAt : isFirst && at !== null ? at : dueForStart(stream, now);
    store.putPage({
      stream: stream.id,
      slug,
      platform,
      url,
      dueAt,
      tries: isWaiting ? before.tries : 0,
    });
  }
  for (const gone of known.values()) store.deletePage(gone);
}

/**
 * What a page answers. Only statuses that say that the page is not there count; 401, 403, 405, 429 and their
 * like are a platform that refuses us, and no answer at all may be our own network.
 *
 * @returns the error's status; `null` when there is none to tell
 */
export async function statusOf(
  url: string,
  fetch: Fetch,
  extraHosts: readonly string[],
): Promise<number | null> {
  const isAllowed = (hostname: string) => isAllowedHost(hostname, extraHosts);
  try {
    const { response } = await signalled(within, (signal) =>
      follow(url, {}, { fetch, signal, isAllowed }),
    );
    void response?.body?.cancel().catch(() => {});
    const status = response?.status ?? 200;
    return status === 404 || status === 410 || status >= 500 ? status : null;
  } catch (error) {
    if (error instanceof Strayed) return null;
    throw error;
  }
}

/** What is to be told of a look, and when the page is due again. */
export function judge(
  page: Page,
  status: number | null,
  stream: StreamState,
  now: number,
): { page: Page; found: Found[] } {
  const next: Page = { ...page, dueAt: dueForStart(stream, now), tries: 0 };
  if (status === null) return { page: next, found: [] };
  if (status >= 500 && page.tries + 1 < triesAtMost) {
    return { page: { ...page, dueAt: now + againAfter, tries: page.tries + 1 }, found: [] };
  }
  const { slug, platform, url } = page;
  const isBeforeStart = stream.startsAt !== null && now >= stream.startsAt - beforeStart;
  const name = [slug, platform, url, isBeforeStart ? stream.startsAt : ""].join("\n");
  const key = sha256(name);
  const details = { slug: slug === "" ? null : slug, platform, url, status };
  return { page: next, found: [{ type: "destination.error", key, at: now, details }] };
}
