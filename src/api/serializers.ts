/** @module Streams, links and destinations as the API answers them. */

import { phaseOfStored } from "../model/phase.ts";
import type { Link, Stream } from "../model/stream.ts";
import { subIdsOf } from "../orders/sub-ids.ts";
import type { Destination } from "../platforms/registry/edge.ts";

const time = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

export function presentDestination(destination: Destination): Destination & { warnings: string[] } {
  return { ...destination, warnings: destination.warnings ?? [] };
}

export function presentStream(stream: Stream, now: number) {
  const { startsAt, endsAt } = stream;
  return {
    id: stream.id,
    title: stream.title,
    host: stream.host,
    cover: stream.cover,
    startsAt: time(startsAt),
    endsAt: time(endsAt),
    timezone: stream.timezone,
    destinations: stream.destinations.map(presentDestination),
    primary: stream.primary,
    landing: stream.landing,
    durability: stream.durability,
    shards: stream.shards,
    after: stream.after?.url ?? null,
    /** The phase now; `phaseOverride` is what was set by hand. */
    phase: phaseOfStored(stream, now),
    phaseOverride: stream.phase,
    createdAt: time(stream.createdAt),
    updatedAt: time(stream.updatedAt),
  };
}

export function presentLink(link: Link, origin: string) {
  return {
    slug: link.slug,
    shortUrl: `${origin}/${link.slug}`,
    streamId: link.streamId,
    creator: link.creator,
    channel: link.channel,
    channelClass: link.channelClass,
    campaign: link.campaign,
    tags: link.tags,
    destinations: link.destinations?.map(presentDestination) ?? null,
    primary: link.primary,
    expiresAt: time(link.expiresAt),
    note: link.note,
    externalId: link.externalId,
    promotion: link.promotion,
    subIds: subIdsOf(link.slug, link.promotion),
    disabled: link.disabled,
    createdAt: time(link.createdAt),
    updatedAt: time(link.updatedAt),
  };
}
