/** @module What the Notifier object follows: streams, and links with destinations of their own, as they are now. */
import { inArray } from "drizzle-orm";
import { partsOf } from "../lib/sql.ts";
import type { Stream } from "../model/stream.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { changedAfter } from "./change-feed.ts";
import type { Database } from "./database.ts";
import { links, streams } from "./tables.ts";

export interface WatchPage {
  /** Number of the last change that this page tells. */
  seq: number;
  isMore: boolean;
  streams: Stream[];
  links: WatchedLink[];
}

/** `destinations` is `null` where the stream's hold, or the link is gone. */
export interface WatchedLink {
  slug: string;
  streamId: string;
  version: number;
  updatedAt: number;
  destinations: Destination[] | null;
}

/** What changed after a number, in the order of the changes; a deleted record is told once more. */
export function watchedSince(db: Database, seq: number): WatchPage {
  const { rows, isMore, idsOf } = changedAfter(db, seq);
  const page: WatchPage = {
    seq: rows.at(-1)?.seq ?? seq,
    isMore,
    streams: [],
    links: [],
  };
  for (const part of partsOf(idsOf("stream:"))) {
    page.streams.push(...db.select().from(streams).where(inArray(streams.id, part)).all());
  }
  for (const part of partsOf(idsOf("link:"))) {
    const { slug, streamId, version, updatedAt, destinations, disabled, deletedAt } = links;
    const found = db
      .select({ slug, streamId, version, updatedAt, destinations, disabled, deletedAt })
      .from(links)
      .where(inArray(links.slug, part))
      .all();
    for (const link of found) {
      const isGone = link.disabled || link.deletedAt !== null;
      page.links.push({
        slug: link.slug,
        streamId: link.streamId,
        version: link.version,
        updatedAt: link.updatedAt,
        destinations: isGone ? null : link.destinations,
      });
    }
  }
  return page;
}
