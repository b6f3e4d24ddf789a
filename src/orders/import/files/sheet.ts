/** @module The rows of one sheet of a workbook, as they come out of its XML. */
import type { Table, TableRow } from "../csv-table.ts";
import { numberText } from "./number-cells.ts";
import { CellText, type SharedStrings } from "./shared-strings.ts";
import { XmlReader } from "./xml.ts";

/** What the workbook says of its cells. */
export interface Cells {
  strings: SharedStrings | null;
  /** By the number of a cell's style: whether it shows a time. */
  areDates: readonly boolean[];
  is1904: boolean;
}

/** Columns that are looked at; order files have some eighty. */
const columnsAtMost = 512;

/** `C5` → 2. */
function columnOf(place: string): number {
  let column = 0;
  for (let at = 0; at < place.length; at += 1) {
    const letter = place.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (column > columnsAtMost) break;
  }
  return column - 1;
}

class SheetReader {
  readonly #cells: Cells;
  readonly #text = new CellText();
  readonly xml: XmlReader;
  /** Rows that are whole, to be taken. */
  ready: TableRow[] = [];
  /** Row of the sheet that was last read. */
  line = 0;
  #row: string[] | null = null;
  #column = -1;
  #type = "";
  #isDate = false;
  #isCell = false;

  constructor(cells: Cells) {
    this.#cells = cells;
    this.xml = new XmlReader({
      open: (name, attributes) => this.#open(name, attributes),
      text: (part) => this.#text.append(part),
      close: (name) => this.#close(name),
    });
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (name === "row") {
      const given = Number(attributes.get("r"));
      this.line = Number.isSafeInteger(given) && given > this.line ? given : this.line + 1;
      this.#row = [];
      this.#column = -1;
    } else if (name === "c") {
      const place = attributes.get("r");
      this.#column = place === undefined ? this.#column + 1 : columnOf(place);
      this.#type = attributes.get("t") ?? "n";
      this.#isDate = this.#cells.areDates[Number(attributes.get("s") ?? 0)] ?? false;
      this.#isCell = true;
      this.#text.take();
    }
    if (this.#isCell) this.#text.open(name);
  }

  #close(name: string): void {
    this.#text.close(name);
    if (name === "c") {
      this.#isCell = false;
      const text = this.#read(this.#text.take());
      const { length } = this.#row ?? [];
      if (text === "" || this.#column < 0 || this.#column >= columnsAtMost) return;
      for (let column = length; column < this.#column; column += 1) this.#row?.push("");
      if (this.#row) this.#row[this.#column] = text;
    } else if (name === "row") {
      if (this.#row?.some((cell) => cell !== "")) {
        this.ready.push({ line: this.line, cells: this.#row });
      }
      this.#row = null;
    }
  }

  /** A cell's text by its type: shared, its own, a formula's, true or false, a number. */
  #read(text: string): string {
    const { strings, is1904 } = this.#cells;
    if (this.#type === "s") return text === "" ? "" : (strings?.of(Number(text)) ?? "");
    if (this.#type === "b") return text === "1" ? "TRUE" : "FALSE";
    if (this.#type === "n") return numberText(text, this.#isDate, is1904);
    return text;
  }
}

/** A sheet as a table; its lines are the sheet's rows. */
export function sheetTable(content: AsyncIterable<Uint8Array>, cells: Cells): Table {
  const reader = new SheetReader(cells);
  async function* rows(): AsyncGenerator<TableRow> {
    for await (const bytes of content) {
      reader.xml.push(bytes);
      const { ready } = reader;
      reader.ready = [];
      yield* ready;
    }
    reader.xml.end();
    yield* reader.ready;
  }
  return { rows: rows(), lines: () => reader.line, delimiter: null };
}
