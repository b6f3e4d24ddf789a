/**
 * @module The Catalog's rows as an export has them, and their way back in. A stream's beacon secret is left
 * out and made anew; a key's digest goes along, so that keys go on working, and says nothing of the key.
 */
import { asc, eq, gt, inArray, sql } from "drizzle-orm";
import { recordOf } from "../lib/records.ts";
import { partsOf } from "../lib/sql.ts";
import type { Audited } from "../model/audit-entry.ts";
import { type CreatorRecord, creatorKey } from "../model/creator.ts";
import { linkKey, streamKey } from "../model/edge-records.ts";
import { randomId } from "../model/slug.ts";
import type { Database } from "./database.ts";
import { rowOf } from "./link-row.ts";
import { created, followed, type Tell } from "./outbox.ts";
import { audit, creators, keys, links, streams } from "./tables.ts";

/** Of each table all columns but those named. */
export interface Archived {
  stream: Omit<typeof streams.$inferSelect, "secret">;
  link: Omit<typeof links.$inferSelect, "creatorId" | "promotedUntil">;
  creator: CreatorRecord;
  key: typeof keys.$inferSelect;
  /** Which import brought an entry is for where it was brought to say. */
  audit: Omit<typeof audit.$inferSelect, "seq" | "importId">;
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
      .map(({ row: { creatorId: _, promotedUntil: __, ...row }, at }) => ({ row, at })),
  creator: (db, after) =>
    db
      .select({ row: creators, at: rowid })
      .from(creators)
      .where(gt(rowid, after))
      .orderBy(asc(rowid))
      .limit(pageSize)
      .all(),
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
      .map(({ seq, importId: _, ...row }) => ({ row, at: seq })),
};

export interface Restored {
  /** Rows that came, by their place. */
  taken: number[];
  known: number;
  /** Rows that name a stream which is not there, by their place. */
  orphans: number[];
}

/** Takes rows that are not known yet, and says in the log which. To be called inside one transaction. */
export function restore<K extends ArchivedKind>(
  db: Database,
  kind: K,
  rows: readonly Archived[K][],
  importId: string,
): { result: Restored; tell: Tell[]; audit: Audited[] } {
  const result: Restored = { taken: [], known: 0, orphans: [] };
  const tell: Tell[] = [];
  const taken: Archived[K][] = [];
  for (const [index, row] of rows.entries()) {
    const outcome = writing[kind](db, row as never, importId);
    if (outcome === "orphan") result.orphans.push(index);
    else if (outcome === null) result.known += 1;
    else {
      result.taken.push(index);
      tell.push(...outcome);
      taken.push(row);
    }
  }
  return { result, tell, audit: saying(importId, kind, taken) };
}

/** What the log says of each row that came, where it is to be known which. */
const named: { [K in ArchivedKind]?: (row: Archived[K]) => unknown } = {
  stream: ({ id }) => id,
  key: ({ id, name, scopes, expiresAt }) => ({ id, name, scopes, expiresAt }),
};
/** Rows that one entry names. */
const namedAtMost = 100;

function saying<K extends ArchivedKind>(
  importId: string,
  kind: K,
  taken: readonly Archived[K][],
): Audited[] {
  if (taken.length === 0) return [];
  const name = named[kind];
  const entry = (after: object): Audited => ({ action: "imported", target: importId, after });
  if (!name) return [entry(recordOf([[kind, taken.length]]))];
  const entries: Audited[] = [];
  for (let start = 0; start < taken.length; start += namedAtMost) {
    entries.push(entry(recordOf([[kind, taken.slice(start, start + namedAtMost).map(name)]])));
  }
  return entries;
}

/** What rows of an export may belong to. */
export interface Owners {
  streams: { id: string; shardsEver: number; isPurged: boolean }[];
  links: { slug: string; streamId: string }[];
}

/** Which of these are here, deleted ones too. */
export function ownersOf(
  db: Database,
  { streamIds, slugs }: { streamIds: readonly string[]; slugs: readonly string[] },
): Owners {
  const { id, shardsEver, purgedAt } = streams;
  const { slug, streamId } = links;
  return {
    streams: [...partsOf(streamIds)]
      .flatMap((part) =>
        db.select({ id, shardsEver, purgedAt }).from(streams).where(inArray(id, part)).all(),
      )
      .map((row) => ({ ...row, isPurged: row.purgedAt !== null })),
    links: [...partsOf(slugs)].flatMap((part) =>
      db.select({ slug, streamId }).from(links).where(inArray(slug, part)).all(),
    ),
  };
}

/** What is to be told; `null` when the row is known. */
const writing: {
  [K in ArchivedKind]: (
    db: Database,
    row: Archived[K],
    importId: string,
  ) => Tell[] | null | "orphan";
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
    db.insert(links).values(rowOf(row)).run();
    return [created(linkKey(row.slug))];
  },
  creator: (db, row) =>
    db.insert(creators).values(row).onConflictDoNothing().returning({ id: creators.id }).get()
      ? [followed(creatorKey(row.id))]
      : null,
  key: (db, row) =>
    db.insert(keys).values(row).onConflictDoNothing().returning({ id: keys.id }).get() ? [] : null,
  // An entry of the file never looks like one of what happened here.
  audit: (db, row, importId) =>
    db
      .insert(audit)
      .values({ ...row, importId })
      .onConflictDoNothing()
      .returning({ id: audit.id })
      .get()
      ? []
      : null,
};
