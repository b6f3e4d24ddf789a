/** @module Writes order files as platforms do: every kind, in every encoding, with the quirks that were seen. */

import { formatYuan } from "../src/lib/money.ts";
import type { Columns, Kind } from "../src/platforms/order-facts.ts";
import { fc } from "./properties.ts";

export const encodings = [
  "utf-8",
  "utf-8 with mark",
  "gb18030",
  "utf-16le with mark",
  "utf-16le",
  "utf-16be with mark",
  "utf-16be",
] as const;
export type FileEncoding = (typeof encodings)[number];

/** One order line, as the file is to say it. Money in 分, times Beijing time. */
export interface Written {
  orderId: string;
  subOrderId: string;
  status: string;
  amount: number;
  commission: number;
  refund: number;
  paidAt: string;
  promoter: string;
  itemId: string;
  itemTitle: string;
  quantity: number;
}

/** How a file is written. */
export interface Style {
  encoding: FileEncoding;
  delimiter: "," | "\t";
  lineEnd: "\n" | "\r\n";
  /** Rows of titles above the header. */
  titles: number;
  /** How ids are kept from being numbers. */
  id: "plain" | "tab" | "both tabs" | "apostrophe" | "formula" | "prefix";
  money: "plain" | "grouped" | "sign";
  /** How nothing is written. */
  nothing: "" | "-" | "--";
  isShuffled: boolean;
  hasSummary: boolean;
  hasBlankLines: boolean;
  isRagged: boolean;
}

export const style: fc.Arbitrary<Style> = fc.record({
  encoding: fc.constantFrom(...encodings),
  delimiter: fc.constantFrom(",", "\t"),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  titles: fc.integer({ min: 0, max: 5 }),
  id: fc.constantFrom("plain", "tab", "both tabs", "apostrophe", "formula", "prefix"),
  money: fc.constantFrom("plain", "grouped", "sign"),
  nothing: fc.constantFrom("", "-", "--"),
  isShuffled: fc.boolean(),
  hasSummary: fc.boolean(),
  hasBlankLines: fc.boolean(),
  isRagged: fc.boolean(),
});

/** What a file holds beside what is read: a buyer, and a title with all that a cell can hide. */
const others: Record<string, string> = {
  收件人姓名: "张三",
  收件人手机: "13800138000",
  收件地址: "上海市,黄浦区\n某路 1 号",
  宝贝名称: '猫粮 "大袋", 10kg',
  备注: "",
};

const first = (columns: Columns | undefined) => columns?.[0];

/** What a line of a kind says of what was bought: where its item tells rows apart, the same cell says which it is. */
export function boughtIn({ item, bought = {} }: Kind, line: Written) {
  const isItem = first(bought.id) !== undefined && first(bought.id) === first(item);
  return {
    itemId: bought.id && (isItem ? line.subOrderId : line.itemId),
    itemTitle: bought.title && line.itemTitle,
    quantity: bought.quantity && line.quantity,
  };
}

