/** @module The edge copy of a stream and a link: what of a row the edge needs. */

import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import type { Link, Stream } from "../model/stream.ts";

export function linkRecord(link: Link): LinkRecord {
  return {
    slug: link.slug,
    version: link.version,
    streamId: link.streamId,
    ...(link.destinations ? { destinations: link.destinations } : {}),
    ...(link.primary ? { primary: link.primary } : {}),
    ...(link.expiresAt === null ? {} : { expiresAt: link.expiresAt }),
    ...(link.disabled ? { disabled: true as const } : {}),
    ...(link.deletedAt === null ? {} : { deleted: true as const }),
  };
}

export function streamRecord(stream: Stream): StreamRecord {
  return {
    id: stream.id,
    version: stream.version,
    title: stream.title,
    ...(stream.host === null ? {} : { host: stream.host }),
    ...(stream.cover === null ? {} : { cover: stream.cover }),
    ...(stream.startsAt === null ? {} : { startsAt: stream.startsAt }),
    ...(stream.endsAt === null ? {} : { endsAt: stream.endsAt }),
    timezone: stream.timezone,
    destinations: stream.destinations,
    primary: stream.primary,
    landing: stream.landing,
    durability: stream.durability,
    shards: stream.shards,
    ...(stream.after ? { after: stream.after } : {}),
    ...(stream.phase ? { phase: stream.phase } : {}),
    secret: stream.secret,
    ...(stream.deletedAt === null ? {} : { deleted: true as const }),
  };
}
