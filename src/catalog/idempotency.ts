/**
 * @module The first answer of a POST with an `Idempotency-Key`, kept for 24 hours: sealed (auth/sealed.ts), in
 * parts that each fit into a row.
 */

import { asc, eq, lt, notInArray } from "drizzle-orm";
import { isFresh } from "../lib/moments.ts";
import type { Database } from "./database.ts";
import { idempotency, idempotencyParts } from "./tables.ts";

const keptForMs = 24 * 3_600_000;
/** A first request that has not answered by then is taken for dead. */
const answeredWithin = 60_000;

export type Claim =
  | { state: "first" }
  /** `body` is text where an earlier version of this service kept it. */
  | { state: "answered"; status: number; body: string | Uint8Array[] }
  | { state: "running" }
  | { state: "other_request" };

/** @param former name of the same key in an earlier version, which is good for its 24 hours too */
export function claim(
  db: Database,
  key: string,
  fingerprint: string,
  former: string,
  now: number,
): Claim {
  forgetOld(db, now);
  const find = (name: string) =>
    db.select().from(idempotency).where(eq(idempotency.key, name)).get();
  const row = find(key) ?? find(former);
  if (row && row.fingerprint !== fingerprint) return { state: "other_request" };
  if (row?.status != null) {
    return { state: "answered", status: row.status, body: row.body ?? partsOf(db, key) };
  }
  if (row && isFresh(row.createdAt, now, answeredWithin)) return { state: "running" };
  db.insert(idempotency)
    .values({ key, fingerprint, createdAt: now })
    .onConflictDoUpdate({ target: idempotency.key, set: { fingerprint, createdAt: now } })
    .run();
  return { state: "first" };
}

/**
 * Keeps the answer; a failure of ours is forgotten instead, so that the client can try again. To be called in
 * a transaction.
 */
export function settle(
  db: Database,
  key: string,
  answer: { status: number; parts: readonly Uint8Array[] } | null,
): void {
  db.delete(idempotencyParts).where(eq(idempotencyParts.key, key)).run();
  if (!answer) {
    db.delete(idempotency).where(eq(idempotency.key, key)).run();
    return;
  }
  for (const [part, body] of answer.parts.entries()) {
    db.insert(idempotencyParts).values({ key, part, body }).run();
  }
  db.update(idempotency).set({ status: answer.status }).where(eq(idempotency.key, key)).run();
}

function partsOf(db: Database, key: string): Uint8Array[] {
  return db
    .select({ body: idempotencyParts.body })
    .from(idempotencyParts)
    .where(eq(idempotencyParts.key, key))
    .orderBy(asc(idempotencyParts.part))
    .all()
    .map(({ body }) => body);
}

/** Forgets answers that are kept no longer, with their parts. */
export function forgetOld(db: Database, now: number): void {
  const old = db
    .delete(idempotency)
    .where(lt(idempotency.createdAt, now - keptForMs))
    .returning({ key: idempotency.key })
    .all();
  if (old.length === 0) return;
  const known = db.select({ key: idempotency.key }).from(idempotency);
  db.delete(idempotencyParts).where(notInArray(idempotencyParts.key, known)).run();
}
