/**
 * @module Whether destinations are there, for a board that is open: each page is looked at once in a quarter of an hour, by
 * whichever board asks this process first (docs/decisions/0032-looking-at-destinations.md).
 */
import { type Env, extraHosts } from "../config/env.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { workThrough } from "../lib/pool.ts";
import { wayOut } from "../outbound/way-out.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { pagesOf, statusOf } from "./destination-check.ts";

interface Look {
  /** UTC ms. */
  at: number;
  /** An error's; `null` where the page is there, or says nothing of it. */
  status: number | null;
  /** Looks in a row that found a server's error. */
  tries: number;
}

const minute = 60_000;
const lookEvery = 15 * minute;
/** Where there are so many pages that the turn of each comes later, what was found of it holds for so long. */
const holdsFor = 4 * lookEvery;
/** A server's error is told when it is there a minute later still. */
const againAfter = minute;
const toldAfterTries = 2;
const inParallel = 4;
/** Of one answer; the others' turn comes with the next. */
const looksAtOnce = 12;
const looks = new BoundedMap<string, Look>({
  bytes: 262_144,
  weigh: (url) => textBytes(url) + 64,
});
const isUnsure = ({ status, tries }: Look): boolean =>
  status !== null && status >= 500 && tries < toldAfterTries;

export interface LookedAt {
  slug: string | null;
  platform: string;
  url: string;
}

/** @param slug of a link's own destinations */
export const looksOf = (slug: string | null, destinations: readonly Destination[]): LookedAt[] =>
  pagesOf(destinations).map((page) => ({ slug, ...page }));

/** Pages that are being looked at: two boards may ask at once. */
const underWay = new Set<string>();

async function look(env: Env, url: string, now: number): Promise<void> {
  const before = looks.get(url);
  underWay.add(url);
  try {
    const status = await statusOf(url, wayOut(), extraHosts(env));
    const isServers = status !== null && status >= 500;
    looks.set(url, { at: now, status, tries: isServers ? (before?.tries ?? 0) + 1 : 0 });
  } catch (error) {
    // No answer at all may be our own network: nothing is said of the page.
    log("destination_not_looked_at", { error: String(error) });
    looks.set(url, { at: now, status: null, tries: 0 });
  } finally {
    underWay.delete(url);
  }
}

/** Those that nobody has looked at first, then by how long ago it was. */
export async function lookAt(env: Env, pages: readonly LookedAt[], now: number): Promise<void> {
  const lookedAt = (url: string) => looks.get(url)?.at ?? Number.NEGATIVE_INFINITY;
  const due = [...new Set(pages.map(({ url }) => url))]
    .filter((url) => {
      const known = looks.get(url);
      if (underWay.has(url)) return false;
      return !known || !isFresh(known.at, now, isUnsure(known) ? againAfter : lookEvery);
    })
    .sort((a, b) => lookedAt(a) - lookedAt(b) || 0)
    .slice(0, looksAtOnce);
  await workThrough(due, inParallel, (url) => look(env, url, now));
}

/** What is known of the pages by now: how many were looked at, and those that fail, with when they were. */
export function found<P extends LookedAt>(pages: readonly P[], now: number) {
  const known = pages.flatMap((page) => {
    const look = looks.get(page.url);
    return look && isFresh(look.at, now, holdsFor) ? [{ page, look }] : [];
  });
  const failing = known.flatMap(({ page, look }) =>
    look.status === null || isUnsure(look) ? [] : [{ ...page, status: look.status, at: look.at }],
  );
  return { looked: known.length, failing };
}
