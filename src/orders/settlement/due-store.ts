/**
 * @module What is to be settled, in the Orders object's tables: lines that no sheet has, those of sheets whose orders
 * changed, slot fees. A CROSS JOIN is read in the order in which it is written: SQLite would go through whole sheets for each line of a list.
 */
import { firstValue, type Sql, type SqlRow, type SqlValue } from "../../lib/sql.ts";
import type { Costs } from "../../model/costs.ts";
import type { SettledFee, SettledLine } from "../../model/settlement.ts";
import { lineKey } from "../order-line.ts";
import { type Account, lineOf } from "./sheet-store.ts";

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

/** By how many sheets a line is held: one at most, and none once it is another promoter's. */
const held = (line: string) => `(
  SELECT coalesce(sum(CASE own.kind WHEN 'moved' THEN -1 WHEN 'change' THEN 0 ELSE 1 END), 0)
  FROM sheet_line own CROSS JOIN sheet ON sheet.seq = own.sheet
  WHERE own.platform = ${line}.platform AND own.order_id = ${line}.order_id
    AND own.sub_id = ${line}.sub_id AND sheet.voided_at IS NULL)`;

export class DueStore {
  readonly #sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  #rows(query: string, ...bindings: SqlValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  /** When the first period of an account begins, UTC ms; `null` before there is a sheet. */
  firstFrom({ creator, currency }: Account): number | null {
    return firstValue(
      this.#sql,
      "SELECT min(from_at) AS value FROM sheet WHERE creator = ? AND currency = ? AND voided_at IS NULL",
      creator,
      currency,
    );
  }

  /** Numbers of voided sheets are not given again. */
  nextNumber({ creator, currency }: Account): number {
    const newest = firstValue(
      this.#sql,
      "SELECT max(number) AS value FROM sheet WHERE creator = ? AND currency = ?",
      creator,
      currency,
    );
    return (newest ?? 0) + 1;
  }

  /** Whether an import brought a sheet of the account without all of its lines, so far. */
  isIncomplete({ creator, currency }: Account): boolean {
    const query =
      "SELECT 1 AS value FROM sheet WHERE creator = ? AND currency = ? AND missing > 0 LIMIT 1";
    return firstValue(this.#sql, query, creator, currency) === 1;
  }

  /** Sold lines of these links that were paid before a moment and are on no sheet, in no order; read as they are asked for. */
  *unsettled(slugs: readonly string[], before: number): Generator<Unsettled> {
    const rows = this.#sql.exec<SqlRow>(
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
    this.#sql.exec("DELETE FROM restated WHERE creator = ? AND currency = ?", creator, currency);
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

  /** Whether a line that this sheet gave back is on another promoter's since. */
  isTakenElsewhere(seq: number): boolean {
    const query = `SELECT 1 AS value FROM sheet_line given
      WHERE given.sheet = ? AND given.kind = 'moved' AND ${held("given")} > 0 LIMIT 1`;
    return firstValue(this.#sql, query, seq) === 1;
  }

  /** Whether what the sheet is of was deleted with its stream: freed, it would be on no other sheet. */
  isOfDeleted(seq: number): boolean {
    const lines = `SELECT 1 AS value FROM sheet_line own WHERE own.sheet = ? AND own.kind <> 'moved'
      AND NOT EXISTS (SELECT 1 FROM conversion WHERE conversion.platform = own.platform
        AND conversion.order_id = own.order_id AND conversion.sub_id = own.sub_id) LIMIT 1`;
    const fees = `SELECT 1 AS value FROM sheet_fee WHERE sheet = ?
      AND NOT EXISTS (SELECT 1 FROM cost WHERE cost.slug = sheet_fee.slug) LIMIT 1`;
    return firstValue(this.#sql, lines, seq) === 1 || firstValue(this.#sql, fees, seq) === 1;
  }
}
