/**
 * @module The decision table: which way leads from an app on a system to a destination.
 * One row per rule, the first that fits wins. Why each is as it is: docs/reference/opening-rules.md#rows, by
 * `row`. Rows rest on documents and public code: none was tested on a phone.
 */

import type { App, PlatformName } from "../platforms/registry/edge.ts";
import type { Confidence, Method, Relation, System } from "../platforms/types.ts";

export interface Rule {
  rule: string;
  /** Where its reason stands: docs/reference/opening-rules.md#rows */
  row: string;
  /** Absent: any. */
  app?: readonly App[];
  os?: readonly System[];
  relation?: readonly Relation[];
  platform?: readonly PlatformName[];
  /** Only where the visitor sits at a computer whose system is a phone's. */
  onDesktop?: true;
  /** It leads to the platform's page for computers. */
  toDesktopPage?: true;
  action: "redirect" | "page";
  /** The ways in the order in which they are offered; those a platform lacks are left out. */
  ways: readonly Method[];
  confidence: Confidence;
}

const mobile = ["ios", "android"] as const;
const desktop = ["windows", "macos", "linux"] as const;
const iosBrowsers = [
  "safari",
  "ios-3p-browser",
  "chrome",
  "edge",
  "firefox",
  "opera",
  "yandex",
] as const;
const restricted = ["qqbrowser", "baidu", "baidu-lite", "toutiao"] as const;

