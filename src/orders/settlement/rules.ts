/**
 * @module What a settlement sheet says of an order line or a slot fee: what it is worth now, less what earlier sheets
 * had of it. So whatever happens in between, the sheets of a line add up to what it is worth. Pure; docs/settlements.md
 * has the rules in words. Money in minor units, times UTC ms.
 */
import {
  agreedOn,
  type Payable,
  type SettledFee,
  type SettledLine,
  type SheetSums,
} from "../../model/settlement.ts";
import type { BookedLine } from "../apply-events.ts";
import { type Sale, type State, sumOf } from "../order-line.ts";

/** A ladder's states that are payable, by the lowest. A full refund is final: its line is on a sheet, and worth nothing. */
export const payableStates: Record<Payable, readonly State[]> = {
  paid: ["paid", "received", "settled", "refunded"],
  received: ["received", "settled", "refunded"],
  settled: ["settled", "refunded"],
};

type Sold = Sale<BookedLine>;
type Worth = Pick<SettledLine, "amount" | "refunds" | "alliance" | "worth">;

/**
 * What a line is worth to who sold it: the agreed rate of what was paid and not paid back, where one was agreed; else
 * what the alliance names.
 *
 * @param sale `undefined` of a line that counts for nothing: unpaid, invalid, split
 */
function worthOf(sale: Sold | undefined, rate: number | null): Worth {
  if (!sale) return { amount: 0, refunds: 0, alliance: null, worth: 0 };
  const { gmv: amount, line } = sale;
  const refunds = sumOf(sale.refunds);
  const alliance = line.commission === null ? null : sale.commission;
  const worth = rate === null ? (alliance ?? 0) : agreedOn(amount - refunds, rate);
  return { amount, refunds, alliance, worth };
}

/** When a line was paid; of one whose time is not known, when it was told of. */
const paidAtOf = ({ paidAt, at }: Pick<BookedLine, "paidAt" | "at">): number => paidAt ?? at;

/**
 * A line that no sheet has.
 *
 * @param rate agreed for its link, in basis points; it stays this line's, whatever is agreed later
 * @param from when the sheet's period begins
 */
export function firstOf(sale: Sold, rate: number | null, from: number): SettledLine {
  const { line } = sale;
  const paidAt = paidAtOf(line);
  return {
    kind: paidAt < from ? "late" : "order",
    platform: line.platform,
    orderId: line.orderId,
    subOrderId: line.subOrderId,
    link: line.link,
    streamId: line.streamId,
    paidAt,
    state: line.state,
    rate,
    ...worthOf(sale, rate),
    worthBefore: 0,
    refundsBefore: 0,
    ...boughtOf(line),
  };
}

/** What was bought, as is known now. */
const boughtOf = ({
  itemId,
  itemTitle,
  quantity,
}: BookedLine): Pick<SettledLine, "itemId" | "itemTitle" | "quantity"> => ({
  itemId: itemId?.value ?? null,
  itemTitle: itemTitle?.value ?? null,
  quantity: quantity?.value ?? null,
});

/** Where a line is that an earlier sheet had: still this promoter's, or on a link of another, or in another currency. */
export type Standing = "same" | "moved";

/**
 * A line that an earlier sheet had.
 *
 * @param before as the last sheet had it
 * @param sale as it sells now, if it does
 * @returns `null` when nothing of it changed that a sheet tells
 */
export function nextOf(
  before: SettledLine,
  line: BookedLine,
  sale: Sold | undefined,
  standing: Standing,
): SettledLine | null {
  const isMoved = standing === "moved";
  const now = worthOf(isMoved ? undefined : sale, before.rate);
  const isSame =
    now.worth === before.worth && now.amount === before.amount && now.refunds === before.refunds;
  if (isSame && !isMoved) return null;
  const { link, streamId } = isMoved ? before : line;
  return {
    ...before,
    kind: isMoved ? "moved" : "change",
    link,
    streamId,
    state: line.state,
    ...now,
    worthBefore: before.worth,
    // What does not count any more was not paid back to a buyer.
    refundsBefore: sale && !isMoved ? before.refunds : 0,
    ...boughtOf(line),
  };
}

/**
 * A link's slot fee: once for each link, when the period or one before it has its stream's beginning; later what was changed of it.
 *
 * @param fee as it is agreed now
 * @param before what sheets had of it
 */
export function feeOf(
  link: Pick<SettledFee, "slug" | "streamId" | "title" | "startsAt">,
  fee: number,
  before: number | null,
  from: number,
): SettledFee | null {
  if (before === null ? fee === 0 : fee === before) return null;
  const kind = before !== null ? "change" : link.startsAt < from ? "late" : "fee";
  const { slug, streamId, title, startsAt } = link;
  return { kind, slug, streamId, title, startsAt, fee, feeBefore: before ?? 0 };
}

export const noSums = (): SheetSums => ({
  amount: 0,
  refunds: 0,
  agreed: 0,
  alliance: 0,
  commission: 0,
  slotFee: 0,
  refundedOfEarlier: 0,
  refundsOfEarlier: 0,
  total: 0,
});

/** Whether a line is on a sheet for the first time. */
export const isFirst = ({ kind }: Pick<SettledLine, "kind">): boolean =>
  kind === "order" || kind === "late";

/** Whether nothing says what commission a line brings: no rate was agreed, and the alliance names none. */
export const hasNoBasis = ({ rate, alliance }: SettledLine): boolean =>
  rate === null && alliance === null;

/**
 * Adds a line: what was sold, and both commissions, of lines that are new; `commission`, what they bring and what
 * others are worth more than before; `refundsOfEarlier`, what those are worth less.
 */
export function addLine(sums: SheetSums, line: SettledLine): void {
  const added = line.worth - line.worthBefore;
  if (isFirst(line)) {
    sums.amount += line.amount;
    sums.refunds += line.refunds;
    sums.agreed += line.rate === null ? 0 : line.worth;
    sums.alliance += line.alliance ?? 0;
    sums.commission += added;
  } else {
    sums.refundedOfEarlier += line.refunds - line.refundsBefore;
    if (added > 0) sums.commission += added;
    else sums.refundsOfEarlier -= added;
  }
  sums.total += added;
}

export function addFee(sums: SheetSums, { fee, feeBefore }: SettledFee): void {
  sums.slotFee += fee - feeBefore;
  sums.total += fee - feeBefore;
}
