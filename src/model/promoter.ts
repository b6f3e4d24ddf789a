/**
 * @module Who promotes, as orders are matched to it. The Catalog tells of links, creators and streams one by one; what a link
 * goes by is made of the three, so that a creator's ids are set once, however many links there are.
 */
import { type Keyed, mapOf, recordOf } from "../lib/records.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { platformOrders } from "../platforms/registry/orders.ts";
import type { Promotion } from "./promotion.ts";

/** A link as the Catalog tells it. */
export interface PromotingLink {
  slug: string;
  streamId: string;
  /** Its own `promotion`, by `platform.field`. */
  ids: Keyed<string>;
  /** What it calls its creator; the creator's id is the last of them. */
  names: string[];
  /** The rooms of its own destinations, by the id that orders name them by; `null`: what it leads to is no room that is known. */
  rooms?: Keyed<string | null>;
}

/** A creator as the Catalog tells it; without ids and names, one of whom nothing is set. */
export interface PromotingCreator {
  id: string;
  ids: Keyed<string>;
  names: string[];
}

/** A stream as the Catalog tells it. */
export interface PromotedStream {
  id: string;
  /** When it begins, UTC ms. */
  startsAt: number;
  /** The rooms that it leads to, by the id that orders name them by. */
  rooms: Keyed<string>;
}

/** What of a link the matching needs. */
export interface Promoter {
  slug: string;
  streamId: string;
  /** When the link's stream begins, UTC ms. */
  startsAt: number;
  /** The link's ids and, where it has none, its creator's, by `platform.field`. */
  ids: Keyed<string>;
  /** The creator's names and id. */
  names: string[];
  /** The live rooms that it leads to, by the id that orders name them by: `douyin.mediaId`. */
  rooms?: Keyed<string>;
}

/** Nested as the API has it → flat, `jd.subUnionId`. */
export function flatIds(promotion: Promotion | null | undefined): Keyed<string> {
  return recordOf(
    Object.entries(promotion ?? {}).flatMap(([platform, fields]) =>
      Object.entries(fields ?? {}).flatMap(([field, value]): [string, string][] =>
        value === undefined ? [] : [[`${platform}.${field}`, value]],
      ),
    ),
  );
}

/** By platform, which id of an order is a live room's, and which of a destination's. */
const roomOf = new Map(platformOrders.flatMap(({ name, room }) => (room ? [[name, room]] : [])));
/** The ids of orders that name a live room. */
export const roomFields: ReadonlySet<string> = new Set(
  [...roomOf].map(([platform, { field }]) => `${platform}.${field}`),
);

/** The rooms of destinations; `null` for one whose id is none, as Douyin's `web_rid`. */
export const roomsOf = (destinations: readonly Destination[] | null): Keyed<string | null> =>
  recordOf(
    (destinations ?? []).flatMap(({ platform, promoted, ...own }): [string, string | null][] => {
      const { id, idType } = promoted?.of ?? own;
      const room = roomOf.get(platform);
      return room ? [[`${platform}.${room.field}`, idType === room.idType ? id : null]] : [];
    }),
  );

/** Those that are known. */
export const knownRooms = (rooms: Keyed<string | null>): Keyed<string> =>
  recordOf(
    [...mapOf(rooms)].flatMap(([field, room]): [string, string][] => (room ? [[field, room]] : [])),
  );

/** Whose link it is. */
export const creatorOf = ({ names }: Pick<PromotingLink, "names">): string | undefined =>
  names.at(-1);

/**
 * What a link goes by. Field by field its own id goes before its creator's, and its own destination before its stream's; a room
 * that somebody gave it as an id is its room.
 */
export function promoterOf(
  link: PromotingLink,
  creator: Pick<PromotingCreator, "ids" | "names"> | null,
  { startsAt, rooms }: Pick<PromotedStream, "startsAt" | "rooms">,
): Promoter {
  const { slug, streamId, ids, names } = link;
  const given = [...mapOf(ids)].filter(([field]) => roomFields.has(field));
  const own = [...mapOf<string | null>(link.rooms), ...given];
  const hasOwnIds = Object.keys(ids).length > 0;
  return {
    slug,
    streamId,
    startsAt,
    // What has nothing of its own has the very same ids and rooms as others, by which the matching knows them.
    ids: !creator
      ? ids
      : hasOwnIds
        ? recordOf([...mapOf(creator.ids), ...mapOf(ids)])
        : creator.ids,
    names: creator ? [...creator.names, ...names] : names,
    rooms: own.length > 0 ? knownRooms(recordOf([...mapOf<string | null>(rooms), ...own])) : rooms,
  };
}
