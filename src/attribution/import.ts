/**
 * @module An order file as it was downloaded → events, a batch at a time, so that memory does not grow with
 * the file. The caller's ports apply the batches; a dry run keeps what they changed and hands it on.
 */
import { cut } from "../lib/cut.ts";
import { plainCell } from "./cells.ts";
import type { Spend } from "./costs.ts";
import { type FileTable, openFile } from "./files/open.ts";
import { FileProblem } from "./files/problem.ts";
import { findHeader, noHeader } from "./header.ts";
import type { Headers } from "./kinds/index.ts";
import type { Kind } from "./kinds/kind.ts";
import { parseMoney } from "./money.ts";
import type { OrderEvent } from "./order.ts";
import { HeldRows } from "./rounded-ids.ts";
import { type Given, Refusal, RowReader } from "./rows.ts";
import { breaksIn, swallowsRows, type Table, type TableRow } from "./table.ts";
import { beijingDay, parseCellTime } from "./times.ts";

interface Counted {
  accepted: number;
  updated: number;
  duplicates: number;
}

/** Where batches go. */
export interface ImportPorts {
  apply: (events: OrderEvent[]) => Promise<Counted & { unattributed: number }>;
  /** Lets others have their turn, after each batch. */
  pause?: () => Promise<void>;
  /** `unknown`: places of rows whose link is not known. */
  spend: (rows: Spend[]) => Promise<Counted & { unknown: number[] }>;
}

/** Something said of a row. */
export interface RowNote {
  line: number;
  code: string;
  detail: string;
}

