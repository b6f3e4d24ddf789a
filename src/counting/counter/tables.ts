/** @module Writing what was committed into the Counter's tables: each row once, however many commits touched it. */
import { readNumber, type Sql, writeMeta } from "../../lib/sql.ts";
import { metrics } from "../event.ts";
import { type Upsert, upsert, writeAdded } from "./rows.ts";
import type { Unfolded } from "./unfolded.ts";

const linkUpsert: Upsert = {
  into: `link (slug, ${metrics.join(", ")})`,
  onConflict: `(slug) DO UPDATE SET ${metrics.map((metric) => `${metric} = ${metric} + excluded.${metric}`).join(", ")}`,
  columns: 1 + metrics.length,
};
const prefetchUpsert: Upsert = {
  into: "prefetch (app, count)",
  onConflict: "(app) DO UPDATE SET count = count + excluded.count",
  columns: 2,
};
const producerUpsert: Upsert = {
  into: "producer (id, seq, seen_at)",
  onConflict: "(id) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at",
  columns: 3,
};

/** What a ledger stands on. */
export interface LedgerStore {
  sql: Sql;
  transaction<T>(run: () => T): T;
}

/** Which state the tables are of. */
export interface Numbers {
  rev: number;
  /** When it came to be, UTC ms. */
  changedAt: number;
}

/** To be called inside one transaction. */
export function writeNumbers(sql: Sql, { rev, changedAt }: Numbers): void {
  writeMeta(sql, "rev", rev);
  writeMeta(sql, "changed_at", changedAt);
}

/** A fold: what is written, and the number of the state that it makes of the tables, in one transaction or not at all. */
export function foldInto(store: LedgerStore, numbers: Numbers, write: () => void): void {
  store.transaction(() => {
    write();
    writeNumbers(store.sql, numbers);
  });
}

/** To be called inside a fold. */
export function writeUnfolded(sql: Sql, unfolded: Unfolded): void {
  const { producers, links, added, prefetches, lost } = unfolded;
  upsert(
    sql,
    producerUpsert,
    [...producers].map(([id, { seq, seenAt }]) => [id, seq, seenAt]),
  );
  upsert(
    sql,
    linkUpsert,
    [...links].map(([slug, totals]) => [slug, ...metrics.map((metric) => totals[metric])]),
  );
  writeAdded(sql, added);
  upsert(sql, prefetchUpsert, [...prefetches]);
  if (lost > 0) writeMeta(sql, "lost", readNumber(sql, "lost") + lost);
}
