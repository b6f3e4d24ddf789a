/** @module Which platform, kind and id a URL is, and whether it may be a destination. */
import { isInDomains, isListed } from "../lib/hosts.ts";
import { said } from "../lib/said.ts";
import { isRedirector, targetsOf } from "./redirectors.ts";
import type { Destination } from "./registry/edge.ts";
import { platformPages } from "./registry/pages.ts";
import { shortCode } from "./short-code.ts";
import type { PlatformPages, Recognized, ShortLinks } from "./types.ts";
import { readUrl, type UrlReading } from "./url.ts";

export type Recognition =
  | { ok: true; destination: Destination & { url: string } }
  | Extract<UrlReading, { ok: false }>;

/** The names of a platform's hosts, of all sources. */
export const namesOf = ({ hosts }: PlatformPages): string[] => hosts.flatMap(({ names }) => names);

const listed = new Map(platformPages.map((platform) => [platform, namesOf(platform)]));

/** Whether a destination may be on a host. */
export const isAllowedHost = (hostname: string, extraHosts: readonly string[]): boolean =>
  [...listed.values(), extraHosts].some((names) => isListed(hostname, names));

/**
 * Which platform, kind and id a pasted URL is.
 *
 * @param text the URL as pasted
 * @param extraHosts the operator's own host names, exact, which count as platform `web`
 * @param atMost characters; more than a pasted one may have for one that was read before
 * @returns the destination, its `url` in the form the URL standard writes it, or why it is refused
 */
export function recognize(
  text: string,
  extraHosts: readonly string[] = [],
  atMost?: number,
): Recognition {
  const reading = readUrl(text, atMost);
  if (!reading.ok) return reading;
  const { url } = reading;
  const destination = pageAt(url, extraHosts);
  if (!destination) {
    return {
      ok: false,
      code: "host_not_allowed",
      detail: said(
        `The host ${url.hostname} is not one of a supported platform's, nor in EXTRA_DESTINATION_HOSTS.`,
        `域名 ${url.hostname} 不属于已支持的平台，也不在 EXTRA_DESTINATION_HOSTS 里。`,
      ),
    };
  }
  const outside = outsideOf(url, extraHosts);
  if (outside) {
    const place = placeOf(outside);
    return {
      ok: false,
      code: "leads_outside",
      detail: said(
        `A parameter of this URL leads to ${place}, which is outside the allowed hosts.`,
        `这个网址的参数会跳到 ${place}，不在允许的域名里。`,
      ),
    };
  }
  if (leadsOn(url, destination)) {
    const place = placeOf(url);
    return {
      ok: false,
      code: "login_or_jump_page",
      detail: said(
        `${place} is a login or jump page: give the URL of the page behind it.`,
        `${place} 是登录页或跳转页：请给出它后面那个页面的网址。`,
      ),
    };
  }
  if (destination.kind !== "short" && isShortHost(url.hostname)) {
    return {
      ok: false,
      code: "short_link_without_code",
      detail: said(
        `A short link of ${url.hostname} needs its code, as in https://${url.hostname}/AbCd123; this one leads nowhere. Was it broken by a space?`,
        `${url.hostname} 的短链接缺少后面的代码（如 https://${url.hostname}/AbCd123），打不开。是不是中间多了空格？`,
      ),
    };
  }
  return { ok: true, destination };
}

type Page = Destination & { url: string };

/** What a URL on an allowed host is. */
export function pageAt(url: URL, extraHosts: readonly string[]): Page | null {
  for (const platform of platformPages) {
    const hosts = platform.name === "web" ? extraHosts : (listed.get(platform) ?? []);
    if (!isListed(url.hostname, hosts)) continue;
    const recognized = shortLinkOf(platform, url) ?? platform.recognize(url);
    if (recognized) return { platform: platform.name, ...recognized, url: url.href };
  }
  return null;
}

/** How the short links of a host are; `undefined` where it is none of theirs. */
export const shortLinksAt = (hostname: string): ShortLinks | undefined =>
  platformPages.find(({ shortLinks }) => shortLinks?.hosts.includes(hostname))?.shortLinks;

export const isShortHost = (hostname: string): boolean => shortLinksAt(hostname) !== undefined;

const idsEndInDot = new Set(platformPages.flatMap((platform) => platform.idsEndInDot ?? []));

/** Whether a URL's last dot may be its id's: a 抖音号 may end in one. */
export const endsInDot = (url: string): boolean =>
  URL.canParse(url) && idsEndInDot.has(new URL(url).hostname);

function shortLinkOf({ shortLinks }: PlatformPages, url: URL): Recognized | null {
  if (!shortLinks?.hosts.includes(url.hostname)) return null;
  const code = shortCode(url, shortLinks);
  return code === null ? null : { kind: "short", id: code };
}

const redirectors = platformPages.flatMap(({ redirectors: rows = [] }) => rows);
const domains = platformPages.flatMap(({ domains: names = [] }) => names);

/** Whether a page is a login or jump page. The operator's own hosts are taken as they are listed. */
function leadsOn(url: URL, page: Page | null): boolean {
  if (page?.platform === "web") return false;
  const isPlain = page === null || page.kind === "web";
  return isRedirector(url, { known: redirectors, isPlain });
}

/** Whether a host is a platform's own, a destination's or not. */
export const isOfPlatform = (hostname: string): boolean => isInDomains(hostname, domains);

/** URLs within URLs that are looked into. */
const levels = 3;

/**
 * The place outside the allowed hosts that a URL's parameters lead to, through the pages that they name too.
 * A page of a platform's own domain is not outside, though it may be no destination.
 */
function outsideOf(url: URL, extraHosts: readonly string[], level = 0): URL | null {
  const any = leadsOn(url, pageAt(url, extraHosts));
  for (const target of targetsOf(url, any)) {
    const isOurs = pageAt(target, extraHosts) !== null || isOfPlatform(target.hostname);
    const isPlain = target.port === "" && target.username === "" && target.password === "";
    if (!isOurs || !isPlain || level === levels) return target;
    const further = outsideOf(target, extraHosts, level + 1);
    if (further) return further;
  }
  return null;
}

/**
 * Where a page leads that is not asked for: any page to what its parameters name outside, a login or jump
 * page also to what they name inside; `null` where neither is.
 */
export function beyond(url: URL, extraHosts: readonly string[]): URL | null {
  const outside = outsideOf(url, extraHosts);
  if (outside) return outside;
  return leadsOn(url, pageAt(url, extraHosts)) ? (targetsOf(url, true)[0] ?? null) : null;
}

/** A place in a sentence: host and path, without parameters. */
export function placeOf({ hostname, pathname }: URL): string {
  return `${hostname}${pathname === "/" ? "" : pathname}`.slice(0, 200);
}
