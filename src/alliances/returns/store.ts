/** @module The table of who came back: by link, day, account, and by what was asked about. Figures are those of a day up to when it was asked. */
import type { Sql, SqlRow } from "../../lib/sql.ts";
import type { Arrivals, ReturnReport } from "../adapter.ts";

type Source = ReturnReport["source"];

/** What was asked about, of which link, on which day (in Beijing, `2026-11-25`), by which account. */
export interface Asked {
  slug: string;
  stream: string;
  day: string;
  source: Source;
  connection: string;
  /** The 口令; the 推客 and the room. */
  key: string;
}

export interface Returned extends Asked, Arrivals {
  /** UTC ms */
  asOf: number;
}

export class ReturnedStore {
  readonly #sql: Sql;

  /** @param sql of a store that `migrateConnections` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The day's figures are what was told last: they are sums of the day. */
  put({ slug, stream, day, source, connection, key }: Asked, { pv, uv }: Arrivals, at: number) {
    this.#sql.exec(
      `INSERT INTO returned (slug, day, source, connection, key, stream, pv, uv, as_of, asked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET pv = excluded.pv, uv = excluded.uv, as_of = excluded.as_of, asked_at = excluded.asked_at`,
      ...[slug, day, source, connection, key, stream, pv, uv, at, at],
    );
  }

  /** It was asked about in vain: what was told before stays. */
  noteAsked({ slug, stream, day, source, connection, key }: Asked, at: number): void {
    this.#sql.exec(
      `INSERT INTO returned (slug, day, source, connection, key, stream, asked_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at`,
      ...[slug, day, source, connection, key, stream, at],
    );
  }

  /** When an account asked about each link last, from a day on. */
  askedSince(connection: string, day: string): Map<string, number> {
    return new Map(
      this.#rows(
        "SELECT slug, max(asked_at) AS at FROM returned WHERE day >= ? AND connection = ? GROUP BY slug",
        day,
        connection,
      ).map(({ slug, at }) => [String(slug), Number(at)]),
    );
  }

  /** All that was told of a stream's links. */
  ofStream(stream: string): Returned[] {
    return this.#rows(
      `SELECT slug, stream, day, source, connection, key, pv, uv, as_of FROM returned
       WHERE stream = ? AND as_of IS NOT NULL ORDER BY slug, source, day`,
      stream,
    ).map((row) => ({
      slug: String(row.slug),
      stream: String(row.stream),
      day: String(row.day),
      source: String(row.source) as Source,
      connection: String(row.connection),
      key: String(row.key),
      pv: Number(row.pv),
      uv: Number(row.uv),
      asOf: Number(row.as_of),
    }));
  }

  /** Forgets the days before one. */
  forgetBefore(day: string): void {
    this.#sql.exec("DELETE FROM returned WHERE day < ?", day);
  }

  #rows(query: string, ...bindings: string[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}
