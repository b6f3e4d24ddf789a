/** @module Finds the header row of a table, under the titles that platforms put above it. */

import { plainCell } from "../../lib/spreadsheet-cells.ts";
import type { Kind } from "../../platforms/order-facts.ts";
import { platformOrders } from "../../platforms/registry/orders.ts";
import type { TableRow } from "./csv-table.ts";
import { FileProblem } from "./files/file-problem.ts";
import { type Headers, recognise } from "./kinds/index.ts";

/** Rows in which the header is looked for: JD's and Pinduoduo's files have titles above it. */
const headerWithin = 20;

export interface Looked {
  found: { kind: Kind; headers: Headers } | null;
  /** Set when the header is one of another platform's file than the one that was asked for. */
  mismatch?: FileProblem;
  /** Rows that were read, the header the last of them. */
  above: TableRow[];
  /** The row with the most filled cells, to be told when none is known. */
  widest: string[];
}

/** By a platform the one that its files are of. */
const filesOf = new Map(
  platformOrders.flatMap(({ name, sharesFilesWith }) =>
    sharesFilesWith ? [[name, sharesFilesWith] as const] : [],
  ),
);
const family = (name: string): string => filesOf.get(name) ?? name;

export async function findHeader(
  rows: AsyncGenerator<TableRow>,
  { platform }: { platform?: string | undefined },
): Promise<Looked> {
  const above: TableRow[] = [];
  let widest: string[] = [];
  while (above.length < headerWithin) {
    const { done, value } = await rows.next();
    if (done) break;
    above.push(value);
    const found = recognise(value.cells);
    const own = found?.kind.platform;
    if (platform && own && family(platform) !== family(own)) {
      const english = `This is a file of ${own} (${found.kind.title}), not of ${platform}.`;
      const chinese = `这是 ${own} 的文件（${found.kind.title}），不是 ${platform} 的。`;
      return {
        found: null,
        mismatch: new FileProblem("no_header", english, chinese),
        above,
        widest,
      };
    }
    if (found) return { found, above, widest };
    const filled = value.cells.map(plainCell).filter((cell) => cell !== "");
    if (filled.length > widest.length) widest = filled;
  }
  return { found: null, above, widest };
}

/** @param sheets of a workbook, by name */
export function noHeader(widest: readonly string[], sheets: readonly string[]): FileProblem {
  const named = widest
    .slice(0, 40)
    .map((cell) => cell.slice(0, 30))
    .join(", ");
  const where = sheets.length > 1 ? ` of any sheet (${sheets.slice(0, 20).join(", ")})` : "";
  return new FileProblem(
    "no_header",
    `None of the first ${headerWithin} rows${where} is the header of a known order file. Found: ${named || "nothing"}. docs/attribution.md lists the files that are known; any other can be sent with the columns orderId, status, amount (分), paidAt.`,
    "前 20 行里没有认出表头，请上传后台下载的原始文件。",
  );
}
