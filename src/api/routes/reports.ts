/** @module What each promoter, channel, class or destination sold and cost. */
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiEnv } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { csvOf } from "../../lib/csv.ts";
import { isoOf } from "../../model/fields.ts";
import { itemColumns, reportColumns } from "../../reports/columns.ts";
import { gather } from "../../reports/gather.ts";
import { entriesOf } from "../../reports/group.ts";
import { itemReport } from "../../reports/items.ts";
import { report } from "../../reports/roas.ts";
import { csvAnswer, languageOf, wantsType } from "../negotiate.ts";
import { RoasAnswer, RoasQuery } from "../order-schemas.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

const read = requires("stats:read");

async function answer(c: Context<ApiEnv>, query: RoasQuery) {
  const { groupBy, convention, currency } = query;
  const language = languageOf(c, query.language);
  const { facts, items, otherCurrencies, uncounted, asOf } = await gather(c.env, {
    ...query,
    isByDestination: groupBy === "destination",
    isByItem: groupBy === "item",
  });
  const made =
    groupBy === "item"
      ? itemReport(facts, items, language, query.limit)
      : report(entriesOf(facts, groupBy, language));
  return {
    ...made,
    groupBy,
    convention,
    currency,
    otherCurrencies,
    uncounted,
    asOf: isoOf(asOf),
  };
}

async function csv(c: Context<ApiEnv>, query: RoasQuery) {
  const { data, totals } = await answer(c, query);
  const rows = [...data, { key: "total", ...totals }];
  const columns = query.groupBy === "item" ? itemColumns : reportColumns;
  return csvAnswer(c, csvOf(rows, columns, query.language), `roas-${query.groupBy}`);
}

const csvContent = { "text/csv": { schema: { type: "string" as const } } };

export const reports = router()
  .openapi(
    createRoute({
      method: "get",
      path: "/api/reports/roas",
      summary:
        "Views to sales to cost, by promoter, link, channel, class, destination, campaign or item",
      description:
        "roas = gmv ÷ cost, netRoas = netGmv ÷ cost, conversionRate = paid orders ÷ clicks, gpm = gmv per 1,000 views, uvValue = gmv ÷ visitors (an estimate); null when there is nothing to divide by. `start` and `end` take orders paid (and opens by the hour) in a period; `convention` says whether a refund is booked when its order was paid or when it was made. By `item` the `key` is `platform:itemId`, or `platform::name` where no id is known, and `quantity` says how many were bought; an item has its commissions as its cost, and no views or clicks: these, the other costs and orders that do not say what was bought stand in the row `none`, items beyond `limit` in `other`.",
      security: read,
      request: { query: RoasQuery },
      responses: {
        200: {
          description: "The report",
          content: { ...jsonAnswer("", RoasAnswer).content, ...csvContent },
        },
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const query = c.req.valid("query");
      const isCsv = query.format === "csv" || (!query.format && wantsType(c, "text/csv"));
      return isCsv ? csv(c, query) : c.json(await answer(c, query), 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/reports/roas.csv",
      summary: "The same as a spreadsheet (UTF-8 with BOM); with `language` for people, in yuan",
      security: read,
      request: { query: RoasQuery },
      responses: {
        200: { description: "The report", content: csvContent },
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    (c) => csv(c, c.req.valid("query")),
  );
