/**
 * @module The board of a part of a stream: of one promoter, channel or link, and of one app, system, province, destination or
 * way. Counts are held by link and, of each link, by one dimension at a time; so promoter × app is known, and app × province is not:
 * what is not held is left out and said, never guessed.
 */
import { own, recordOf } from "../../lib/records.ts";
import { client, json, type Stats } from "./client.ts";
import { usePoll } from "./poll.ts";

export const groupings = ["creator", "channel", "link"] as const;
export const cuts = ["app", "os", "region", "destination", "method"] as const;
export type Grouping = (typeof groupings)[number];
export type Cut = (typeof cuts)[number];

/** One of a kind, as the address has it: `creator:陈大厨`. */
export interface Part<K extends string> {
  kind: K;
  key: string;
}

export function partIn<K extends string>(text: string, kinds: readonly K[]): Part<K> | undefined {
  const at = text.indexOf(":");
  const kind = kinds.find((one) => one === text.slice(0, at));
  return kind && { kind, key: text.slice(at + 1) };
}

export const partText = ({ kind, key }: Part<string>): string => `${kind}:${key}`;

/** More links than these are not asked for one by one. */
export const linksAtMost = 40;

/** Links of a part of the stream, those that were opened first. */
export function slugsOf(stats: Stats, only: Part<Grouping> | undefined): string[] {
  return (stats.by.link ?? [])
    .filter(({ key, creator, channel }) => {
      if (!only) return true;
      if (only.kind === "link") return key === only.key;
      return ((only.kind === "creator" ? creator : channel) ?? "none") === only.key;
    })
    .map(({ key }) => key);
}

type Row = { key: string; views: number; clicks: number };

/** Sums of rows with the same key, those with most views first. */
function summed(all: readonly (readonly Row[])[]): Row[] {
  const sums = new Map<string, Row>();
  for (const { key, views, clicks } of all.flat()) {
    const known = sums.get(key);
    sums.set(key, {
      key,
      views: (known?.views ?? 0) + views,
      clicks: (known?.clicks ?? 0) + clicks,
    });
  }
  return [...sums.values()].toSorted((a, b) => b.views - a.views);
}

/** A sum of which a part is not known is not known. */
const plus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b;

const ratio = (part: number | null, whole: number): number | null =>
  part === null || whole === 0 ? null : part / whole;

const columns = (all: readonly (readonly number[])[]): number[] =>
  (all[0] ?? []).map((_, index) => all.reduce((sum, column) => sum + (column[index] ?? 0), 0));

/**
 * The stats of several links of a stream as those of one. Their series have the same range. Visitors are a sum: who opened
 * two of them counts twice.
 *
 * @param whole the stream's, of which what is not a link's is kept
 */
export function mergedStats(whole: Stats, parts: readonly Stats[]): Stats {
  const [first] = parts;
  if (!first) return whole;
  const totals = recordOf(
    Object.keys(whole.totals).map((name) => [
      name,
      parts.reduce<number | null>(
        (sum, part) => plus(sum, (own(part.totals, name) ?? null) as number | null),
        0,
      ),
    ]),
  ) as unknown as Stats["totals"];
  const all = (name: "views" | "clicks") =>
    columns(parts.map(({ series }) => series?.[name] ?? []));
  return {
    ...whole,
    totals,
    rates: {
      clickThrough: ratio(totals.clicks, totals.views),
      conversion: ratio(totals.orders, totals.clicks),
    },
    ...(parts.length === 1 && first.recent ? { recent: first.recent } : {}),
    ...(parts.length > 1 && whole.recent ? { recent: { ...whole.recent, change: null } } : {}),
    ...(first.series
      ? { series: { ...first.series, views: all("views"), clicks: all("clicks") } }
      : {}),
    by: {
      ...recordOf(cuts.map((cut) => [cut, summed(parts.map(({ by }) => by[cut] ?? []))])),
      link: (whole.by.link ?? []).filter(({ key }) => parts.some(({ slug }) => slug === key)),
    } as Stats["by"],
  };
}

/** What each of these links has, asked for by itself, in the range of the stream's series. */
export function useLinkStats(
  whole: Stats | undefined,
  slugs: readonly string[],
  isLive: boolean,
): { data: Stats[] | undefined; isTooMany: boolean; links: number } {
  const isTooMany = slugs.length > linksAtMost;
  const { interval, start } = whole?.series ?? {};
  const polled = usePoll<Stats[]>(
    slugs.length === 0 || isTooMany ? null : `links ${slugs.join()} ${interval} ${start}`,
    async () =>
      Response.json(
        await Promise.all(
          slugs.map((slug) =>
            json(
              client.api.links[":slug"].stats.$get({
                param: { slug },
                query: { ...(interval && start ? { interval, start } : {}) },
              }),
            ),
          ),
        ),
      ),
    isLive ? (slugs.length <= 3 ? 2_000 : 10_000) : 30_000,
  );
  return { data: polled.data, isTooMany, links: slugs.length };
}

/** Views and clicks of one key of a dimension; nothing where nobody came that way. */
export function cutOf(stats: Stats, { kind, key }: Part<Cut>): { views: number; clicks: number } {
  const row = (stats.by[kind] ?? []).find((one) => one.key === key);
  return { views: row?.views ?? 0, clicks: row?.clicks ?? 0 };
}

/** The stream's links with what each has of one key of a dimension, for the table of promoters. */
export function linksCut(whole: Stats, parts: readonly Stats[], cut: Part<Cut>): Stats {
  const bySlug = new Map(parts.map((part) => [part.slug, cutOf(part, cut)]));
  const link = (whole.by.link ?? []).flatMap((row) => {
    const own = bySlug.get(row.key);
    return own ? [{ ...row, ...own, visitors: null }] : [];
  });
  const { views, clicks } = cutOf(whole, cut);
  return { ...whole, totals: { ...whole.totals, views, clicks }, by: { ...whole.by, link } };
}
