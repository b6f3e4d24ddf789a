/** @module What a link cost, as a request gives it. */
import { z } from "@hono/zod-openapi";
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
