/** @module The Catalog's audit log: who changed what, written in the transaction of the change. */
import { and, desc, eq, lt } from "drizzle-orm";
import {
  type AuditEntry,
  type Audited,
  type AuditFilter,
  differing,
} from "../model/audit-entry.ts";
import { randomId } from "../model/slug.ts";
import type { Database } from "./database.ts";
import { audit } from "./tables.ts";

/** To be called inside the transaction of the change. */
export function note(db: Database, actor: string, at: number, changes: readonly Audited[]): void {
  for (const change of changes) {
    const { id = randomId(), action, target } = change;
    db.insert(audit)
      .values({ id, at, actor, action, target, ...differing(change) })
      .run();
  }
}

/** The newest first, those before a number. */
export function listAudit(
  db: Database,
  filter: AuditFilter,
  limit: number,
  before: number,
): AuditEntry[] {
  return db
    .select()
    .from(audit)
    .where(
      and(
        lt(audit.seq, before),
        filter.target === undefined ? undefined : eq(audit.target, filter.target),
        filter.actor === undefined ? undefined : eq(audit.actor, filter.actor),
      ),
    )
    .orderBy(desc(audit.seq))
    .limit(limit)
    .all();
}
