/**
 * @module The queries of the Orders object's tables: order lines, the sums kept of them. The links that they are matched to:
 * promoter-store.ts. Lists go through one JSON parameter, since a statement takes 100 at most.
 */
import { AuditLog } from "../catalog/audit.ts";
import type { RawSql, SqlRow, SqlValue } from "../lib/sql.ts";
import type { Applied, BookedLine, Delta } from "./apply-events.ts";
import { keysOfLine } from "./matching.ts";
import { orderKey, type State } from "./order-line.ts";
import { columns, pack, unpack } from "./order-line-codec.ts";
import { markOrders } from "./settlement/restated.ts";

/** A line as it is stored, with its place in the list of lines. */
export interface StoredLine extends BookedLine {
  id: number;
}

const lineOf = (row: SqlRow): StoredLine => ({
  id: Number(row.id),
  ...unpack(columns.map((name) => row[name] ?? null)),
});

const own = columns.slice(3).map((name) => `${name} = excluded.${name}`);
const values = columns.map((_, index) => `value->>${index}`);
const upsertLines = `INSERT INTO conversion (${columns.join(", ")})
  SELECT ${values.join(", ")} FROM json_each(?) WHERE true
  ON CONFLICT (platform, order_id, sub_id) DO UPDATE SET ${own.join(", ")}`;

/** What a sale is computed from: not who it is booked on and why. */
const sold = ["id", ...columns]
  .map((name) => (name === "slug" || name === "evidence" ? `NULL AS ${name}` : name))
  .join(", ");
const soldLine = ([id, ...packed]: SqlValue[]): StoredLine => ({
  id: Number(id),
  ...unpack(packed),
});

/** Lines in the order of their orders → the orders; one is held at a time. */
function* inOrders(rows: Iterable<SqlValue[]>): Generator<StoredLine[]> {
  let lines: StoredLine[] = [];
  for (const row of rows) {
    const line = soldLine(row);
    const [first] = lines;
    if (first && orderKey(first) !== orderKey(line)) {
      yield lines;
      lines = [];
    }
    lines.push(line);
  }
  if (lines.length > 0) yield lines;
}

const sums = ["orders", "gmv", "refunds", "commission"] as const;
const upsertTotals = `INSERT INTO total (link, platform, currency, stream_id, ${sums.join(", ")}, rev)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, ?
  FROM json_each(?) WHERE true
  ON CONFLICT (link, platform, currency) DO UPDATE SET
  ${sums.map((name) => `${name} = ${name} + excluded.${name}`).join(", ")}, rev = excluded.rev`;

const keysOfLines = `SELECT key.value, conversion.id FROM json_each(?) line, json_each(line.value->3) key
  JOIN conversion ON platform = (line.value->>0) AND order_id = (line.value->>1)
    AND sub_id = (line.value->>2)`;
const keyed = (lines: readonly BookedLine[]): string =>
  JSON.stringify(
    lines.map((line) => {
      const { slugs, ids, names } = keysOfLine(line);
      return [line.platform, line.orderId, line.subOrderId, [...slugs, ...ids, ...names]];
    }),
  );

