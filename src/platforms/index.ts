/** @module The registry: every platform, and which one a URL belongs to. A new platform is one line here. */
import { bilibili } from "./bilibili.ts";
import { dingtalk } from "./dingtalk.ts";
import { douyin } from "./douyin.ts";
import { hema } from "./hema.ts";
import { jd } from "./jd.ts";
import { kuaishou } from "./kuaishou.ts";
import { pinduoduo } from "./pinduoduo.ts";
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
 * @returns the destination, its `url` in the form the URL standard writes it, or why it is refused
 */
export function recognize(text: string, extraHosts: readonly string[] = []): Recognition {
  const reading = readUrl(text);
  if (!reading.ok) return reading;
  const { url } = reading;
  for (const platform of platforms) {
    const hosts = platform === web ? extraHosts : platform.hosts;
    if (!hosts.some((listed) => hostMatches(url.hostname, listed))) continue;
    const recognized = platform.recognize(url);
    if (recognized) {
      return { ok: true, destination: { platform: platform.name, ...recognized, url: url.href } };
    }
  }
  return {
    ok: false,
    code: "host_not_allowed",
    detail: `The host ${url.hostname} is not one of a supported platform's, nor in EXTRA_DESTINATION_HOSTS.`,
  };
}

/** What the viewer's app is to a destination's platform. */
export function relationOf(app: App, name: PlatformName): Relation {
  return platformOf(name).relations?.[app] ?? "other";
}
