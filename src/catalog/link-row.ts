/** @module A link as its row has it: with what rows are looked for by, which is made of the link itself. */
import { endOf } from "../model/destination.ts";
import type { Link } from "../model/link.ts";
import type { Destination } from "../platforms/registry/edge.ts";

export const rowOf = <T extends Pick<Link, "creator" | "destinations">>(link: T) => ({
  ...link,
  creatorId: link.creator?.id ?? null,
  promotedUntil: promotedUntil(link.destinations),
});

function promotedUntil(destinations: readonly Destination[] | null): number | null {
  const ends = (destinations ?? []).flatMap(({ promoted }) => (promoted && endOf(promoted)) ?? []);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** Destinations as they are to be, of which those that stay as they are stay a connection's. */
export function stillPromoted(
  before: readonly Destination[] | null,
  after: Destination[] | null,
): Destination[] | null {
  return (
    after?.map((destination) => {
      if (destination.promoted) return destination;
      const { platform, url, shareText } = destination;
      const same = before?.find((one) => one.platform === platform && one.url === url);
      const { promoted } = same?.shareText === shareText ? (same ?? {}) : {};
      return promoted ? { ...destination, promoted } : destination;
    }) ?? null
  );
}
