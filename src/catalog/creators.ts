/**
 * @module The Catalog's creators: what is set of a promoter, once for all links of theirs. One that only links name is told
 * as the newest of them does.
 */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { definedOnly, type Keyed, mapOf, recordOf } from "../lib/records.ts";
import { partsOf } from "../lib/sql.ts";
import {
  type CreatorChange,
  type CreatorGiven,
  type CreatorRecord,
  creatorKey,
} from "../model/creator.ts";
import { linkKey } from "../model/edge-records.ts";
import { flatIds } from "../model/promoter.ts";
import type { Promotion } from "../model/promotion.ts";
import { type Database, matches, notFound } from "./database.ts";
import { followed, type Outbox, type Tell } from "./outbox.ts";
import type { Page, Result } from "./results.ts";
import { audit, creators, erasures, links } from "./tables.ts";

/** Ids that are to be taken out of all there is, and how far that is. */
export type Erasure = typeof erasures.$inferSelect;

/** Links that one step of an erasure looks at. */
const linksAtOnce = 200;

export class Creators {
  readonly #db: Database;
  readonly #outbox: Outbox;

  constructor(db: Database, outbox: Outbox) {
    this.#db = db;
    this.#outbox = outbox;
  }

  get(id: string): Result<CreatorRecord> {
    const value = this.#set(id) ?? this.#saidByLinks(id);
    return value ? { ok: true, value } : notFound(`creator ${id}`);
  }

