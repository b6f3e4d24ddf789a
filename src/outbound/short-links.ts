/**
 * @module Follows a platform's short link to what it stands for, when a destination is set
 * (docs/decisions/0006-short-links.md).
 */

import { isListed } from "../lib/hosts.ts";
import { type Said, said } from "../lib/said.ts";
import {
  beyond,
  isAllowedHost,
  isOfPlatform,
  placeOf,
  recognize,
  shortLinksAt,
} from "../platforms/recognize.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { pagesOf } from "../platforms/registry/pages.ts";
import { type Bounds, type Fetch, follow, LedOutside, Strayed } from "./safe-fetch.ts";

const within = 3_000;
/** Of one request: Cloudflare bounds the fetches of an invocation, and opens six connections at a time. */
const linksAtMost = 20;

export type Resolve = (destination: Destination) => Promise<Destination>;

const tooMany = { ok: false, why: `one request resolves at most ${linksAtMost} of them` } as const;
type Found = { ok: true; destination: Destination } | { ok: false; why: string };

/** A short link that was seen to lead to no allowed host. */
export class ProvenOutside extends Error {
  readonly detail: Said;

  constructor(detail: Said) {
    super(detail.en);
    this.detail = detail;
  }
}

/**
 * Resolves the short links of one request to our API, each once, in 3 s together.
 *
 * @param fetch the way out
 * @param extraHosts the operator's own host names, as `recognize` takes them
 * @returns what makes of a destination the one that its short link stands for; where that could not be
 *   followed, the same with a warning. It rejects with {@link ProvenOutside}
 */
export function shortLinkResolver(fetch: Fetch, extraHosts: readonly string[]): Resolve {
  const known = new Map<string, Promise<Found>>();
  let signal: AbortSignal | undefined;
  return async function resolve(short) {
    const { url, shareText } = short;
    const { shortLinks } = pagesOf(short.platform);
    if (url === undefined || short.kind !== "short" || !shortLinks) return short;
    let work = known.get(url);
    if (!work && known.size < linksAtMost) {
      signal ??= AbortSignal.timeout(within);
      work = find(url, extraHosts, { fetch, signal });
      known.set(url, work);
    }
    const found: Found = await (work ?? tooMany);
    if (found.ok) {
      const warnings = [...(found.destination.warnings ?? []), ...(short.warnings ?? [])];
      return {
        ...found.destination,
        resolvedFrom: url,
        ...(shareText ? { shareText } : {}),
        ...(warnings.length > 0 ? { warnings } : {}),
      };
    }
    const warning = `This short link could not be resolved, since ${found.why}; it is kept as it is.`;
    const { hostname } = new URL(url);
    const isOpen = shortLinks.openHosts?.includes(hostname) ?? false;
    const more = isOpen ? ` Links of ${hostname} may lead anywhere: look where this one does.` : "";
    return { ...short, warnings: [...(short.warnings ?? []), warning + more] };
  };
}

async function find(
  short: string,
  extraHosts: readonly string[],
  { fetch, signal }: Pick<Bounds, "fetch" | "signal">,
): Promise<Found> {
  const at = (url: URL) => recognize(url.href, extraHosts);
  try {
    const { url, response } = await follow(
      short,
      {
        isGoal: (candidate) => {
          const reading = at(candidate);
          return reading.ok && saysMore(reading.destination);
        },
        nextInPage: (candidate) => shortLinksAt(candidate.hostname)?.nextInPage,
        beyond: (candidate) => beyond(candidate, extraHosts),
      },
      {
        fetch,
        signal,
        isAllowed: (hostname) => isAllowedHost(hostname, extraHosts),
      },
    );
    void response?.body?.cancel().catch(() => {});
    const reading = at(url);
    if (response || !reading.ok) {
      const why = response?.ok
        ? `it leads to a page of ${url.hostname} that is not known`
        : `${url.hostname} answered ${response?.status}`;
      return { ok: false, why };
    }
    return { ok: true, destination: kept(reading.destination, url, short) };
  } catch (error) {
    if (!(error instanceof Strayed)) throw error;
    if (error instanceof LedOutside && !isOfPlatform(error.target.hostname)) {
      const place = placeOf(error.target);
      throw new ProvenOutside(
        said(
          `The short link ${short} leads to ${place}, which is outside the allowed hosts.`,
          `短链接 ${short} 会跳到 ${place}，不在允许的域名里。`,
        ),
      );
    }
    return { ok: false, why: error.message };
  }
}

/** A plain page of a platform says no more than its short link; an affiliate link is never asked for. */
function saysMore({ kind, platform }: Destination): boolean {
  return kind !== "short" && (kind !== "web" || platform === "web");
}

function kept(found: Destination, { hostname }: URL, short: string): Destination {
  const passing = pagesOf(found.platform).shortLinks?.passingHosts ?? [];
  return isListed(hostname, passing) ? { ...found, url: short } : found;
}
