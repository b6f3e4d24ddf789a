/**
 * @module Apps and browsers that are no platform of ours, by user agent (docs/reference/web-views.md).
 * A platform's own web-view stands in its platform file.
 */
import { anyOf, both, inOrder, notBefore, without } from "../platforms/agent-tests.ts";
import type { App } from "../platforms/registry/edge.ts";
import type { UserAgentToken } from "../platforms/types.ts";

/** Hosts whose user agents contain a platform's token too, or none: looked at before the platforms. */
export const hostApps: readonly UserAgentToken<App>[] = [
  { app: "wecom", test: /wxwork\//, confidence: "H", source: "sends MicroMessenger/ too" },
  { app: "tiktok", test: /\b(?:musical_ly|trill)_/, confidence: "H", source: "device-detector" },
  {
    app: "alipay",
    test: /AliApp\(AP\/|AlipayClient\//,
    confidence: "H",
    source: "device-detector",
  },
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
    test: without(/V1_(?:AND|IPH)_SQ_| QQ\/\d/, /TencentDocs\/|MicroMessenger\//),
    confidence: "H",
    source: "device-detector; Tencent Docs says QQ/ as well, and so did WeChat 6",
  },
  {
    app: "baidu-lite",
    test: /\blite baiduboxapp\/|baiduboxlite|bdboxlite/,
    confidence: "M",
    source: "device-detector; baiduboxlite in collected user agents",
  },
  {
    app: "baidu",
    test: /[Bb]aidu[Bb]ox[Aa]pp\//,
    confidence: "H",
    source: "device-detector; BaiduBoxApp/ in old versions",
  },
  {
    app: "zhihu",
    test: /ZhihuHybrid|com\.zhihu\.android|\bosee2unified/,
    confidence: "M",
    source: "several public projects; osee2unified is the iOS app, in one",
  },
  {
    app: "meituan",
    test: /\b[Mm]eituan[Gg]roup\/\d/,
    confidence: "M",
    source: "several public projects; Dianping, which shares TitansX/, has another token",
  },
];

/**
 * Web-views that carry a browser's words: Android's before it said `; wv)`, the kernels of UC and X5. Chrome has
 * no `Version/`. Confidence M: it is general knowledge that fits all collected ones.
 */
const oldWebview = inOrder(/Android/, /Version\/\d+\.\d+ .{0,60}Chrome\/\d/);

/** Browsers, the more particular first: looked at after the platforms. */
export const browsers: readonly UserAgentToken<App>[] = [
  {
    app: "honor",
    test: /bdhonorbrowser|HonorBrowser\//,
    confidence: "H",
    source: "device-detector; built on Baidu's engine",
  },
  {
    app: "qqbrowser",
    test: notBefore("QQBrowser", "TencentDocs"),
    confidence: "H",
    source: "device-detector; MQQBrowser/Mini and QQBrowserLite/ as well",
  },
  { app: "qqbrowser", test: /MQBHD/, confidence: "M", source: "the iPad's, in public projects" },
  {
    app: "quark",
    test: /Quark(?:PC)?\//,
    confidence: "H",
    source: "device-detector",
  },
  {
    app: "opera",
    test: /\bOPR\/|\bOpera[ /]|OPiOS\/|OPT\/\d|\bOPX\/|Opera Mini/,
    confidence: "H",
    source: "device-detector, vendor documentation",
  },
  {
    app: "uc",
    test: /\bUC ?Browser|\bUBrowser\/|UCPC\/|UCMobile\/|UCWEB|UCMini|UCTurbo|UC AppleWebKit|JUC ?\(/,
    confidence: "H",
    source: "device-detector; UCMobile/ in collected user agents",
  },
  {
    app: "yandex",
    test: /YaBrowser\/|Ya(?:ndex)?SearchBrowser\//,
    confidence: "H",
    source: "device-detector",
  },
  {
    app: "huawei",
    test: anyOf(/HuaweiBrowser\/|HBPC\//, inOrder(/\(PC; /, /ArkWeb\//)),
    confidence: "H",
    source: "device-detector; on a PC with HarmonyOS it says ArkWeb/ alone",
  },
  { app: "miui", test: /M(?:iui|IUI)Browser\//, confidence: "H", source: "device-detector" },
  { app: "samsung", test: /Samsung ?Browser[ /]/, confidence: "H", source: "device-detector" },
  {
    app: "qihoo360",
    test: /360 Aphone Browser|QihooBrowser|QIHU ?360|\b360[SE]E\b|360[Bb]rowser|\bmso_app/,
    confidence: "H",
    source: "device-detector; mso_app (360's search) in public projects",
  },
  {
    app: "sogou",
    test: /SogouMobileBrowser\/|SogouSearch |\bSE \d\.X|MetaSr/,
    confidence: "H",
    source: "device-detector",
  },
  {
    app: "browser2345",
    test: /2345(?:Browser|Explorer)/,
    confidence: "H",
    source: "device-detector",
  },
  { app: "wukong", test: /wkbrowser /, confidence: "H", source: "device-detector" },
  {
    app: "baidu-browser",
    test: without(/baidubrowser|bdbrowser|FlyFlow\/|BaiduHD\//, /tieba\//),
    confidence: "H",
    source: "device-detector; Tieba's web-view says it too. The desktop's BIDUBrowser/ is Chrome",
  },
  {
    app: "oem-browser",
    test: /(?:VivoBrowser|HeyTapBrowser|OppoBrowser|RealmeBrowser|MZBrowser|LeBrowser|LenovoBrowser|EUI Browser|ZTE ?Browser|NubiaBrowser|GNBR|CoolpadBrowser|SmartisanBrowser|MXBrowserOEM)[/ ]/,
    confidence: "H",
    source: "device-detector",
  },
  {
    app: "ios-3p-browser",
    test: both(
      /\((?:iPhone|iPad|iPod|Macintosh)/,
      /(?:CriOS|FxiOS|EdgiOS|DuckDuckGo|Ddg|Focus|GSA|Brave|MXiOS|Coast|Mercury)\//,
    ),
    confidence: "H",
    source: "vendor documentation",
  },
  {
    app: "harmony-browser",
    test: /ArkWeb\//,
    confidence: "H",
    source: "OpenHarmony documentation: what every app's web-view sends that adds nothing",
  },
  {
    app: "android-webview",
    test: anyOf(
      inOrder(/Android/, /; wv\)/),
      both(/Android/, /\bU(?:WS|CBS)\/\d|AliApp\(|\[FB|\btieba\//),
    ),
    confidence: "H",
    source:
      "Android documentation; U4, Alibaba's own kernel, Tieba and Facebook in collected user agents",
  },
  {
    app: "android-webview",
    test: oldWebview,
    confidence: "M",
    source: "Chrome never says Version/: collected user agents",
  },
  { app: "edge", test: /\bEdg(?:A|e)?\//, confidence: "H", source: "vendor documentation" },
  { app: "firefox", test: /Firefox\//, confidence: "H", source: "vendor documentation" },
  { app: "chrome", test: /Chrome\/|CriOS\//, confidence: "H", source: "vendor documentation" },
  {
    app: "oem-browser",
    test: both(/Android|Adr \d|Silk\/|\(Linux; U; /, /WebKit|Browser/i),
    confidence: "H",
    source: "Android's own browser until 4.3, which said Safari/: device-detector",
  },
  {
    app: "ios-webview",
    test: both(
      /\((?:iPhone|iPad|iPod)/,
      /Safari\/[\d.]+[)\s;,]{1,3}\S|\(like Safari|\[FB|Instagram|Snapchat|NAVER|KAKAOTALK|\bLine\//,
    ),
    confidence: "M",
    source: "Safari's user agent ends with its own token: collected user agents",
  },
  {
    app: "safari",
    test: anyOf(inOrder(/Version\/[\d.]/, / Safari\//), both(/Macintosh/, / Safari\//)),
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
