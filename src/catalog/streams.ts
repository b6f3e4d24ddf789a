/** @module The Catalog's streams. */

import { and, desc, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { definedOnly } from "../lib/records.ts";
import { said } from "../lib/said.ts";
import { partsOf } from "../lib/sql.ts";
import { linkKey, streamKey } from "../model/edge-records.ts";
import type { Link } from "../model/link.ts";
import { earlyEntry, endNoted } from "../model/phase.ts";
import { newStreamId, randomId } from "../model/slug.ts";
import type { NewStream, Stream, StreamChange } from "../model/stream.ts";
import { beginsAt, promotedBy } from "./conditions.ts";
import { type Database, matchesWords, notFound, page } from "./database.ts";
import { changed, created, type Outbox } from "./outbox.ts";
import type { Page, Result, StreamFilter } from "./results.ts";
import { links, shares, streams } from "./tables.ts";

/** Of a new stream, and of what is left of a purged one. */
const noBrandNorTarget = {
  brandName: null,
  brandLogo: null,
  brandColor: null,
  operatorName: null,
  filingNumber: null,
  targetViews: null,
  targetClicks: null,
  targetOrders: null,
  targetGmv: null,
} satisfies Partial<Stream>;

/** What a new stream has that says nothing else. */
const unset = {
  host: null,
  cover: null,
  startsAt: null,
  endsAt: null,
  endedAt: null,
  landing: "auto",
  durability: "fast",
  shards: 1,
  after: null,
  ...noBrandNorTarget,
  phase: null,
  deletedAt: null,
  purgedAt: null,
} satisfies Partial<Stream>;

/** Which streams are in which phase at a moment, as SQL (model/phase.ts). */
function phasesAt(now: number) {
  const started = sql`(${streams.startsAt} is null or ${streams.startsAt} - ${earlyEntry} <= ${now})`;
  const over = sql`(${streams.endsAt} is not null and ${streams.endsAt} <= ${now})`;
  const live = sql`(coalesce(${streams.phase} = 'live', ${started} and not ${over}))`;
  return { started, over, live };
}

/** Streams that have a link of these. */
function ofItsLinks(filter: StreamFilter): SQL | undefined {
  const wanted = promotedBy(filter);
  if (!wanted) return undefined;
  const own = and(sql`${links.streamId} = ${streams.id}`, isNull(links.deletedAt), wanted);
  return sql`exists (select 1 from ${links} where ${own})`;
}

const newSecret = () => randomId() + randomId();

export class Streams {
  readonly #db: Database;
  readonly #outbox: Outbox;

  constructor(db: Database, outbox: Outbox) {
    this.#db = db;
    this.#outbox = outbox;
  }

  create(input: NewStream, by: string, now: number): Stream {
    const row: Stream = {
      ...unset,
      ...definedOnly(input),
      id: newStreamId(),
      version: 1,
      shardsEver: input.shards ?? unset.shards,
      secret: newSecret(),
      createdAt: now,
      updatedAt: now,
    };
    return this.#outbox.write(by, now, () => {
      this.#db.insert(streams).values(row).run();
      return {
        tell: [created(streamKey(row.id))],
        audit: [{ action: "stream.created", target: row.id, after: row }],
        result: row,
      };
    });
  }

  get(id: string): Result<Stream> {
    const row = this.#db.select().from(streams).where(eq(streams.id, id)).get();
    return row && row.deletedAt === null ? { ok: true, value: row } : notFound(`stream ${id}`);
  }

  /** Those of these that are there, in no order. */
  named(ids: readonly string[]): Stream[] {
    const found: Stream[] = [];
    for (const part of partsOf([...new Set(ids)])) {
      const where = and(inArray(streams.id, part), isNull(streams.deletedAt));
      found.push(...this.#db.select().from(streams).where(where).all());
    }
    return found;
  }

  /** @param cursor `nextCursor` of the page before, in the same order */
  list(filter: StreamFilter, limit: number, cursor: string | null, now: number): Page<Stream> {
    const { started, over, live } = phasesAt(now);
    const phases: Record<NonNullable<StreamFilter["phase"]>, SQL | undefined> = {
      ended: or(eq(streams.phase, "ended"), and(isNull(streams.phase), over)),
      live,
      upcoming: and(isNull(streams.phase), sql`not ${started}`, sql`not ${over}`),
    };
    const { from, to } = filter;
    const where = and(
      filter.deleted
        ? and(isNotNull(streams.deletedAt), isNull(streams.purgedAt))
        : isNull(streams.deletedAt),
      filter.phase && phases[filter.phase],
      filter.q ? matchesWords(filter.q, [streams.title, streams.host, streams.id]) : undefined,
      filter.platform
        ? sql`exists (select 1 from json_each(${streams.destinations}) where value->>'platform' = ${filter.platform})`
        : undefined,
      ofItsLinks(filter),
      from === undefined ? undefined : sql`${beginsAt} >= ${from}`,
      to === undefined ? undefined : sql`${beginsAt} < ${to}`,
    );
    return filter.sort === "start"
      ? this.#byStart(where, live, limit, cursor)
      : this.#byMaking(where, limit, cursor);
  }

  #byMaking(where: SQL | undefined, limit: number, cursor: string | null): Page<Stream> {
    return page(
      this.#db
        .select({ row: streams, position: sql<number>`rowid` })
        .from(streams)
        .where(and(where, cursor === null ? undefined : lt(sql`rowid`, Number(cursor))))
        .orderBy(desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  /** A place in this order is whether it is live, when it begins, and its row. */
  #byStart(
    where: SQL | undefined,
    live: SQL | undefined,
    limit: number,
    cursor: string | null,
  ): Page<Stream> {
    const isLive = sql<number>`(${live})`;
    const [wasLive, at, row] = (cursor ?? "").split(":").map(Number);
    const after =
      cursor === null
        ? undefined
        : sql`(${isLive}, ${beginsAt}, rowid) < (${wasLive ?? 0}, ${at ?? 0}, ${row ?? 0})`;
    return page(
      this.#db
        .select({
          row: streams,
          position: sql<string>`${isLive} || ':' || ${beginsAt} || ':' || rowid`,
        })
        .from(streams)
        .where(and(where, after))
        .orderBy(desc(isLive), desc(beginsAt), desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  change(id: string, change: StreamChange, by: string, now: number): Result<Stream> {
    const found = this.get(id);
    if (!found.ok) return found;
    const before = found.value;
    const after = { ...before, ...definedOnly(change) };
    if (!after.destinations.some(({ platform }) => platform === after.primary)) {
      // A primary that was not asked for follows the new list; one that was is a mistake to name.
      if (change.primary !== undefined) {
        return {
          ok: false,
          code: "invalid",
          pointer: "/primary",
          detail: said(
            `No destination of the stream is on ${change.primary}.`,
            `这场直播在 ${change.primary} 上没有目标链接。`,
          ),
        };
      }
      after.primary = after.destinations[0]?.platform ?? after.primary;
    }
    if (after.startsAt !== null && after.endsAt !== null && after.endsAt <= after.startsAt) {
      return {
        ok: false,
        code: "invalid",
        pointer: "/endsAt",
        detail: said("endsAt must be later than startsAt.", "endsAt 必须晚于 startsAt。"),
      };
    }
    after.endedAt = endNoted(before, after, now);
    after.shardsEver = Math.max(before.shardsEver, after.shards);
    after.version = before.version + 1;
    after.updatedAt = now;
    return this.#outbox.write(by, now, () => {
      this.#db.update(streams).set(after).where(eq(streams.id, id)).run();
      return {
        tell: [changed(streamKey(id))],
        audit: [{ action: "stream.changed", target: id, before, after }],
        result: { ok: true, value: after },
      };
    });
  }

  /** Deletes a stream with its links. Their slugs stay used: they answer 410 from now on. */
  delete(id: string, by: string, now: number): Result<{ stream: Stream; links: Link[] }> {
    const found = this.get(id);
    if (!found.ok) return found;
    const { value: before } = found;
    const stream: Stream = {
      ...before,
      deletedAt: now,
      updatedAt: now,
      version: before.version + 1,
    };
    return this.#outbox.write(by, now, () => {
      this.#db.update(streams).set(stream).where(eq(streams.id, id)).run();
      const deleted = this.#db
        .update(links)
        .set({ deletedAt: now, updatedAt: now, version: sql`${links.version} + 1` })
        .where(and(eq(links.streamId, id), isNull(links.deletedAt)))
        .returning()
        .all();
      return {
        // The stream's own tombstone is enough for isolates that know it.
        tell: [changed(streamKey(id)), ...deleted.map(({ slug }) => created(linkKey(slug)))],
        audit: [
          { action: "stream.deleted", target: id, before },
          ...deleted.map((link) => ({
            action: "link.deleted" as const,
            target: link.slug,
            before: { ...link, deletedAt: null },
          })),
        ],
        result: { ok: true, value: { stream, links: deleted } },
      };
    });
  }

  /**
   * Undoes a deletion while all that the stream had is kept: the stream, and the links that were deleted with it.
   *
   * @param deletedAfter UTC ms: what was deleted before is being purged, or may be at any moment
   */
  restore(
    id: string,
    by: string,
    now: number,
    deletedAfter: number,
  ): Result<{ stream: Stream; links: Link[] }> {
    const row = this.#db.select().from(streams).where(eq(streams.id, id)).get();
    if (!row) return notFound(`stream ${id}`);
    const { deletedAt } = row;
    if (deletedAt === null) return { ok: true, value: { stream: row, links: [] } };
    if (deletedAt < deletedAfter || row.purgedAt !== null) return notFound(`stream ${id}`);
    const stream: Stream = { ...row, deletedAt: null, updatedAt: now, version: row.version + 1 };
    return this.#outbox.write(by, now, () => {
      this.#db.update(streams).set(stream).where(eq(streams.id, id)).run();
      const restored = this.#db
        .update(links)
        .set({ deletedAt: null, updatedAt: now, version: sql`${links.version} + 1` })
        .where(and(eq(links.streamId, id), eq(links.deletedAt, deletedAt)))
        .returning()
        .all();
      return {
        tell: [changed(streamKey(id)), ...restored.map(({ slug }) => changed(linkKey(slug)))],
        audit: [
          { action: "stream.restored", target: id, after: stream },
          ...restored.map((link) => ({
            action: "link.restored" as const,
            target: link.slug,
            after: link,
          })),
        ],
        result: { ok: true, value: { stream, links: restored } },
      };
    });
  }

  /** What stays of a deleted stream: that it was there, and its slugs, which are never given out again. */
  purge(stream: Stream, now: number): void {
    const { id } = stream;
    this.#outbox.write("system", now, () => {
      const nothing = { title: "", host: null, cover: null, destinations: [], after: null };
      const own = { purgedAt: now, updatedAt: now, version: stream.version + 1 };
      this.#db
        .update(streams)
        .set({ ...nothing, ...noBrandNorTarget, ...own, secret: newSecret() })
        .where(and(eq(streams.id, id), isNotNull(streams.deletedAt)))
        .run();
      const left = this.#db
        .update(links)
        .set({
          ...{ creatorId: null, creator: null, channel: null, channelClass: null, campaign: null },
          ...{
            tags: [],
            destinations: null,
            promotedUntil: null,
            note: null,
            externalId: null,
            promotion: null,
          },
          updatedAt: now,
          version: sql`${links.version} + 1`,
        })
        .where(eq(links.streamId, id))
        .returning({ slug: links.slug })
        .all();
      this.#db.delete(shares).where(eq(shares.streamId, id)).run();
      return {
        tell: [created(streamKey(id)), ...left.map(({ slug }) => created(linkKey(slug)))],
        audit: [{ action: "stream.purged", target: id }],
        result: null,
      };
    });
  }

  /** Who stands behind each slug of a stream, deleted ones too: their counts remain. */
  promotersOf(streamId: string): Pick<Link, "slug" | "creator" | "channel">[] {
    return this.#db
      .select({ slug: links.slug, creator: links.creator, channel: links.channel })
      .from(links)
      .where(eq(links.streamId, streamId))
      .all();
  }

  /** Changes whenever the stream or one of its links does. */
  revOf(stream: Stream): string {
    const row = this.#db
      .select({ rev: sql<number>`coalesce(sum(${links.version}), 0)` })
      .from(links)
      .where(eq(links.streamId, stream.id))
      .get();
    return `${stream.version}.${row?.rev ?? 0}`;
  }
}
