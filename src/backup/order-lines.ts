/** @module Order lines, costs and ad spend as lines of an export: what requests and order files can bring. */
import { z } from "@hono/zod-openapi";
import { instant, shaped, text } from "../model/bounded.ts";
import type { Spend } from "../model/costs.ts";
import { CostsInput } from "../model/costs-input.ts";
import { PlatformSchema } from "../model/destination.ts";
import { keptSlug as slug } from "../model/link.ts";
import { currency, money, orderId } from "../model/order.ts";
import { streamId } from "../model/stream.ts";
import type { BookedLine } from "../orders/apply-events.ts";
import type { ArchivedCosts } from "../orders/archive.ts";
import { statuses } from "../platforms/order-facts.ts";

type FieldsOf<T> = Record<keyof T, z.ZodType>;

/** A value, and how new it is. */
const register = <T extends z.ZodType>(value: T) =>
  z.strictObject({ value, at: instant }).nullable();

/** What an order said of its promoter, as JSON. */
const Evidence = z.strictObject({
  ids: z.record(text(100), text(1_024)),
  name: text(1_024).optional(),
  clickedAt: instant.optional(),
});
const evidence = text(50_000).refine(
  (given) => Evidence.safeParse(parsed(given)).success,
  "Expected the JSON of ids, name and clickedAt.",
);

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

const nobody = z.literal("");
const isSold = (state: string | null) =>
  state === "paid" || state === "received" || state === "settled";

export const line = z
  .strictObject({
    platform: PlatformSchema,
    orderId,
    // A file's column may have any text here.
    subOrderId: text(100),
    state: z.enum([...statuses, "split", "unknown"]).nullable(),
    at: instant,
    amount: money.nullable(),
    currency,
    paidAt: instant.nullable(),
    known: register(money),
    // Some files take one back.
    commission: register(z.int()),
    refund: register(money),
    refundedAt: instant.nullable(),
    slug: register(text(1_024)),
    evidence: register(evidence),
    link: z.union([nobody, slug]),
    streamId: z.union([nobody, streamId]),
    by: z.enum(["slug", "promotion", "name"]).nullable(),
    // Exports of older releases know no such word.
    said: register(text(100)).default(null),
  } satisfies FieldsOf<BookedLine>)
  .superRefine((row, context) => {
    const say = (field: keyof BookedLine, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (isSold(row.state) && row.amount === null) say("amount", "Expected what was paid.");
    if (row.state === null && row.amount !== null) {
      say("amount", "Expected none: a refund alone says nothing of the sale.");
    }
    if (row.state === "unknown" && row.said === null)
      say("said", "Expected the word that was said.");
    if (row.amount !== null && row.known === null) say("known", "Expected the amount.");
    if ((row.link === "") !== (row.streamId === "")) {
      say("streamId", "Expected a link and its stream, or neither.");
    }
    if ((row.link === "") !== (row.by === null)) say("by", "Expected the rule that booked it.");
  });

export const costs = z.strictObject({ slug, costs: CostsInput } satisfies FieldsOf<ArchivedCosts>);

export const spend = z.strictObject({
  platform: PlatformSchema,
  day: shaped(/^\d{4}-\d\d-\d\d$/, "Expected a day.").refine(
    (day) => !Number.isNaN(Date.parse(day)),
    "Expected a day.",
  ),
  scene: text(1_024),
  name: text(1_024),
  link: slug,
  amount: money,
} satisfies FieldsOf<Spend>);