export class OrdersStore {
  readonly sql: RawSql;
  readonly audit: AuditLog;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: RawSql) {
    this.sql = sql;
    this.audit = new AuditLog(sql);
  }

  #rows(query: string, ...bindings: (string | number | null)[]): SqlRow[] {
    return this.sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  /** Every line of these orders. */
  linesOf(orders: readonly { platform: string; orderId: string }[]): StoredLine[] {
    const keys = JSON.stringify([
      ...new Set(orders.map(({ platform, orderId }) => JSON.stringify([platform, orderId]))),
    ]);
    return this.#rows(
      `SELECT conversion.* FROM json_each(?) k JOIN conversion
       ON platform = (k.value->>0) AND order_id = (k.value->>1)`,
      keys,
    ).map(lineOf);
  }

  /** Every line of the orders that have one of these. */
  withOrders(ids: readonly number[]): StoredLine[] {
    return this.#rows(
      `SELECT ${sold} FROM conversion WHERE (platform, order_id) IN (
         SELECT line.platform, line.order_id FROM json_each(?) k JOIN conversion line ON line.id = k.value)`,
      JSON.stringify(ids),
    ).map(lineOf);
  }

  /** Writes what a batch changed. To be called inside one transaction. */
  write(
    { changed, claimed, deltas }: Pick<Applied, "changed" | "claimed" | "deltas">,
    nextRev: () => number,
  ): void {
    if (changed.length === 0) return;
    this.sql.exec(upsertLines, JSON.stringify(changed.map(pack)));
    markOrders(this.sql, changed);
    const nobodys = changed.filter(({ link }) => link === "");
    // Lines of nobody are found again by their keys when a link turns up that fits.
    if (nobodys.length > 0) {
      this.sql.exec(`INSERT OR IGNORE INTO unmatched (key, id) ${keysOfLines}`, keyed(nobodys));
    }
    this.forgetKeys(claimed);
    if (deltas.length === 0) return;
    const rows = deltas.map((delta: Delta) => [
      delta.link,
      delta.platform,
      delta.currency,
      delta.streamId,
      ...sums.map((name) => delta[name]),
    ]);
    this.sql.exec(upsertTotals, nextRev(), JSON.stringify(rows));
  }

  /** What these lines say leads to no link any more: they have one, or are to say it no longer. */
  forgetKeys(lines: readonly BookedLine[]): void {
    if (lines.length === 0) return;
    this.sql.exec(`DELETE FROM unmatched WHERE (key, id) IN (${keysOfLines})`, keyed(lines));
  }

  /** Lines, by their place, that have one of these texts in what they say of who sold; some of them in another field. */
  linesThatSay(values: readonly string[], after: number, upTo: number): StoredLine[] {
    // JSON in JSON, as it is packed.
    const texts = values.map((value) => JSON.stringify(JSON.stringify(value)).slice(1, -1));
    return this.#rows(
      `SELECT * FROM conversion WHERE id > ? AND id <= ? AND evidence IS NOT NULL
         AND EXISTS (SELECT 1 FROM json_each(?) said WHERE instr(evidence, said.value) > 0)`,
      after,
      upTo,
      JSON.stringify(texts),
    ).map(lineOf);
  }

  /** The last line's. */
  lastPlace(): number {
    const [row] = this.#rows("SELECT max(id) AS last FROM conversion");
    return Number(row?.last ?? 0);
  }

  /** The kept sums of some links, in one row a link, platform and currency. */
  totals(by: { streamId: string } | { links: readonly string[] }): TotalRow[] {
    const rows =
      "streamId" in by
        ? this.#rows("SELECT * FROM total WHERE stream_id = ?", by.streamId)
        : this.#rows(
            "SELECT total.* FROM json_each(?) k JOIN total ON link = k.value",
            JSON.stringify(by.links),
          );
    return rows.map((row) => ({
      link: String(row.link),
      platform: String(row.platform),
      currency: String(row.currency),
      orders: Number(row.orders),
      gmv: Number(row.gmv),
      refunds: Number(row.refunds),
      commission: Number(row.commission),
      rev: Number(row.rev),
    }));
  }

  /** What each of these streams sold in a currency; one that sold nothing is missing. */
  salesByStream(streamIds: readonly string[], currency: string): StreamTotal[] {
    return this.#rows(
      `SELECT stream_id, sum(orders) AS orders, sum(gmv) AS gmv, sum(refunds) AS refunds
       FROM json_each(?) k JOIN total ON stream_id = k.value WHERE currency = ? GROUP BY stream_id`,
      JSON.stringify(streamIds),
      currency,
    ).map((row) => ({
      streamId: String(row.stream_id),
      orders: Number(row.orders),
      gmv: Number(row.gmv),
      refunds: Number(row.refunds),
    }));
  }

  /** The orders that these links sold something of, each with all its lines; one is held at a time. */
  ordersOf(links: readonly string[], streamIds: readonly string[]): Generator<StoredLine[]> {
    const rows = this.sql.exec(
      `SELECT ${sold} FROM conversion WHERE (platform, order_id) IN (
         SELECT platform, order_id FROM conversion WHERE stream_id IN (SELECT value FROM json_each(?))
           AND link IN (SELECT value FROM json_each(?)))
       ORDER BY platform, order_id`,
      JSON.stringify(streamIds),
      JSON.stringify(links),
    );
    return inOrders(rows.raw());
  }

  /** The numbers of a stream's lines. */
  idsOf(streamId: string): number[] {
    const rows = this.sql.exec("SELECT id FROM conversion WHERE stream_id = ?", streamId).raw();
    return Array.from(rows, ([id]) => Number(id));
  }

  /** The orders that these lines are of, each with all its lines; one is held at a time. */
  ordersOfLines(ids: readonly number[]): Generator<StoredLine[]> {
    const rows = this.sql.exec(
      `SELECT ${sold} FROM conversion WHERE (platform, order_id) IN (
         SELECT platform, order_id FROM conversion WHERE id IN (SELECT value FROM json_each(?)))
       ORDER BY platform, order_id`,
      JSON.stringify(ids),
    );
    return inOrders(rows.raw());
  }

  /** How many rows were ever written since this object began: what was read is still so while it is the same. */
  writes(): number {
    const [row] = this.#rows("SELECT total_changes() AS writes");
    return Number(row?.writes);
  }

  /**
   * The newest first: of a stream, or of no stream, by when they were paid; else by when they came.
   *
   * @param filter `streamId` `""` lists what is booked on no link
   * @param cursor `nextCursor` of the page before
   */
  list(filter: LineFilter, limit: number, cursor: string | null): LinePage {
    const { streamId, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
    const state = filter.isUnknown ? "unknown" : filter.state;
    // Of our own words. An order that was split is told as invalid.
    const states = state === "invalid" ? "'invalid', 'split'" : `'${state}'`;
    const only = state ? `state IN (${states}) AND` : "";
    const [at, id] = (cursor ?? `${Number.MAX_SAFE_INTEGER}-${Number.MAX_SAFE_INTEGER}`).split("-");
    const rows =
      streamId === undefined
        ? this.#rows(
            `SELECT * FROM conversion WHERE ${only} id < ? ORDER BY id DESC LIMIT ?`,
            Number(id),
            limit + 1,
          )
        : this.#rows(
            `SELECT * FROM conversion WHERE ${only} stream_id = ? AND paid_at >= ? AND paid_at < ?
               AND (paid_at, id) < (?, ?) ORDER BY paid_at DESC, id DESC LIMIT ?`,
            streamId,
            from,
            to,
            Number(at),
            Number(id),
            limit + 1,
          );
    const lines = rows.slice(0, limit).map(lineOf);
    const last = lines.at(-1);
    return {
      lines,
      nextCursor: rows.length > limit && last ? `${last.paidAt ?? 0}-${last.id}` : null,
    };
  }

  /** Lines of these links whose state is not known, by the word that was said. */
  unknownOf(links: readonly string[], streamIds: readonly string[]): UnknownRow[] {
    return this.#rows(
      `SELECT platform, said->>1 AS status, count(DISTINCT order_id) AS orders FROM conversion
       WHERE state = 'unknown' AND stream_id IN (SELECT value FROM json_each(?))
         AND link IN (SELECT value FROM json_each(?))
       GROUP BY platform, status ORDER BY orders DESC, platform, status LIMIT 100`,
      JSON.stringify(streamIds),
      JSON.stringify(links),
    ).map((row) => ({
      platform: String(row.platform),
      status: String(row.status),
      orders: Number(row.orders),
    }));
  }

  /** Every line, by its place. */
  linesAfter(id: number, limit: number): StoredLine[] {
    return this.#rows("SELECT * FROM conversion WHERE id > ? ORDER BY id LIMIT ?", id, limit).map(
      lineOf,
    );
  }
}

/** Money in minor units. */
export interface StreamTotal {
  streamId: string;
  orders: number;
  gmv: number;
  refunds: number;
}

export interface UnknownRow {
  platform: string;
  status: string;
  orders: number;
}

export interface LineFilter {
  streamId?: string | undefined;
  /** Those alone whose state is not known. */
  isUnknown?: boolean | undefined;
  /** Those alone in this state. */
  state?: State | undefined;
  /** When they were paid, UTC ms, `to` excluded. */
  from?: number | undefined;
  to?: number | undefined;
}

export interface LinePage {
  lines: StoredLine[];
  nextCursor: string | null;
}

export interface TotalRow extends Omit<Delta, "streamId"> {
  rev: number;
}
