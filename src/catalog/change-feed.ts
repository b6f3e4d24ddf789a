/**
 * @module Which links, streams and creators changed, by number, so that the Orders object can follow: exact whatever
 * the clocks say, and a reader that was away finds everything it missed. What a link has of its creator and its stream
 * is told with those, so that a change of theirs is one, however many links they have.
 */
import { eq, gt, inArray, max, sql } from "drizzle-orm";
import { partsOf } from "../lib/sql.ts";
import {
  flatIds,
  knownRooms,
  type PromotedStream,
  type PromotingCreator,
  type PromotingLink,
  roomsOf,
} from "../model/promoter.ts";
import type { Database } from "./database.ts";
import { changes, creators, links, streams } from "./tables.ts";

/** What changed, as the matching needs it; none of them for a link or a stream that is gone. */
export interface Change {
  seq: number;
  link?: PromotingLink;
  stream?: PromotedStream;
  creator?: PromotingCreator;
}

export interface ChangePage {
  changes: Change[];
  isMore: boolean;
}

/** A page is taken in a hundredth of a second or two, for which all others wait. */
const pageSize = 100;

/** To be called inside the transaction of the change. */
export function noteChange(db: Database, key: string): void {
  const seq = sql<number>`(select coalesce(max(${changes.seq}), 0) + 1 from ${changes})`;
  db.insert(changes)
    .values({ key, seq })
    .onConflictDoUpdate({ target: changes.key, set: { seq } })
    .run();
}

/** The number of the last change. */
export const lastChange = (db: Database): number =>
  db
    .select({ seq: max(changes.seq) })
    .from(changes)
    .get()?.seq ?? 0;

/** A page of the keys of records that changed after a number, in the order of the changes. */
export function changedAfter(db: Database, seq: number) {
  const rows = db
    .select()
    .from(changes)
    .where(gt(changes.seq, seq))
    .orderBy(changes.seq)
    .limit(pageSize)
    .all();
  const idsOf = (kind: "link:" | "stream:" | "creator:") =>
    rows.flatMap(({ key }) => (key.startsWith(kind) ? [key.slice(kind.length)] : []));
  return { rows, isMore: rows.length === pageSize, idsOf };
}

export function changesSince(db: Database, seq: number): ChangePage {
  const { rows, isMore, idsOf } = changedAfter(db, seq);
  const found = new Map<string, Omit<Change, "seq">>();
  for (const part of partsOf(idsOf("link:"))) {
    const { slug, streamId, promotion, creator, destinations } = links;
    const read = db
      .select({ slug, streamId, promotion, creator, destinations })
      .from(links)
      .where(inArray(links.slug, part))
      .all();
    for (const link of read) {
      const record: PromotingLink = {
        slug: link.slug,
        streamId: link.streamId,
        ids: flatIds(link.promotion),
        names: [link.creator?.name, link.creator?.id].filter((name) => name !== undefined),
        rooms: roomsOf(link.destinations),
      };
      found.set(`link:${link.slug}`, { link: record });
    }
  }
  for (const id of idsOf("stream:")) {
    const stream = db.select().from(streams).where(eq(streams.id, id)).get();
    if (!stream) continue;
    const startsAt = stream.startsAt ?? stream.createdAt;
    const rooms = knownRooms(roomsOf(stream.destinations));
    found.set(`stream:${id}`, { stream: { id, startsAt, rooms } });
  }
  for (const id of idsOf("creator:")) {
    const { ids, name } = creators;
    const set = db.select({ ids, name }).from(creators).where(eq(creators.id, id)).get();
    const names = set?.name ? [set.name] : [];
    found.set(`creator:${id}`, { creator: { id, ids: flatIds(set?.ids), names } });
  }
  return {
    changes: rows.map((row) => ({ seq: row.seq, ...found.get(row.key) })),
    isMore,
  };
}
