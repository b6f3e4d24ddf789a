/** @module Sessions of the console: opened by a key, looked up by the digest of the cookie's id. */
import { and, eq, gt, lte } from "drizzle-orm";
import type { Database } from "./database.ts";
import { sessions } from "./tables.ts";

export type Session = typeof sessions.$inferSelect;

/** Keeps a session, and forgets those that ran out. */
export function openSession(db: Database, session: Session): void {
  db.delete(sessions).where(lte(sessions.expiresAt, session.createdAt)).run();
  db.insert(sessions).values(session).run();
}

/** The session with this digest, unless it ran out. */
export function findSession(db: Database, digest: string, now: number): Session | null {
  const isOpen = and(eq(sessions.digest, digest), gt(sessions.expiresAt, now));
  return db.select().from(sessions).where(isOpen).get() ?? null;
}

export function closeSession(db: Database, digest: string): void {
  db.delete(sessions).where(eq(sessions.digest, digest)).run();
}
