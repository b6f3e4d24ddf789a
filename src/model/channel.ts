/**
 * @module Which class a channel's name is of, where it is a known one. A platform's names stand with it (`channels` of
 * its words.ts), those of no platform here.
 */
import { tableOf } from "../lib/records.ts";
import { platformWords } from "../platforms/registry/words.ts";
import type { ChannelClass, KnownChannel } from "../platforms/types.ts";

const classByName = new Map([
  ...platformWords.flatMap(({ channels }) =>
    (channels?.names ?? []).map((name) => [name, channels?.class ?? "other"] as const),
  ),
  ...tableOf<ChannelClass>({
    qq: "social",
    zhihu: "social",
    douban: "social",
    feishu: "work",
    lark: "work",
    wecom: "work",
    sms: "owned",
    email: "owned",
    edm: "owned",
    app: "owned",
    website: "owned",
    offline: "owned",
    qianchuan: "paid",
    ads: "paid",
    ad: "paid",
    paid: "paid",
  }),
]);

/**
 * The class of a known channel (`wechat-group` social, `jd-shop` commerce), else `other`. The part before `-` names the
 * platform, the rest the place in it.
 */
export function classOfChannel(channel: string): ChannelClass {
  const name = channel.toLowerCase();
  const parts = name.split("-");
  if (parts.some((part) => classByName.get(part) === "paid")) return "paid";
  return classByName.get(name) ?? classByName.get(parts[0] ?? "") ?? "other";
}

/** Channels that people write in their own words. */
export const knownChannels: readonly KnownChannel[] = [
  ...platformWords.flatMap(({ channels }) => channels?.known ?? []),
  { key: "wecom", zh: "企业微信", en: "WeCom", words: ["企微"] },
  { key: "sms", zh: "短信", en: "SMS" },
];
