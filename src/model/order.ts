/** @module An order as a request gives it. What becomes of it: src/orders/. */
import { z } from "@hono/zod-openapi";
import { parseTime } from "../lib/order-times.ts";
import { statuses } from "../platforms/order-facts.ts";
import { shaped, text, trimmed } from "./bounded.ts";
import { PlatformSchema } from "./destination.ts";
import { keptPromotion } from "./promotion.ts";

export const money = z
  .int("Expected money as an integer in minor units (分).")
  .min(0, "Expected 0 or more.");

/** RFC 3339; without an offset it is Beijing time. */
const orderTime = text(64).transform((given, context) => {
  const at = parseTime(given);
  if (at !== null) return at;
  context.addIssue({
    code: "custom",
    message:
      "Expected a time such as 2026-11-20T20:00:00+08:00; without an offset it is Beijing time.",
  });
  return z.NEVER;
});

export const orderId = text(264, "Expected the order id as text: a number loses digits.")
  .trim()
  .regex(/^[\x21-\x7e]{1,64}$/, "Expected 1 to 64 visible ASCII characters.")
  .refine(
    (id) => !/^\d+(?:\.\d+)?E\+?\d+$/i.test(id),
    "This id was written as a number and has lost digits.",
  )
  .openapi({ maxLength: 64 });

export const currency = shaped(/^[A-Z]{3}$/, "Expected an ISO 4217 code, such as CNY.");

export const subOrderId = text(264)
  .trim()
  .max(64, { abort: true })
  .refine((id) => !/[\p{Cc}\u2028\u2029]/u.test(id), "Expected one line of text.");

export const ConversionInput = z
  .strictObject({
    platform: PlatformSchema,
    orderId,
    subOrderId: subOrderId.optional(),
    slug: trimmed(32)
      .transform((slug) => slug.toLowerCase())
      .optional(),
    promotion: keptPromotion.optional(),
    status: z.enum(statuses),
    amount: money,
    refundAmount: money.optional(),
    currency: currency.optional(),
    commission: money.optional(),
    paidAt: orderTime,
    updatedAt: orderTime.optional(),
  })
  .refine(({ amount, refundAmount }) => refundAmount === undefined || refundAmount <= amount, {
    path: ["refundAmount"],
    message: "A refund is at most the amount that was paid.",
  })
  .openapi("ConversionInput");
export type ConversionInput = z.infer<typeof ConversionInput>;

export const conversionsAtMost = 1_000;
/** Rows are read one by one, so that a wrong one is refused alone. */
export const ConversionInputs = z
  .union([
    z.record(z.string(), z.unknown()),
    z
      .array(z.unknown())
      .max(
        conversionsAtMost,
        `Expected at most ${conversionsAtMost} orders; a file can be imported.`,
      ),
  ])
  .openapi({
    anyOf: [
      { $ref: "#/components/schemas/ConversionInput" },
      {
        type: "array",
        items: { $ref: "#/components/schemas/ConversionInput" },
        maxItems: conversionsAtMost,
      },
    ],
  });
