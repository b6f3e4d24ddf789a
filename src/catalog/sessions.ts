/** @module Sessions of the console: opened by a key, looked up by the digest of the cookie's id. */
import { and, eq, gt, lte } from "drizzle-orm";
import type { Database } from "./database.ts";
import type { Store } from "./store.ts";
import { sessions } from "./tables.ts";

export type Session = typeof sessions.$inferSelect;

/** What the audit log says was opened; a session has no name of its own, and its digest is nobody's business. */
const target = "console";

/** Keeps a session, and forgets those that ran out. To be called in a transaction. */
export function openSession({ db, audit }: Store, session: Session): void {
  const { principal, createdAt, expiresAt } = session;
  db.delete(sessions).where(lte(sessions.expiresAt, createdAt)).run();
  db.insert(sessions).values(session).run();
  audit.note(principal, createdAt, [{ action: "session.opened", target, after: { expiresAt } }]);
}

/** The session with this digest, unless it ran out. */
export function findSession(db: Database, digest: string, now: number): Session | null {
  const isOpen = and(eq(sessions.digest, digest), gt(sessions.expiresAt, now));
  return db.select().from(sessions).where(isOpen).get() ?? null;
}

/** Lets one that is open last longer. */
export function prolongSession(db: Database, digest: string, expiresAt: number): void {
  db.update(sessions).set({ expiresAt }).where(eq(sessions.digest, digest)).run();
}

/** To be called in a transaction. What ran out already is closed without a word. */
export function closeSession({ db, audit }: Store, digest: string, now: number): void {
  const session = findSession(db, digest, now);
  db.delete(sessions).where(eq(sessions.digest, digest)).run();
  if (session) audit.note(session.principal, now, [{ action: "session.closed", target }]);
}

/** @param leftOut how many refusals since the last entry have none of their own */
export function noteRefusal({ audit }: Store, now: number, leftOut: number): void {
  const after = { reason: "wrong key", leftOut };
  audit.note("unknown", now, [{ action: "session.refused", target, after }]);
}
