/** @module What reports ask of the Catalog: the links of a stream or campaign, and the stream before. */
import { and, desc, eq, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import { partsOf } from "../lib/sql.ts";
import type { Link } from "../model/link.ts";
import type { Stream } from "../model/stream.ts";
import type { Database } from "./database.ts";
import { links, streams } from "./tables.ts";

export interface Reported {
  streams: Stream[];
  /** Deleted ones too: what they sold stays sold. */
  links: Link[];
}

/** The links of a stream, of a campaign, or of both; and their streams, without deleted ones. */
export function reported(
  db: Database,
  filter: { streamId?: string | undefined; campaign?: string | undefined },
): Reported {
  const found: Link[] = db
    .select()
    .from(links)
    .where(
      and(
        filter.streamId === undefined ? undefined : eq(links.streamId, filter.streamId),
        filter.campaign === undefined ? undefined : eq(links.campaign, filter.campaign),
      ),
    )
    .all();
  const ids = [...new Set(found.map(({ streamId }) => streamId))];
  const rows: Stream[] = [];
  for (const part of partsOf(ids)) {
    rows.push(
      ...db
        .select()
        .from(streams)
        .where(and(inArray(streams.id, part), isNull(streams.deletedAt)))
        .all(),
    );
  }
  const known = new Set(rows.map(({ id }) => id));
  return { streams: rows, links: found.filter(({ streamId }) => known.has(streamId)) };
}

/** The stream of the same host that began last before this one. */
export function previousStream(db: Database, stream: Stream): Stream | null {
  if (stream.host === null) return null;
  const began = sql<number>`coalesce(${streams.startsAt}, ${streams.createdAt})`;
  return (
    db
      .select()
      .from(streams)
      .where(
        and(
          eq(streams.host, stream.host),
          ne(streams.id, stream.id),
          isNull(streams.deletedAt),
          lt(began, stream.startsAt ?? stream.createdAt),
        ),
      )
      .orderBy(desc(began))
      .limit(1)
      .get() ?? null
  );
}
