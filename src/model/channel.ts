/**
 * @module Channels, the places where a link is put: what people write for a known one (`视频号`, `B站`), the key that
 * the stats have for it, and its class. A platform's stand with it (`channels` of its words.ts), those of no platform
 * here.
 */
import { tableOf } from "../lib/records.ts";
import { platformWords } from "../platforms/registry/words.ts";
import type { ChannelClass, KnownChannel } from "../platforms/types.ts";

const ofNoPlatform: Readonly<Partial<Record<ChannelClass, readonly KnownChannel[]>>> = {
  social: [
    { key: "qq-group", zh: "QQ群", en: "QQ group", words: ["qq"] },
    { key: "qzone", zh: "QQ空间", en: "Qzone" },
    { key: "zhihu", zh: "知乎", en: "Zhihu" },
    { key: "douban", zh: "豆瓣", en: "Douban" },
    { key: "toutiao", zh: "今日头条", en: "Toutiao", words: ["头条"] },
  ],
  commerce: [{ key: "meituan", zh: "美团", en: "Meituan" }],
  work: [
    { key: "wecom", zh: "企业微信", en: "WeCom", words: ["企微", "企微群", "企业微信群"] },
    { key: "feishu", zh: "飞书", en: "Feishu", words: ["飞书群"] },
  ],
  owned: [
    { key: "sms", zh: "短信", en: "SMS" },
    { key: "email", zh: "邮件", en: "E-mail", words: ["邮箱", "电子邮件", "e-mail", "edm"] },
    { key: "app", zh: "自有 App", en: "Own app", words: ["品牌app", "官方app"] },
    { key: "website", zh: "官网", en: "Website", words: ["官方网站", "独立站"] },
    { key: "offline", zh: "线下", en: "Offline", words: ["门店", "线下门店", "导购"] },
  ],
  paid: [
    { key: "qianchuan", zh: "巨量千川", en: "Qianchuan", words: ["千川"] },
    { key: "ads", zh: "广告投放", en: "Ads", words: ["广告", "投放", "付费投放", "信息流"] },
  ],
};

/** Further first parts of a key (`lark-group`). */
const others = tableOf<ChannelClass>({
  qq: "social",
  lark: "work",
  edm: "owned",
  ad: "paid",
  paid: "paid",
});

/** Every known channel with its class, those of platforms first. */
export const knownChannels: readonly (KnownChannel & { class: ChannelClass })[] = [
  ...platformWords.flatMap(({ channels }) =>
    (channels?.known ?? []).map((known) => ({ ...known, class: channels?.class ?? "other" })),
  ),
  ...Object.entries(ofNoPlatform).flatMap(([group, known]) =>
    known.map((one) => ({ ...one, class: group as ChannelClass })),
  ),
];

/** Full width and capitals made one, without spaces: `Ｂ 站` is `b站`. */
const plain = (word: string): string => word.normalize("NFKC").replace(/\s/g, "").toLowerCase();

const byWord = new Map(
  knownChannels.flatMap((known) =>
    [known.key, known.zh, known.en, ...(known.words ?? [])].map((word) => [plain(word), known]),
  ),
);

const classByPart: ReadonlyMap<string, ChannelClass> = new Map([
  ...others,
  ...platformWords.flatMap(({ channels }) =>
    (channels?.names ?? []).map((name) => [name, channels?.class ?? "other"] as const),
  ),
  ...[...byWord].map(([word, known]) => [word, known.class] as const),
]);

/** The key of the channel that somebody wrote in a person's words, in Chinese or English; of others what was written. */
export const keyOfChannel = (written: string): string => byWord.get(plain(written))?.key ?? written;

/**
 * The class of a known channel (`wechat-group` social, `京东店铺` commerce), else `undefined`. The part before `-` names
 * the channel or its platform, the rest the place in it.
 */
export function knownClassOf(channel: string): ChannelClass | undefined {
  const name = plain(channel);
  const parts = name.split("-");
  if (parts.some((part) => classByPart.get(part) === "paid")) return "paid";
  return classByPart.get(name) ?? classByPart.get(parts[0] ?? "");
}

/** As {@link knownClassOf}; of a channel that nobody knows `other`. */
export const classOfChannel = (channel: string): ChannelClass => knownClassOf(channel) ?? "other";

/**
 * The known channels that a misspelt word may mean, the likeliest first: those that share half of its characters
 * (`微信裙`, `小红薯`).
 */
export function channelsLike(written: string): KnownChannel[] {
  const characters = new Set(plain(written));
  const likeness = (word: string) => {
    const own = [...new Set(plain(word))];
    const shared = own.filter((one) => characters.has(one)).length;
    return (2 * shared) / (characters.size + own.length || 1);
  };
  return knownChannels
    .map((known) => ({
      known,
      like: Math.max(...[known.zh, known.en, ...(known.words ?? [])].map(likeness)),
    }))
    .filter(({ like }) => like >= 0.5)
    .toSorted((a, b) => b.like - a.like)
    .map(({ known }) => known);
}
