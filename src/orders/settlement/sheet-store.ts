/**
 * @module The tables of settlement sheets, in the Orders object. Lists go through one JSON parameter, as in store.ts. A
 * CROSS JOIN is read in the order in which it is written: SQLite would go through whole sheets for each line of a list.
 */
import { recordOf } from "../../lib/records.ts";
import { partsOf, type Sql, type SqlRow, type SqlValue } from "../../lib/sql.ts";
import type { Costs } from "../../model/costs.ts";
import type { KeptSheet, SettledFee, SettledLine } from "../../model/settlement.ts";
import { lineKey } from "../order-line.ts";

/** Whose sheets they are: those of one promoter in one currency follow each other. */
export interface Account {
  creator: string;
  currency: string;
}

export interface StoredSheet {
  seq: number;
  sheet: KeptSheet;
}

export interface LineName {
  platform: string;
  orderId: string;
  subOrderId: string;
}

/** A line that no sheet has, as far as it must be known before its order is read. */
export interface Unsettled {
  id: number;
  state: string;
  currency: string;
  /** UTC ms. */
  paidAt: number;
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
} satisfies Record<keyof SettledLine, string>;
const fields = Object.keys(columnOf) as (keyof SettledLine)[];
const columns = fields.map((field) => columnOf[field]);
const insertLines = `INSERT OR IGNORE INTO sheet_line (sheet, place, ${columns.join(", ")})
  SELECT ?, ? + key, ${columns.map((_, index) => `value->>${index}`).join(", ")} FROM json_each(?)`;

const lineOf = (row: SqlRow): SettledLine =>
  recordOf(fields.map((field) => [field, row[columnOf[field]] ?? null])) as never;

const sheetOf = (row: SqlRow): StoredSheet => ({
  seq: Number(row.seq),
  sheet: JSON.parse(String(row.record)) as KeptSheet,
});

/** By how many sheets a line is held: one at most, and none once it is another promoter's. */
const held = (line: string) => `(
  SELECT coalesce(sum(CASE own.kind WHEN 'moved' THEN -1 WHEN 'change' THEN 0 ELSE 1 END), 0)
  FROM sheet_line own CROSS JOIN sheet ON sheet.seq = own.sheet
  WHERE own.platform = ${line}.platform AND own.order_id = ${line}.order_id
    AND own.sub_id = ${line}.sub_id AND sheet.voided_at IS NULL)`;

