/** @module Orders that somebody books on a link, or takes off it again. Pure: the Orders object reads and writes. */
import type { Promoter } from "../model/promoter.ts";
import { type Applied, type BookedLine, booked, deltasOf } from "./apply-events.ts";
import { lineKey } from "./order-line.ts";

/** An order, or of one the line. */
export interface OrderName {
  platform: string;
  orderId: string;
  subOrderId?: string | undefined;
}

/** Which of the named can't be booked, by their place: those that nobody told of, and those that their ids booked. */
export interface NotBooked {
  missing: number[];
  taken: { index: number; slug: string }[];
}

export const isNamed = (line: BookedLine, { platform, orderId, subOrderId }: OrderName): boolean =>
  line.platform === platform &&
  line.orderId === orderId &&
  (subOrderId === undefined || line.subOrderId === subOrderId);

/** What of the named stands in the way. What was booked by hand may be booked anew. */
export function notBooked(
  stored: readonly BookedLine[],
  names: readonly OrderName[],
  slug: string | null,
): NotBooked {
  const found: NotBooked = { missing: [], taken: [] };
  for (const [index, name] of names.entries()) {
    const lines = stored.filter((line) => isNamed(line, name));
    if (lines.length === 0) found.missing.push(index);
    const other = lines.find(({ link, by }) => link !== "" && by !== "hand" && link !== slug);
    if (other) found.taken.push({ index, slug: other.link });
  }
  return found;
}

/**
 * Books the lines that are named.
 *
 * @param to the link; `null` leaves each to what it says of itself
 * @param find links by key
 */
export function bookByHand(
  stored: readonly BookedLine[],
  names: readonly OrderName[],
  to: { slug: string; streamId: string } | null,
  find: (key: string) => readonly Promoter[],
): Pick<Applied, "changed" | "claimed" | "deltas"> {
  const changed = new Map<string, BookedLine>();
  const lines = stored.map((line) => {
    if (!names.some((name) => isNamed(line, name))) return line;
    // What its own ids booked there already stays theirs.
    if (line.by !== "hand" && line.link !== "" && line.link === to?.slug) return line;
    const after: BookedLine = to
      ? { ...line, link: to.slug, streamId: to.streamId, by: "hand" }
      : booked(line, find);
    if (after.link === line.link && after.by === line.by) return line;
    changed.set(lineKey(line), after);
    return after;
  });
  const nobodys = new Set(stored.filter(({ link }) => link === "").map(lineKey));
  const all = [...changed.values()];
  return {
    changed: all,
    claimed: all.filter((line) => line.link !== "" && nobodys.has(lineKey(line))),
    deltas: deltasOf(stored, lines, changed),
  };
}
