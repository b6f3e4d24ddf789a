/**
 * @module The Catalog's queries (drizzle). Imported by the Catalog object on its first use, so that the
 * isolate of a redirect never loads it.
 */
import { and, desc, eq, inArray, isNull, lt, lte, or, type SQL, sql } from "drizzle-orm";
import { type DrizzleSqliteDODatabase, drizzle } from "drizzle-orm/durable-sqlite";
import type { Edit } from "../counting/batch.ts";
import { earlyEntry } from "../edge/phase.ts";
import { linkRecord, streamRecord } from "./edge-copy.ts";
import { migrate } from "./migrate.ts";
import type {
  CatalogFailure,
  Link,
  LinkChange,
  LinkFilter,
  NewLink,
  NewStream,
  Page,
  Result,
  Stream,
  StreamChange,
  StreamFilter,
} from "./model.ts";
import { linkKey, streamKey } from "./records.ts";
import { newSlug, newStreamId, randomId, reservedSlugs } from "./slug.ts";
import { links, outbox, states, streams } from "./tables.ts";

/** One record that one target is not known to have. */
export interface Due {
  key: string;
  target: "kv" | "counters";
  attempts: number;
}

interface Tell {
  key: string;
  targets: readonly Due["target"][];
}

/** A new record is nowhere yet, so only KV must have it; a changed one may be in isolates that count. */
const created = (key: string): Tell => ({ key, targets: ["kv"] });
const changed = (key: string): Tell => ({ key, targets: ["kv", "counters"] });

const notFound = (what: string): CatalogFailure => ({
  ok: false,
  code: "not_found",
  detail: `There is no ${what}.`,
});

/** Durable Object SQLite takes at most 100 bound parameters a statement. */
const boundParameters = 100;

export class Store {
  readonly #storage: DurableObjectStorage;
  readonly db: DrizzleSqliteDODatabase;

  constructor(storage: DurableObjectStorage) {
    migrate(storage);
    this.#storage = storage;
    this.db = drizzle(storage);
  }

  // Streams

