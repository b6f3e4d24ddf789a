/** @module The registry: every platform, and which one a URL belongs to. A new platform is one line here. */
import { bilibili } from "./bilibili.ts";
import { dingtalk } from "./dingtalk.ts";
import { douyin } from "./douyin.ts";
import { hema } from "./hema.ts";
import { jd } from "./jd.ts";
import { kuaishou } from "./kuaishou.ts";
import { pinduoduo } from "./pinduoduo.ts";
import { isRedirector, targetsOf } from "./redirectors.ts";
import { taobao } from "./taobao.ts";
import { tmall } from "./tmall.ts";
import type { App, Destination, Platform, PlatformName, Relation } from "./types.ts";
import { hostMatches, readUrl, type UrlRefusal } from "./url.ts";
import { web } from "./web.ts";
import { wechat } from "./wechat.ts";
import { weibo } from "./weibo.ts";
import { xiaohongshu } from "./xiaohongshu.ts";

/**
 * In the order in which a viewer's app family is searched (Taobao before Tmall). Hema stands before Taobao
 * because some of its pages live on a Taobao host.
 */
export const platforms: readonly Platform[] = [
  hema,
  taobao,
  tmall,
  jd,
  douyin,
  kuaishou,
  xiaohongshu,
  wechat,
  dingtalk,
  bilibili,
  weibo,
  pinduoduo,
  web,
];

const byName = new Map(platforms.map((platform) => [platform.name, platform]));

export function platformOf(name: PlatformName): Platform {
  return byName.get(name) ?? web;
}

export type Recognition =
  | { ok: true; destination: Destination & { url: string } }
  | { ok: false; code: UrlRefusal; detail: string };

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
      detail: `The host ${url.hostname} is not one of a supported platform's, nor in EXTRA_DESTINATION_HOSTS.`,
    };
  }
  const outside = outsideOf(url, extraHosts);
  if (outside) {
    return {
      ok: false,
      code: "leads_outside",
      detail: `A parameter of this URL leads to ${placeOf(outside)}, which is outside the allowed hosts.`,
    };
  }
  if (leadsOn(url, destination)) {
    return {
      ok: false,
      code: "login_or_jump_page",
      detail: `${placeOf(url)} is a login or jump page: give the URL of the page behind it.`,
    };
  }
  return { ok: true, destination };
}

type Page = Destination & { url: string };

/** What a URL on an allowed host is. */
function pageAt(url: URL, extraHosts: readonly string[]): Page | null {
  for (const platform of platforms) {
    const hosts = platform === web ? extraHosts : platform.hosts;
    if (!hosts.some((listed) => hostMatches(url.hostname, listed))) continue;
    const recognized = platform.recognize(url);
    if (recognized) return { platform: platform.name, ...recognized, url: url.href };
  }
  return null;
}

const redirectors = platforms.flatMap(({ redirectors: rows = [] }) => rows);
const domains = platforms.flatMap(({ domains: names = [] }) => names);

/** Whether a page is a login or jump page. The operator's own hosts are taken as they are listed. */
function leadsOn(url: URL, page: Page | null): boolean {
  if (page?.platform === web.name) return false;
  const isPlain = page === null || page.kind === "web";
  return isRedirector(url, { known: redirectors, isPlain });
}

/** Whether a host is a platform's own, a destination's or not. */
export function isOfPlatform(hostname: string): boolean {
  return domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}

/** URLs within URLs that are looked into. */
const levels = 3;

/**
 * The place outside the allowed hosts that a URL's parameters lead to, through the pages that they name too.
 * A page of a platform's own domain is not outside, though it may be no destination.
 */
export function outsideOf(url: URL, extraHosts: readonly string[], level = 0): URL | null {
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

/** What the viewer's app is to a destination's platform. */
export function relationOf(app: App, name: PlatformName): Relation {
  return platformOf(name).relations?.[app] ?? "other";
}