  #set(id: string): CreatorRecord | undefined {
    return this.#db.select().from(creators).where(eq(creators.id, id)).get();
  }

  #saidByLinks(id: string): CreatorRecord | undefined {
    const own = and(eq(links.creatorId, id), isNull(links.deletedAt));
    const of = (order: ReturnType<typeof asc>) =>
      this.#db.select().from(links).where(own).orderBy(order).limit(1).get();
    const [first, newest] = [of(asc(sql`rowid`)), of(desc(sql`rowid`))];
    if (!first || !newest) return undefined;
    const { name = null, tier = null } = newest.creator ?? {};
    const { createdAt } = first;
    return { id, name, tier, ids: recordOf([]), createdAt, updatedAt: newest.updatedAt };
  }

  /** Those that are set and those that links name, by their ids. @param after the id before the page */
  list(q: string | undefined, limit: number, after: string): Page<CreatorRecord> {
    const name = sql`json_extract(${links.creator}, '$.name')`;
    const ids = this.#db
      .select({ id: creators.id })
      .from(creators)
      .where(and(gt(creators.id, after), q ? matches(q, [creators.id, creators.name]) : undefined))
      .union(
        this.#db
          .select({ id: sql<string>`${links.creatorId}` })
          .from(links)
          .where(
            and(
              gt(links.creatorId, after),
              isNull(links.deletedAt),
              q ? matches(q, [links.creatorId, name]) : undefined,
            ),
          ),
      )
      .orderBy(({ id }) => id)
      .limit(limit + 1)
      .all()
      .map(({ id }) => id);
    const shown = ids.slice(0, limit);
    return {
      data: shown.flatMap((id) => this.#set(id) ?? this.#saidByLinks(id) ?? []),
      nextCursor: ids.length > limit ? (shown.at(-1) ?? null) : null,
    };
  }

  /** The ids of those of these of whom any is set. */
  idsOf(ids: readonly string[]): { id: string; ids: Promotion }[] {
    const row = { id: creators.id, ids: creators.ids };
    return [...partsOf(ids)].flatMap((part) =>
      this.#db.select(row).from(creators).where(inArray(creators.id, part)).all(),
    );
  }

  /** Sets all of it: what is left out is nothing. */
  put(id: string, given: CreatorGiven, by: string, now: number): CreatorRecord {
    const { name = null, tier = null, ids = recordOf([]) } = given;
    return this.#write({ id, name, tier, ids }, by, now);
  }

  /** Sets some of it; the rest stays as it is told. */
  change(id: string, change: CreatorChange, by: string, now: number): Result<CreatorRecord> {
    const found = this.get(id);
    if (!found.ok) return found;
    const { name, tier, ids } = { ...found.value, ...definedOnly(change) };
    return { ok: true, value: this.#write({ id, name, tier, ids }, by, now) };
  }

  #write(
    wanted: Omit<CreatorRecord, "createdAt" | "updatedAt">,
    by: string,
    now: number,
  ): CreatorRecord {
    const { id } = wanted;
    const before = this.#set(id);
    const times = (row: CreatorRecord) => ({ createdAt: row.createdAt, updatedAt: row.updatedAt });
    if (before && JSON.stringify({ ...wanted, ...times(before) }) === JSON.stringify(before)) {
      return before;
    }
    const after: CreatorRecord = {
      ...wanted,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    return this.#outbox.write(by, now, () => {
      const set = after;
      this.#db
        .insert(creators)
        .values(after)
        .onConflictDoUpdate({ target: creators.id, set })
        .run();
      return {
        tell: [followed(creatorKey(id))],
        audit: [{ action: "creator.updated", target: id, ...(before ? { before } : {}), after }],
        result: after,
      };
    });
  }

  /**
   * Deletes what is set. Its ids are taken out of the log of what it was; those of its links and of orders go by
   * {@link nextErasure}.
   */
  delete(id: string, by: string, now: number): Result<null> {
    const record = this.#set(id);
    if (!record) return notFound(`creator ${id} of whom anything is set`);
    const { ids, ...rest } = record;
    return this.#outbox.write(by, now, () => {
      this.#db.delete(creators).where(eq(creators.id, id)).run();
      this.#db.insert(erasures).values({ creatorId: id, ids, afterLink: 0, afterLine: null }).run();
      const withoutIds = (entry: typeof audit.before | typeof audit.after) =>
        sql`json_remove(${entry}, '$.ids')`;
      this.#db
        .update(audit)
        .set({ before: withoutIds(audit.before), after: withoutIds(audit.after) })
        .where(and(eq(audit.target, id), eq(audit.action, "creator.updated")))
        .run();
      // Which they were, and none of them.
      const before = { ...rest, erased: Object.keys(flatIds(ids)) };
      return {
        tell: [followed(creatorKey(id))],
        audit: [{ action: "creator.deleted", target: id, before }],
        result: { ok: true, value: null },
      };
    });
  }

  nextErasure(): Erasure | undefined {
    return this.#db.select().from(erasures).orderBy(erasures.number).limit(1).get();
  }

  /** Takes its ids out of some links of the creator; after the last of them, the lines of orders are due. */
  eraseFromLinks({ number, creatorId, ids, afterLink }: Erasure, now: number): void {
    const rows = this.#db
      .select({ slug: links.slug, promotion: links.promotion, at: sql<number>`rowid` })
      .from(links)
      .where(
        and(eq(links.creatorId, creatorId), gt(sql`rowid`, afterLink), isNotNull(links.promotion)),
      )
      .orderBy(sql`rowid`)
      .limit(linksAtOnce)
      .all();
    this.#outbox.write("system", now, () => {
      const tell: Tell[] = [];
      for (const { slug, promotion } of rows) {
        const left = without(promotion ?? recordOf([]), ids);
        if (JSON.stringify(left) === JSON.stringify(promotion)) continue;
        const some = Object.keys(left).length > 0 ? left : null;
        const change = { promotion: some, updatedAt: now };
        this.#db.update(links).set(change).where(eq(links.slug, slug)).run();
        tell.push(followed(linkKey(slug)));
      }
      const isDone = rows.length < linksAtOnce;
      const progress = {
        afterLink: rows.at(-1)?.at ?? afterLink,
        ...(isDone ? { afterLine: 0 } : {}),
      };
      this.#db.update(erasures).set(progress).where(eq(erasures.number, number)).run();
      return { tell, audit: [], result: undefined };
    });
  }

  /** @param afterLine how far the lines of orders were looked through; `null` when to the end */
  erasedFromOrders({ number }: Erasure, afterLine: number | null): void {
    const own = eq(erasures.number, number);
    if (afterLine === null) this.#db.delete(erasures).where(own).run();
    else this.#db.update(erasures).set({ afterLine }).where(own).run();
  }
}

/** The ids of a link without those that are equal to these. */
function without(promotion: Promotion, ids: Promotion): Promotion {
  const erased = mapOf(flatIds(ids));
  const alliances = [...mapOf<Keyed<string | undefined> | undefined>(promotion)].map(
    ([platform, fields]) =>
      [
        platform,
        recordOf(
          [...mapOf(fields)].filter(
            ([field, value]) => erased.get(`${platform}.${field}`) !== value,
          ),
        ),
      ] as const,
  );
  return recordOf(alliances.filter(([, fields]) => Object.keys(fields).length > 0));
}
