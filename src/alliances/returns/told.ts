/**
 * @module Who came back, as an answer tells it: our copies of each link beside what the platform says. Pure. A day's figure of one
 * 口令 is the largest that an account was told, since others than its own may be told nothing; several 口令 of a link are summed.
 */
import { z } from "@hono/zod-openapi";
import { isoOrNull, nullable, toldMoment } from "../../model/fields.ts";
import { returnSources } from "../adapter.ts";
import type { Returned } from "./store.ts";

const count = z.int().min(0);
const Figures = { pv: count, uv: count };

export const ReturnsView = z
  .object({
    data: z.array(
      z.object({
        slug: z.string(),
        creator: nullable(z.string()),
        channel: nullable(z.string()),
        source: nullable(z.enum(returnSources)).openapi({
          description:
            "`taobao`: who came back by the link's own 口令; `wechat`: who entered the live room by the 推客's link; null where nothing is known of the link",
        }),
        copies: nullable(count).openapi({
          description: "What we counted of the link; null beside `wechat`, where nothing is copied",
        }),
        pv: nullable(count),
        uv: nullable(count).openapi({ description: "People of each day, summed" }),
        asOf: nullable(toldMoment),
        days: z.array(z.object({ day: z.iso.date(), ...Figures })).openapi({
          description: "By days of Beijing, as the platform tells them",
        }),
      }),
    ),
  })
  .openapi("Returns");

type Row = z.input<typeof ReturnsView>["data"][number];
export interface CountedLink {
  slug: string;
  creator: string | null;
  channel: string | null;
  copies: number;
}

interface Sum {
  pv: number;
  uv: number;
}

/** Sums of what each key was told at most. */
function summed(rows: readonly Returned[]): Sum {
  const most = new Map<string, Sum>();
  for (const { key, pv, uv } of rows) {
    const known = most.get(key) ?? { pv: 0, uv: 0 };
    most.set(key, { pv: Math.max(known.pv, pv), uv: Math.max(known.uv, uv) });
  }
  return total([...most.values()]);
}

const total = (sums: readonly Sum[]): Sum => ({
  pv: sums.reduce((sum, { pv }) => sum + pv, 0),
  uv: sums.reduce((sum, { uv }) => sum + uv, 0),
});

function rowOf(link: CountedLink, source: NonNullable<Row["source"]>, told: Returned[]): Row {
  const days = [...Map.groupBy(told, ({ day }) => day)]
    .map(([day, rows]) => ({ day, ...summed(rows) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    ...link,
    source,
    copies: source === "taobao" ? link.copies : null,
    ...total(days),
    asOf: isoOrNull(Math.max(...told.map(({ asOf }) => asOf))),
    days,
  };
}

/** A row for each link and platform that tells of it; a link of which nothing is known has one too, where it was copied. */
export function returnsOf(links: readonly CountedLink[], told: readonly Returned[]): Row[] {
  const bySlug = Map.groupBy(told, ({ slug }) => slug);
  return links
    .flatMap((link) => {
      const bySource = Map.groupBy(bySlug.get(link.slug) ?? [], ({ source }) => source);
      const rows = [...bySource].map(([source, ofSource]) => rowOf(link, source, ofSource));
      if (bySource.has("taobao") || (rows.length > 0 && link.copies === 0)) return rows;
      return [...rows, { ...link, source: null, pv: null, uv: null, asOf: null, days: [] }];
    })
    .sort(byCopies);
}

const byCopies = (a: Row, b: Row): number =>
  (b.copies ?? 0) - (a.copies ?? 0) || (b.pv ?? 0) - (a.pv ?? 0) || (a.slug < b.slug ? -1 : 1);
