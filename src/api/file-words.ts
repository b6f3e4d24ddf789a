/** @module Why a file can't be read, in both languages: its English says more, its Chinese what to do. */
import type { FileProblem } from "../attribution/decode.ts";
import { tableOf } from "../lib/records.ts";
import { type Said, said } from "../lib/said.ts";

const chinese = tableOf({
  spreadsheet: "这是 Excel 工作簿：请另存为“CSV UTF-8”（订单号列设为文本）后再上传。",
  not_text: "文件不是 UTF-8、GB18030 或 UTF-16 文本，请另存为 CSV UTF-8。",
  no_header: "没有认出表头，请上传后台下载的原始文件。",
  malformed_csv: "CSV 格式有误。",
  too_large: "文件太大。",
  empty: "文件是空的。",
});

export const fileSaid = ({ code, message }: FileProblem): Said =>
  said(message, chinese.get(code) ?? message);
