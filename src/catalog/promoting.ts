/** @module A connection's promoted links, as their links' own destinations. */
import { definedOnly } from "../lib/records.ts";
import { endOf } from "../model/destination.ts";
import type { Link } from "../model/link.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import type { Links } from "./links.ts";

export interface PromotedDestination {
  slug: string;
  destination: Destination;
  /** The link's own on this platform, when the new one was asked for; `null`: it had none. */
  before: Destination | null;
}

/** A link whose promoted destination ends. */
export interface EndingLink {
  slug: string;
  streamId: string;
  connection: string;
  /** Of what it was made of. */
  kind: Destination["kind"];
  /** UTC ms. */
  endsAt: number;
  /** The link ends by itself, so that another can be made; else what it leads to does. */
  isOfLink: boolean;
}

/** Of those that end after `from` and not after `to`, UTC ms, the first of each to end. */
export const endingLinks = (links: Links, from: number, to: number, atMost: number): EndingLink[] =>
  links.ending(from, to, atMost).flatMap(({ slug, streamId, destinations }) => {
    const [first] = (destinations ?? [])
      .flatMap(({ promoted }) => {
        const endsAt = promoted ? endOf(promoted) : null;
        if (!promoted || endsAt === null) return [];
        const { connection, of, expiresAt } = promoted;
        const isOfLink = endsAt === expiresAt && endsAt !== promoted.endsAt;
        return [{ slug, streamId, connection, kind: of.kind, endsAt, isOfLink }];
      })
      .sort((a, b) => a.endsAt - b.endsAt);
    return first ?? [];
  });

export interface Promoting {
  links: Link[];
  /** Slugs of links that are gone, or lead elsewhere by now: they stay as they are. */
  left: string[];
}

/** Each in the place of its link's own on the same platform, unless somebody changed that meanwhile. */
export function putPromoted(
  links: Links,
  promoted: readonly PromotedDestination[],
  by: string,
  now: number,
): Promoting {
  const found = new Map(
    links.named(promoted.map(({ slug }) => slug)).map((one) => [one.slug, one]),
  );
  const left: string[] = [];
  const changes = promoted.flatMap(({ slug, destination, before }) => {
    const link = found.get(slug);
    const own = link?.destinations?.find(({ platform }) => platform === destination.platform);
    if (!link || own?.url !== before?.url) {
      left.push(slug);
      return [];
    }
    const others = (link.destinations ?? []).filter((one) => one !== own);
    const placed = definedOnly({ ...destination, replay: destination.replay ?? own?.replay });
    return [{ slug, change: { destinations: [...others, placed as Destination] } }];
  });
  const changed = links.changeAll(changes, by, now, "link.promoted");
  if (!changed.ok) throw new Error(changed.detail.en);
  return { links: changed.value, left };
}
