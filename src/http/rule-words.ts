/** @module What a schema says of a value, in both languages: our rules by the table, the library's by its locale. */
import type { z } from "@hono/zod-openapi";
import en from "zod/v4/locales/en.js";
import zhCN from "zod/v4/locales/zh-CN.js";
import { tableOf } from "../lib/records.ts";
import { type Said, said } from "../lib/said.ts";
import { platformOrders } from "../platforms/registry/orders.ts";

const english = en().localeError;
const chinese = zhCN().localeError;

/** What platforms say of their ids, by its English. */
const rulesOfIds = platformOrders.flatMap(({ ids = {} }) =>
  Object.values(ids).flatMap((id) => {
    const expected = id?.ownMaking?.expected;
    return expected ? [[expected.en, expected.zh] as const] : [];
  }),
);

/** By the rule's English. */
const rules = new Map([
  ...rulesOfIds,
  ...tableOf({
    "Expected an IANA time zone, such as Asia/Shanghai.": "须为 IANA 时区，如 Asia/Shanghai。",
    "Expected 3 to 32 of a-z, 0-9 and -.": "须为 3 到 32 个小写字母、数字或连字符。",
    "Expected a stream's id.": "须为直播的编号。",
    "Expected the revision of a cover.": "须为封面的版本号。",
    "Expected a key's id.": "须为密钥的编号。",
    "Expected a share's id.": "须为只读链接的编号。",
    "Expected a SHA-256 in hexadecimal.": "须为十六进制的 SHA-256。",
    "Expected each scope once.": "每个权限只能出现一次。",
    "Expected a notifier's id.": "须为通知的编号。",
    "Expected the host that it sent to.": "须为它曾发往的域名。",
    "A webhook has a secret.": "Webhook 有密钥。",
    "This robot has no signature.": "这种机器人没有加签。",
    "A webhook has no keyword.": "Webhook 没有关键词。",
    "Expected the JSON of ids, name and clickedAt.": "须为含 ids、name、clickedAt 的 JSON。",
    "Expected what was paid.": "须为实付金额。",
    "Expected none: a refund alone says nothing of the sale.":
      "此处须为空：只有退款时不知道售出多少。",
    "Expected the word that was said.": "须为原文的状态词。",
    "Expected the amount.": "须为金额。",
    "Expected a link and its stream, or neither.": "链接和它的直播须同时有或同时没有。",
    "Expected the rule that booked it.": "须为归因所用的规则。",
    "Expected a day.": "须为日期。",
    "This word is reserved.": "这个词已被系统保留。",
    "Expected a mini program's appId: wx and 16 hexadecimal digits.":
      "须为小程序的 appId：wx 加 16 位十六进制数字。",
    "Expected a Channels account: sph and its code.": "须为视频号账号：sph 加上它的代码。",
    "Expected exactly one of text, url, miniProgram and finderUserName.":
      "text、url、miniProgram、finderUserName 须且只能给一个。",
    "Expected wechat.": "须为 wechat。",
    "endsAt must be later than startsAt.": "endsAt 必须晚于 startsAt。",
    "Expected either userAgent, or app and os.": "须给出 userAgent，或者 app 和 os。",
    "Expected a PNG, JPEG or WebP picture as a data: URL.":
      "须为 PNG、JPEG 或 WebP 图片的 data: 地址。",
    "Expected a colour such as #c93a26.": "须为颜色，如 #c93a26。",
    "Expected exactly one of text and url.": "text 和 url 须且只能给一个。",
    "Expected the nextCursor of an earlier answer.": "须为之前回答里的 nextCursor。",
    "Expected well-formed Unicode text.": "须为完整的 Unicode 文本。",
    "Expected text without control characters.": "文本里不能有控制字符。",
    "Expected an RFC 3339 time with an offset, such as 2026-11-20T20:00:00+08:00.":
      "须为带时差的 RFC 3339 时间，如 2026-11-20T20:00:00+08:00。",
    "Expected money as an integer in minor units (分).": "金额须为以分为单位的整数。",
    "Expected 0 or more.": "须为 0 或更大。",
    "Expected 1 or more.": "须为 1 或更大。",
    "Expected a whole number of pieces.": "须为整数件数。",
    "Expected a settlement's id.": "须为结算单的编号。",
    "Expected a text without spaces.": "须为不含空格的文本。",
    "Expected the EncodingAESKey: 43 letters and digits.":
      "须为 43 位字母和数字的 EncodingAESKey。",
    "Expected a method's name, such as finance.queryCpsSettle.":
      "须为接口方法名，如 finance.queryCpsSettle。",
    "Expected a time such as 2026-11-20T20:00:00+08:00; without an offset it is Beijing time.":
      "须为时间，如 2026-11-20T20:00:00+08:00；不带时差的是北京时间。",
    "Expected the order id as text: a number loses digits.": "订单号须为文本：写成数字会丢失位数。",
    "Expected 1 to 64 visible ASCII characters.": "须为 1 到 64 个可见的 ASCII 字符。",
    "This id was written as a number and has lost digits.": "这个编号曾被写成数字，已丢失位数。",
    "Expected an ISO 4217 code, such as CNY.": "须为 ISO 4217 货币代码，如 CNY。",
    "Expected one line of text.": "须为一行文本。",
    "A refund is at most the amount that was paid.": "退款不能多于实付金额。",
    "Expected basis points: 1000 is 10 %.": "须为基点：1000 即 10%。",
    "Expected basis points, at most 10000 (100 %).": "须为基点，最多 10000（100%）。",
    "Expected streamId, campaign, creator or from.": "须给出 streamId、campaign、creator 或 from。",
    "to must be after from.": "to 必须晚于 from。",
    "Expected the promoter of view promoter, and none of others.":
      "promoter 视图须给出达人，其他视图不能给。",
    "A rule needs the link that it leads to.": "设为规则时须给出短链接。",
    "Expected the nextCursor of an answer in the same order.":
      "须为同一排序的上一页给出的 nextCursor。",
    "Expected a time, UTC in milliseconds.": "须为 UTC 毫秒时间。",
    "Expected a time that is over.": "须为过去的时间。",
    "end must be after start.": "end 必须晚于 start。",
    "Expected a word without characters of Markdown.": "须为不含 Markdown 符号的词。",
  }),
]);

/** A rule that has no Chinese here is said in English. */
export function ruleSaid(issue: z.core.$ZodIssue): Said {
  const words = (locale: z.core.$ZodErrorMap) => {
    const word = locale(issue as z.core.$ZodRawIssue);
    return typeof word === "string" ? word : word?.message;
  };
  const ours = rules.get(issue.message);
  // An issue no longer has the value, so what type that was is only in its own words.
  const isLibrarys =
    words(english)?.split(", received")[0] === issue.message.split(", received")[0];
  const theirs = isLibrarys ? words(chinese)?.split("，实际接收")[0] : undefined;
  return said(issue.message, ours ?? theirs ?? issue.message);
}
