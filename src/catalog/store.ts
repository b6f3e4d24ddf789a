/**
 * @module The Catalog's tables as one thing. Imported by the Catalog object on its first use, so that the
 * isolate of a redirect never loads drizzle.
 */
import { and, count, desc, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { said } from "../lib/said.ts";
import type { Link, NewLink } from "../model/link.ts";
import type { NewStream, Stream } from "../model/stream.ts";
import { AuditLog } from "./audit.ts";
import { type ChangePage, changesSince, lastChange } from "./change-feed.ts";
import { Creators } from "./creators.ts";
import { type Database, openDatabase } from "./database.ts";
import { type Happened, happenedTo } from "./happened.ts";
import { forgetOld } from "./idempotency.ts";
import { Keys } from "./keys.ts";
import { Links } from "./links.ts";
import { Outbox } from "./outbox.ts";
import {
  type OfPromoter,
  ofPromoter,
  previousStream,
  type Reported,
  type ReportFilter,
  reported,
} from "./reporting.ts";
import type { Result } from "./results.ts";
import { Shares } from "./shares.ts";
import { Streams } from "./streams.ts";
import { links, outbox, states, streams } from "./tables.ts";
import { type WatchPage, watchedSince } from "./watching.ts";

export interface CatalogVitals {
  streams: number;
  links: number;
  outbox: number;
  pendingSpills: number;
  /** Of those, batches that no Counter takes, set aside. */
  spillsAside: number;
  /** When the oldest of the others was spilled, UTC ms. */
  oldestSpillAt: number | null;
  newest: { id: string; shards: number }[];
}

const tooWide: Result<never> = {
  ok: false,
  code: "invalid",
  pointer: "?streamId",
  detail: said(
    "These links are of more than 500 streams; name a stream, or a shorter time by from and to.",
    "这些链接分布在 500 场以上的直播里，请指定一场直播，或用 from、to 缩短时间。",
  ),
};

const tooManyLinks: Result<never> = {
  ok: false,
  code: "invalid",
  pointer: "/creator",
  detail: said(
    "This promoter has more than 50,000 links, which one settlement does not take.",
    "这位推广者的短链接超过 50,000 个，一张结算单装不下。",
  ),
};

export class Store {
  readonly #storage: DurableObjectStorage;
  readonly db: Database;
  readonly audit: AuditLog;
  readonly outbox: Outbox;
  readonly streams: Streams;
  readonly links: Links;
  readonly creators: Creators;
  readonly keys: Keys;
  readonly shares: Shares;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.db = openDatabase(storage);
    this.audit = new AuditLog(storage.sql);
    this.outbox = new Outbox(storage, this.db, this.audit);
    this.streams = new Streams(this.db, this.outbox);
    this.links = new Links(this.db, this.outbox, this.streams);
    this.creators = new Creators(this.db, this.outbox);
    this.keys = new Keys(this.db, this.outbox);
    this.shares = new Shares(this.db, this.outbox, this.streams);
  }

  /** A stream and its first link, both or neither. */
  createStreamWithLinks(
    stream: NewStream,
    newLinks: readonly NewLink[],
    by: string,
    now: number,
  ): Result<{ stream: Stream; links: Link[] }> {
    const taken = this.links.taken(newLinks);
    if (taken) return taken;
    // The two writes nest into one transaction.
    return this.#storage.transactionSync(() => {
      const created = this.streams.create(stream, by, now);
      const made = this.links.create(created.id, newLinks, by, now);
      if (!made.ok) throw new Error("a slug was taken between check and insertion");
      return { ok: true, value: { stream: created, links: made.value } };
    });
  }

  changesSince(seq: number): ChangePage {
    return changesSince(this.db, seq);
  }

  lastChange(): number {
    return lastChange(this.db);
  }

  watchedSince(seq: number): WatchPage {
    return watchedSince(this.db, seq);
  }

  reported(filter: ReportFilter): Result<Reported> {
    const found = filter.streamId === undefined ? null : this.streams.get(filter.streamId);
    if (found && !found.ok) return found;
    const value = reported(this.db, filter);
    if (!value) return tooWide;
    // A stream without links has a report too.
    if (found && value.streams.length === 0) value.streams.push(found.value);
    return { ok: true, value };
  }

  ofPromoter(creator: string): Result<OfPromoter> {
    const value = ofPromoter(this.db, creator);
    return value ? { ok: true, value } : tooManyLinks;
  }

  happened(streamId: string, from: number): Happened[] {
    return happenedTo(this.db, streamId, from);
  }

  previousStream(id: string): Stream | null {
    const found = this.streams.get(id);
    return found.ok ? previousStream(this.db, found.value) : null;
  }

  /** Forgets first answers that are kept no longer. */
  forgetAnswers(now: number): void {
    forgetOld(this.db, now);
  }

  /** A stream that was deleted before a moment and still has all it had, with every slug it ever had. */
  nextToPurge(deletedBefore: number): { stream: Stream; slugs: string[] } | null {
    const stream = this.db
      .select()
      .from(streams)
      .where(and(lt(streams.deletedAt, deletedBefore), isNull(streams.purgedAt)))
      .limit(1)
      .get();
    return stream
      ? { stream, slugs: this.streams.promotersOf(stream.id).map(({ slug }) => slug) }
      : null;
  }

  vitals(newest: number): Pick<CatalogVitals, "streams" | "links" | "outbox" | "newest"> {
    return {
      streams: this.#count(streams, isNull(streams.deletedAt)),
      links: this.#count(links, isNull(links.deletedAt)),
      outbox: this.#count(outbox),
      newest: this.db
        .select({ id: streams.id, shards: streams.shardsEver })
        .from(streams)
        .where(isNull(streams.deletedAt))
        .orderBy(desc(sql`rowid`))
        .limit(newest)
        .all(),
    };
  }

  #count(table: SQLiteTable, where?: SQL): number {
    const row = this.db.select({ count: count() }).from(table).where(where).get();
    return row?.count ?? 0;
  }

  readState<T>(name: string): T | undefined {
    const row = this.db.select().from(states).where(eq(states.name, name)).get();
    return row && (JSON.parse(row.value) as T);
  }

  writeState(name: string, state: unknown): void {
    const value = JSON.stringify(state);
    this.db
      .insert(states)
      .values({ name, value })
      .onConflictDoUpdate({ target: states.name, set: { value } })
      .run();
  }
}
