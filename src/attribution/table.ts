/** @module The rows of a CSV or tab-separated text, as a stream, by csv-parse; quirks of exports allowed. */
import { Buffer } from "node:buffer";
import { CsvError, parse } from "csv-parse/stream";
import { FileProblem } from "./decode.ts";

export interface TableRow {
  /** Line of the file that the row begins on, counted from 1. */
  line: number;
  cells: string[];
}

/** Characters; a row beyond has a quote that never closes. */
const rowAtMost = 65_536;

/** What parts the cells: of comma, tab and semicolon the one that the first lines have most of. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, 20_000);
  const [best = ","] = [",", "\t", ";"]
    .map((delimiter) => ({ delimiter, count: lines.split(delimiter).length }))
    .sort((a, b) => b.count - a.count)
    .map(({ delimiter }) => delimiter);
  return best;
}

/**
 * The rows of a text, parsed as it comes. Rows may be ragged, a quote inside a cell is a quote, blank lines
 * are left out.
 *
 * @throws {FileProblem} `malformed_csv` with the line
 */
export async function* rowsOf(text: AsyncIterable<string>): AsyncGenerator<TableRow> {
  const chunks = text[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done ? "" : first.value;
  if (/^\s*<(?:!doctype|html|table|\?xml)/i.test(head)) {
    throw new FileProblem(
      "spreadsheet",
      "This is a web page or XML that is named like a table. Open it in a spreadsheet program, save it as CSV UTF-8 and send that file.",
    );
  }
  const parser = parse({
    delimiter: delimiterOf(head),
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: rowAtMost,
  });
  // The parser reads bytes of UTF-8, whatever the file was in.
  const writer = parser.writable.getWriter();
  const feed = async () => {
    if (head !== "") await writer.write(Buffer.from(head));
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      if (next.value !== "") await writer.write(Buffer.from(next.value));
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
function breaksIn(cells: readonly string[]): number {
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
  return new FileProblem("malformed_csv", `A quote opens and never closes${where}.`);
}
