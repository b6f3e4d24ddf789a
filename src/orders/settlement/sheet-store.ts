/** @module Settlement sheets in the Orders object's tables: written once, read, voided. What is still due: due-store.ts. */
import { recordOf } from "../../lib/records.ts";
import { firstValue, partsOf, type Sql, type SqlRow, type SqlValue } from "../../lib/sql.ts";
import type { KeptSheet, SettledLine } from "../../model/settlement.ts";

/** Whose sheets they are: those of one promoter in one currency follow each other. */
export interface Account {
  creator: string;
  currency: string;
}

export interface StoredSheet {
  seq: number;
  sheet: KeptSheet;
}

/** Rows in one statement: a parameter takes 2 MB. */
const rowsAtOnce = 500;

/** Each field's column. */
const columnOf = {
  kind: "kind",
  platform: "platform",
  orderId: "order_id",
  subOrderId: "sub_id",
  link: "link",
  streamId: "stream_id",
  paidAt: "paid_at",
  state: "state",
  amount: "amount",
  refunds: "refunds",
  rate: "rate",
  alliance: "alliance",
  worth: "worth",
  worthBefore: "worth_before",
  refundsBefore: "refunds_before",
  itemId: "item_id",
  itemTitle: "item_title",
  quantity: "quantity",
} satisfies Record<keyof SettledLine, string>;
const fields = Object.keys(columnOf) as (keyof SettledLine)[];
const columns = fields.map((field) => columnOf[field]);
const insertLines = `INSERT OR IGNORE INTO sheet_line (sheet, place, ${columns.join(", ")})
  SELECT ?, ? + key, ${columns.map((_, index) => `value->>${index}`).join(", ")} FROM json_each(?)`;

export const lineOf = (row: SqlRow): SettledLine =>
  recordOf(fields.map((field) => [field, row[columnOf[field]] ?? null])) as never;

const sheetOf = (row: SqlRow): StoredSheet => ({
  seq: Number(row.seq),
  sheet: JSON.parse(String(row.record)) as KeptSheet,
});

export class SheetStore {
  readonly sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.sql = sql;
  }

  #rows(query: string, ...bindings: SqlValue[]): SqlRow[] {
    return this.sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  hasNumber({ creator, currency }: Account, number: number): boolean {
    const query = "SELECT 1 AS value FROM sheet WHERE creator = ? AND currency = ? AND number = ?";
    return firstValue(this.sql, query, creator, currency, number) === 1;
  }

  nextSeq(): number {
    return (firstValue(this.sql, "SELECT max(seq) AS value FROM sheet") ?? 0) + 1;
  }

  hasSheets(creator: string): boolean {
    return (
      firstValue(this.sql, "SELECT 1 AS value FROM sheet WHERE creator = ? LIMIT 1", creator) === 1
    );
  }

  /** @param first the place of the first of them */
  writeLines(seq: number, first: number, lines: readonly SettledLine[]): void {
    let place = first;
    for (const part of partsOf(lines, rowsAtOnce)) {
      const rows = part.map((line) => fields.map((field) => line[field]));
      this.sql.exec(insertLines, seq, place, JSON.stringify(rows));
      place += part.length;
    }
  }

  /** @param missing lines that are still to come */
  writeSheet({ seq, sheet }: StoredSheet, missing = 0): void {
    const { id, creator, currency, number, from, voided, slotFees } = sheet;
    this.sql.exec(
      "INSERT INTO sheet (seq, id, creator, currency, number, from_at, missing, voided_at, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[seq, id, creator, currency, number, from, missing, voided?.at ?? null],
      JSON.stringify(sheet),
    );
    this.sql.exec(
      "INSERT INTO sheet_fee (sheet, slug, record) SELECT ?, value->>'slug', value FROM json_each(?)",
      seq,
      JSON.stringify(slotFees),
    );
  }

  writeVoid({ seq, sheet }: StoredSheet, voided: NonNullable<KeptSheet["voided"]>): KeptSheet {
    const after: KeptSheet = { ...sheet, voided };
    this.sql.exec(
      "UPDATE sheet SET voided_at = ?, record = ? WHERE seq = ?",
      voided.at,
      JSON.stringify(after),
      seq,
    );
    return after;
  }

  found(id: string): StoredSheet | null {
    const [row] = this.#rows("SELECT seq, record FROM sheet WHERE id = ?", id);
    return row ? sheetOf(row) : null;
  }

  /** The newest first, those before a number. */
  list(
    { creator, currency }: Partial<Account>,
    limit: number,
    before = Number.MAX_SAFE_INTEGER,
  ): StoredSheet[] {
    const wanted: [condition: string, value: SqlValue][] = [["seq < ?", before]];
    if (creator !== undefined) wanted.push(["creator = ?", creator]);
    if (currency !== undefined) wanted.push(["currency = ?", currency]);
    return this.#rows(
      `SELECT seq, record FROM sheet WHERE ${wanted.map(([condition]) => condition).join(" AND ")}
       ORDER BY seq DESC LIMIT ?`,
      ...wanted.map(([, value]) => value),
      limit,
    ).map(sheetOf);
  }

  /** The oldest first, those after a number. */
  after(seq: number, limit: number): StoredSheet[] {
    return this.#rows(
      "SELECT seq, record FROM sheet WHERE seq > ? ORDER BY seq LIMIT ?",
      seq,
      limit,
    ).map(sheetOf);
  }

  /** Lines of a sheet after a place, in their order. */
  lines(seq: number, after: number, limit: number): SettledLine[] {
    return this.#rows(
      "SELECT * FROM sheet_line WHERE sheet = ? AND place > ? ORDER BY place LIMIT ?",
      seq,
      after,
      limit,
    ).map(lineOf);
  }

  /** How many of so many lines from a place on are here. */
  present(seq: number, first: number, count: number): number {
    const query =
      "SELECT count(*) AS value FROM sheet_line WHERE sheet = ? AND place >= ? AND place < ?";
    return firstValue(this.sql, query, seq, first, first + count) ?? 0;
  }

  cameIn(seq: number, lines: number): void {
    this.sql.exec("UPDATE sheet SET missing = max(0, missing - ?) WHERE seq = ?", lines, seq);
  }

  isNewest({ sheet: { creator, currency, number } }: StoredSheet): boolean {
    const newest = firstValue(
      this.sql,
      "SELECT max(number) AS value FROM sheet WHERE creator = ? AND currency = ? AND voided_at IS NULL",
      creator,
      currency,
    );
    return newest === number;
  }
}
