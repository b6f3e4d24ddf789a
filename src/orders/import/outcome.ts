/** @module What became of a file: what its rows did, which were refused and why, and whether its lines add up. */
import { cut } from "../../lib/cut.ts";
import type { Kind } from "../../platforms/order-facts.ts";
import type { FileTable } from "./files/open-file.ts";
import type { Given } from "./read-rows.ts";
import type { Refusal } from "./refusal.ts";

export interface Counted {
  accepted: number;
  updated: number;
  duplicates: number;
}

/** Something said of a row. */
interface RowNote {
  line: number;
  code: string;
  detail: string;
}

/** `read` = `taken` + `refused` + `skipped`, or something of the file was not understood. */
interface LineCount {
  /** Lines of the file, or rows of the sheet. */
  read: number;
  /** Rows that say something of an order, a refund or a cost. */
  taken: number;
  refused: number;
  /** Titles, the header, blank lines, sums, and what a cell with line breaks takes beyond its first line. */
  skipped: number;
  /** Of the skipped, the last: many mean that a quote was never closed where it should have been. */
  insideCells: number;
}

export interface ImportReport extends Counted {
  /** The first {@link rejectedAtMost}; `rejectedCount` says how many there are. */
  rejected: RowNote[];
  rejectedCount: number;
  /** Rows whose state is not known: kept, and counted in nothing. As many are listed as of `rejected`. */
  uncounted: (RowNote & { status: string })[];
  uncountedCount: number;
  unattributed: number;
  kind: string;
  title: string;
  platform: string | null;
  encoding: FileTable["encoding"];
  /** Of a workbook the sheet that was read, and those that were not. */
  sheet: string | null;
  otherSheets: string[];
  /** Of a zip the file that was read. */
  entry: string | null;
  /** Rows under the header, those that were refused too. */
  rows: number;
  lines: LineCount;
}

export const rejectedAtMost = 1_000;
/** Characters: what is said of a row quotes its cells. */
const detailAtMost = 300;

export function emptyReport(
  kind: Kind,
  given: Given,
  file: Pick<ImportReport, "encoding" | "sheet" | "entry" | "otherSheets">,
): ImportReport {
  return {
    accepted: 0,
    updated: 0,
    duplicates: 0,
    rejected: [],
    rejectedCount: 0,
    uncounted: [],
    uncountedCount: 0,
    unattributed: 0,
    kind: kind.name,
    title: kind.title,
    platform: kind.platform ?? given.platform ?? null,
    ...file,
    rows: 0,
    lines: { read: 0, taken: 0, refused: 0, skipped: 0, insideCells: 0 },
  };
}

export function reject(report: ImportReport, line: number, { code, message }: Refusal): void {
  report.rejectedCount += 1;
  if (report.rejected.length >= rejectedAtMost) return;
  report.rejected.push({ line, code, detail: cut(message, detailAtMost) });
}

export function noteUnknown(report: ImportReport, line: number, said: string): void {
  report.uncountedCount += 1;
  if (report.uncounted.length >= rejectedAtMost) return;
  const detail = `The status ${JSON.stringify(said)} is unknown: the order is kept and not counted until a known one comes.`;
  report.uncounted.push({ line, code: "status_unknown", detail, status: said });
}

export function count(report: ImportReport, { accepted, updated, duplicates }: Counted): void {
  report.accepted += accepted;
  report.updated += updated;
  report.duplicates += duplicates;
}
