/**
 * @module Going back to a release that knows no ring: all of a Counter into the tables that every release reads, and
 * its store's number as that release knows it. This release then leaves the store alone for a while, in which the
 * earlier one is deployed; after that it takes it up again as it would any old store.
 */
import { readNumber, type Sql, writeMeta } from "../../lib/sql.ts";
import { readPut } from "./publisher.ts";

/** The last migration of a store that has no ring. */
export const withoutRing = 3;
/** How long a store is left alone, ms. */
export const leftAloneForMs = 15 * 60_000;

/** The store waits for an earlier release: batches that come meanwhile are spilled, and delivered by whichever release takes it up. */
export class FoldedBack extends Error {
  constructor(until: number) {
    super(
      `This Counter was folded back for an earlier release; this one takes it up again at ${new Date(until).toISOString()}.`,
    );
  }
}

/** To be called inside one transaction, with nothing left to fold. */
export function foldBack(sql: Sql, now: number): void {
  const { rev, startedAt } = readPut(sql);
  writeMeta(sql, "put_rev", rev);
  writeMeta(sql, "put_started_at", startedAt);
  sql.exec("DELETE FROM meta WHERE name = 'put'");
  sql.exec("DROP TABLE ring");
  sql.exec("DELETE FROM migration WHERE number > ?", withoutRing);
  waitAnew(sql, now);
}

/** One that waits already waits anew: who asks twice goes back that much later. */
export const waitAnew = (sql: Sql, now: number): void => writeMeta(sql, "folded_back_at", now);

/** Until when the store waits for an earlier release; `null` when it waits for none. */
export function waitsUntil(sql: Sql, now: number): number | null {
  const tables = sql.exec("SELECT 1 AS one FROM sqlite_master WHERE name = 'meta'").toArray();
  if (tables.length === 0) return null;
  const at = readNumber(sql, "folded_back_at");
  // One that lies ahead is of a clock that was set back since: the store is not waited for then.
  const until = at + leftAloneForMs;
  return at > 0 && at <= now && now < until ? until : null;
}

/** @throws {FoldedBack} while the store waits for an earlier release */
export function refuseFoldedBack(sql: Sql, now: number): void {
  const until = waitsUntil(sql, now);
  if (until !== null) throw new FoldedBack(until);
}
