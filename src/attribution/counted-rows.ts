/** @module The rows of a table under its header, and a count of the lines that say nothing. */
import { plainCell } from "./cells.ts";
import { breaksIn, swallowsRows, type Table, type TableRow } from "./table.ts";

export interface CountedRow extends TableRow {
  /** A quote in it took further rows. */
  isSwallowing: boolean;
}

/** The rows of a table that say something, and a count of the lines that do not. */
export class CountedRows {
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

/** A row that only sums the others up. */
const isSummary = (cells: readonly string[]) =>
  /^(?:合计|总计|小计|汇总)/.test(plainCell(cells[0]));
const isEmpty = (cells: readonly string[]) => cells.every((cell) => plainCell(cell) === "");
