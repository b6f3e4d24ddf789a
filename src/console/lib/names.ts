/** @module Names that people read for the keys of the stats: platforms, apps, systems, ways, provinces, channels. */
import { tableOf } from "../../lib/records.ts";
import { keyOfChannel, knownChannels } from "../../model/channel.ts";
import { platforms } from "../../platforms/registry/edge.ts";
import { type Language, language } from "./prefs.ts";
import { texts } from "./texts.ts";

type Name = readonly [zh: string, en: string];

const platformNames: ReadonlyMap<string, Name> = new Map(
  platforms.map(({ name, label }) => [name, [label.zh, label.en]]),
);

const apps: ReadonlyMap<string, Name> = new Map([
  ...platformNames,
  ...tableOf<Name>({
    wechat: ["微信", "WeChat"],
    "wechat-miniprogram": ["微信小程序", "WeChat mini program"],
    wecom: ["企业微信", "WeCom"],
    diantao: ["点淘", "Diantao"],
    taote: ["淘特", "Taote"],
    alipay: ["支付宝", "Alipay"],
    "jd-lite": ["京东特价", "JD Lite"],
    tiktok: ["TikTok", "TikTok"],
    toutiao: ["今日头条", "Toutiao"],
    "kuaishou-lite": ["快手极速版", "Kuaishou Lite"],
    qq: ["QQ", "QQ"],
    feishu: ["飞书", "Feishu"],
    lark: ["Lark", "Lark"],
    baidu: ["百度", "Baidu"],
    "baidu-lite": ["百度极速版", "Baidu Lite"],
    "baidu-browser": ["百度浏览器", "Baidu Browser"],
    zhihu: ["知乎", "Zhihu"],
    meituan: ["美团", "Meituan"],
    qqbrowser: ["QQ 浏览器", "QQ Browser"],
    uc: ["UC 浏览器", "UC Browser"],
    quark: ["夸克", "Quark"],
    huawei: ["华为浏览器", "Huawei Browser"],
    honor: ["荣耀浏览器", "Honor Browser"],
    miui: ["小米浏览器", "Mi Browser"],
    samsung: ["三星浏览器", "Samsung Internet"],
    qihoo360: ["360 浏览器", "360 Browser"],
    sogou: ["搜狗", "Sogou"],
    browser2345: ["2345 浏览器", "2345 Browser"],
    wukong: ["悟空浏览器", "Wukong Browser"],
    opera: ["Opera", "Opera"],
    yandex: ["Yandex 浏览器", "Yandex Browser"],
    "harmony-browser": ["鸿蒙内置网页", "HarmonyOS web view"],
    "oem-browser": ["手机自带浏览器", "Phone’s own browser"],
    safari: ["Safari", "Safari"],
    chrome: ["Chrome", "Chrome"],
    edge: ["Edge", "Edge"],
    firefox: ["Firefox", "Firefox"],
    "ios-3p-browser": ["iOS 其他浏览器", "Other iOS browser"],
    "ios-webview": ["iOS 内置网页", "iOS web view"],
    "android-webview": ["安卓内置网页", "Android web view"],
  }),
]);

const systems = tableOf<Name>({
  ios: ["iOS", "iOS"],
  android: ["安卓", "Android"],
  "harmony-next": ["鸿蒙 NEXT", "HarmonyOS NEXT"],
  windows: ["Windows", "Windows"],
  macos: ["macOS", "macOS"],
  linux: ["Linux", "Linux"],
  other: ["其他（电视、功能机等）", "Other (TVs, feature phones, …)"],
});

const methods = tableOf<Name>({
  redirect: ["直接跳转", "Redirect"],
  page: ["落地页", "Landing page"],
  web: ["网页", "Web page"],
  "universal-link": ["通用链接", "Universal link"],
  intent: ["安卓 intent", "Android intent"],
  scheme: ["唤起 App", "App scheme"],
  "mini-program": ["小程序", "Mini program"],
  copy: ["复制口令", "Copy passphrase"],
  guide: ["浏览器引导", "Browser guide"],
  qr: ["扫码", "QR code"],
  store: ["应用商店", "App store"],
});

/** ISO 3166-2:CN. */
const provinces = tableOf<Name>({
  AH: ["安徽", "Anhui"],
  BJ: ["北京", "Beijing"],
  CQ: ["重庆", "Chongqing"],
  FJ: ["福建", "Fujian"],
  GD: ["广东", "Guangdong"],
  GS: ["甘肃", "Gansu"],
  GX: ["广西", "Guangxi"],
  GZ: ["贵州", "Guizhou"],
  HA: ["河南", "Henan"],
  HB: ["湖北", "Hubei"],
  HE: ["河北", "Hebei"],
  HI: ["海南", "Hainan"],
  HK: ["香港", "Hong Kong"],
  HL: ["黑龙江", "Heilongjiang"],
  HN: ["湖南", "Hunan"],
  JL: ["吉林", "Jilin"],
  JS: ["江苏", "Jiangsu"],
  JX: ["江西", "Jiangxi"],
  LN: ["辽宁", "Liaoning"],
  MO: ["澳门", "Macao"],
  NM: ["内蒙古", "Inner Mongolia"],
  NX: ["宁夏", "Ningxia"],
  QH: ["青海", "Qinghai"],
  SC: ["四川", "Sichuan"],
  SD: ["山东", "Shandong"],
  SH: ["上海", "Shanghai"],
  SN: ["陕西", "Shaanxi"],
  SX: ["山西", "Shanxi"],
  TJ: ["天津", "Tianjin"],
  TW: ["台湾", "Taiwan"],
  XJ: ["新疆", "Xinjiang"],
  XZ: ["西藏", "Tibet"],
  YN: ["云南", "Yunnan"],
  ZJ: ["浙江", "Zhejiang"],
});

const channels = new Map(knownChannels.map(({ key, zh, en }): [string, Name] => [key, [zh, en]]));

const channelClasses = tableOf<Name>({
  social: ["社交", "Social"],
  commerce: ["电商", "E-commerce"],
  work: ["办公协作", "Work"],
  owned: ["自有", "Owned"],
  paid: ["付费投放", "Paid"],
  other: ["其他", "Other"],
});

const tiers = tableOf<Name>({
  KOL: ["KOL", "KOL"],
  KOC: ["KOC", "KOC"],
  staff: ["员工", "staff"],
  brand: ["品牌", "brand"],
});

const tables = {
  app: apps,
  os: systems,
  region: provinces,
  destination: platformNames,
  method: methods,
  channel: channels,
  channelClass: channelClasses,
  tier: tiers,
} satisfies Record<string, ReadonlyMap<string, Name>>;

/** A promoter is called by the name, without one by the id. */
export const promoterName = (
  creator: { id: string; name?: string | undefined } | null,
): string | undefined => creator?.name ?? creator?.id;

/** A short link as a person reads it. */
export const addressOf = (shortUrl: string): string => shortUrl.replace(/^https?:\/\//, "");

export type Named = keyof typeof tables;

/** The name of a key of the stats. A key that has no name is shown as it is. */
export function nameOf(kind: Named, key: string | null, spoken: Language = language.value): string {
  const t = texts[spoken];
  if (key === null || key === "none" || key === "") return t.none;
  if (key === "unknown") return t.unknown;
  const found = tables[kind].get(kind === "channel" ? keyOfChannel(key) : key);
  return found ? found[spoken === "en" ? 1 : 0] : key;
}
