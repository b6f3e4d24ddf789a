/**
 * @module The Catalog's rows as an export has them, and their way back in. A stream's beacon secret is left
 * out and made anew; a key's digest goes along, so that keys go on working, and says nothing of the key.
 */
import { asc, eq, gt, inArray, sql } from "drizzle-orm";
import { note } from "./audit.ts";
import type { AuditEntry } from "./audited.ts";
import type { Database } from "./database.ts";
import type { Key } from "./keys.ts";
import type { Link, Stream } from "./model.ts";
import { created, type Tell } from "./outbox.ts";
import { linkKey, streamKey } from "./records.ts";
import { randomId } from "./slug.ts";
import { audit, keys, links, streams } from "./tables.ts";

export interface Archived {
  stream: Omit<Stream, "secret">;
  link: Link;
  key: Key & { digest: string };
  audit: Omit<AuditEntry, "seq">;
}
export type ArchivedKind = keyof Archived;

export interface Dump<T> {
  rows: T[];
  /** Where the next page begins; `null` at the end. */
  next: number | null;
}

const pageSize = 200;
const rowid = sql<number>`rowid`;

/** A page of one kind, the oldest first; deleted ones too, whose slugs stay used. */
export function dump<K extends ArchivedKind>(
  db: Database,
  kind: K,
  after: number,
): Dump<Archived[K]> {
  const rows = reading[kind](db, after);
  const last = rows.at(-1);
  return {
    rows: rows.map(({ row }) => row) as Archived[K][],
    next: rows.length === pageSize && last ? last.at : null,
  };
}

type Read = (db: Database, after: number) => { row: Archived[ArchivedKind]; at: number }[];
const reading: Record<ArchivedKind, Read> = {
  stream: (db, after) =>
    db
      .select({ row: streams, at: rowid })
      .from(streams)
      .where(gt(rowid, after))
      .orderBy(asc(rowid))
      .limit(pageSize)
      .all()
      .map(({ row: { secret: _, ...row }, at }) => ({ row, at })),
  link: (db, after) =>
    db
      .select({ row: links, at: rowid })
      .from(links)
      .where(gt(rowid, after))
      .orderBy(asc(rowid))
      .limit(pageSize)
      .all()
      .map(({ row: { creatorId: _, ...row }, at }) => ({ row, at })),
  key: (db, after) =>
    db
      .select({ row: keys, at: rowid })
      .from(keys)
      .where(gt(rowid, after))
      .orderBy(asc(rowid))
      .limit(pageSize)
      .all(),
  audit: (db, after) =>
    db
      .select()
      .from(audit)
      .where(gt(audit.seq, after))
      .orderBy(asc(audit.seq))
      .limit(pageSize)
      .all()
      .map(({ seq, ...row }) => ({ row, at: seq })),
};

export interface Restored {
  taken: number;
  known: number;
  /** Rows that name a stream which is not there, by their place. */
  orphans: number[];
}

/** Takes rows that are not known yet. To be called inside one transaction. */
export function restore<K extends ArchivedKind>(
  db: Database,
  kind: K,
  rows: readonly Archived[K][],
): { result: Restored; tell: Tell[] } {
  const result: Restored = { taken: 0, known: 0, orphans: [] };
  const tell: Tell[] = [];
  for (const [index, row] of rows.entries()) {
    const outcome = writing[kind](db, row as never);
    if (outcome === "orphan") result.orphans.push(index);
    else if (outcome === null) result.known += 1;
    else {
      result.taken += 1;
      tell.push(...outcome);
    }
  }
  return { result, tell };
}

/** What is to be told; `null` when the row is known. */
const writing: {
  [K in ArchivedKind]: (db: Database, row: Archived[K]) => Tell[] | null | "orphan";
} = {
  stream(db, row) {
    if (db.select({ id: streams.id }).from(streams).where(eq(streams.id, row.id)).get())
      return null;
    db.insert(streams)
      .values({ ...row, secret: randomId() + randomId() })
      .run();
    return [created(streamKey(row.id))];
  },
  link(db, row) {
    if (db.select({ slug: links.slug }).from(links).where(eq(links.slug, row.slug)).get()) {
      return null;
    }
    const [stream] = db
      .select({ id: streams.id })
      .from(streams)
      .where(inArray(streams.id, [row.streamId]))
      .all();
    if (!stream) return "orphan";
    db.insert(links)
      .values({ ...row, creatorId: row.creator?.id ?? null })
      .run();
    return [created(linkKey(row.slug))];
  },
  key: (db, row) =>
    db.insert(keys).values(row).onConflictDoNothing().returning({ id: keys.id }).get() ? [] : null,
  audit: (db, row) =>
    db.insert(audit).values(row).onConflictDoNothing().returning({ id: audit.id }).get()
      ? []
      : null,
};

/** Notes an import in the log, when it changed something. */
export function noteImport(
  db: Database,
  by: string,
  now: number,
  kind: string,
  taken: number,
): void {
  if (taken > 0) note(db, by, now, [{ action: "imported", target: kind, after: { taken } }]);
}
