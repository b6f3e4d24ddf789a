/** @module The outbox: which records a target is not known to have in their newest version. */
import { and, eq, lte, sql } from "drizzle-orm";
import type { Edit } from "../counting/batch.ts";
import { note } from "./audit.ts";
import type { Audited } from "./audited.ts";
import { noteChange } from "./changes.ts";
import type { Database } from "./database.ts";
import { linkRecord, streamRecord } from "./edge-copy.ts";
import { links, outbox, streams } from "./tables.ts";

/** One record that one target is not known to have. */
export interface Due {
  key: string;
  target: "kv" | "counters";
  attempts: number;
}

export interface Tell {
  key: string;
  targets: readonly Due["target"][];
}

/** A new record is nowhere yet, so only KV must have it; a changed one may be in isolates that count. */
export const created = (key: string): Tell => ({ key, targets: ["kv"] });
export const changed = (key: string): Tell => ({ key, targets: ["kv", "counters"] });

export class Outbox {
  readonly #storage: DurableObjectStorage;
  readonly #db: Database;

  constructor(storage: DurableObjectStorage, db: Database) {
    this.#storage = storage;
    this.#db = db;
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
      note(this.#db, by, now, done.audit);
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
      .select({ key: outbox.key, target: outbox.target, attempts: outbox.attempts })
      .from(outbox)
      .where(lte(outbox.dueAt, now))
      .orderBy(outbox.dueAt)
      .limit(limit)
      .all();
  }

  nextDue(): number | null {
    return (
      this.#db
        .select({ at: sql<number | null>`min(${outbox.dueAt})` })
        .from(outbox)
        .get()?.at ?? null
    );
  }

  /** The newest record of a key, as the edge is to know it, and the stream whose Counters tell it. */
  edit(key: string): { edit: Edit; streamId: string; shards: number } | null {
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

  /** This version arrived; a newer one stays due. */
  delivered({ key, target }: Due, version: number, now: number): void {
    const row = and(eq(outbox.key, key), eq(outbox.target, target));
    if (this.edit(key)?.edit.version === version) this.#db.delete(outbox).where(row).run();
    else this.#db.update(outbox).set({ attempts: 0, dueAt: now }).where(row).run();
  }

  /** Not delivered: due again at `at`. */
  postpone({ key, target, attempts }: Due, at: number): void {
    this.#db
      .update(outbox)
      .set({ dueAt: at, attempts })
      .where(and(eq(outbox.key, key), eq(outbox.target, target)))
      .run();
  }
}
