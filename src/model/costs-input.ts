/** @module What a link cost, as a request gives it, and as lines of an export. */
import { z } from "@hono/zod-openapi";
import { shaped, text } from "./bounded.ts";
import { PlatformSchema } from "./destination.ts";
import { keptSlug } from "./link.ts";
import { money } from "./order.ts";

const parts = {
  slotFee: money,
  commissionRate: z
    .int("Expected basis points: 1000 is 10 %.")
    .min(0)
    .max(10_000, "Expected basis points, at most 10000 (100 %)."),
  adSpend: money,
  coupons: money,
  samples: money,
};
/** All of them: what is left out is nothing. */
export const CostsInput = z.strictObject(parts).partial().openapi("Costs");

/** Some of them: what is left out stays as it was, `null` takes it away. */
export const CostsPatch = z
  .strictObject({
    slotFee: parts.slotFee.nullable(),
    commissionRate: parts.commissionRate.nullable(),
    adSpend: parts.adSpend.nullable(),
    coupons: parts.coupons.nullable(),
    samples: parts.samples.nullable(),
  })
  .partial()
  .openapi("CostsPatch");

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