/** The headers of a kind in one spelling each, and what a line has under them. */
function cellsOf(kind: Kind, line: Written, { nothing, id, money, delimiter }: Style) {
  const amount = (minor: number) => {
    if (kind.unit === "fen") return String(minor);
    const text = formatYuan(minor);
    const grouped = text.replace(/\B(?=(?:\d{3})+\.)/g, ",");
    return money === "grouped" ? grouped : money === "sign" ? `￥${text}` : text;
  };
  const asId = (text: string) =>
    ({
      plain: text,
      tab: delimiter === "\t" ? text : `${text}\t`,
      "both tabs": delimiter === "\t" ? text : `\t${text}\t`,
      apostrophe: `'${text}`,
      formula: `="${text}"`,
      prefix: `ID_${text}`,
    })[id];
  const cells = new Map<string, string>(
    kind.required.map((columns) => [first(columns) ?? "", nothing]),
  );
  const put = (columns: Columns | undefined, text: string) => {
    const header = first(columns);
    if (header !== undefined) cells.set(header, text === "" ? nothing : text);
  };
  const later = [...(kind.settledAt ?? []), ...(kind.receivedAt ?? [])];
  put(
    kind.updatedAt?.filter((name) => !later.includes(name)),
    line.paidAt,
  );
  put(kind.settledAt, line.status === "已结算" ? line.paidAt : "");
  put(kind.receivedAt, ["已收货", "已结算"].includes(line.status) ? line.paidAt : "");
  put(kind.paidAt, line.paidAt);
  put(kind.orderId, asId(line.orderId));
  put(kind.subOrderId, asId(line.subOrderId));
  put(kind.item, line.subOrderId);
  const { itemId = "", itemTitle = "", quantity = "" } = boughtIn(kind, line);
  put(kind.bought?.id, itemId);
  put(kind.bought?.title, itemTitle);
  put(kind.bought?.quantity, String(quantity));
  put(kind.refundNumber, line.subOrderId);
  put(kind.parentId, "0");
  put(kind.status, line.status);
  put(kind.refundStatus, kind.isRefundSheet ? "退款成功" : "");
  put(kind.refund, line.refund === 0 && !kind.isRefundSheet ? "" : amount(line.refund));
  put(kind.amount, amount(line.amount));
  put(kind.commission, amount(line.commission));
  put(kind.promoter, line.promoter);
  for (const [field, columns] of Object.entries(kind.ids ?? {})) {
    put(columns, `${line.promoter}${field.split(".")[1]}`);
  }
  put(kind.platformColumn, "kuaishou");
  put(kind.currency, "CNY");
  for (const [header, text] of Object.entries(others)) cells.set(header, text);
  return cells;
}

function quoted(text: string, delimiter: string): string {
  return /["\r\n]/.test(text) || text.includes(delimiter)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** A file's text and the line that each order stands on. */
export function writeFile(kind: Kind, lines: readonly Written[], given: Style) {
  const { delimiter, lineEnd } = given;
  const rows = lines.map((line) => cellsOf(kind, line, given));
  const headers = [...(rows[0] ?? cellsOf(kind, blank, given)).keys()];
  if (given.isShuffled) headers.reverse();
  const text: string[] = [];
  const titles = [
    "订单明细",
    `下载时间${delimiter}2026-11-20`,
    "店铺：某某旗舰店",
    "说明",
    "统计周期",
  ];
  for (const title of titles.slice(0, given.titles)) text.push(title);
  text.push(headers.map((header) => quoted(header, delimiter)).join(delimiter));
  const places: number[] = [];
  for (const row of rows) {
    if (given.hasBlankLines) text.push("");
    places.push(text.join("\n").split("\n").length + 1);
    const cells = headers.map((header) => quoted(row.get(header) ?? "", delimiter));
    if (given.isRagged) cells.push("", "");
    text.push(cells.join(delimiter));
  }
  if (given.hasSummary) text.push(`合计${delimiter}${lines.length}`);
  return { text: `${text.join(lineEnd)}${lineEnd}`, places };
}

const blank: Written = {
  orderId: "",
  subOrderId: "",
  status: "",
  amount: 0,
  commission: 0,
  refund: 0,
  paidAt: "",
  promoter: "",
  itemId: "",
  itemTitle: "",
  quantity: 1,
};

let table: Map<string, [number, number]> | undefined;

/** Node writes no GB18030, but reads it: the table of its two-byte characters, turned round. */
function gb18030(text: string): Uint8Array {
  if (!table) {
    table = new Map();
    const decoder = new TextDecoder("gb18030");
    for (let lead = 0x81; lead <= 0xfe; lead += 1) {
      for (let trail = 0x40; trail <= 0xfe; trail += 1) {
        if (trail === 0x7f) continue;
        const character = decoder.decode(new Uint8Array([lead, trail]));
        if ([...character].length === 1) table.set(character, [lead, trail]);
      }
    }
  }
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else bytes.push(...(table.get(character) ?? [0x3f]));
  }
  return new Uint8Array(bytes);
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return bytes;
}

export function encode(text: string, encoding: FileEncoding): Uint8Array {
  const marked = `\ufeff${text}`;
  switch (encoding) {
    case "utf-8":
      return new TextEncoder().encode(text);
    case "utf-8 with mark":
      return new TextEncoder().encode(marked);
    case "gb18030":
      return gb18030(text);
    case "utf-16le with mark":
      return utf16(marked, true);
    case "utf-16le":
      return utf16(text, true);
    case "utf-16be with mark":
      return utf16(marked, false);
    case "utf-16be":
      return utf16(text, false);
  }
}
