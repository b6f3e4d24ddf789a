/** @module Promoters pasted as a table: name, channel, slug; what is wrong is said by row. Pure. */
import { reservedSlugs, slugShape } from "../../catalog/slug.ts";

export type RowError =
  | "no_name"
  | "too_long"
  | "bad_slug"
  | "reserved_slug"
  | "slug_twice"
  | "slug_taken"
  | "refused";

export interface PromoterRow {
  /** Line of the pasted text, from 1. */
  line: number;
  name: string;
  channel: string;
  slug: string;
  errors: { code: RowError; detail?: string }[];
}

/** A channel as people write it, and the key that the stats know. */
const channelKeys: Record<string, string> = {
  微信群: "wechat-group",
  微信: "wechat-group",
  社群: "wechat-group",
  朋友圈: "moments",
  公众号: "wechat-oa",
  企业微信: "wecom",
  企微: "wecom",
  钉钉: "dingtalk",
  钉钉群: "dingtalk",
  微博: "weibo",
  小红书: "xiaohongshu",
  抖音: "douyin",
  快手: "kuaishou",
  京东: "jd-shop",
  京东店铺: "jd-shop",
  淘宝: "taobao-shop",
  淘宝店铺: "taobao-shop",
  短信: "sms",
};

const heads = /^(?:name|promoter|creator|姓名|名称|推广者|达人|主播|昵称)$/i;
export const rowsAtMost = 500;

function cells(line: string): string[] {
  const parts = line.includes("\t") ? line.split("\t") : line.split(/[,，;；]|\s{2,}/);
  return parts.map((part) => part.trim());
}

/** Reads rows as a spreadsheet or a person writes them; a row of heads and empty rows are left out. */
export function readPromoters(text: string): PromoterRow[] {
  const rows = text.split(/\r?\n/).flatMap((line, index): PromoterRow[] => {
    if (line.trim() === "") return [];
    const [name = "", channel = "", slug = ""] = cells(line);
    if (heads.test(name)) return [];
    return [
      {
        line: index + 1,
        name,
        channel: channelKeys[channel] ?? channel,
        slug: slug.toLowerCase(),
        errors: [],
      },
    ];
  });
  const seen = new Set<string>();
  for (const row of rows) {
    const { name, channel, slug, errors } = row;
    if (name === "") errors.push({ code: "no_name" });
    if (name.length > 64 || channel.length > 64) errors.push({ code: "too_long" });
    if (slug === "") continue;
    if (!slugShape.test(slug)) errors.push({ code: "bad_slug" });
    else if (reservedSlugs.has(slug)) errors.push({ code: "reserved_slug" });
    else if (seen.has(slug)) errors.push({ code: "slug_twice" });
    seen.add(slug);
  }
  return rows;
}

/** A row as `POST /api/streams/{id}/links` takes it. */
export function linkOf({ name, channel, slug }: PromoterRow) {
  return {
    creator: { id: name, name },
    ...(channel ? { channel } : {}),
    ...(slug ? { slug } : {}),
  };
}

/** The rows with what the API refused of them; a pointer begins with the index of its row. */
export function withRefusals(
  rows: readonly PromoterRow[],
  errors: readonly { pointer: string; message: string }[],
  code: string,
): PromoterRow[] {
  return rows.map((row, index) => {
    const own = errors.filter(({ pointer }) => pointer.split("/")[1] === String(index));
    return {
      ...row,
      errors: own.map(({ message }) =>
        code === "slug_taken"
          ? { code: "slug_taken" as const }
          : { code: "refused" as const, detail: message },
      ),
    };
  });
}
