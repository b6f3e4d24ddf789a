/** @module The Catalog's API keys. It knows the digest of a secret, never the secret. */

import { desc, eq, lt, sql } from "drizzle-orm";
import { isFresh } from "../lib/moments.ts";
import type { KeptKey } from "../model/key.ts";
import type { Scope } from "../model/scopes.ts";
import { type Database, notFound, page } from "./database.ts";
import type { Outbox } from "./outbox.ts";
import type { Page, Result } from "./results.ts";
import { keys } from "./tables.ts";

/** A key as it is told: without its digest. */
export type Key = Omit<KeptKey, "digest">;

export type NewKey = Pick<Key, "id" | "name" | "scopes" | "expiresAt"> & { digest: string };

/** The use of a key is written at most so often, in ms: rows are billed. */
const noteUseEvery = 600_000;

const told = {
  id: keys.id,
  name: keys.name,
  scopes: keys.scopes,
  createdAt: keys.createdAt,
  expiresAt: keys.expiresAt,
  lastUsedAt: keys.lastUsedAt,
};

export class Keys {
  readonly #db: Database;
  readonly #outbox: Outbox;

  constructor(db: Database, outbox: Outbox) {
    this.#db = db;
    this.#outbox = outbox;
  }

  create({ digest, ...input }: NewKey, by: string, now: number): Key {
    const key: Key = { ...input, createdAt: now, lastUsedAt: null };
    return this.#outbox.write(by, now, () => {
      this.#db
        .insert(keys)
        .values({ ...key, digest })
        .run();
      return {
        tell: [],
        audit: [{ action: "key.created", target: key.id, after: key }],
        result: key,
      };
    });
  }

  list(limit: number, cursor: number | null): Page<Key> {
    return page(
      this.#db
        .select({ row: told, position: sql<number>`rowid` })
        .from(keys)
        .where(cursor === null ? undefined : lt(sql`rowid`, cursor))
        .orderBy(desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  delete(id: string, by: string, now: number): Result<null> {
    const before = this.#db.select(told).from(keys).where(eq(keys.id, id)).get();
    if (!before) return notFound(`key ${id}`);
    return this.#outbox.write(by, now, () => {
      this.#db.delete(keys).where(eq(keys.id, id)).run();
      return {
        tell: [],
        audit: [{ action: "key.deleted", target: id, before }],
        result: { ok: true, value: null },
      };
    });
  }

  /** The key with this id, when it is valid now. */
  valid(id: string, now: number): { digest: string; scopes: Scope[] } | null {
    const key = this.#db.select().from(keys).where(eq(keys.id, id)).get();
    if (!key || (key.expiresAt !== null && key.expiresAt <= now)) return null;
    return { digest: key.digest, scopes: key.scopes };
  }

  /** The key with this digest, when it is valid now; notes, seldom, that it is used. */
  use(digest: string, now: number): Pick<Key, "id" | "scopes" | "expiresAt"> | null {
    const key = this.#db.select(told).from(keys).where(eq(keys.digest, digest)).get();
    if (!key || (key.expiresAt !== null && key.expiresAt <= now)) return null;
    if (!isFresh(key.lastUsedAt ?? 0, now, noteUseEvery)) {
      this.#db.update(keys).set({ lastUsedAt: now }).where(eq(keys.id, key.id)).run();
    }
    return { id: key.id, scopes: key.scopes, expiresAt: key.expiresAt };
  }
}
