/** @module An order as a request gives it, as its line is kept, as an answer tells it. What becomes of it: src/orders/. */
import { z } from "@hono/zod-openapi";
import { parseTime } from "../lib/order-times.ts";
import { statuses } from "../platforms/order-facts.ts";
import { asLine, instant, line, shaped, text, trimmed } from "./bounded.ts";
import { PlatformSchema } from "./destination.ts";
import { isoOf, isoOrNull, nullable } from "./fields.ts";
import { keptSlug } from "./link.ts";
import { keptPromotion } from "./promotion.ts";
import { streamId } from "./stream.ts";

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

const orderId = text(264, "Expected the order id as text: a number loses digits.")
  .trim()
  .regex(/^[\x21-\x7e]{1,64}$/, "Expected 1 to 64 visible ASCII characters.")
  .refine(
    (id) => !/^\d+(?:\.\d+)?E\+?\d+$/i.test(id),
    "This id was written as a number and has lost digits.",
  )
  .openapi({ maxLength: 64 });

export const currency = shaped(/^[A-Z]{3}$/, "Expected an ISO 4217 code, such as CNY.");

const subOrderId = text(264)
  .trim()
  .max(64, { abort: true })
  .refine((id) => !/[\p{Cc}\u2028\u2029]/u.test(id), "Expected one line of text.");

/** An id as its platform has it: of digits, or of letters that the API makes of them. */
const itemIdAtMost = 64;
const itemTitleAtMost = 200;
const quantityAtMost = 1_000_000;
export const itemId = line(itemIdAtMost);
export const itemTitle = line(itemTitleAtMost);
export const quantity = z
  .int("Expected a whole number of pieces.")
  .min(1, "Expected 1 or more.")
  .max(quantityAtMost);

/** What was bought: the platform's id of it, its name, how many of it. */
export interface Bought {
  itemId?: string | undefined;
  itemTitle?: string | undefined;
  quantity?: number | undefined;
}

/** What can be kept of what a platform or a file says was bought. What can't is left out and refuses no order; half an id would be another's. */
export function keptBought({ itemId, itemTitle, quantity: pieces = 0 }: Bought): Bought {
  const isPieces = Number.isInteger(pieces) && pieces >= 1 && pieces <= quantityAtMost;
  return {
    itemId: (itemId ?? "").length > itemIdAtMost ? undefined : asLine(itemId, itemIdAtMost),
    itemTitle: asLine(itemTitle?.slice(0, 2 * itemTitleAtMost), itemTitleAtMost),
    quantity: isPieces ? pieces : undefined,
  };
}

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
    itemId: itemId.optional(),
    itemTitle: itemTitle.optional(),
    quantity: quantity.optional(),
    paidAt: orderTime,
    updatedAt: orderTime.optional(),
  })
  .refine(({ amount, refundAmount }) => refundAmount === undefined || refundAmount <= amount, {
    path: ["refundAmount"],
    message: "A refund is at most the amount that was paid.",
  })
  .openapi("ConversionInput");
export type ConversionInput = z.infer<typeof ConversionInput>;

const conversionsAtMost = 1_000;
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

/** A value and how new it is; the newest wins, of equally new ones the greater. */
export interface Register<T> {
  value: T;
  /** UTC ms. */
  at: number;
}
const register = <T extends z.ZodType>(value: T) =>
  z.strictObject({ value, at: instant }).nullable();

/** What an order said of who sold, as JSON: ids by `platform.field`, a name as files give it, when the buyer clicked. */
const Evidence = z.strictObject({
  ids: z.record(text(100), text(1_024)),
  name: text(1_024).optional(),
  clickedAt: instant.optional(),
});
export type Evidence = z.infer<typeof Evidence>;
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

/** By what an order came to its link: what it says of itself, by strength; or somebody's hand. */
const bookedBy = ["slug", "promotion", "name", "hand"] as const;
export type BookedBy = (typeof bookedBy)[number];

