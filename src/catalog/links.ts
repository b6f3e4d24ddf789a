/** @module The Catalog's links. A used slug is never given out again: a deleted link keeps its row. */

import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  sql,
} from "drizzle-orm";
import { definedOnly, type Keyed, mapOf, recordOf } from "../lib/records.ts";
import { said } from "../lib/said.ts";
import { partsOf } from "../lib/sql.ts";
import { labelOfNew } from "../model/ad-label.ts";
import { linkKey } from "../model/edge-records.ts";
import type { Link, LinkChange, NewLink } from "../model/link.ts";
import type { Promotion } from "../model/promotion.ts";
import { newSlug, reservedSlugs } from "../model/slug.ts";
import { promotedBy } from "./conditions.ts";
import { type Database, matches, notFound, page } from "./database.ts";
import { rowOf, stillPromoted } from "./link-row.ts";
import { changed, created, type Outbox } from "./outbox.ts";
import type { CatalogFailure, LinkFilter, Page, Result } from "./results.ts";
import type { Streams } from "./streams.ts";
import { links } from "./tables.ts";

/** What a new link has that says nothing else. */
const unset = {
  creator: null,
  channel: null,
  channelClass: null,
  campaign: null,
  tags: [],
  destinations: null,
  primary: null,
  expiresAt: null,
  note: null,
  externalId: null,
  promotion: null,
  adLabel: null,
  disabled: false,
  deletedAt: null,
} satisfies Partial<Link>;

/**
 * Of one stream, deleted ones too. Every link's totals are in one value of KV a shard, which takes 25 MiB, and in one
 * answer of a Counter, which takes 32: some 200 bytes a link (docs/performance.md).
 */
export const linksPerStream = 100_000;

const tooMany = (room: number): CatalogFailure => ({
  ok: false,
  code: "too_many_links",
  detail: said(
    `A stream takes ${linksPerStream} links, deleted ones among them; this one has room for ${room}. Make another stream of the same room.`,
    `一场直播最多 ${linksPerStream} 个短链接（含已删除的），这场还能再建 ${room} 个。请为同一直播间另建一场直播。`,
  ),
});

export class Links {
  readonly #db: Database;
  readonly #outbox: Outbox;
  readonly #streams: Streams;

  constructor(db: Database, outbox: Outbox, streams: Streams) {
    this.#db = db;
    this.#outbox = outbox;
    this.#streams = streams;
  }

