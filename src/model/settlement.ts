/**
 * @module A settlement sheet (结算单): what a promoter is paid for a period, as a request asks for it and as it is kept.
 * A closed one is a snapshot. What stands on it: src/orders/settlement/. Money is minor units, times UTC ms.
 */
import { z } from "@hono/zod-openapi";
import { recordBy } from "../lib/records.ts";
import { statuses } from "../platforms/order-facts.ts";
import { instant, line, moment, past, shaped, text, words } from "./bounded.ts";
import { PlatformSchema } from "./destination.ts";
import { keptSlug } from "./link.ts";
import { currency, itemId, itemTitle, quantity } from "./order.ts";
import { streamId } from "./stream.ts";

/** From which state on a line that is on no sheet yet is payable. */
export const payableFrom = ["paid", "received", "settled"] as const;
export type Payable = (typeof payableFrom)[number];

/**
 * Why a line is on a sheet. `order`: it was paid in the period. `late`: before the period, and no earlier sheet had it.
 * `change`: an earlier sheet had it, and it is worth something else since. `moved`: an earlier sheet had it, and it is another promoter's now.
 */
export const lineKinds = ["order", "late", "change", "moved"] as const;

const period = { from: moment, to: moment };
const isPeriod = ({ from, to }: { from: number; to: number }) => from < to;
const notBefore = { path: ["to"], message: "to must be after from." };

const asked = {
  creator: line(64),
  ...period,
  currency: currency.default("CNY"),
  payable: z.enum(payableFrom).default("paid"),
};
export const SettlementInput = z
  .strictObject(asked)
  .refine(isPeriod, notBefore)
  .openapi("SettlementInput");

/** Lines in one answer. */
const linesAtMost = 1_000;
export const linePaging = {
  limit: z.coerce.number().int().min(1).max(linesAtMost).default(linesAtMost),
  cursor: shaped(/^\d{1,15}$/, "Expected the nextCursor of an earlier answer.")
    .transform(Number)
    .optional(),
};
export const SettlementPreviewQuery = z
  .strictObject({
    ...asked,
    ...linePaging,
    language: z.enum(["zh-CN", "en"]).optional(),
    format: z.enum(["json", "csv"]).optional(),
  })
  .refine(isPeriod, notBefore);

export const SettlementVoid = z
  .strictObject({ reason: words(500).optional() })
  .openapi("SettlementVoid");

const amount = z.int();
const count = z.int().min(0);

/** A line as its sheet keeps it: what was known of it when the sheet was closed. */
export const SettledLine = z.strictObject({
  kind: z.enum(lineKinds),
  platform: PlatformSchema as z.ZodType<string>,
  orderId: text(64),
  subOrderId: text(100),
  link: keptSlug,
  streamId,
  paidAt: instant,
  state: z.enum([...statuses, "split", "unknown"]).nullable(),
  /** What was paid for it, and what of that was paid back; 0 where it counts for nothing any more. */
  amount,
  refunds: amount,
  /** The agreed rate in basis points, as it was when a sheet had the line first; `null`: by the alliance. */
  rate: z.int().min(0).max(10_000).nullable(),
  /** The alliance's own commission; `null` where it named none. */
  alliance: amount.nullable(),
  /** The commission that it is worth, of all sheets together. */
  worth: amount,
  /** Of that, and of the refunds, what earlier sheets had; both 0 on the first. */
  worthBefore: amount,
  refundsBefore: amount,
  /** What was bought, where its order says; sheets that were closed before they had it have none. */
  itemId: itemId.nullable().default(null),
  itemTitle: itemTitle.nullable().default(null),
  quantity: quantity.nullable().default(null),
});
export type SettledLine = z.infer<typeof SettledLine>;

/** A link's slot fee, by the same words; `late`: its stream began before the period. */
export const SettledFee = z.strictObject({
  kind: z.enum(["fee", "late", "change"]),
  slug: keptSlug,
  streamId,
  title: text(200),
  startsAt: instant,
  fee: amount,
  feeBefore: amount,
});
export type SettledFee = z.infer<typeof SettledFee>;

const sumNames = [
  "amount",
  "refunds",
  "agreed",
  "alliance",
  "commission",
  "slotFee",
  "refundedOfEarlier",
  "refundsOfEarlier",
  "total",
] as const;
/** What a sheet sums; the formulas: src/orders/settlement/rules.ts. */
const sums = recordBy(sumNames, () => amount);
export type SheetSums = Record<(typeof sumNames)[number], number>;

/** Of what is not on the sheet: other currencies in the period; how many lines are not payable yet; how many were paid before the first sheet. */
const LeftOut = z.strictObject({
  otherCurrencies: z.array(currency).max(50),
  notYetPayable: count,
  beforeFirst: count,
});
export type LeftOut = z.infer<typeof LeftOut>;

/** Streams that a sheet sums one by one; what is of more is one sum more, without a name. */
export const streamsAtMost = 1_000;
/** What a sheet has of one stream: of its new lines what was sold, of all of them the commission; and slot fees. */
const StreamSum = z.strictObject({
  streamId: z.union([z.literal(""), streamId]),
  title: text(200),
  startsAt: instant.nullable(),
  lines: count,
  amount,
  refunds: amount,
  commission: amount,
  slotFee: amount,
});
export type StreamSum = z.infer<typeof StreamSum>;

const actor = shaped(/^(?:admin|system|unknown|key_[0-9a-z]{1,40})$/, "Expected a key's id.");
/** Slot fees of one sheet. */
export const feesAtMost = 2_000;

/** A sheet without its lines; as a line of an export too. */
export const KeptSheet = z.strictObject({
  id: shaped(/^set_[0-9a-z]{1,40}$/, "Expected a settlement's id."),
  creator: line(64),
  creatorName: line(100).nullable(),
  /** Its number among this promoter's in this currency, from 1. */
  number: z.int().min(1).max(1_000_000),
  from: instant,
  to: instant,
  currency,
  payable: z.enum(payableFrom),
  closedAt: past,
  closedBy: actor,
  voided: z.strictObject({ at: past, by: actor, reason: words(500).nullable() }).nullable(),
  /** Whose sheet it is, as the settings said when it was closed. */
  brandName: text(200).nullable(),
  operatorName: text(200).nullable(),
  lineCount: count,
  /** New lines without an agreed rate of which the alliance names no commission either. */
  withoutCommission: count,
  slotFees: z.array(SettledFee).max(feesAtMost),
  streams: z.array(StreamSum).max(streamsAtMost + 1),
  sums: z.strictObject(sums),
  leftOut: LeftOut,
});
export type KeptSheet = z.infer<typeof KeptSheet>;

/** What a sheet is before it is closed. */
export type DraftSheet = Omit<KeptSheet, "id" | "closedAt" | "closedBy" | "voided">;

/** Lines of a sheet as a line of an export has them, from a place on: the first is 1. */
export const KeptSheetLines = z.strictObject({
  sheet: KeptSheet.shape.id,
  first: z.int().min(1),
  lines: z.array(SettledLine).min(1).max(1_000),
});
export type KeptSheetLines = z.infer<typeof KeptSheetLines>;

/** What the agreed rate alone would give of a net amount, rounded to the nearest minor unit. */
export const agreedOn = (net: number, rate: number): number => Math.round((net * rate) / 10_000);