const nobody = z.literal("");
const isOfSale = (state: string | null) =>
  state === "paid" || state === "received" || state === "settled";

/** A line of an order as it is kept, and as a line of an export; what becomes of it: src/orders/order-line.ts. */
export const KeptOrderLine = z
  .strictObject({
    platform: PlatformSchema as z.ZodType<string>,
    orderId,
    // A file's column may have any text here.
    subOrderId: text(100),
    /**
     * `split`: JD divided this order into others; it counts for nothing, whatever else is known of it. `unknown`: a file
     * said a word that is not known; the line is kept with that word and counts for nothing until one that is known comes.
     * `null`: only of a refund was told.
     */
    state: z.enum([...statuses, "split", "unknown"]).nullable(),
    at: instant,
    amount: money.nullable(),
    currency,
    paidAt: instant.nullable(),
    /** The newest amount that any event named, for a refund that names none. */
    known: register(money),
    // Some files take one back.
    commission: register(z.int()),
    refund: register(money),
    /** When a refund was first told of: where the convention `refund` books it. */
    refundedAt: instant.nullable(),
    slug: register(text(1_024)),
    evidence: register(evidence),
    link: z.union([nobody, keptSlug]),
    streamId: z.union([nobody, streamId]),
    by: z.enum(bookedBy).nullable(),
    /** The newest word for a state that was not known; of use while the state is `unknown`. Older exports have none. */
    said: register(text(100)).default(null),
    /** What was bought, each as it was last told. Older exports have none. */
    itemId: register(itemId).default(null),
    itemTitle: register(itemTitle).default(null),
    quantity: register(quantity).default(null),
  })
  .superRefine((row, context) => {
    const say = (field: keyof typeof row, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (isOfSale(row.state) && row.amount === null) say("amount", "Expected what was paid.");
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
export type KeptOrderLine = z.infer<typeof KeptOrderLine>;

export const moneyView = z.int().openapi({ description: "Minor units (分)" });

export const ConversionView = z
  .object({
    platform: z.string(),
    orderId: z.string(),
    subOrderId: z.string(),
    slug: nullable(z.string()),
    streamId: nullable(z.string()),
    attributedBy: z.enum(bookedBy).nullable(),
    status: nullable(z.string()),
    /** The file's own word where `status` is `unknown`. */
    statusSaid: nullable(z.string()),
    amount: nullable(moneyView),
    refundAmount: moneyView,
    currency: z.string(),
    commission: nullable(moneyView),
    itemId: nullable(z.string()),
    itemTitle: nullable(z.string()),
    quantity: nullable(z.int()),
    paidAt: nullable(z.string()),
    updatedAt: z.string(),
    promotion: z.record(z.string(), z.string()),
    promoterName: nullable(z.string()),
  })
  .openapi("Conversion");

/** A line as an answer tells it; money in minor units. */
export function tellOrder(line: KeptOrderLine): z.infer<typeof ConversionView> {
  const evidence = line.evidence && (JSON.parse(line.evidence.value) as Evidence);
  const amount = line.amount ?? line.known?.value ?? null;
  return {
    platform: line.platform,
    orderId: line.orderId,
    subOrderId: line.subOrderId,
    slug: line.link || null,
    streamId: line.streamId || null,
    attributedBy: line.by,
    status: line.state === "split" ? "invalid" : line.state,
    statusSaid: line.state === "unknown" ? (line.said?.value ?? null) : null,
    amount,
    refundAmount: line.state === "refunded" ? (amount ?? 0) : (line.refund?.value ?? 0),
    currency: line.currency,
    commission: line.commission?.value ?? null,
    itemId: line.itemId?.value ?? null,
    itemTitle: line.itemTitle?.value ?? null,
    quantity: line.quantity?.value ?? null,
    paidAt: isoOrNull(line.paidAt),
    updatedAt: isoOf(line.at),
    promotion: evidence?.ids ?? {},
    promoterName: evidence?.name ?? null,
  };
}
