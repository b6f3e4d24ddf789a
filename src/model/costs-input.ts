/** @module What a link cost, as a request gives it, and as lines of an export. */
import { z } from "@hono/zod-openapi";
import { shaped, text } from "./bounded.ts";
import { PlatformSchema } from "./destination.ts";
import { keptSlug } from "./link.ts";
import { money } from "./order.ts";

export const CostsInput = z
  .strictObject({
    slotFee: money.optional(),
    commissionRate: z
      .int("Expected basis points: 1000 is 10 %.")
      .min(0)
      .max(10_000, "Expected basis points, at most 10000 (100 %).")
      .optional(),
    adSpend: money.optional(),
    coupons: money.optional(),
    samples: money.optional(),
  })
  .openapi("Costs");

export const KeptCosts = z.strictObject({ slug: keptSlug, costs: CostsInput });

/** One day's spend of one scene, from an advertising table. */
export const KeptSpend = z.strictObject({
  platform: PlatformSchema as z.ZodType<string>,
  day: shaped(/^\d{4}-\d\d-\d\d$/, "Expected a day.").refine(
    (day) => !Number.isNaN(Date.parse(day)),
    "Expected a day.",
  ),
  scene: text(1_024),
  name: text(1_024),
  link: keptSlug,
  amount: money,
});
