/** @module A stream's stats as a spreadsheet: a row per link. */
import { createRoute, z } from "@hono/zod-openapi";
import { csvAnswer } from "../api/negotiate.ts";
import { LanguageParam } from "../api/order-schemas.ts";
import { commonProblems, notFoundProblem, router } from "../api/router.ts";
import { requires } from "../auth/scopes.ts";
import { catalogOf, unwrap } from "../catalog/calls.ts";
import { publicOrigin } from "../config/env.ts";
import { type Column, csvOf } from "../lib/csv.ts";
import { IdParams } from "../model/bounded.ts";
import type { Link } from "../model/stream.ts";
import { reportCurrency } from "../orders/calls.ts";
import { openColumns, soldColumns } from "./columns.ts";
import { gather } from "./gather.ts";
import { entriesOf } from "./group.ts";
import { type ReportRow, report } from "./roas.ts";

type Row = ReportRow & { link: Link; shortUrl: string };

const text = (
  name: string,
  zh: string,
  en: string,
  of: (row: Row) => string | null | undefined,
): Column<Row> => ({ name, title: { "zh-CN": zh, en }, kind: "text", of });

const columns: readonly Column<Row>[] = [
  text("slug", "短链", "Slug", ({ link }) => link.slug),
  text("shortUrl", "链接", "Link", ({ shortUrl }) => shortUrl),
  text("creatorId", "达人编号", "Promoter id", ({ link }) => link.creator?.id),
  text("creatorName", "达人", "Promoter", ({ link }) => link.creator?.name),
  text("tier", "层级", "Tier", ({ link }) => link.creator?.tier),
  text("channel", "渠道", "Channel", ({ link }) => link.channel),
  text("channelClass", "渠道类别", "Channel class", ({ link }) => link.channelClass),
  text("campaign", "活动", "Campaign", ({ link }) => link.campaign),
  text("tags", "标签", "Tags", ({ link }) => link.tags.join(" ")),
  ...openColumns,
  ...soldColumns,
];

export const statsCsv = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/stats.csv",
    summary: "A row per link, as a spreadsheet (UTF-8 with BOM)",
    description:
      "Without `language` the headers are the API's names and money is in minor units (分); with it they are words and yuan.",
    security: requires("stats:read"),
    request: {
      params: IdParams,
      query: z.strictObject({ language: LanguageParam }),
    },
    responses: {
      200: { description: "The rows", content: { "text/csv": { schema: { type: "string" } } } },
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const { id } = c.req.valid("param");
    const { language } = c.req.valid("query");
    const { links } = unwrap(await catalogOf(c.env).reported({ streamId: id }));
    const { facts } = await gather(c.env, {
      streamId: id,
      convention: "pay",
      currency: reportCurrency,
      isByDestination: false,
    });
    const bySlug = new Map(links.map((link) => [link.slug, link as Link]));
    const origin = publicOrigin(c.env, c.req.url);
    const rows = report(entriesOf(facts, "link", language ?? "zh-CN"))
      .data.toSorted((a, b) => b.views - a.views || b.clicks - a.clicks || (a.key < b.key ? -1 : 1))
      .flatMap((row): Row[] => {
        const link = bySlug.get(row.key);
        return link ? [{ ...row, link, shortUrl: `${origin}/${row.key}` }] : [];
      });
    return csvAnswer(c, csvOf(rows, columns, language), `stats-${id}`);
  },
);
