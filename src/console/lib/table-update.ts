/** @module A pasted table as changes of links that are there: each row finds its link, and only what differs is changed. Pure. */
import { own, recordOf } from "../../lib/records.ts";
import type { Link } from "./client.ts";
import type { PromoterRow } from "./promoters.ts";

interface RowChange {
  row: PromoterRow;
  link: Link;
  /** What differs, as a PATCH takes it. */
  set: object;
}

export interface TableUpdate {
  changes: RowChange[];
  /** Rows that mean no link, or more than one, by line. */
  lost: Map<number, "notFound" | "several">;
  /** The others' links, by line. */
  found: Map<number, Link>;
}

/** By its slug; without one by its promoter, where that is one link's alone. */
function meant(row: PromoterRow, links: readonly Link[]): readonly Link[] {
  if (row.slug) return links.filter(({ slug }) => slug === row.slug);
  const { creator } = row.link;
  if (!creator) return [];
  const byId = links.filter((link) => link.creator?.id === creator.id);
  return byId.length > 0 ? byId : links.filter((link) => link.creator?.name === row.name);
}

/** The cells of a row as the link's fields would be with them: parts of a promoter and of its ids join what is there. */
function joined({ link: given, name }: PromoterRow, link: Link): object {
  const { slug: _, creator, promotion, ...fields } = given;
  // A name alone has been made an id, where a link has one of its own.
  const isNamedAlone = creator !== undefined && creator.id === creator.name;
  const id = isNamedAlone && link.creator ? link.creator.id : (creator?.id ?? name);
  return {
    ...fields,
    ...(creator ? { creator: { ...link.creator, ...creator, id } } : {}),
    ...(promotion
      ? {
          promotion: {
            ...link.promotion,
            ...recordOf(
              Object.entries(promotion).map(([platform, ids]) => [
                platform,
                { ...own(link.promotion ?? {}, platform), ...ids },
              ]),
            ),
          },
        }
      : {}),
  };
}

/** Times are told with their milliseconds, and need not be typed so. */
function isSame(field: string, now: unknown, wanted: unknown): boolean {
  if (field === "expiresAt" && typeof now === "string" && typeof wanted === "string") {
    return Date.parse(now) === Date.parse(wanted);
  }
  return JSON.stringify(sorted(now)) === JSON.stringify(sorted(wanted));
}

const sorted = (value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.entries(value)
        .map(([name, inner]) => [name, sorted(inner)] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
    : value;

export function updateOf(rows: readonly PromoterRow[], links: readonly Link[]): TableUpdate {
  const update: TableUpdate = { changes: [], lost: new Map(), found: new Map() };
  for (const row of rows) {
    const [link, another] = meant(row, links);
    if (!link || another) {
      update.lost.set(row.line, link ? "several" : "notFound");
      continue;
    }
    update.found.set(row.line, link);
    const differing = Object.entries(joined(row, link)).filter(
      ([field, wanted]) => !isSame(field, own(link, field) ?? null, wanted),
    );
    if (differing.length > 0) update.changes.push({ row, link, set: recordOf(differing) });
  }
  return update;
}