/** `read` = `taken` + `refused` + `skipped`, or something of the file was not understood. */
export interface LineCount {
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

/** Bytes: Cloudflare takes no larger body on most plans. */
export const fileAtMost = 100 * 1_048_576;
export const rejectedAtMost = 1_000;
/** Characters: what is said of a row quotes its cells. */
const detailAtMost = 300;
const batchSize = 200;
/** Sheets that are named when another one was read. */
const sheetsNamedAtMost = 20;

/** A row that only sums the others up. */
const isSummary = (cells: readonly string[]) =>
  /^(?:合计|总计|小计|汇总)/.test(plainCell(cells[0]));
const isEmpty = (cells: readonly string[]) => cells.every((cell) => plainCell(cell) === "");

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
  const widest: string[] = [];
  let mismatch: FileProblem | undefined;
  for await (const { encoding, sheet, table } of tables) {
    const looked = report || isOther(sheet, given) ? null : await findHeader(table.rows, given);
    if (looked?.found) {
      report = emptyReport(looked.found.kind, given, { encoding, sheet, entry, otherSheets });
      await importTable(table, looked.found, looked.above, given, ports, report);
      continue;
    }
    mismatch ??= looked?.mismatch;
    if (looked && looked.widest.length > widest.length)
      widest.splice(0, Infinity, ...looked.widest);
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

function emptyReport(
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

/** @param above rows over the header, and the header */
async function importTable(
  table: Table,
  { kind, headers }: { kind: Kind; headers: Headers },
  above: readonly TableRow[],
  given: Given,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  const counted = new CountedRows(table, above);
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

interface CountedRow extends TableRow {
  /** A quote in it took further rows. */
  isSwallowing: boolean;
}

const openQuote = () =>
  new Refusal(
    "quote_open",
    "A quote opens in this row and takes the lines below it into its cell. Close or delete the quote.",
  );

/** The rows of a table that say something, and a count of the lines that do not. */
class CountedRows {
  readonly #table: Table;
  readonly #columns: number;
  #skipped = 0;
  #lastLine = 0;
  insideCells = 0;

  constructor(table: Table, above: readonly TableRow[]) {
    this.#table = table;
    this.#columns = above.at(-1)?.cells.length ?? 0;
    for (const row of above) {
      this.#pass(row);
      this.#skipped += 1;
    }
  }

  async *rows(): AsyncGenerator<CountedRow> {
    for await (const row of this.#table.rows) {
      this.#pass(row);
      if (isEmpty(row.cells) || isSummary(row.cells)) this.#skipped += 1;
      else yield { ...row, isSwallowing: this.#isSwallowing(row) };
    }
  }

  #isSwallowing({ cells }: TableRow): boolean {
    return swallowsRows(cells, this.#table.delimiter, this.#columns);
  }

  /** Asked when all is read: blank lines at the end are known then. */
  skipped(): number {
    return this.#skipped + this.#table.lines() - this.#lastLine;
  }

  /** What lies between the row before and this one is blank. */
  #pass({ line, cells }: TableRow): void {
    const inside = this.#table.delimiter === null ? 0 : breaksIn(cells);
    this.#skipped += line - this.#lastLine - 1 + inside;
    this.insideCells += inside;
    this.#lastLine = line + inside;
  }
}

function reject(report: ImportReport, line: number, { code, message }: Refusal): void {
  report.rejectedCount += 1;
  if (report.rejected.length >= rejectedAtMost) return;
  report.rejected.push({ line, code, detail: cut(message, detailAtMost) });
}

function noteUnknown(report: ImportReport, line: number, said: string): void {
  report.uncountedCount += 1;
  if (report.uncounted.length >= rejectedAtMost) return;
  const detail = `The status ${JSON.stringify(said)} is unknown: the order is kept and not counted until a known one comes.`;
  report.uncounted.push({ line, code: "status_unknown", detail, status: said });
}

function count(report: ImportReport, { accepted, updated, duplicates }: Counted): void {
  report.accepted += accepted;
  report.updated += updated;
  report.duplicates += duplicates;
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
  const take = (line: number, event: OrderEvent) => {
    if (event.state === "unknown") noteUnknown(report, line, event.said ?? "");
    batch.push(event);
  };
  const settle = async () => {
    for (const row of held.settle()) {
      if (row.refusal) reject(report, row.line, row.refusal);
      else take(row.line, row.event);
      if (batch.length >= batchSize) await flush();
    }
  };
  for await (const { line, cells, isSwallowing } of rows) {
    report.rows += 1;
    try {
      if (isSwallowing) throw openQuote();
      const { event, ids } = reader.read(cells);
      const isHeld = held.look(line, event, ids);
      if (event && !isHeld) take(line, event);
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

async function importSpend(
  rows: AsyncIterable<CountedRow>,
  { platform, spend, unit }: Kind,
  headers: Headers,
  given: Given,
  ports: ImportPorts,
  report: ImportReport,
): Promise<void> {
  if (!spend) return;
  const read = (cells: readonly string[], columns: readonly string[]) =>
    headers
      .placesOf(columns)
      .map((place) => plainCell(cells[place]))
      .find((text) => text !== "") ?? "";
  let found: { line: number; spend: Spend }[] = [];
  const flush = async () => {
    if (found.length === 0) return;
    const part = found;
    found = [];
    const done = await ports.spend(part.map((row) => row.spend));
    count(report, done);
    for (const index of done.unknown) {
      const line = part[index]?.line ?? 0;
      const detail =
        "Which link this was spent on is not known: name it with ?slug=…, or let the scene's name be a slug.";
      reject(report, line, new Refusal("link_unknown", detail));
    }
  };
  for await (const { line, cells } of rows) {
    report.rows += 1;
    const [day, scene, name] = [
      read(cells, spend.day),
      read(cells, spend.scene),
      read(cells, spend.sceneName),
    ];
    const at = parseCellTime(day);
    const amount = parseMoney(read(cells, spend.amount), unit);
    if (at === null)
      reject(
        report,
        line,
        new Refusal(
          "time_invalid",
          `${JSON.stringify(day.slice(0, 40))} is no day (${spend.day.join(", ")}).`,
        ),
      );
    else if (amount === null || amount < 0) {
      reject(
        report,
        line,
        new Refusal("amount_invalid", `${spend.amount.join(", ")} is no amount of money.`),
      );
    } else {
      const key = { platform: platform ?? "", day: beijingDay(at), scene, name };
      found.push({ line, spend: { ...key, link: given.slug ?? "", amount } });
    }
    if (found.length >= batchSize) await flush();
  }
  await flush();
}
