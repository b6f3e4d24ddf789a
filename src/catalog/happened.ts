/** @module What was done to a broadcast while it was watched: destinations that were changed, and its start and end by hand. */
import { and, desc, eq, gte, inArray, isNull, or, sql } from "drizzle-orm";
import type { AuditFields } from "../model/audit-entry.ts";
import type { Database } from "./database.ts";
import { audit, links } from "./tables.ts";

export interface Happened {
  /** UTC ms. */
  at: number;
  /** `null`: it was the stream's own. */
  slug: string | null;
  before: AuditFields | null;
  after: AuditFields | null;
}

/** The newest; of links apart, or a change of many at once would leave no room for the stream's own. */
const atMost = 200;

const says = (field: string) => sql`json_type(${audit.after}, ${`$.${field}`}) is not null`;

/** @param from UTC ms; the oldest first, and of what happened here, not what an import brought */
export function happenedTo(db: Database, streamId: string, from: number): Happened[] {
  const ofStream = and(
    eq(audit.target, streamId),
    eq(audit.action, "stream.changed"),
    or(says("destinations"), says("phase")),
  );
  const own = db.select({ slug: links.slug }).from(links).where(eq(links.streamId, streamId));
  const ofLinks = and(
    eq(audit.action, "link.changed"),
    says("destinations"),
    inArray(audit.target, own),
  );
  return [ofStream, ofLinks]
    .flatMap((which) =>
      db
        .select()
        .from(audit)
        .where(and(gte(audit.at, from), isNull(audit.importId), which))
        .orderBy(desc(audit.seq))
        .limit(atMost)
        .all(),
    )
    .sort((a, b) => a.seq - b.seq)
    .map(({ at, target, before, after }) => ({
      at,
      slug: target === streamId ? null : target,
      before,
      after,
    }));
}