  createStream(input: NewStream, now: number): Stream {
    const row: Stream = {
      id: newStreamId(),
      version: 1,
      title: input.title,
      host: input.host ?? null,
      cover: null,
      startsAt: input.startsAt ?? null,
      endsAt: input.endsAt ?? null,
      timezone: input.timezone,
      destinations: input.destinations,
      primary: input.primary,
      landing: input.landing ?? "auto",
      durability: input.durability ?? "fast",
      shards: input.shards ?? 1,
      shardsEver: input.shards ?? 1,
      after: input.after ?? null,
      phase: null,
      secret: randomId() + randomId(),
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    return this.#write(now, () => {
      this.db.insert(streams).values(row).run();
      return { tell: [created(streamKey(row.id))], result: row };
    });
  }

  /** A stream and its first link, both or neither. */
  createStreamWithLinks(
    stream: NewStream,
    newLinks: readonly NewLink[],
    now: number,
  ): Result<{ stream: Stream; links: Link[] }> {
    const taken = this.#takenSlugs(newLinks);
    if (taken) return taken;
    // The two writes nest into one transaction.
    return this.#storage.transactionSync(() => {
      const created = this.createStream(stream, now);
      const made = this.createLinks(created.id, newLinks, now);
      if (!made.ok) throw new Error("a slug was taken between check and insertion");
      return { ok: true, value: { stream: created, links: made.value } };
    });
  }

  stream(id: string): Result<Stream> {
    const row = this.db.select().from(streams).where(eq(streams.id, id)).get();
    return row && row.deletedAt === null ? { ok: true, value: row } : notFound(`stream ${id}`);
  }

  listStreams(
    filter: StreamFilter,
    limit: number,
    cursor: number | null,
    now: number,
  ): Page<Stream> {
    const started = sql`(${streams.startsAt} is null or ${streams.startsAt} - ${earlyEntry} <= ${now})`;
    const over = sql`(${streams.endsAt} is not null and ${streams.endsAt} <= ${now})`;
    const phases: Record<NonNullable<StreamFilter["phase"]>, SQL | undefined> = {
      ended: or(eq(streams.phase, "ended"), and(isNull(streams.phase), over)),
      live: or(eq(streams.phase, "live"), and(isNull(streams.phase), started, sql`not ${over}`)),
      upcoming: and(isNull(streams.phase), sql`not ${started}`, sql`not ${over}`),
    };
    return page(
      this.db
        .select({ row: streams, position: sql<number>`rowid` })
        .from(streams)
        .where(
          and(
            isNull(streams.deletedAt),
            filter.phase && phases[filter.phase],
            filter.q ? matches(filter.q, [streams.title, streams.host, streams.id]) : undefined,
            cursor === null ? undefined : lt(sql`rowid`, cursor),
          ),
        )
        .orderBy(desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  changeStream(id: string, change: StreamChange, now: number): Result<Stream> {
    const found = this.stream(id);
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
          detail: `No destination of the stream is on ${change.primary}.`,
        };
      }
      after.primary = after.destinations[0]?.platform ?? after.primary;
    }
    if (after.startsAt !== null && after.endsAt !== null && after.endsAt <= after.startsAt) {
      return {
        ok: false,
        code: "invalid",
        pointer: "/endsAt",
        detail: "endsAt must be later than startsAt.",
      };
    }
    after.shardsEver = Math.max(before.shardsEver, after.shards);
    after.version = before.version + 1;
    after.updatedAt = now;
    return this.#write(now, () => {
      this.db.update(streams).set(after).where(eq(streams.id, id)).run();
      return { tell: [changed(streamKey(id))], result: { ok: true, value: after } };
    });
  }

  /** Deletes a stream with its links. Their slugs stay used: they answer 410 from now on. */
  deleteStream(id: string, now: number): Result<{ stream: Stream; links: Link[] }> {
    const found = this.stream(id);
    if (!found.ok) return found;
    const { value: before } = found;
    const stream: Stream = {
      ...before,
      deletedAt: now,
      updatedAt: now,
      version: before.version + 1,
    };
    return this.#write(now, () => {
      this.db.update(streams).set(stream).where(eq(streams.id, id)).run();
      const deleted = this.db
        .update(links)
        .set({ deletedAt: now, updatedAt: now, version: sql`${links.version} + 1` })
        .where(and(eq(links.streamId, id), isNull(links.deletedAt)))
        .returning()
        .all();
      return {
        // The stream's own tombstone is enough for isolates that know it.
        tell: [changed(streamKey(id)), ...deleted.map(({ slug }) => created(linkKey(slug)))],
        result: { ok: true, value: { stream, links: deleted } },
      };
    });
  }

  // Links

  /** All or nothing: one taken slug refuses them all, and every taken one is named. */
  createLinks(streamId: string, input: readonly NewLink[], now: number): Result<Link[]> {
    const stream = this.stream(streamId);
    if (!stream.ok) return stream;
    const taken = this.#takenSlugs(input);
    if (taken) return taken;
    return this.#write(now, () => {
      const used = new Set(input.flatMap(({ slug }) => slug ?? []));
      const rows = input.map((link): Link => {
        const slug = link.slug ?? this.#freeSlug(used);
        used.add(slug);
        return {
          slug,
          version: 1,
          streamId,
          creator: link.creator ?? null,
          channel: link.channel ?? null,
          channelClass: link.channelClass ?? null,
          campaign: link.campaign ?? null,
          tags: link.tags ?? [],
          destinations: link.destinations ?? null,
          primary: link.primary ?? null,
          expiresAt: link.expiresAt ?? null,
          note: link.note ?? null,
          externalId: link.externalId ?? null,
          promotion: link.promotion ?? null,
          disabled: false,
          createdAt: now,
          updatedAt: now,
          deletedAt: null,
        };
      });
      for (const row of rows) {
        this.db
          .insert(links)
          .values({ ...row, creatorId: row.creator?.id ?? null })
          .run();
      }
      return {
        tell: rows.map(({ slug }) => created(linkKey(slug))),
        result: { ok: true, value: rows },
      };
    });
  }

  link(slug: string): Result<Link> {
    const row = this.db.select().from(links).where(eq(links.slug, slug)).get();
    return row && row.deletedAt === null ? { ok: true, value: row } : notFound(`link ${slug}`);
  }

  listLinks(filter: LinkFilter, limit: number, cursor: number | null): Page<Link> {
    return page(
      this.db
        .select({ row: links, position: sql<number>`rowid` })
        .from(links)
        .where(
          and(
            isNull(links.deletedAt),
            filter.streamId ? eq(links.streamId, filter.streamId) : undefined,
            filter.creator ? eq(links.creatorId, filter.creator) : undefined,
            filter.channel ? eq(links.channel, filter.channel) : undefined,
            filter.campaign ? eq(links.campaign, filter.campaign) : undefined,
            filter.tag
              ? sql`exists (select 1 from json_each(${links.tags}) where value = ${filter.tag})`
              : undefined,
            filter.q
              ? matches(filter.q, [
                  links.slug,
                  sql`json_extract(${links.creator}, '$.name')`,
                  links.creatorId,
                  links.channel,
                  links.campaign,
                  links.note,
                  links.externalId,
                ])
              : undefined,
            cursor === null ? undefined : lt(sql`rowid`, cursor),
          ),
        )
        .orderBy(desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  changeLink(slug: string, change: LinkChange, now: number): Result<Link> {
    const found = this.link(slug);
    if (!found.ok) return found;
    const after: Link = { ...found.value, ...definedOnly(change) };
    const stream = this.stream(after.streamId);
    if (!stream.ok) return stream;
    const choices = [...(after.destinations ?? []), ...stream.value.destinations];
    if (after.primary !== null && !choices.some(({ platform }) => platform === after.primary)) {
      return {
        ok: false,
        code: "invalid",
        pointer: "/primary",
        detail: `Neither the link nor its stream has a destination on ${after.primary}.`,
      };
    }
    after.version = found.value.version + 1;
    after.updatedAt = now;
    return this.#write(now, () => {
      this.db
        .update(links)
        .set({ ...after, creatorId: after.creator?.id ?? null })
        .where(eq(links.slug, slug))
        .run();
      return { tell: [changed(linkKey(slug))], result: { ok: true, value: after } };
    });
  }

  deleteLink(slug: string, now: number): Result<Link> {
    const found = this.link(slug);
    if (!found.ok) return found;
    const after: Link = {
      ...found.value,
      deletedAt: now,
      updatedAt: now,
      version: found.value.version + 1,
    };
    return this.#write(now, () => {
      this.db.update(links).set(after).where(eq(links.slug, slug)).run();
      return { tell: [changed(linkKey(slug))], result: { ok: true, value: after } };
    });
  }

  /** Who stands behind each slug of a stream, deleted ones too: their counts remain. */
  promotersOf(streamId: string): Pick<Link, "slug" | "creator" | "channel">[] {
    return this.db
      .select({ slug: links.slug, creator: links.creator, channel: links.channel })
      .from(links)
      .where(eq(links.streamId, streamId))
      .all();
  }

  /** Changes whenever the stream or one of its links does. */
  revOf(stream: Stream): string {
    const row = this.db
      .select({ rev: sql<number>`coalesce(sum(${links.version}), 0)` })
      .from(links)
      .where(eq(links.streamId, stream.id))
      .get();
    return `${stream.version}.${row?.rev ?? 0}`;
  }

  // The outbox

  due(now: number, limit: number): Due[] {
    return this.db
      .select({ key: outbox.key, target: outbox.target, attempts: outbox.attempts })
      .from(outbox)
      .where(lte(outbox.dueAt, now))
      .orderBy(outbox.dueAt)
      .limit(limit)
      .all();
  }

  nextDue(): number | null {
    return (
      this.db
        .select({ at: sql<number | null>`min(${outbox.dueAt})` })
        .from(outbox)
        .get()?.at ?? null
    );
  }

  /** The newest record of a key, as the edge is to know it, and the stream whose Counters tell it. */
  edit(key: string): { edit: Edit; streamId: string; shards: number } | null {
    const [kind, id = ""] = key.split(":");
    const link =
      kind === "link" ? this.db.select().from(links).where(eq(links.slug, id)).get() : undefined;
    const streamId = link?.streamId ?? id;
    const stream = this.db.select().from(streams).where(eq(streams.id, streamId)).get();
    if (!stream || (kind === "link" && !link)) return null;
    const { version } = link ?? stream;
    const edit: Edit = link
      ? { key, version, link: linkRecord(link) }
      : { key, version, stream: streamRecord(stream) };
    return { edit, streamId, shards: stream.shardsEver };
  }

  /** This version arrived; a newer one stays due. */
  delivered({ key, target }: Due, version: number, now: number): void {
    const row = and(eq(outbox.key, key), eq(outbox.target, target));
    if (this.edit(key)?.edit.version === version) this.db.delete(outbox).where(row).run();
    else this.db.update(outbox).set({ attempts: 0, dueAt: now }).where(row).run();
  }

  /** Not delivered: due again at `at`. */
  postpone({ key, target, attempts }: Due, at: number): void {
    this.db
      .update(outbox)
      .set({ dueAt: at, attempts })
      .where(and(eq(outbox.key, key), eq(outbox.target, target)))
      .run();
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

  /**
   * One transaction for rows and outbox; and, in the same turn, the alarm that repairs a delivery which
   * never happens because this object dies before it.
   */
  #write<T>(now: number, change: () => { tell: Tell[]; result: T }): T {
    const { result } = this.#storage.transactionSync(() => {
      const changed = change();
      for (const { key, targets } of changed.tell) {
        for (const target of targets) {
          this.db
            .insert(outbox)
            .values({ key, target, attempts: 0, dueAt: now })
            .onConflictDoUpdate({
              target: [outbox.key, outbox.target],
              set: { attempts: 0, dueAt: now },
            })
            .run();
        }
      }
      return changed;
    });
    void this.#storage.setAlarm(now + 1_000);
    return result;
  }

  #takenSlugs(input: readonly NewLink[]): CatalogFailure | null {
    const wanted = input.flatMap(({ slug }, index) =>
      slug === undefined ? [] : [{ index, slug }],
    );
    const used = new Set<string>();
    for (let start = 0; start < wanted.length; start += boundParameters) {
      const part = wanted.slice(start, start + boundParameters).map(({ slug }) => slug);
      const rows = this.db
        .select({ slug: links.slug })
        .from(links)
        .where(inArray(links.slug, part))
        .all();
      for (const { slug } of rows) used.add(slug);
    }
    const taken = wanted.filter(({ slug }) => {
      if (used.has(slug)) return true;
      // The first of two equal ones in the same request may have it, the second finds it taken.
      used.add(slug);
      return false;
    });
    if (taken.length === 0) return null;
    const named = [...new Set(taken.map(({ slug }) => slug))].join(", ");
    return { ok: false, code: "slug_taken", detail: `Already used, now or once: ${named}.`, taken };
  }

  #freeSlug(used: ReadonlySet<string>): string {
    for (;;) {
      const slug = newSlug();
      if (used.has(slug) || reservedSlugs.has(slug)) continue;
      const row = this.db
        .select({ slug: links.slug })
        .from(links)
        .where(eq(links.slug, slug))
        .get();
      if (!row) return slug;
    }
  }
}

function page<T>(rows: { row: T; position: number }[], limit: number): Page<T> {
  const shown = rows.slice(0, limit);
  return {
    data: shown.map(({ row }) => row),
    nextCursor: rows.length > limit ? String(shown.at(-1)?.position) : null,
  };
}

/** Contains, whatever the case. Not LIKE: a Durable Object's SQLite takes patterns of 50 bytes at most. */
function matches(q: string, columns: (SQL | Parameters<typeof eq>[0])[]): SQL | undefined {
  return or(...columns.map((column) => sql`instr(lower(${column}), lower(${q})) > 0`));
}

function definedOnly<T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
