/** @module A stream's stats as a spreadsheet: a row per link. */
import { catalogOf, unwrap } from "../catalog/calls.ts";
import type { Env } from "../config/env.ts";
import { type Column, csvOf } from "../lib/csv.ts";
import type { Language } from "../lib/said.ts";
import type { Link } from "../model/link.ts";
import { term } from "../model/terms.ts";
import { reportCurrency } from "../orders/calls.ts";
import { openColumns, soldColumns } from "./columns.ts";
import { gather } from "./gather.ts";
import { entriesOf } from "./group.ts";
import { type ReportRow, report } from "./roas.ts";

type Row = ReportRow & { link: Link; shortUrl: string };

const text = (
  name: string,
  title: Column<Row>["title"],
  of: (row: Row) => string | null | undefined,
): Column<Row> => ({ name, title, kind: "text", of });

const columns: readonly Column<Row>[] = [
  text("slug", { "zh-CN": "短链", en: "Slug" }, ({ link }) => link.slug),
  text("shortUrl", { "zh-CN": "链接", en: "Link" }, ({ shortUrl }) => shortUrl),
  text("creatorId", term("promoterId"), ({ link }) => link.creator?.id),
  text("creatorName", term("promoter"), ({ link }) => link.creator?.name),
  text("tier", { "zh-CN": "层级", en: "Tier" }, ({ link }) => link.creator?.tier),
  text("channel", term("channel"), ({ link }) => link.channel),
  text("channelClass", term("channelClass"), ({ link }) => link.channelClass),
  text("campaign", term("campaign"), ({ link }) => link.campaign),
  text("tags", { "zh-CN": "标签", en: "Tags" }, ({ link }) => link.tags.join(" ")),
  ...openColumns,
  ...soldColumns,
];

/**
 * @param origin of the short links
 * @param language of the heads; without it they are the API's names, and money is in minor units
 * @throws {Problem} when there is no such stream
 */
export async function statsCsvOf(
  env: Env,
  id: string,
  { origin, language }: { origin: string; language: Language | undefined },
): Promise<string> {
  const { links } = unwrap(await catalogOf(env).reported({ streamId: id }));
  const { facts } = await gather(env, {
    streamId: id,
    convention: "pay",
    currency: reportCurrency,
    isByDestination: false,
  });
  const bySlug = new Map(links.map((link) => [link.slug, link as Link]));
  const rows = report(entriesOf(facts, "link", language ?? "zh-CN"))
    .data.toSorted((a, b) => b.views - a.views || b.clicks - a.clicks || (a.key < b.key ? -1 : 1))
    .flatMap((row): Row[] => {
      const link = bySlug.get(row.key);
      return link ? [{ ...row, link, shortUrl: `${origin}/${row.key}` }] : [];
    });
  return csvOf(rows, columns, language);
}
