/** Who opens the links: real user agents, by where a link was posted, from all over the country. */

import { readFileSync } from "node:fs";
import { tableOf } from "../../src/lib/records.ts";
import { pick } from "./rhythm.ts";
import type { Crowd, DemoLink } from "./stage.ts";

interface Visitor {
  userAgent: string;
  app: string;
  os: string;
}

const known = JSON.parse(
  readFileSync(new URL("../../test/fixtures/visitors.json", import.meta.url), "utf8"),
) as Visitor[];

type Mix = readonly (readonly [app: string, weight: number])[];

const mixes: Record<Crowd, Mix> = {
  wechat: [
    ["wechat", 80],
    ["wecom", 6],
    ["safari", 4],
    ["huawei", 3],
    ["miui", 3],
    ["harmony-browser", 2],
    ["bot:dingtalk-preview", 1],
  ],
  xiaohongshu: [
    ["xiaohongshu", 62],
    ["wechat", 16],
    ["safari", 12],
    ["taobao", 8],
    ["huawei", 2],
  ],
  weibo: [
    ["weibo", 64],
    ["wechat", 14],
    ["qq", 8],
    ["safari", 8],
    ["uc", 6],
    ["bot:bytespider", 2],
  ],
  dingtalk: [
    ["dingtalk", 82],
    ["wechat", 10],
    ["bot:dingtalk-preview", 8],
  ],
  douyin: [
    ["douyin", 70],
    ["wechat", 18],
    ["safari", 8],
    ["miui", 4],
  ],
  mixed: [
    ["safari", 26],
    ["huawei", 18],
    ["miui", 12],
    ["qqbrowser", 10],
    ["uc", 8],
    ["baidu", 8],
    ["jd", 10],
    ["harmony-browser", 8],
  ],
};

/** ISO 3166-2:CN, by roughly how many people buy from lives there. */
const provinces: Mix = [
  ["GD", 15],
  ["ZJ", 12],
  ["JS", 11],
  ["SD", 8],
  ["SH", 7],
  ["HA", 6],
  ["SC", 6],
  ["BJ", 5],
  ["HB", 5],
  ["FJ", 5],
  ["HN", 4],
  ["AH", 4],
  ["HE", 3],
  ["LN", 3],
  ["SN", 2],
  ["CQ", 2],
  ["JX", 2],
  ["GX", 2],
  ["YN", 1],
  ["TJ", 1],
];

/** Systems as common as they are: the fixtures hold one of each. */
const systems = tableOf({ android: 5, ios: 3, "harmony-next": 0.8 });

function visitorIn(app: string): Visitor {
  const choices = known
    .filter((visitor) => visitor.app === app)
    .map((visitor) => [visitor, systems.get(visitor.os) ?? 0.3] as const);
  return choices.length > 0 ? pick(choices) : visitorIn("wechat");
}

/** A few visitors come again; an address of the ranges that are kept for documentation. */
const address = (): string => {
  const range = pick([
    ["198.51.100", 1],
    ["203.0.113", 1],
    ["192.0.2", 1],
  ]);
  return `${range}.${Math.floor(Math.random() * 256)}`;
};

/** What a proxy in front would say of a visitor, believed where these settings name the headers. */
export const asProxy = {
  CLIENT_ADDRESS_HEADER: "X-Real-IP",
  CLIENT_COUNTRY_HEADER: "X-Country",
  CLIENT_REGION_HEADER: "X-Region",
} as const;

export class Audience {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Opens a link, and does on its page what people do. @returns whether it led to a click */
  async open({ slug, crowd }: DemoLink): Promise<boolean> {
    const { userAgent } = visitorIn(pick(mixes[crowd]));
    const headers = {
      "User-Agent": userAgent,
      "Accept-Language": Math.random() < 0.96 ? "zh-CN,zh;q=0.9" : "en",
      [asProxy.CLIENT_ADDRESS_HEADER]: address(),
      [asProxy.CLIENT_COUNTRY_HEADER]: "CN",
      [asProxy.CLIENT_REGION_HEADER]: pick(provinces),
    };
    const answer = await fetch(`${this.#url}/${slug}`, { headers, redirect: "manual" });
    const body = await answer.text();
    if (answer.status === 302) return true;
    const token = /"token":"([^"]+)"/.exec(body)?.[1];
    if (!token) return false;
    const tell = (event: object) =>
      fetch(`${this.#url}/${slug}/events`, {
        method: "POST",
        headers,
        body: JSON.stringify({ ...event, token }),
      });
    if (Math.random() < 0.05) return false;
    await tell({ type: "rendered" });
    if (Math.random() < 0.1) await tell({ type: "copy", way: 0 });
    if (Math.random() > 0.52) return false;
    await tell({ type: "click", way: 0 });
    if (Math.random() < 0.78) await tell({ type: "leave", way: 0 });
    return true;
  }
}
