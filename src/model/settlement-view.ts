/** @module A settlement sheet as an answer tells it (model/settlement.ts); money in minor units, times in RFC 3339. */
import { z } from "@hono/zod-openapi";
import { recordBy } from "../lib/records.ts";
import { isoOf, isoOrNull, nullable, toldMoment } from "./fields.ts";
import { moneyView } from "./order.ts";
import {
  agreedOn,
  type DraftSheet,
  type KeptSheet,
  lineKinds,
  payableFrom,
  SettledFee,
  type SettledLine,
  type StreamSum,
} from "./settlement.ts";

const count = z.int().min(0);

const LineView = z
  .object({
    kind: z.enum(lineKinds),
    platform: z.string(),
    orderId: z.string(),
    subOrderId: z.string(),
    slug: z.string(),
    streamId: z.string(),
    itemId: nullable(z.string()).openapi({
      description: "What was bought, as the order said when the sheet was closed",
    }),
    itemTitle: nullable(z.string()),
    quantity: nullable(z.int()),
    paidAt: toldMoment,
    status: nullable(z.string()),
    amount: moneyView,
    refundAmount: moneyView,
    netAmount: moneyView,
    commissionRate: nullable(z.int()),
    agreedCommission: nullable(moneyView),
    allianceCommission: nullable(moneyView),
    commissionBefore: moneyView.openapi({ description: "What earlier sheets had of it" }),
    refundsSince: moneyView.openapi({ description: "What was paid back since the last sheet" }),
    commission: moneyView.openapi({
      description: "What this sheet adds; below 0 it is taken back",
    }),
  })
  .openapi("SettlementLine");

const FeeView = z.object({
  kind: SettledFee.shape.kind,
  slug: z.string(),
  streamId: z.string(),
  title: z.string(),
  startsAt: toldMoment,
  slotFee: moneyView,
  slotFeeBefore: moneyView,
  amount: moneyView,
});

const StreamView = z.object({
  streamId: nullable(z.string()),
  title: z.string(),
  startsAt: nullable(toldMoment),
  lines: count,
  amount: moneyView,
  refunds: moneyView,
  netAmount: moneyView,
  commission: moneyView,
  slotFee: moneyView,
});

const head = {
  creator: z.string(),
  creatorName: nullable(z.string()),
  number: z.int(),
  from: toldMoment,
  to: toldMoment,
  currency: z.string(),
  payable: z.enum(payableFrom),
  brandName: nullable(z.string()),
  operatorName: nullable(z.string()),
  lineCount: count,
  withoutCommission: count.openapi({
    description: "New lines with neither an agreed rate nor a commission by the alliance",
  }),
  amount: moneyView,
  refunds: moneyView,
  netAmount: moneyView,
  agreedCommission: moneyView,
  allianceCommission: moneyView,
  commission: moneyView,
  slotFee: moneyView,
  refundsOfEarlier: moneyView.openapi({
    description:
      "Commission to be given back of lines that earlier sheets had; of refunds, and of what is invalid or another promoter's now",
  }),
  refundedOfEarlier: moneyView.openapi({
    description: "What buyers got back of those lines since",
  }),
  total: moneyView.openapi({ description: "commission + slotFee − refundsOfEarlier" }),
  slotFees: z.array(FeeView),
  streams: z.array(StreamView),
  leftOut: z.object({
    otherCurrencies: z.array(z.string()),
    notYetPayable: count,
    beforeFirst: count,
  }),
};
const closed = {
  id: z.string(),
  closedAt: toldMoment,
  closedBy: z.string(),
  voidedAt: nullable(toldMoment),
  voidedBy: nullable(z.string()),
  voidReason: nullable(z.string()),
};
const page = { lines: z.array(LineView), nextCursor: nullable(z.string()) };
export const SheetView = z.object({ ...closed, ...head }).openapi("SettlementSummary");
export const SettlementView = z.object({ ...closed, ...head, ...page }).openapi("Settlement");
/** What a sheet would be: it has no id, and nobody closed it. */
export const SettlementPreview = z
  .object({
    ...recordBy(["id", "closedAt", "closedBy", "voidedAt", "voidedBy", "voidReason"], () =>
      z.null(),
    ),
    ...head,
    ...page,
  })
  .openapi("SettlementPreview");

export const tellSettled = (row: SettledLine) => ({
  kind: row.kind,
  platform: row.platform,
  orderId: row.orderId,
  subOrderId: row.subOrderId,
  slug: row.link,
  streamId: row.streamId,
  itemId: row.itemId,
  itemTitle: row.itemTitle,
  quantity: row.quantity,
  paidAt: isoOf(row.paidAt),
  status: row.state === "split" ? "invalid" : row.state,
  amount: row.amount,
  refundAmount: row.refunds,
  netAmount: row.amount - row.refunds,
  commissionRate: row.rate,
  agreedCommission: row.rate === null ? null : agreedOn(row.amount - row.refunds, row.rate),
  allianceCommission: row.alliance,
  commissionBefore: row.worthBefore,
  refundsSince: row.refunds - row.refundsBefore,
  commission: row.worth - row.worthBefore,
});

const tellFee = ({
  kind,
  slug,
  streamId: stream,
  title,
  startsAt,
  fee,
  feeBefore,
}: SettledFee) => ({
  kind,
  slug,
  streamId: stream,
  title,
  startsAt: isoOf(startsAt),
  slotFee: fee,
  slotFeeBefore: feeBefore,
  amount: fee - feeBefore,
});

const tellStreamSum = ({ streamId, startsAt, ...sum }: StreamSum) => ({
  ...sum,
  streamId: streamId || null,
  startsAt: isoOrNull(startsAt),
  netAmount: sum.amount - sum.refunds,
});

function tellHead(sheet: DraftSheet) {
  const { amount: paid, refunds, agreed, alliance, ...sum } = sheet.sums;
  return {
    creator: sheet.creator,
    creatorName: sheet.creatorName,
    number: sheet.number,
    from: isoOf(sheet.from),
    to: isoOf(sheet.to),
    currency: sheet.currency,
    payable: sheet.payable,
    brandName: sheet.brandName,
    operatorName: sheet.operatorName,
    lineCount: sheet.lineCount,
    withoutCommission: sheet.withoutCommission,
    amount: paid,
    refunds,
    netAmount: paid - refunds,
    agreedCommission: agreed,
    allianceCommission: alliance,
    ...sum,
    slotFees: sheet.slotFees.map(tellFee),
    streams: sheet.streams.map(tellStreamSum),
    leftOut: sheet.leftOut,
  };
}

export const tellSheet = (sheet: KeptSheet) => ({
  id: sheet.id,
  closedAt: isoOf(sheet.closedAt),
  closedBy: sheet.closedBy,
  voidedAt: isoOrNull(sheet.voided?.at ?? null),
  voidedBy: sheet.voided?.by ?? null,
  voidReason: sheet.voided?.reason ?? null,
  ...tellHead(sheet),
});

export const tellDraft = (sheet: DraftSheet) => ({
  ...recordBy(["id", "closedAt", "closedBy", "voidedAt", "voidedBy", "voidReason"], () => null),
  ...tellHead(sheet),
});

export type Settlement = z.infer<typeof SettlementView>;
export type SettlementSummary = z.infer<typeof SheetView>;
export type PreviewedSettlement = z.infer<typeof SettlementPreview>;