  /** All or nothing: one taken slug refuses them all, and every taken one is named. */
  create(streamId: string, input: readonly NewLink[], by: string, now: number): Result<Link[]> {
    const stream = this.#streams.get(streamId);
    if (!stream.ok) return stream;
    const room = linksPerStream - this.#countOf(streamId);
    if (input.length > room) return tooMany(Math.max(room, 0));
    const taken = this.taken(input);
    if (taken) return taken;
    return this.#outbox.write(by, now, () => {
      const used = new Set(input.flatMap(({ slug }) => slug ?? []));
      const rows = input.map((link): Link => {
        const slug = link.slug ?? this.#freeSlug(used);
        used.add(slug);
        return {
          ...unset,
          ...definedOnly(link),
          adLabel: labelOfNew(link),
          slug,
          version: 1,
          streamId,
          createdAt: now,
          updatedAt: now,
        };
      });
      for (const row of rows) {
        this.#db.insert(links).values(rowOf(row)).run();
      }
      return {
        tell: rows.map(({ slug }) => created(linkKey(slug))),
        audit: rows.map((after) => ({ action: "link.created", target: after.slug, after })),
        result: { ok: true, value: rows },
      };
    });
  }

  /** Deleted ones too: their counts stay. */
  #countOf(streamId: string): number {
    const own = eq(links.streamId, streamId);
    return this.#db.select({ count: count() }).from(links).where(own).get()?.count ?? 0;
  }

  get(slug: string): Result<Link> {
    const row = this.#db.select().from(links).where(eq(links.slug, slug)).get();
    return row && row.deletedAt === null ? { ok: true, value: row } : notFound(`link ${slug}`);
  }

  list(filter: LinkFilter, limit: number, cursor: number | null): Page<Link> {
    return page(
      this.#db
        .select({ row: links, position: sql<number>`rowid` })
        .from(links)
        .where(
          and(
            filter.deleted ? isNotNull(links.deletedAt) : isNull(links.deletedAt),
            filter.streamId ? eq(links.streamId, filter.streamId) : undefined,
            promotedBy(filter),
            filter.channel ? eq(links.channel, filter.channel) : undefined,
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

  change(slug: string, change: LinkChange, by: string, now: number): Result<Link> {
    const found = this.get(slug);
    if (!found.ok) return found;
    const changed = this.changeAll([{ slug, change }], by, now);
    if (!changed.ok) return changed;
    const [after] = changed.value;
    return after ? { ok: true, value: after } : notFound(`link ${slug}`);
  }

  /** All or nothing: one that is missing or refused refuses them all, and every missing one is named. */
  changeAll(
    changes: readonly { slug: string; change: LinkChange }[],
    by: string,
    now: number,
    action: "link.changed" | "link.promoted" = "link.changed",
  ): Result<Link[]> {
    const found = this.#all(changes.map(({ slug }) => slug));
    if (!found.ok) return found;
    const written: { before: Link; after: Link }[] = [];
    for (const [index, { change }] of changes.entries()) {
      const before = found.value[index];
      if (!before) throw new Error("a link that was found has no row");
      const given = { ...before, ...definedOnly(change) };
      const after: Link = {
        ...given,
        destinations: stillPromoted(before.destinations, given.destinations),
        version: before.version + 1,
        updatedAt: now,
      };
      const refused = this.#refused(after);
      if (refused) return refused.code === "invalid" ? { ...refused, index } : refused;
      written.push({ before, after });
    }
    return this.#outbox.write(by, now, () => {
      for (const { after } of written) {
        this.#db.update(links).set(rowOf(after)).where(eq(links.slug, after.slug)).run();
      }
      return {
        tell: written.map(({ after }) => changed(linkKey(after.slug))),
        audit: written.map(({ before, after }) => ({
          action,
          target: after.slug,
          before,
          after,
        })),
        result: { ok: true, value: written.map(({ after }) => after) },
      };
    });
  }

  /** Those links in this order, or the missing ones. */
  #all(slugs: readonly string[]): Result<Link[]> {
    const rows = this.#found(slugs);
    const found = slugs.map((slug, index) => ({ slug, index, row: rows.get(slug) }));
    const missing = found.filter(({ row }) => row === undefined);
    if (missing.length === 0) return { ok: true, value: found.flatMap(({ row }) => row ?? []) };
    const named = `link ${missing.map(({ slug }) => slug).join(", ")}`;
    return { ...notFound(named), missing: missing.map(({ index, slug }) => ({ index, slug })) };
  }

  #found(slugs: readonly string[]): Map<string, Link> {
    const rows = new Map<string, Link>();
    for (const part of partsOf(slugs)) {
      const own = and(inArray(links.slug, part), isNull(links.deletedAt));
      for (const row of this.#db.select().from(links).where(own).all()) rows.set(row.slug, row);
    }
    return rows;
  }

  /** Why a link can't be as it is to be, if so. */
  #refused({ streamId, destinations, primary }: Link): CatalogFailure | null {
    const stream = this.#streams.get(streamId);
    if (!stream.ok) return stream;
    const choices = [...(destinations ?? []), ...stream.value.destinations];
    if (primary === null || choices.some(({ platform }) => platform === primary)) return null;
    return {
      ok: false,
      code: "invalid",
      pointer: "/primary",
      detail: said(
        `Neither the link nor its stream has a destination on ${primary}.`,
        `这个链接和它的直播在 ${primary} 上都没有目标链接。`,
      ),
    };
  }

  /** Gives a link further ids; one that it has another of in its place is refused, and named. */
  addIds(slug: string, ids: Promotion, by: string, now: number): Result<Link> {
    const found = this.get(slug);
    if (!found.ok) return found;
    const alliances = mapOf<Keyed<string | undefined> | undefined>(
      found.value.promotion ?? undefined,
    );
    for (const [platform, fields] of Object.entries(ids)) {
      const known = mapOf(alliances.get(platform));
      for (const [field, value] of Object.entries(fields ?? {})) {
        const other = known.get(field);
        if (other !== undefined && other !== value) {
          return {
            ok: false,
            code: "invalid",
            pointer: "/rule",
            detail: said(
              `${slug} has another ${platform}.${field} already: ${other}.`,
              `${slug} 已有别的 ${platform}.${field}：${other}。`,
            ),
          };
        }
        known.set(field, value);
      }
      alliances.set(platform, recordOf(known));
    }
    return this.change(slug, { promotion: recordOf(alliances) as Promotion }, by, now);
  }

  delete(slug: string, by: string, now: number): Result<Link> {
    const found = this.get(slug);
    if (!found.ok) return found;
    const after: Link = {
      ...found.value,
      deletedAt: now,
      updatedAt: now,
      version: found.value.version + 1,
    };
    return this.#outbox.write(by, now, () => {
      this.#db.update(links).set(after).where(eq(links.slug, slug)).run();
      return {
        tell: [changed(linkKey(slug))],
        audit: [{ action: "link.deleted", target: slug, before: found.value }],
        result: { ok: true, value: after },
      };
    });
  }

  /** Undoes a deletion; of a link whose stream is deleted too, that one's is undone first. */
  restore(slug: string, by: string, now: number): Result<Link> {
    const row = this.#db.select().from(links).where(eq(links.slug, slug)).get();
    if (!row) return notFound(`link ${slug}`);
    const stream = this.#streams.get(row.streamId);
    if (!stream.ok) return stream;
    if (row.deletedAt === null) return { ok: true, value: row };
    const after: Link = { ...row, deletedAt: null, updatedAt: now, version: row.version + 1 };
    return this.#outbox.write(by, now, () => {
      this.#db.update(links).set(after).where(eq(links.slug, slug)).run();
      return {
        tell: [changed(linkKey(slug))],
        audit: [{ action: "link.restored", target: slug, after }],
        result: { ok: true, value: after },
      };
    });
  }

  /** Those of a stream that are neither deleted nor disabled, in the order in which they were made. */
  openOf(streamId: string, atMost: number): Link[] {
    return this.#db
      .select()
      .from(links)
      .where(and(eq(links.streamId, streamId), isNull(links.deletedAt), eq(links.disabled, false)))
      .orderBy(sql`rowid`)
      .limit(atMost)
      .all();
  }

  /** Those that can be opened and have a promoted destination that ends after `from` and not after `to`, the first to end first. */
  ending(from: number, to: number, atMost: number): Link[] {
    const { promotedUntil, disabled, deletedAt } = links;
    return this.#db
      .select()
      .from(links)
      .where(
        and(
          gt(promotedUntil, from),
          lte(promotedUntil, to),
          eq(disabled, false),
          isNull(deletedAt),
        ),
      )
      .orderBy(asc(promotedUntil), asc(sql`rowid`))
      .limit(atMost)
      .all();
  }

  /** Of these those that are there, in this order. */
  named(slugs: readonly string[]): Link[] {
    const found = this.#found(slugs);
    return slugs.flatMap((slug) => found.get(slug) ?? []);
  }

  /** The slugs of those that can be opened, in the order in which they were made. */
  openSlugsOf(streamId: string): string[] {
    return this.#db
      .select({ slug: links.slug })
      .from(links)
      .where(and(eq(links.streamId, streamId), isNull(links.deletedAt), eq(links.disabled, false)))
      .orderBy(sql`rowid`)
      .all()
      .map(({ slug }) => slug);
  }

  /** @returns the refusal when a slug is used, now or once, or asked for twice */
  taken(input: readonly NewLink[]): CatalogFailure | null {
    const wanted = input.flatMap(({ slug }, index) =>
      slug === undefined ? [] : [{ index, slug }],
    );
    const used = new Set<string>();
    for (const part of partsOf(wanted.map(({ slug }) => slug))) {
      const rows = this.#db
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
    return {
      ok: false,
      code: "slug_taken",
      detail: said(`Already used, now or once: ${named}.`, `现在或曾经被使用：${named}。`),
      taken,
    };
  }

  #freeSlug(used: ReadonlySet<string>): string {
    for (;;) {
      const slug = newSlug();
      if (used.has(slug) || reservedSlugs.has(slug)) continue;
      const row = this.#db
        .select({ slug: links.slug })
        .from(links)
        .where(eq(links.slug, slug))
        .get();
      if (!row) return slug;
    }
  }
}
