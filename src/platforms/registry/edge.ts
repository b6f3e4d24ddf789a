/** @module The registry of what opening a link needs: every platform has its line, the edge reaches no other registry. */
import { bilibili } from "../bilibili/edge.ts";
import { dingtalk } from "../dingtalk/edge.ts";
import { douyin } from "../douyin/edge.ts";
import { hema } from "../hema/edge.ts";
import { jd } from "../jd/edge.ts";
import { kuaishou } from "../kuaishou/edge.ts";
import { pinduoduo } from "../pinduoduo/edge.ts";
import { taobao } from "../taobao/edge.ts";
import { tmall } from "../tmall/edge.ts";
import type { DestinationOf, PlatformEdge, Relation, UserAgentToken } from "../types.ts";
import { web } from "../web/edge.ts";
import { wechat } from "../wechat/edge.ts";
import { weibo } from "../weibo/edge.ts";
import { xiaohongshu } from "../xiaohongshu/edge.ts";

/**
 * In the order in which a viewer's app family is searched (Taobao before Tmall). Hema stands before Taobao
 * because some of its pages live on a Taobao host.
 */
const registered = [
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
] as const;

type Registered = (typeof registered)[number];
export type PlatformName = Registered["name"];
type OwnApp = Extract<Registered, { webviews: readonly unknown[] }>["webviews"][number]["app"];

/** A platform's part, its name known to be one. */
export type Platform = Omit<PlatformEdge, "webviews"> & {
  name: PlatformName;
  webviews?: readonly UserAgentToken<OwnApp>[];
};
export const platforms: readonly Platform[] = registered;
export const platformNames: readonly PlatformName[] = registered.map(({ name }) => name);

/** Apps and browsers that are no platform's (decision/apps.ts). */
const otherApps = [
  "wecom",
  "alipay",
  "tiktok",
  "toutiao",
  "qq",
  "feishu",
  "lark",
  "baidu",
  "baidu-lite",
  "baidu-browser",
  "zhihu",
  "meituan",
  "qqbrowser",
  "uc",
  "quark",
  "huawei",
  "honor",
  "miui",
  "samsung",
  "qihoo360",
  "sogou",
  "browser2345",
  "wukong",
  "opera",
  "yandex",
  "harmony-browser",
  "oem-browser",
  "safari",
  "chrome",
  "edge",
  "firefox",
  "ios-3p-browser",
  "ios-webview",
  "android-webview",
  "unknown",
] as const;

/** The app whose web-view or browser a request comes from. */
export type App = OwnApp | (typeof otherApps)[number];
export const apps: readonly App[] = [
  ...new Set<App>([
    ...registered.flatMap((platform) =>
      "webviews" in platform ? platform.webviews.map(({ app }: UserAgentToken<OwnApp>) => app) : [],
    ),
    ...otherApps,
  ]),
];

/** Where a link leads on one of the platforms. */
export type Destination = DestinationOf<PlatformName>;

const byName = new Map<string, Platform>(platforms.map((platform) => [platform.name, platform]));

export const platformOf = (name: PlatformName): Platform => byName.get(name) ?? web;

/** What the viewer's app is to a destination's platform. */
export const relationOf = (app: App, name: PlatformName): Relation =>
  platformOf(name).relations?.[app] ?? "other";
