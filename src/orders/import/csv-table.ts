/** @module The rows of a CSV or tab-separated text, as a stream, by csv-parse; quirks of exports allowed. */
import { Buffer } from "node:buffer";
import { CsvError, parse } from "csv-parse/stream";
import { FileProblem } from "./files/file-problem.ts";
import { refuseForeignText } from "./files/signatures.ts";
import { endsInReturns, LineEnds } from "./line-ends.ts";

export interface TableRow {
  /** Line of the file (row of a sheet) that the row begins on, counted from 1. */
  line: number;
  cells: string[];
}

/** A table that is read once, from its beginning. */
export interface Table {
  rows: AsyncGenerator<TableRow>;
  /** Lines (rows of a sheet) read so far, blank ones too. */
  lines: () => number;
  /** Of a text what parts its cells, and a break in a cell begins another line; `null` of a sheet. */
  delimiter: string | null;
}

/** Cells that a line has at least, for whatever looks like one inside a cell to be a row. */
const cellsAtLeast = 4;

/**
 * Whether a quote that was never closed took rows into one of these cells: a line inside it has as many cells
 * as the header.
 */
export function swallowsRows(
  cells: readonly string[],
  delimiter: string | null,
  columns: number,
): boolean {
  if (delimiter === null) return false;
  const least = Math.max(cellsAtLeast, columns);
  return cells.some(
    (cell) =>
      cell.includes("\n") && cell.split("\n").some((line) => line.split(delimiter).length >= least),
  );
}

/** Characters; a row beyond has a quote that never closes. */
const rowAtMost = 65_536;

/** Characters parsed in one turn; a body comes in pieces of megabytes, and others wait meanwhile. */
const pieceSize = 16_384;

/** What parts the cells: of comma, tab and semicolon the one that the first lines have most of. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, 20_000);
  const [best = ","] = [",", "\t", ";"]
    .map((delimiter) => ({ delimiter, count: lines.split(delimiter).length }))
    .sort((a, b) => b.count - a.count)
    .map(({ delimiter }) => delimiter);
  return best;
}

/** @param text the file from its beginning; its first piece tells the delimiter and the line ends */
export async function readTable(text: AsyncIterable<string>): Promise<Table> {
  const chunks = text[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done ? "" : first.value;
  refuseForeignText(head);
  const delimiter = delimiterOf(head);
  const ends = new LineEnds(endsInReturns(head, delimiter));
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (let next = first; !next.done; next = await chunks.next()) yield ends.push(next.value);
      yield ends.end();
    } finally {
      await chunks.return?.();
    }
  }
  return { rows: rowsOf(pieces(), delimiter), lines: () => ends.lines, delimiter };
}

/**
 * The rows of a text, parsed as it comes. Rows may be ragged, a quote inside a cell is a quote, blank lines
 * are left out.
 *
 * @throws {FileProblem} `malformed_csv` with the line
 */
async function* rowsOf(text: AsyncGenerator<string>, delimiter: string): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    record_delimiter: "\n",
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: rowAtMost,
  });
  // The parser reads bytes of UTF-8, whatever the file was in.
  const writer = parser.writable.getWriter();
  const feed = async () => {
    for await (const piece of text) {
      for (let at = 0; at < piece.length; ) {
        let end = at + pieceSize;
        // Never between the two halves of a character.
        if (/[\ud800-\udbff]/.test(piece.charAt(end - 1))) end += 1;
        await writer.write(Buffer.from(piece.slice(at, end)));
        at = end;
      }
    }
    await writer.close();
  };
  let failure: unknown;
  const fed = feed().catch(async (error: unknown) => {
    failure = error;
    await writer.abort(error).catch(() => undefined);
  });
  const reader = parser.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const { record, info } = value as unknown as { record: string[]; info: { lines: number } };
      yield { line: info.lines - breaksIn(record), cells: record };
    }
  } catch (error) {
    throw asProblem(failure ?? error);
  } finally {
    // Whoever stops reading also stops the file.
    await reader.cancel().catch(() => undefined);
  }
  await fed;
  if (failure) throw asProblem(failure);
}

/** Line breaks inside the cells: the parser counts up to where a row ends. */
export function breaksIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf("\n"); at !== -1; at = cell.indexOf("\n", at + 1)) count += 1;
  }
  return count;
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as unknown as { lines?: number };
  const where = lines === undefined ? "" : ` near line ${lines}`;
  const zh = lines === undefined ? "" : `（第 ${lines} 行附近）`;
  return new FileProblem(
    "malformed_csv",
    `A quote opens and never closes${where}.`,
    `有一个引号没有闭合${zh}。`,
  );
}
