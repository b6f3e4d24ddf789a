/**
 * @module Apps and browsers that are no platform of ours, by user agent (docs/reference/web-views.md).
 * A platform's own web-view stands in its platform file.
 */
import { anyOf, inOrder, notBefore } from "../platforms/agent-tests.ts";
import type { UserAgentToken } from "../platforms/types.ts";

/** Hosts whose user agents contain a platform's token too, or none: looked at before the platforms. */
export const hostApps: readonly UserAgentToken[] = [
  { app: "wecom", test: /wxwork\//, confidence: "H", source: "sends MicroMessenger/ too" },
  { app: "tiktok", test: /\b(?:musical_ly|trill)_/, confidence: "H", source: "device-detector" },
  { app: "alipay", test: /AliApp\(AP\//, confidence: "H", source: "device-detector" },
  { app: "toutiao", test: /NewsArticle\//, confidence: "H", source: "device-detector" },
  {
    app: "lark",
    test: inOrder(/Lark\//, /ChannelName\/Lark/),
    confidence: "M",
    source: "ChannelName separates Lark from Feishu",
  },
  { app: "feishu", test: /\bLark\/\d/, confidence: "H", source: "device-detector" },
  {
    app: "qq",
    test: /^(?!.*TencentDocs\/)(?:.*V1_(?:AND|IPH)_SQ_|.* QQ\/\d)/,
    confidence: "H",
    source: "device-detector; Tencent Docs says QQ/ as well",
  },
  { app: "baidu", test: /baiduboxapp\//, confidence: "H", source: "device-detector" },
];

/** Browsers, the more particular first: looked at after the platforms. */
export const browsers: readonly UserAgentToken[] = [
  {
    app: "qqbrowser",
    test: notBefore("QQBrowser/", "TencentDocs"),
    confidence: "H",
    source: "device-detector",
  },
  { app: "uc", test: /UCBrowser\/|UBrowser\//, confidence: "H", source: "device-detector" },
  { app: "quark", test: /Quark\//, confidence: "H", source: "device-detector" },
  { app: "huawei", test: /HuaweiBrowser\//, confidence: "H", source: "device-detector" },
  { app: "miui", test: /MiuiBrowser\//, confidence: "H", source: "device-detector" },
  {
    app: "oem-browser",
    test: /(?:VivoBrowser|HeyTapBrowser|OppoBrowser|HonorBrowser|SogouMobileBrowser|SamsungBrowser|MZBrowser)\//,
    confidence: "H",
    source: "device-detector",
  },
  {
    app: "ios-3p-browser",
    test: anyOf(
      inOrder(/(?:CriOS|FxiOS|EdgiOS|OPiOS|DuckDuckGo|Focus)\//, /Mobile/),
      inOrder(/Mobile/, /(?:CriOS|FxiOS|EdgiOS)\//),
    ),
    confidence: "H",
    source: "vendor documentation",
  },
  {
    app: "harmony-browser",
    test: /ArkWeb\//,
    confidence: "H",
    source: "OpenHarmony documentation",
  },
  {
    app: "android-webview",
    test: inOrder(/Android/, /; wv\)/),
    confidence: "H",
    source: "Android documentation",
  },
  { app: "edge", test: /\bEdg(?:A|e)?\//, confidence: "H", source: "vendor documentation" },
  { app: "firefox", test: /Firefox\//, confidence: "H", source: "vendor documentation" },
  { app: "chrome", test: /Chrome\/|CriOS\//, confidence: "H", source: "vendor documentation" },
  {
    app: "safari",
    test: inOrder(/Version\/[\d.]/, / Safari\//),
    confidence: "H",
    source: "vendor documentation",
  },
  {
    app: "ios-webview",
    test: inOrder(/\((?:iPhone|iPad|iPod)/, /AppleWebKit/),
    confidence: "M",
    source: "no Safari token",
  },
];
