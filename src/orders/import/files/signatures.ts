/** @module What a file is that is no table, by its first bytes, and what to send instead. */
import { FileProblem, type FileProblemCode } from "./file-problem.ts";

interface Signature {
  /** Of the beginning; `null` is any. */
  bytes: readonly (number | null)[];
  code: FileProblemCode;
  name: string;
  zh: string;
  /** Where the default advice does not fit. */
  advice?: readonly [english: string, chinese: string];
}

const ascii = (text: string): number[] => Array.from(text, (each) => each.charCodeAt(0));
const unpack = ["Unpack it and send the table in it.", "请解压后上传里面的表格"] as const;
const saveAgain = [
  "Open it in a spreadsheet program, save it as .xlsx, and send that file.",
  "请用表格软件打开，另存为 .xlsx 后上传",
] as const;
const exportAgain = [
  "Export the orders as CSV or .xlsx and send that file.",
  "请从后台导出 CSV 或 .xlsx 后上传",
] as const;

const archive = (name: string, bytes: Signature["bytes"]): Signature => ({
  bytes,
  code: "archive",
  name: `a ${name} archive`,
  zh: `${name} 压缩包`,
  advice: unpack,
});
const other = (name: string, zh: string, bytes: Signature["bytes"]): Signature => ({
  bytes,
  code: "not_text",
  name,
  zh,
});

const signatures: readonly Signature[] = [
  archive("GZIP", [0x1f, 0x8b]),
  archive("RAR", ascii("Rar!\x1a\x07")),
  archive("7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  archive("BZIP2", ascii("BZh")),
  archive("XZ", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
  archive("Zstandard", [0x28, 0xb5, 0x2f, 0xfd]),
  archive("CAB", ascii("MSCF")),
  other("a PDF document", "PDF 文档", ascii("%PDF")),
  other("an RTF document", "RTF 文档", ascii("{\\rtf")),
  other("a PNG image", "PNG 图片", [0x89, 0x50, 0x4e, 0x47]),
  other("a JPEG image", "JPEG 图片", [0xff, 0xd8, 0xff]),
  other("a GIF image", "GIF 图片", ascii("GIF8")),
  other("a BMP image", "BMP 图片", [0x42, 0x4d, null, null, null, null, 0, 0, 0, 0]),
  other("a TIFF image", "TIFF 图片", [0x49, 0x49, 0x2a, 0]),
  other("a TIFF image", "TIFF 图片", [0x4d, 0x4d, 0, 0x2a]),
  other("a WebP image", "WebP 图片", [...ascii("RIFF"), null, null, null, null, ...ascii("WEBP")]),
  other("a video", "视频", [null, null, null, null, ...ascii("ftyp")]),
  other("an SQLite database", "SQLite 数据库", ascii("SQLite format 3\0")),
  other("a program", "程序", [0x7f, 0x45, 0x4c, 0x46]),
  other("a program", "程序", [0x4d, 0x5a, 0x90, 0]),
  other("a property list", "属性列表", ascii("bplist")),
  other("a Parquet file", "Parquet 文件", ascii("PAR1")),
];

const begins = (head: Uint8Array, { bytes }: Pick<Signature, "bytes">): boolean =>
  head.length >= bytes.length &&
  bytes.every((byte, index) => byte === null || head[index] === byte);

function refusal({ code, name, zh, advice = exportAgain }: Omit<Signature, "bytes">): FileProblem {
  return new FileProblem(
    code,
    `This is ${name}, not a table. ${advice[0]}`,
    `这是${/^[A-Za-z]/.test(zh) ? " " : ""}${zh}，不是表格。${advice[1]}。`,
  );
}

/** The container of .xls, of WPS's .et, and of workbooks under a password. */
const compound = { bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] };
/** Its streams have their names in UTF-16. */
const stream = (name: string) => ascii(name).flatMap((byte) => [byte, 0]);
const encryptedPackage = stream("EncryptedPackage");
/** Streams of what is no workbook. */
const documents = [
  { part: stream("WordDocument"), name: "a Word document (.doc)", zh: "Word 文档（.doc）" },
  {
    part: stream("PowerPoint Document"),
    name: "a PowerPoint presentation (.ppt)",
    zh: "PowerPoint 演示文稿（.ppt）",
  },
  {
    part: stream("__properties_version1.0"),
    name: "an Outlook message (.msg)",
    zh: "Outlook 邮件（.msg）",
  },
];

function has(bytes: Uint8Array, part: readonly number[]): boolean {
  const [first = 0] = part;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

export const isCompound = (head: Uint8Array): boolean =>
  begins(head, { bytes: compound.bytes.slice(0, 4) });

/** @param bytes as much of the file as is there: the list of its streams may stand anywhere */
export function compoundProblem(bytes: Uint8Array): FileProblem {
  const document = documents.find(({ part }) => has(bytes, part));
  if (document) return refusal({ ...document, code: "not_text" });
  return has(bytes, encryptedPackage)
    ? new FileProblem(
        "encrypted",
        "This workbook is protected by a password. Take the password off, save it as .xlsx, and send that file.",
        "这个工作簿设有密码。请去掉密码，另存为 .xlsx 后上传。",
      )
    : new FileProblem(
        "spreadsheet",
        "This is an Excel workbook of the old kind (.xls). Open it, save it as .xlsx, and send that file. If a long id shows as 1.23E+18 there, export again as CSV instead.",
        "这是旧版 Excel 工作簿（.xls）。请打开后另存为 .xlsx 再上传；如果订单号显示为 1.23E+18，请从后台重新导出 CSV。",
      );
}

/** Where a TAR archive says that it is one: its first file's name stands before. */
const tarAt = 257;

/** @throws {FileProblem} that names what this is, where it is known to be no table */
export function refuseForeign(head: Uint8Array): void {
  const found = signatures.find((each) => begins(head, each));
  if (found) throw refusal(found);
  if (begins(head.subarray(tarAt), { bytes: ascii("ustar") })) throw refusal(archive("TAR", []));
}

export const isZip = (head: Uint8Array): boolean =>
  begins(head, { bytes: [0x50, 0x4b, 3, 4] }) || begins(head, { bytes: [0x50, 0x4b, 5, 6] });

/** Texts that are no table. */
const texts: readonly (readonly [RegExp, Omit<Signature, "bytes">])[] = [
  [
    /^\s*<(?:!doctype|html|table|meta|head|body|\?xml)/i,
    {
      code: "spreadsheet",
      name: "a web page or XML that is named like a table",
      zh: "以表格命名的网页或 XML",
      advice: saveAgain,
    },
  ],
  [/^\s*(?:\{\s*"|\[\s*[{[])/, { code: "not_text", name: "JSON", zh: "JSON" }],
];

/** @throws {FileProblem} for a text that is no table, such as a web page that is named .xls */
export function refuseForeignText(head: string): void {
  const found = texts.find(([pattern]) => pattern.test(head));
  if (found) throw refusal(found[1]);
}
