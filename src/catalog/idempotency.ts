/** @module The first answer of a POST with an `Idempotency-Key`, kept for 24 hours. */
import { eq, lt } from "drizzle-orm";
import type { Database } from "./database.ts";
import { idempotency } from "./tables.ts";

const keptFor = 24 * 3_600_000;
/** A first request that has not answered by then is taken for dead. */
const answeredWithin = 60_000;

export type Claim =
  | { state: "first" }
  | { state: "answered"; status: number; body: string }
  | { state: "running" }
  | { state: "other_request" };

export function claim(db: Database, key: string, fingerprint: string, now: number): Claim {
  db.delete(idempotency)
    .where(lt(idempotency.createdAt, now - keptFor))
    .run();
  const row = db.select().from(idempotency).where(eq(idempotency.key, key)).get();
  if (row && row.fingerprint !== fingerprint) return { state: "other_request" };
  if (row?.status != null) return { state: "answered", status: row.status, body: row.body ?? "" };
  if (row && row.createdAt > now - answeredWithin) return { state: "running" };
  db.insert(idempotency)
    .values({ key, fingerprint, createdAt: now })
    .onConflictDoUpdate({ target: idempotency.key, set: { fingerprint, createdAt: now } })
    .run();
  return { state: "first" };
}

/** Keeps the answer; a failure of ours is forgotten instead, so that the client can try again. */
export function settle(
  db: Database,
  key: string,
  answer: { status: number; body: string } | null,
): void {
  if (answer) db.update(idempotency).set(answer).where(eq(idempotency.key, key)).run();
  else db.delete(idempotency).where(eq(idempotency.key, key)).run();
}
