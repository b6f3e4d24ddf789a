/**
 * @module The outbox: which records a target is not known to have in their newest version.
 *
 * A put to KV that failed or was given up may land all the same, a minute later, over what was put after it: a
 * link that was deleted would open again, for good. So a put is written down before it begins, and once such a
 * put is followed by one that succeeded, the record stays here and is put once more when nothing of the former
 * can land any more (docs/decisions/0060-settling-puts.md). A put whose predecessors all succeeded needs none.
 */
import { and, eq, gt, lte, or, sql } from "drizzle-orm";
import type { Edit } from "../counting/batch.ts";
import { settleAfter } from "../counting/counter/publisher.ts";
import { waitUntil } from "../lib/moments.ts";
import type { Audited } from "../model/audit-entry.ts";
import type { AuditLog } from "./audit.ts";
import { noteChange } from "./change-feed.ts";
import type { Database } from "./database.ts";
import { linkRecord, streamRecord } from "./edge-copy.ts";
import { links, outbox, streams } from "./tables.ts";

/** One record that one target is not known to have. */
export interface Due {
  key: string;
  target: "kv" | "counters";
}

/** A delivery that has begun. */
export interface Delivery extends Due {
  attempts: number;
  beganAt: number;
  /** When an earlier put began that is not known to have landed or failed for good. */
  unsettledAt: number | null;
}

/** The newest record of a key, and the Counters that tell it. */
export interface NewestEdit {
  edit: Edit;
  streamId: string;
  shards: number;
}

/** The longest pause before another attempt, in ms. */
const longestRetry = 60_000;
/** No row is due later than this from when it was written, in ms. */
const longestWait = Math.max(longestRetry, settleAfter);

export interface Tell {
  key: string;
  targets: readonly Due["target"][];
}

/** A new record is nowhere yet, so only KV must have it; a changed one may be in isolates that count. */
export const created = (key: string): Tell => ({ key, targets: ["kv"] });
export const changed = (key: string): Tell => ({ key, targets: ["kv", "counters"] });
/** What no edge knows of: whoever follows the changes does. */
export const followed = (key: string): Tell => ({ key, targets: [] });

export class Outbox {
  readonly #storage: DurableObjectStorage;
  readonly #db: Database;
  readonly #audit: AuditLog;

  constructor(storage: DurableObjectStorage, db: Database, audit: AuditLog) {
    this.#storage = storage;
    this.#db = db;
    this.#audit = audit;
  }

  /**
   * One transaction for rows, audit log and outbox; and, in the same turn, the alarm that repairs a delivery which
   * never happens because this object dies before it.
   *
   * @param by the key that asked for the change
   */
  write<T>(
    by: string,
    now: number,
    change: () => { tell: Tell[]; audit: Audited[]; result: T },
  ): T {
    const { result } = this.#storage.transactionSync(() => {
      const done = change();
      this.#audit.note(by, now, done.audit);
      for (const { key, targets } of done.tell) {
        noteChange(this.#db, key);
        for (const target of targets) {
          this.#db
            .insert(outbox)
            .values({ key, target, attempts: 0, dueAt: now })
            .onConflictDoUpdate({
              target: [outbox.key, outbox.target],
              set: { attempts: 0, dueAt: now },
            })
            .run();
        }
      }
      return done;
    });
    void this.#storage.setAlarm(now + 1_000);
    return result;
  }

  due(now: number, limit: number): Due[] {
    return this.#db
      .select({ key: outbox.key, target: outbox.target })
      .from(outbox)
      .where(or(lte(outbox.dueAt, now), gt(outbox.dueAt, now + longestWait)))
      .orderBy(outbox.dueAt)
      .limit(limit)
      .all();
  }

  nextDue(now: number): number | null {
    const at = sql<
      number | null
    >`min(iif(${outbox.dueAt} > ${now + longestWait}, ${now}, ${outbox.dueAt}))`;
    return this.#db.select({ at }).from(outbox).get()?.at ?? null;
  }

  /**
   * Begins a delivery, and writes a put down as one that may land at any time from now on.
   *
   * @returns `null` when somebody else has delivered or postponed it meanwhile
   */
  begin({ key, target }: Due, now: number): Delivery | null {
    const row = this.#db.select().from(outbox).where(rowOf({ key, target })).get();
    if (!row || now < waitUntil(row.dueAt, now, longestWait)) return null;
    const { attempts, unsettledAt } = row;
    if (target === "kv") this.#change({ key, target }, { unsettledAt: now });
    return { key, target, attempts, beganAt: now, unsettledAt };
  }

  /** The newest record of a key, as the edge is to know it, and the stream whose Counters tell it. */
  edit(key: string): NewestEdit | null {
    const [kind, id = ""] = key.split(":");
    const link =
      kind === "link" ? this.#db.select().from(links).where(eq(links.slug, id)).get() : undefined;
    const streamId = link?.streamId ?? id;
    const stream = this.#db.select().from(streams).where(eq(streams.id, streamId)).get();
    if (!stream || (kind === "link" && !link)) return null;
    const { version } = link ?? stream;
    const edit: Edit = link
      ? { key, version, link: linkRecord(link) }
      : { key, version, stream: streamRecord(stream) };
    return { edit, streamId, shards: stream.shardsEver };
  }

  /** This version arrived; a newer one stays due, and so does one that an earlier put can still undo. */
  delivered(delivery: Delivery, version: number, now: number): void {
    const { key, beganAt } = delivery;
    // A clock that was set back leaves a moment that is still to come.
    const unsettledAt =
      delivery.unsettledAt === null ? null : Math.min(delivery.unsettledAt, beganAt);
    const isSettled = unsettledAt === null || beganAt >= unsettledAt + settleAfter;
    const isNewest = this.edit(key)?.edit.version === version;
    if (isNewest && isSettled) {
      this.#db.delete(outbox).where(rowOf(delivery)).run();
      return;
    }
    this.#change(delivery, {
      attempts: 0,
      dueAt: isNewest && !isSettled ? unsettledAt + settleAfter : now,
      unsettledAt: isSettled ? null : unsettledAt,
    });
  }

  /** Not delivered, as far as is known: due again after a pause that grows. */
  failed(delivery: Delivery, now: number): void {
    const { attempts } = delivery;
    const pause = Math.min(1_000 * 2 ** attempts, longestRetry);
    this.#change(delivery, { attempts: attempts + 1, dueAt: now + pause });
  }

  /** Not yet: due at `at`. */
  postpone(due: Due, at: number): void {
    this.#change(due, { dueAt: at });
  }

  #change(due: Due, values: Partial<typeof outbox.$inferInsert>): void {
    this.#db.update(outbox).set(values).where(rowOf(due)).run();
  }
}

const rowOf = ({ key, target }: Due) => and(eq(outbox.key, key), eq(outbox.target, target));