export const rules: readonly Rule[] = [
  {
    rule: "web-page",
    row: "–",
    platform: ["web"],
    action: "redirect",
    ways: ["web"],
    confidence: "H",
  },
  {
    rule: "wechat-own",
    row: "10",
    app: ["wechat"],
    platform: ["wechat"],
    action: "redirect",
    ways: ["web", "mini-program", "copy"],
    confidence: "M",
  },
  {
    rule: "wechat-mini-program",
    row: "11",
    app: ["wechat-miniprogram"],
    action: "page",
    ways: ["copy", "web"],
    confidence: "U",
  },
  {
    rule: "own-app",
    row: "2",
    relation: ["own", "native"],
    action: "redirect",
    ways: ["web", "scheme", "copy"],
    confidence: "H",
  },
  {
    rule: "other-system",
    row: "–",
    os: ["other"],
    action: "page",
    ways: ["qr", "web", "copy"],
    confidence: "U",
  },
  {
    rule: "harmony-desktop",
    row: "28",
    os: ["harmony-next"],
    onDesktop: true,
    toDesktopPage: true,
    action: "redirect",
    ways: ["web", "qr", "copy"],
    confidence: "U",
  },
  {
    rule: "alibaba-family",
    row: "3",
    relation: ["family"],
    os: [...mobile, "harmony-next", "unknown"],
    action: "page",
    ways: ["scheme", "web", "copy"],
    confidence: "U",
  },
  {
    rule: "wechat-desktop",
    row: "12",
    app: ["wechat", "wecom"],
    os: desktop,
    toDesktopPage: true,
    action: "redirect",
    ways: ["web", "qr", "copy"],
    confidence: "U",
  },
  {
    rule: "wechat-harmony-next",
    row: "9",
    app: ["wechat", "wecom"],
    os: ["harmony-next"],
    action: "page",
    ways: ["web", "copy", "guide"],
    confidence: "U",
  },
  {
    rule: "wechat-commerce",
    row: "4–6",
    app: ["wechat"],
    os: mobile,
    platform: ["taobao", "tmall", "jd"],
    action: "page",
    ways: ["web", "copy", "guide"],
    confidence: "M",
  },
  {
    rule: "wechat-ios",
    row: "7",
    app: ["wechat"],
    os: ["ios"],
    action: "page",
    ways: ["universal-link", "web", "copy", "guide"],
    confidence: "M",
  },
  {
    rule: "wechat-android",
    row: "8",
    app: ["wechat"],
    os: ["android"],
    action: "page",
    ways: ["web", "copy", "guide"],
    confidence: "M",
  },
  {
    rule: "wecom",
    row: "13",
    app: ["wecom"],
    action: "page",
    ways: ["web", "copy", "guide"],
    confidence: "U",
  },
  {
    rule: "qq-ios",
    row: "14",
    app: ["qq"],
    os: ["ios"],
    action: "page",
    ways: ["guide", "copy", "web"],
    confidence: "M",
  },
  {
    rule: "qq-android",
    row: "15",
    app: ["qq"],
    os: ["android"],
    action: "page",
    ways: ["scheme", "copy", "guide", "web"],
    confidence: "M",
  },
  {
    rule: "weibo-ios",
    row: "16",
    app: ["weibo"],
    os: ["ios"],
    action: "page",
    ways: ["guide", "copy", "web"],
    confidence: "M",
  },
  {
    rule: "weibo-android",
    row: "17",
    app: ["weibo"],
    os: ["android"],
    action: "page",
    ways: ["guide", "copy", "web"],
    confidence: "M",
  },
  {
    rule: "foreign-webview",
    row: "18",
    app: [
      "douyin",
      "tiktok",
      "kuaishou",
      "kuaishou-lite",
      "xiaohongshu",
      "taobao",
      "tmall",
      "diantao",
      "taote",
      "jd",
      "jd-lite",
      "pinduoduo",
      "bilibili",
      "hema",
      "alipay",
    ],
    action: "page",
    ways: ["web", "copy"],
    confidence: "U",
  },
  {
    rule: "work-ios",
    row: "19–20",
    app: ["dingtalk", "feishu", "lark"],
    os: ["ios"],
    action: "page",
    ways: ["universal-link", "mini-program", "web", "copy"],
    confidence: "U",
  },
  {
    rule: "work-android",
    row: "19–20",
    app: ["dingtalk", "feishu", "lark"],
    os: ["android", "harmony-next"],
    action: "page",
    ways: ["scheme", "mini-program", "web", "copy"],
    confidence: "U",
  },
  {
    rule: "restricted-browser",
    row: "26",
    app: restricted,
    os: [...mobile, "harmony-next"],
    action: "page",
    ways: ["web", "copy", "guide"],
    confidence: "M",
  },
  {
    rule: "harmony-next-webview",
    row: "29",
    app: ["harmony-browser"],
    os: ["harmony-next"],
    action: "page",
    ways: ["web", "scheme", "mini-program", "copy"],
    confidence: "U",
  },
  {
    rule: "harmony-next-browser",
    row: "27",
    os: ["harmony-next"],
    action: "page",
    ways: ["scheme", "mini-program", "web", "copy"],
    confidence: "U",
  },
  {
    rule: "ios-browser-link",
    row: "21–22",
    app: iosBrowsers,
    os: ["ios"],
    platform: ["taobao", "jd"],
    action: "page",
    ways: ["universal-link", "scheme", "web", "copy", "store"],
    confidence: "M",
  },
  {
    rule: "ios-browser",
    row: "23",
    app: [...iosBrowsers, "uc", "quark"],
    os: ["ios"],
    action: "page",
    ways: ["universal-link", "mini-program", "web", "scheme", "copy", "store"],
    confidence: "M",
  },
  {
    rule: "android-intent",
    row: "24",
    app: ["chrome", "edge"],
    os: ["android"],
    action: "page",
    ways: ["intent", "mini-program", "web", "copy"],
    confidence: "H",
  },
  {
    rule: "android-scheme",
    row: "25",
    app: [
      "huawei",
      "honor",
      "miui",
      "samsung",
      "oem-browser",
      "uc",
      "quark",
      "qihoo360",
      "sogou",
      "browser2345",
      "wukong",
      "baidu-browser",
      "opera",
      "yandex",
      "firefox",
    ],
    os: ["android"],
    action: "page",
    ways: ["scheme", "mini-program", "web", "copy"],
    confidence: "M",
  },
  {
    rule: "desktop",
    row: "28",
    os: desktop,
    toDesktopPage: true,
    action: "redirect",
    ways: ["web", "qr", "copy"],
    confidence: "M",
  },
  {
    rule: "unknown-app",
    row: "29",
    action: "page",
    ways: ["web", "scheme", "mini-program", "copy"],
    confidence: "U",
  },
];
