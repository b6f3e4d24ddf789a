/**
 * @module What the API says in English only, in Chinese: why a row of a file is refused, by its code, and warnings.
 * Its problems are in the reader's language as they come.
 */
import { tableOf } from "../../lib/records.ts";
import { language } from "./prefs.ts";

const chinese = tableOf({
  quote_open: "这一行有一个引号没有闭合，把下面的行也吞了进去；请补上或删掉引号。",
  id_missing: "缺少订单号。",
  id_lost_digits:
    "订单号被表格软件写成了科学计数或补了零（第 15 位之后全是 0），丢失了位数；请从后台重新导出，不要用 Excel 打开另存。",
  id_invalid: "订单号格式不正确。",
  platform_missing: "请先选择平台。",
  amount_missing: "缺少金额。",
  amount_invalid: "金额不正确，应如 1,234.50。",
  time_missing: "缺少时间。",
  time_invalid: "时间不正确，应如 2026-11-20 20:01:02。",
  status_missing: "缺少订单状态。",
  status_unknown: "订单状态无法识别，订单已保留但不计入。",
  refund_open: "退款尚未完成。",
  encoding_broken: "推广者名称或标识是乱码。",
  link_unknown: "没有这个短链接。",
});

/** The API's warnings have no code. `$<name>` is what the pattern found. */
const warnings: readonly [RegExp, string][] = [
  [
    /^(?<link>\S+) was not taken: a stream has one destination on (?<on>\S+), and (?<first>\S+) is it/,
    "$<link> 没有采用：每个平台只能有一个目标，$<on> 已是 $<first>。",
  ],
  [
    /^(?<link>\S+) was not taken: one link of a text becomes the destination/,
    "$<link> 没有采用：一段文案里只有一个链接成为目标。",
  ],
  [
    /^(?<link>\S+) was not taken: The host (?<host>\S+)/,
    "$<link> 没有采用：域名 $<host> 不在允许的范围里。",
  ],
  [/^(?<link>\S+) was not taken: /, "$<link> 没有采用：链接不完整，或不被接受。"],
  [
    /^Taken up to “(?<url>[^”]*)”: “(?<rest>[^”]*)”/,
    "链接取到 $<url> 为止；紧跟其后的“$<rest>”不算链接的一部分。",
  ],
  [
    /^A mini program's short link opens inside WeChat only/,
    "小程序短链接只能在微信里打开，其他地方提供复制。",
  ],
  [/^The shape of DingTalk's live links/, "钉钉直播链接的形式未经验证，将按网页打开。"],
  [/^A URL scheme with a ticket expires/, "带票据的 URL Scheme 最长 30 天后失效。"],
  [/^A Channels live room has no web page/, "视频号直播间没有网页，只能由小程序打开。"],
  [/^This short link leads to/, "这个短链接通向别的平台，已按您指定的平台保留。"],
  [
    /may lead anywhere: look where this one does/,
    "这个短链接暂时无法解析，已原样保留；此类短链接可以指向任何网站，请先打开确认。",
  ],
  [/^This short link could not be resolved/, "这个短链接暂时无法解析，已原样保留，仍可使用。"],
  [/^The cover could not be fetched/, "封面没有抓取成功，请上传图片。"],
];

/** What a refusal means; the detail of the API where there is no better word. */
export function refusalOf({ code, detail }: { code: string; detail: string }): string {
  if (language.value === "en") return detail;
  return chinese.get(code) ?? detail;
}

/** What the first pattern says that finds its words; in English, and where none does, the text itself. */
function inChinese(text: string, patterns: readonly [RegExp, string][]): string {
  if (language.value === "en") return text;
  for (const [pattern, words] of patterns) {
    const found = pattern.exec(text);
    if (found) return words.replace(/\$<(\w+)>/g, (_, name) => found.groups?.[name] ?? "");
  }
  return text;
}

export const warningOf = (text: string): string => inChinese(text, warnings);

/** Why a notifier's message did not arrive, as the service says it of its platform's answer. */
const deliveries: readonly [RegExp, string][] = [
  [/^(?<who>\S+) throttles the robot/, "发得太快，$<who>限流了，稍后自动重发。"],
  [/^(?<who>\S+) is busy/, "$<who>繁忙，稍后自动重发。"],
  [
    /access token in the robot's URL is not right/,
    "地址里的 access_token 不对，请重新复制机器人地址。",
  ],
  [
    /access token does not exist|no such robot|robot's URL is not valid/,
    "机器人不存在或已被移除，请重新复制它的地址。",
  ],
  [/group was dissolved/, "群已解散。"],
  [/robot was stopped/, "机器人已在群设置里停用。"],
  [/removed from its group/, "机器人已被移出群。"],
  [/does not take Markdown/, "这个机器人不支持 Markdown 消息。"],
  [/secured by keywords/, "机器人设了关键词：请在“关键词”里填其中一个。"],
  [/secured by addresses/, "机器人设了 IP 白名单：请加上本服务的出口地址，或改用关键词、加签。"],
  [/signature/, "签名不对：请把加签密钥设成机器人设置里的那一个，并检查服务器时钟。"],
  [/a redirect is not followed/, "地址跳转到了别处，请直接填最终地址。"],
  [/asks to be left alone/, "对方返回 410，表示不再接收，已停用。"],
  [/^(?<who>\S+) answered (?<status>\d+)/, "$<who> 返回了 $<status>。"],
  [/^The platform refused the message: (?<why>.*)\.$/, "平台拒绝了消息：$<why>。"],
  [/no answer|not answer/i, "对方没有应答。"],
];

export const deliveryOf = ({ detail }: { code: string; detail: string }): string =>
  inChinese(detail, deliveries);
