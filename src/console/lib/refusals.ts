/** @module What the API refuses or warns of, in Chinese, by its code. In English the API's own words are shown. */
import { tableOf } from "../../lib/records.ts";
import { language } from "./prefs.ts";

const chinese = tableOf({
  unauthorized: "登录已失效，请重新登录。",
  forbidden: "当前密钥没有这项权限。",
  not_found: "没有找到，可能已被删除。",
  slug_taken: "短链接后缀已被使用。",
  invalid_request: "有字段填写不正确。",
  malformed_json: "请求格式不正确。",
  payload_too_large: "内容太大了。",
  rate_limited: "操作太频繁，请稍后再试。",
  internal_error: "服务出了点问题，请重试。",
  unavailable: "服务暂时没有应答，请稍后再试。",
  host_not_allowed: "这个网址不属于已支持的平台，也不在允许的域名里。",
  login_or_jump_page: "这是登录页或跳转页，请粘贴它后面那个页面的网址。",
  leads_outside: "网址里的参数会跳到允许范围之外的网站。",
  short_link_leads_outside: "这个短链接会跳到允许范围之外的网站。",
  no_destination: "没有识别到直播间或商品链接。",
  platform_twice: "每个平台只能有一个去向。",
  platform_mismatch: "网址与所选平台不一致。",
  not_a_url: "这不是一个完整的网址。",
  url_scheme: "只接受 http 或 https 网址。",
  url_userinfo: "网址里不能带用户名或密码。",
  url_port: "网址里不能带端口。",
  url_characters: "网址里有不允许的字符。",
  url_encoding: "网址里的编码不正常。",
  url_dot_segments: "网址路径里不能有 . 或 ..。",
  url_too_long: "网址太长。",
  spreadsheet: "这种工作簿不能读取：请另存为 .xlsx 或从后台导出 CSV 后再上传。",
  archive: "这个压缩包不能读取：请解压后上传里面的表格。",
  encrypted: "文件设有密码，请去掉密码后再上传。",
  not_text: "文件不是表格，请从后台导出 CSV 或 .xlsx。",
  malformed_file: "文件不完整或已损坏，请重新下载后上传。",
  busy: "正在读取其他工作簿，请稍后再试。",
  no_header: "没有认出表头，请上传后台下载的原始文件。",
  malformed_csv: "CSV 格式有误。",
  too_large: "文件太大。",
  empty: "文件是空的。",
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

/** The API's warnings have no code. */
const warnings: readonly [RegExp, string][] = [
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

/** Of files the API says both: English, and behind it Chinese in full-width brackets. */
function bothOf(detail: string): { english: string; chinese: string } | null {
  const at = detail.lastIndexOf(" （");
  if (at === -1 || !detail.endsWith("）")) return null;
  return { english: detail.slice(0, at), chinese: detail.slice(at + 2, -1) };
}

/** What a refusal means; the detail of the API where there is no better word. */
export function refusalOf({ code, detail }: { code: string; detail: string }): string {
  const both = bothOf(detail);
  if (language.value === "en") return both?.english ?? detail;
  if (both) return both.chinese;
  const place = / leads to (\S+), which is outside/.exec(detail)?.[1];
  return `${chinese.get(code) ?? detail}${place ? `（${place}）` : ""}`;
}

export function warningOf(text: string): string {
  if (language.value === "en") return text;
  return warnings.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}
