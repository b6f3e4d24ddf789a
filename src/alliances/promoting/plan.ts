/** @module What is to become of a link that is to be promoted: what it is made of, or why it stays as it is. Pure. */
import { own as ownOf, recordOf } from "../../lib/records.ts";
import { type Said, said } from "../../lib/said.ts";
import type { Link } from "../../model/link.ts";
import type { Promotion as Ids } from "../../model/promotion.ts";
import type { Stream } from "../../model/stream.ts";
import { subIdsOf } from "../../orders/sub-ids.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import type { Adapter, Call, Credentials, Wanted } from "../adapter.ts";
import { roomsOf } from "../rooms.ts";

export interface Asked {
  link: Link;
  stream: Pick<Stream, "destinations" | "primary">;
  /** What is set of the link's creator. */
  ofCreator: Ids | null;
  adapter: Adapter;
  credentials: Credentials;
  isReplaced: boolean;
}

export interface ToMake {
  kind: "make";
  wanted: Wanted;
  call: Call;
  /** The link's own destination on that platform, in whose place it comes. */
  own: Destination | null;
  /** It is made of the link's own destination; else of its stream's. */
  isOfLink: boolean;
}
export type Plan =
  | ToMake
  | { kind: "kept"; destination: Destination; isOutdated: boolean }
  | { kind: "failed"; code: string; detail: Said };

const failed = (code: string, en: string, zh: string): Plan => ({
  kind: "failed",
  code,
  detail: said(en, zh),
});

export function planOf({ link, stream, ofCreator, adapter, credentials, isReplaced }: Asked): Plan {
  const { promotions, platform, title } = adapter;
  if (!promotions) {
    return failed(
      "not_promotable",
      `${title.en} makes no promoted links by its interface.`,
      `${title.zh}的接口不提供推广链接。`,
    );
  }
  const place = placeOf(link, stream, platform);
  if (!place) {
    return failed(
      "no_destination",
      `The link leads to nothing of ${title.en}.`,
      `该链接没有${title.zh}的去向。`,
    );
  }
  const { own, source, isOfLink } = place;
  if (own && !isReplaced) return { kind: "kept", destination: own, isOutdated: isOutdated(place) };
  const ids = ownOf(subIdsOf(link.slug, link.promotion, ofCreator), platform) ?? recordOf([]);
  const wanted: Wanted = { slug: link.slug, destination: source, ids };
  const asked = promotions.call(wanted, credentials);
  if (!asked.ok) return { kind: "failed", code: asked.code, detail: asked.detail };
  return { kind: "make", wanted, call: asked.call, own, isOfLink };
}

interface Place {
  /** The link's own destination there. */
  own: Destination | null;
  /** What is to be promoted. */
  source: Destination;
  /** It is the link's own; else its stream's. */
  isOfLink: boolean;
}

/** Where the link leads on a platform of the alliance's: where it leads first, else in the alliance's order. */
function placeOf(link: Link, stream: Asked["stream"], platform: string): Place | null {
  const rooms = roomsOf(platform);
  const first = link.primary ?? stream.primary;
  const order = rooms.includes(String(first)) ? [String(first), ...rooms] : rooms;
  for (const room of order) {
    const own = link.destinations?.find((one) => one.platform === room) ?? null;
    const ofStream = stream.destinations.find((one) => one.platform === room) ?? null;
    const place = sourceOf(own, ofStream);
    if (place) return place;
  }
  return null;
}

/**
 * A room or an item of the link's own is what its promoter shows; a promoted link is made anew of what it was made of, which is
 * the stream's of today where it was the stream's; of another link of the alliance's nobody knows, so the stream's is taken.
 */
function sourceOf(own: Destination | null, ofStream: Destination | null): Place | null {
  if (own?.promoted?.isOfLink) {
    const source = { platform: own.platform, ...own.promoted.of };
    return { own, source, isOfLink: true };
  }
  const isPage = own !== null && !own.promoted && own.kind !== "affiliate" && own.kind !== "short";
  const source = isPage ? own : (ofStream ?? own);
  return source && { own, source, isOfLink: source === own };
}

/** The stream leads elsewhere than when the link was made of it. */
const isOutdated = ({ own, source, isOfLink }: Place): boolean =>
  own?.promoted !== undefined &&
  !isOfLink &&
  (own.promoted.of.id !== source.id || own.promoted.of.url !== source.url);
