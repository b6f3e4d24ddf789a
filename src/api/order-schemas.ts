/** @module What the routes of orders, costs and reports take and answer. */
import { z } from "@hono/zod-openapi";
import { line, moment, shaped, text, words } from "../model/bounded.ts";
import { CostsInput } from "../model/costs-input.ts";
import { PlatformSchema } from "../model/destination.ts";
import { currency, moneyView } from "../model/order.ts";
import { toldAtMost } from "../orders/item-sales.ts";
import { statuses } from "../platforms/order-facts.ts";
import { reportGroupings } from "../reports/group.ts";

export const flag = z
  .enum(["", "true", "false", "1", "0"])
  .transform((text) => text === "" || text === "true" || text === "1")
  .optional();

export const ImportQuery = z.strictObject({
  platform: PlatformSchema.optional(),
  dryRun: flag,
  /** Books every row on this link: for files that name no promoter. */
  slug: text(32)
    .transform((slug) => slug.toLowerCase())
    .optional(),
  /** Of a workbook the sheet to read, by its name. */
  sheet: text(100).optional(),
});

export const ConversionQuery = z.strictObject({
  unattributed: flag,
  /** Orders whose state no file has said in a known word: kept, and counted in nothing. */
  uncounted: flag,
  status: z.enum(statuses).optional(),
  streamId: words(40).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: shaped(/^\d{1,16}-\d{1,16}$/, "Expected the nextCursor of an earlier answer.").optional(),
});

export const LanguageParam = z.enum(["zh-CN", "en"]).optional();

export const RoasQuery = z
  .strictObject({
    streamId: words(40).optional(),
    campaign: line(100).optional(),
    creator: line(64).optional(),
    /** Of streams that begin then. */
    from: moment.optional(),
    to: moment.optional(),
    groupBy: z.enum(reportGroupings).default("creator"),
    /** Of items those with the most sold; the others are one row. */
    limit: z.coerce.number().int().min(1).max(toldAtMost).optional(),
    convention: z.enum(["pay", "refund"]).default("pay"),
    start: moment.optional(),
    end: moment.optional(),
    currency: currency.default("CNY"),
    language: LanguageParam,
    format: z.enum(["json", "csv"]).optional(),
  })
  .refine(
    ({ streamId, campaign, creator, from }) =>
      [streamId, campaign, creator, from].some((one) => one !== undefined),
    { path: ["streamId"], message: "Expected streamId, campaign, creator or from." },
  )
  .refine(({ limit, groupBy }) => limit === undefined || groupBy === "item", {
    path: ["limit"],
    message: "limit is for groupBy=item.",
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "to must be after from.",
  })
  .refine(({ start, end }) => start === undefined || end === undefined || start < end, {
    path: ["end"],
    message: "end must be after start.",
  });
export type RoasQuery = z.infer<typeof RoasQuery>;

export const LiveReportQuery = z.strictObject({
  language: LanguageParam,
  format: z.enum(["json", "markdown", "csv"]).optional(),
  /** An earlier stream; without it the one before of the same host. */
  compare: text(64).optional(),
});

const orderName = z.strictObject({
  platform: PlatformSchema,
  orderId: line(64),
  /** Without it every line of the order. */
  subOrderId: text(100).optional(),
});

export const AttributeInput = z
  .strictObject({
    orders: z.array(orderName).min(1).max(500),
    slug: text(32)
      .transform((slug) => slug.toLowerCase())
      .nullable()
      .openapi({ description: "`null` takes them off the link that they were booked on by hand" }),
    rule: z.boolean().optional().openapi({
      description:
        "The ids that these orders carry become the link's: later orders with them come to it, and waiting ones at once",
    }),
  })
  .refine(({ slug, rule }) => !rule || slug !== null, {
    path: ["rule"],
    message: "A rule needs the link that it leads to.",
  })
  .openapi("AttributeInput");

const count = z.int().min(0);
const rate = z.number().nullable();
const nullableText = z.string().nullable();

const Rejection = z.object({ code: z.string(), detail: z.string() });
const Accepted = { accepted: count, updated: count, duplicates: count };

export const ConversionsAnswer = z
  .object({ ...Accepted, rejected: z.array(Rejection.extend({ index: count })) })
  .openapi("ConversionsAnswer");

export const ImportAnswer = z
  .object({
    ...Accepted,
    /** At most the first 1,000; `rejectedCount` says how many there are. */
    rejected: z.array(Rejection.extend({ line: count })),
    rejectedCount: count,
    /** Rows whose state is not known: kept, and counted in nothing. As many as of `rejected`. */
    uncounted: z.array(Rejection.extend({ line: count, status: z.string() })),
    uncountedCount: count,
    unattributed: count,
    rows: count,
    /** read = taken + refused + skipped (titles, header, blank lines, sums, further lines inside cells). */
    lines: z.object({
      read: count,
      taken: count,
      refused: count,
      skipped: count,
      insideCells: count,
    }),
    kind: z.string(),
    title: z.string(),
    platform: nullableText,
    encoding: z.string(),
    sheet: nullableText,
    otherSheets: z.array(z.string()),
    /** Of a zip the file that was read. */
    entry: nullableText,
    dryRun: z.boolean(),
  })
  .openapi("ImportAnswer");

const CostView = z.object({
  total: moneyView,
  slotFee: moneyView,
  commission: moneyView,
  adSpend: moneyView,
  coupons: moneyView,
  samples: moneyView,
});

export const MeasuresView = z.object({
  views: count,
  clicks: count,
  visitors: count.nullable(),
  orders: count,
  gmv: moneyView,
  refunds: moneyView,
  netGmv: moneyView,
  cost: CostView,
  roas: rate,
  netRoas: rate,
  conversionRate: rate,
  conversionInterval: z.object({ low: z.number(), high: z.number() }).nullable(),
  gpm: rate,
  uvValue: rate,
  small: z.boolean(),
});

export const RoasAnswer = z
  .object({
    data: z.array(
      MeasuresView.extend({
        key: z.string(),
        name: z.string().optional(),
        quantity: count.nullable().optional(),
      }),
    ),
    totals: MeasuresView,
    groupBy: z.enum(reportGroupings),
    convention: z.enum(["pay", "refund"]),
    currency: z.string(),
    otherCurrencies: z.array(z.string()),
    /** Orders that stand in no figure, since their state was told in a word that is not known. */
    uncounted: z.array(z.object({ platform: z.string(), status: z.string(), orders: count })),
    asOf: z.string(),
  })
  .openapi("RoasReport");

export const LinkCostsView = CostsInput.extend({ importedAdSpend: moneyView }).openapi("LinkCosts");
export const StreamCostsView = z
  .object({ data: z.array(LinkCostsView.extend({ slug: z.string() })) })
  .openapi("StreamCosts");
