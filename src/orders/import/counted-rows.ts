/** @module The rows of a table under its header, and a count of the lines that say nothing. */

import { plainCell } from "../../lib/spreadsheet-cells.ts";
import { breaksIn, swallowsRows, type Table, type TableRow } from "./csv-table.ts";
import { FileProblem } from "./files/file-problem.ts";

/** More have no more than a hundred bytes each in the largest file. */
const rowsAtMost = 1_000_000;
/** Rows after which others have their turn. */
const turnOf = 2_000;

const tooMany = () =>
  new FileProblem(
    "too_large",
    `A file may have at most ${rowsAtMost} rows. Export fewer days at once.`,
    `文件最多 ${rowsAtMost} 行，请缩短导出的时间范围。`,
  );

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
  #rows = 0;
  readonly #pause: (() => Promise<void>) | undefined;

  /**
   * @param above rows over the header, and the header
   * @param pause lets others have their turn
   */
  constructor(table: Table, above: readonly TableRow[], pause?: () => Promise<void>) {
    this.#table = table;
    this.#pause = pause;
    this.#columns = above.at(-1)?.cells.length ?? 0;
    for (const row of above) {
      this.#pass(row);
      this.#skipped += 1;
    }
  }

  async *rows(): AsyncGenerator<CountedRow> {
    for await (const row of this.#table.rows) {
      this.#pass(row);
      this.#rows += 1;
      if (this.#rows > rowsAtMost) throw tooMany();
      // Rows that go nowhere fill no batch, after which there would be a pause.
      if (this.#rows % turnOf === 0) await this.#pause?.();
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
