/** @module What reports ask of the Catalog: the links of a stream, a campaign, a promoter or a time, and the stream before. */
import {
  and,
  count,
  countDistinct,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNull,
  lt,
  ne,
} from "drizzle-orm";
import { partsOf } from "../lib/sql.ts";
import type { Link } from "../model/link.ts";
import type { Stream } from "../model/stream.ts";
import { beginsAt, promotedBy } from "./conditions.ts";
import type { Database } from "./database.ts";
import { creators, links, streams } from "./tables.ts";

export interface Reported {
  streams: Stream[];
  /** Deleted ones too: what they sold stays sold. */
  links: Link[];
  /** What promoters of these links are called, of whom a name is set. */
  names: { id: string; name: string }[];
}

/** Which links a report is of; those of all that is said. */
export interface ReportFilter {
  streamId?: string | undefined;
  campaign?: string | undefined;
  creator?: string | undefined;
  /** When their stream begins, UTC ms, `to` excluded. */
  from?: number | undefined;
  to?: number | undefined;
}

/** Each stream of a report is a few reads, of which Cloudflare allows 10,000 a request; its links are in one answer. */
const bounds = { streams: 500, links: 100_000 };

/**
 * Those links, and their streams, without deleted ones.
 *
 * @returns `null` where they are of more streams than one report takes, or more than it takes of several streams
 */
export function reported(db: Database, filter: ReportFilter): Reported | null {
  const { streamId, campaign, creator, from, to } = filter;
  const where = and(
    isNull(streams.deletedAt),
    streamId === undefined ? undefined : eq(links.streamId, streamId),
    promotedBy({ campaign, creator }),
    from === undefined ? undefined : gte(beginsAt, from),
    to === undefined ? undefined : lt(beginsAt, to),
  );
  const size = db
    .select({ streams: countDistinct(links.streamId), links: count() })
    .from(links)
    .innerJoin(streams, eq(streams.id, links.streamId))
    .where(where)
    .get();
  if (size && (size.streams > bounds.streams || (size.streams > 1 && size.links > bounds.links))) {
    return null;
  }
  const found: Link[] = db
    .select(getTableColumns(links))
    .from(links)
    .innerJoin(streams, eq(streams.id, links.streamId))
    .where(where)
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
  const promoters = new Set(found.flatMap(({ creator: named }) => named?.id ?? []));
  return { streams: rows, links: found, names: namesOf(db, [...promoters]) };
}

/** The names that are set of some promoters (creators.ts). */
function namesOf(db: Database, ids: readonly string[]): Reported["names"] {
  return [...partsOf(ids)].flatMap((part) =>
    db
      .select({ id: creators.id, name: creators.name })
      .from(creators)
      .where(inArray(creators.id, part))
      .all()
      .flatMap(({ id, name }) => (name === null ? [] : [{ id, name }])),
  );
}

/** What a promoter's settlement is made of. */
export interface OfPromoter {
  /** As is set of the promoter; else as the newest of the links that name one has it. */
  name: string | null;
  links: {
    slug: string;
    streamId: string;
    title: string;
    /** When the stream begins, UTC ms. */
    startsAt: number;
    isDeleted: boolean;
  }[];
}

/** Links of one promoter: of each two lines of text travel to the Orders object. */
const promotersLinks = 50_000;

/** Every link of a promoter, deleted ones too, and those of deleted streams; `null` for more than one answer takes. */
export function ofPromoter(db: Database, creator: string): OfPromoter | null {
  const rows = db
    .select({
      slug: links.slug,
      streamId: links.streamId,
      creator: links.creator,
      title: streams.title,
      startsAt: beginsAt,
      deletedAt: streams.deletedAt,
    })
    .from(links)
    .innerJoin(streams, eq(streams.id, links.streamId))
    .where(promotedBy({ creator }))
    .orderBy(desc(links.createdAt), links.slug)
    .limit(promotersLinks + 1)
    .all();
  if (rows.length > promotersLinks) return null;
  const [set] = namesOf(db, [creator]);
  return {
    name:
      set?.name ??
      rows.find(({ creator: given }) => given?.name !== undefined)?.creator?.name ??
      null,
    links: rows.map(({ creator: _, deletedAt, ...link }) => ({
      ...link,
      isDeleted: deletedAt !== null,
    })),
  };
}

/** The stream of the same host that began last before this one. */
export function previousStream(db: Database, stream: Stream): Stream | null {
  if (stream.host === null) return null;
  return (
    db
      .select()
      .from(streams)
      .where(
        and(
          eq(streams.host, stream.host),
          ne(streams.id, stream.id),
          isNull(streams.deletedAt),
          lt(beginsAt, stream.startsAt ?? stream.createdAt),
        ),
      )
      .orderBy(desc(beginsAt))
      .limit(1)
      .get() ?? null
  );
}
