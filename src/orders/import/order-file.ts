/**
 * @module An order file as it was downloaded → events, a batch at a time, so that memory does not grow with
 * the file. The caller's ports apply the batches; a dry run keeps what they changed and hands it on.
 */

import type { Kind } from "../../platforms/order-facts.ts";
import type { OrderEvent } from "../order-line.ts";
import { type CountedRow, CountedRows } from "./counted-rows.ts";
import type { Table, TableRow } from "./csv-table.ts";
import { FileProblem } from "./files/file-problem.ts";
import { openFile } from "./files/open-file.ts";
import { findHeader, noHeader } from "./header.ts";
import { batchSize, type ImportPorts } from "./import-ports.ts";
import type { Headers } from "./kinds/index.ts";
import { count, emptyReport, type ImportReport, noteUnknown, reject } from "./outcome.ts";
import { type Given, RowReader } from "./read-rows.ts";
import { Refusal } from "./refusal.ts";
import { HeldRows } from "./rounded-ids.ts";
import { importSpend } from "./spend.ts";

/** Bytes: Cloudflare takes no larger body on most plans. */
const fileAtMost = 100 * 1_048_576;
/** Sheets that are named when another one was read. */
const sheetsNamedAtMost = 20;

/**
 * @param given `platform` restricts what the file may be; `slug` books every row on one link
 * @throws {FileProblem} when the file as a whole can't be read; batches before it are applied already, and
 *   applying them again changes nothing
 */
export async function importFile(
  body: ReadableStream<Uint8Array>,
  given: Given,
  ports: ImportPorts,
): Promise<ImportReport> {
  const { entry, tables } = await openFile(body, fileAtMost, ports.pause);
  let report: ImportReport | undefined;
  const otherSheets: string[] = [];
  let widest: string[] = [];
  let mismatch: FileProblem | undefined;
  for await (const { encoding, sheet, table } of tables) {
    const looked = report || isOther(sheet, given) ? null : await findHeader(table.rows, given);
    if (looked?.found) {
      report = emptyReport(looked.found.kind, given, { encoding, sheet, entry, otherSheets });
      await importTable(table, looked.found, looked.above, given, ports, report);
      continue;
    }
    mismatch ??= looked?.mismatch;
    if (looked && looked.widest.length > widest.length) ({ widest } = looked);
    await table.rows.return(undefined);
    if (sheet !== null && otherSheets.length < sheetsNamedAtMost) otherSheets.push(sheet);
  }
  if (report) return report;
  if (mismatch) throw mismatch;
  throw given.sheet !== undefined && !otherSheets.includes(given.sheet)
    ? noSheet(given.sheet, otherSheets)
    : noHeader(widest, otherSheets);
}

const isOther = (sheet: string | null, given: Given): boolean =>
  sheet !== null && given.sheet !== undefined && given.sheet !== sheet;

const noSheet = (wanted: string, sheets: readonly string[]) =>
  new FileProblem(
    "no_header",
    `There is no sheet ${JSON.stringify(wanted)}, but: ${sheets.join(", ") || "none"}.`,
    `没有名为“${wanted}”的工作表。`,
  );

const openQuote = () =>
  new Refusal(
    "quote_open",
    "A quote opens in this row and takes the lines below it into its cell. Close or delete the quote.",
  );

/** @param above rows over the header, and the header */
async function importTable(
  table: Table,
  { kind, headers }: { kind: Kind; headers: Headers },
  above: readonly TableRow[],
  given: Given,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  const counted = new CountedRows(table, above, ports.pause);
  const rows = counted.rows();
  if (kind.spend) await importSpend(rows, kind, headers, given, ports, report);
  else await importOrders(rows, new RowReader(kind, headers, given), ports, report);
  report.rejected.sort((a, b) => a.line - b.line);
  report.lines = {
    read: table.lines(),
    taken: report.rows - report.rejectedCount,
    refused: report.rejectedCount,
    skipped: counted.skipped(),
    insideCells: counted.insideCells,
  };
}

async function importOrders(
  rows: AsyncIterable<CountedRow>,
  reader: RowReader,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  let batch: OrderEvent[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    const applied = await ports.apply(full);
    count(report, applied);
    report.unattributed += applied.unattributed;
    await ports.pause?.();
  };
  const held = new HeldRows();
  const take = (line: number, event: OrderEvent | null, said: string | undefined) => {
    if (said !== undefined) noteUnknown(report, line, said);
    if (event) batch.push(event);
  };
  const settle = async () => {
    for (const row of held.settle()) {
      if (row.refusal) reject(report, row.line, row.refusal);
      else take(row.line, row.event, row.event.said);
      if (batch.length >= batchSize) await flush();
    }
  };
  for await (const { line, cells, isSwallowing } of rows) {
    report.rows += 1;
    try {
      if (isSwallowing) throw openQuote();
      const { event, said, ids } = reader.read(cells);
      if (!held.look(line, event, ids)) take(line, event, said);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reject(report, line, error);
    }
    if (held.isFull) await settle();
    if (batch.length >= batchSize) await flush();
  }
  await settle();
  for (const event of reader.rest()) {
    batch.push(event);
    if (batch.length >= batchSize) await flush();
  }
  await flush();
}