export class SheetStore {
  readonly sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.sql = sql;
  }

  #rows(query: string, ...bindings: SqlValue[]): SqlRow[] {
    return this.sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  #number(query: string, ...bindings: SqlValue[]): number | null {
    const [row] = this.#rows(query, ...bindings);
    return row?.value == null ? null : Number(row.value);
  }

  /** When the first period of an account begins, UTC ms; `null` before there is a sheet. */
  firstFrom({ creator, currency }: Account): number | null {
    return this.#number(
      "SELECT min(from_at) AS value FROM sheet WHERE creator = ? AND currency = ? AND voided_at IS NULL",
      creator,
      currency,
    );
  }

  /** Numbers of voided sheets are not given again. */
  nextNumber({ creator, currency }: Account): number {
    const newest = this.#number(
      "SELECT max(number) AS value FROM sheet WHERE creator = ? AND currency = ?",
      creator,
      currency,
    );
    return (newest ?? 0) + 1;
  }

  hasNumber({ creator, currency }: Account, number: number): boolean {
    const query = "SELECT 1 AS value FROM sheet WHERE creator = ? AND currency = ? AND number = ?";
    return this.#number(query, creator, currency, number) === 1;
  }

  nextSeq(): number {
    return (this.#number("SELECT max(seq) AS value FROM sheet") ?? 0) + 1;
  }

  hasSheets(creator: string): boolean {
    return this.#number("SELECT 1 AS value FROM sheet WHERE creator = ? LIMIT 1", creator) === 1;
  }

  /** Whether an import brought a sheet of the account without all of its lines, so far. */
  isIncomplete({ creator, currency }: Account): boolean {
    const query =
      "SELECT 1 AS value FROM sheet WHERE creator = ? AND currency = ? AND missing > 0 LIMIT 1";
    return this.#number(query, creator, currency) === 1;
  }

  /** Sold lines of these links that were paid before a moment and are on no sheet, in no order; read as they are asked for. */
  *unsettled(slugs: readonly string[], before: number): Generator<Unsettled> {
    const rows = this.sql.exec<SqlRow>(
      `SELECT line.id, line.state, line.currency, coalesce(nullif(line.paid_at, 0), line.at) AS paid
       FROM json_each(?) k CROSS JOIN conversion line ON line.link = k.value
       WHERE line.state IN ('paid', 'received', 'settled', 'refunded') AND paid < ?
         AND ${held("line")} = 0`,
      JSON.stringify(slugs),
      before,
    );
    for (const { id, state, currency, paid } of rows) {
      yield {
        id: Number(id),
        state: String(state),
        currency: String(currency),
        paidAt: Number(paid),
      };
    }
  }

  /** Lines of the account's sheets whose orders changed since. */
  restated({ creator, currency }: Account): LineName[] {
    return this.#rows(
      "SELECT platform, order_id, sub_id FROM restated WHERE creator = ? AND currency = ?",
      creator,
      currency,
    ).map((row) => ({
      platform: String(row.platform),
      orderId: String(row.order_id),
      subOrderId: String(row.sub_id),
    }));
  }

  forgetRestated({ creator, currency }: Account): void {
    this.sql.exec("DELETE FROM restated WHERE creator = ? AND currency = ?", creator, currency);
  }

  /** As the account's last sheet had each of these lines. */
  lastOf({ creator, currency }: Account, names: readonly LineName[]): Map<string, SettledLine> {
    const keys = names.map(({ platform, orderId, subOrderId }) => [platform, orderId, subOrderId]);
    const rows = this.#rows(
      `SELECT own.* FROM json_each(?) k CROSS JOIN sheet_line own
         ON own.platform = (k.value->>0) AND own.order_id = (k.value->>1) AND own.sub_id = (k.value->>2)
       CROSS JOIN sheet ON sheet.seq = own.sheet
       WHERE sheet.creator = ? AND sheet.currency = ? AND sheet.voided_at IS NULL ORDER BY sheet.number`,
      JSON.stringify(keys),
      creator,
      currency,
    );
    return new Map(rows.map(lineOf).map((line) => [lineKey(line), line]));
  }

  /** What was put by hand of these links; of one that nobody put anything of, nothing. */
  costsOf(slugs: readonly string[]): Map<string, Costs> {
    const rows = this.#rows(
      "SELECT cost.slug, cost.record FROM json_each(?) k CROSS JOIN cost ON cost.slug = k.value",
      JSON.stringify(slugs),
    );
    return new Map(rows.map((row) => [String(row.slug), JSON.parse(String(row.record)) as Costs]));
  }

  /** Of these links those whose slot fee is on a sheet, anybody's. */
  withFee(slugs: readonly string[]): Set<string> {
    const rows = this.#rows(
      `SELECT DISTINCT own.slug FROM json_each(?) k CROSS JOIN sheet_fee own ON own.slug = k.value
       CROSS JOIN sheet ON sheet.seq = own.sheet WHERE sheet.voided_at IS NULL`,
      JSON.stringify(slugs),
    );
    return new Set(rows.map(({ slug }) => String(slug)));
  }

  /** As the account's last sheet had each slot fee. */
  lastFees({ creator, currency }: Account): SettledFee[] {
    const rows = this.#rows(
      `SELECT own.record FROM sheet CROSS JOIN sheet_fee own ON own.sheet = sheet.seq
       WHERE sheet.creator = ? AND sheet.currency = ? AND sheet.voided_at IS NULL ORDER BY sheet.number`,
      creator,
      currency,
    );
    const fees = rows.map((row) => JSON.parse(String(row.record)) as SettledFee);
    return [...new Map(fees.map((fee) => [fee.slug, fee])).values()];
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
    return this.#number(query, seq, first, first + count) ?? 0;
  }

  cameIn(seq: number, lines: number): void {
    this.sql.exec("UPDATE sheet SET missing = max(0, missing - ?) WHERE seq = ?", lines, seq);
  }

  isNewest({ sheet: { creator, currency, number } }: StoredSheet): boolean {
    const newest = this.#number(
      "SELECT max(number) AS value FROM sheet WHERE creator = ? AND currency = ? AND voided_at IS NULL",
      creator,
      currency,
    );
    return newest === number;
  }

  /** Whether a line that this sheet gave back is on another promoter's since. */
  isTakenElsewhere(seq: number): boolean {
    const query = `SELECT 1 AS value FROM sheet_line given
      WHERE given.sheet = ? AND given.kind = 'moved' AND ${held("given")} > 0 LIMIT 1`;
    return this.#number(query, seq) === 1;
  }

  /** Whether what the sheet is of was deleted with its stream: freed, it would be on no other sheet. */
  isOfDeleted(seq: number): boolean {
    const lines = `SELECT 1 AS value FROM sheet_line own WHERE own.sheet = ? AND own.kind <> 'moved'
      AND NOT EXISTS (SELECT 1 FROM conversion WHERE conversion.platform = own.platform
        AND conversion.order_id = own.order_id AND conversion.sub_id = own.sub_id) LIMIT 1`;
    const fees = `SELECT 1 AS value FROM sheet_fee WHERE sheet = ?
      AND NOT EXISTS (SELECT 1 FROM cost WHERE cost.slug = sheet_fee.slug) LIMIT 1`;
    return this.#number(lines, seq) === 1 || this.#number(fees, seq) === 1;
  }
}
