/**
 * @module An order line as it is kept, and how events change it: each part is a register whose winner does
 * not depend on the order of deliveries (a join semilattice), so that any delivery, twice or late, ends in
 * the same sums. docs/attribution.md has the rules in words.
 */
import { recordOf } from "../lib/records.ts";
import {
  type Bought,
  type Evidence,
  type KeptOrderLine,
  keptBought,
  type Register,
} from "../model/order.ts";

/** As it is kept, before it is anybody's. Money in minor units, times UTC ms. */
export type OrderLine = Omit<KeptOrderLine, "link" | "streamId" | "by">;
export type State = NonNullable<OrderLine["state"]>;

const rank: Record<State, number> = {
  unknown: -1,
  created: 0,
  paid: 1,
  received: 2,
  settled: 3,
  refunded: 4,
  invalid: 5,
  split: 6,
};
const isTerminal = (state: State): boolean => rank[state] >= rank.refunded;
const isSold = (state: State | null): boolean =>
  state === "paid" || state === "received" || state === "settled" || state === "refunded";

/** One thing that a platform or a file said of an order line. Money in minor units, times UTC ms. */
export interface OrderEvent extends Bought {
  platform: string;
  orderId: string;
  subOrderId: string;
  /** Which event is the newer one: `updatedAt`, else `paidAt`. */
  at: number;
  /** `null` when the event speaks of a refund alone. */
  state: State | null;
  /** Of an `unknown` state the word that was said. */
  said?: string | undefined;
  amount: number | null;
  currency: string;
  paidAt: number | null;
  commission?: number | undefined;
  refund?: number | undefined;
  slug?: string | undefined;
  evidence?: Evidence | undefined;
  /** The order that JD split into this one. */
  parentId?: string | undefined;
}

export const lineKey = (line: { platform: string; orderId: string; subOrderId: string }): string =>
  `${line.platform}\n${line.orderId}\n${line.subOrderId}`;
export const orderKey = (line: { platform: string; orderId: string }): string =>
  `${line.platform}\n${line.orderId}`;

function later<T extends number | string>(
  a: Register<T> | null,
  value: T | undefined | null,
  at: number,
): Register<T> | null {
  if (value === undefined || value === null) return a;
  if (a && (a.at > at || (a.at === at && a.value >= value))) return a;
  return { value, at };
}

type Head = Pick<OrderLine, "state" | "at" | "amount" | "currency" | "paidAt">;

/**
 * Whether `b` replaces `a`. Any known state replaces an unknown one, and none gives way to one. A terminal
 * state stays: it wins over every other, and of two the earlier one. Else the newest, then the higher on the ladder, then the greater, so that a tie has one winner.
 */
function replaces(b: Head & { state: State }, a: Head): boolean {
  if (a.state === null) return true;
  if ((a.state === "unknown") !== (b.state === "unknown")) return a.state === "unknown";
  if (isTerminal(a.state) !== isTerminal(b.state)) return isTerminal(b.state);
  if (a.at !== b.at) return isTerminal(b.state) ? b.at < a.at : b.at > a.at;
  const order =
    rank[b.state] - rank[a.state] ||
    (b.amount ?? -1) - (a.amount ?? -1) ||
    (b.paidAt ?? -1) - (a.paidAt ?? -1);
  return order > 0 || (order === 0 && b.currency > a.currency);
}

/** Applies an event. @returns the line after it; the same object when it says nothing new */
export function applyEvent(line: OrderLine | undefined, event: OrderEvent): OrderLine {
  const { platform, orderId, subOrderId, at, state, amount, currency, paidAt } = event;
  const before: OrderLine = line ?? {
    platform,
    orderId,
    subOrderId,
    state: null,
    at,
    amount: null,
    currency,
    paidAt: null,
    known: null,
    commission: null,
    refund: null,
    refundedAt: null,
    slug: null,
    evidence: null,
    said: null,
    itemId: null,
    itemTitle: null,
    quantity: null,
  };
  const head = { state, at, amount, currency, paidAt };
  const wins = state !== null && replaces({ ...head, state }, before);
  // Before there is a state, the newest refund says when and in what.
  const headless = {
    at: Math.max(before.at, at),
    currency: currency > before.currency ? currency : before.currency,
  };
  const bought = keptBought(event);
  const tellsRefund = (event.refund ?? 0) > 0 || state === "refunded";
  const after: OrderLine = {
    ...before,
    ...(wins ? head : before.state === null ? headless : {}),
    known: later(before.known, amount, at),
    commission: later(before.commission, event.commission, at),
    refund: later(before.refund, event.refund, at),
    refundedAt: tellsRefund ? Math.min(before.refundedAt ?? at, at) : before.refundedAt,
    slug: later(before.slug, event.slug, at),
    evidence: later(before.evidence, event.evidence && canonical(event.evidence), at),
    said: later(before.said, event.said, at),
    itemId: later(before.itemId, bought.itemId, at),
    itemTitle: later(before.itemTitle, bought.itemTitle, at),
    quantity: later(before.quantity, bought.quantity, at),
  };
  return line && sameLine(line, after) ? line : after;
}

/** Equal evidence is equal text, whatever order its ids came in. */
function canonical({ ids, name, clickedAt }: Evidence): string {
  const sorted = recordOf(Object.entries(ids).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({
    ids: sorted,
    ...(name === undefined ? {} : { name }),
    ...(clickedAt === undefined ? {} : { clickedAt }),
  });
}

/** Values, not how new they are: the same facts told again later are a duplicate. */
export function sameFacts(a: OrderLine, b: OrderLine): boolean {
  return (
    a.state === b.state &&
    a.amount === b.amount &&
    a.known?.value === b.known?.value &&
    a.currency === b.currency &&
    a.paidAt === b.paidAt &&
    a.commission?.value === b.commission?.value &&
    a.refund?.value === b.refund?.value &&
    a.refundedAt === b.refundedAt &&
    a.slug?.value === b.slug?.value &&
    a.evidence?.value === b.evidence?.value &&
    a.said?.value === b.said?.value &&
    a.itemId?.value === b.itemId?.value &&
    a.itemTitle?.value === b.itemTitle?.value &&
    a.quantity?.value === b.quantity?.value
  );
}

function sameLine(a: OrderLine, b: OrderLine): boolean {
  return (
    sameFacts(a, b) &&
    a.at === b.at &&
    a.known?.at === b.known?.at &&
    a.commission?.at === b.commission?.at &&
    a.refund?.at === b.refund?.at &&
    a.slug?.at === b.slug?.at &&
    a.evidence?.at === b.evidence?.at &&
    a.said?.at === b.said?.at &&
    a.itemId?.at === b.itemId?.at &&
    a.itemTitle?.at === b.itemTitle?.at &&
    a.quantity?.at === b.quantity?.at
  );
}

/** What one line of an order adds to the sums. */
export interface Sale<L> {
  line: L;
  /** 1 on the first line that was paid, so that an order is counted once however it is divided. */
  orders: 0 | 1;
  gmv: number;
  commission: number;
  refunds: { amount: number; at: number }[];
}

/**
 * The sales of one order, from all its lines. Lines that are unpaid, invalid or of an unknown state sell nothing; a full refund stays in
 * `gmv` and is in `refunds`; a refund is never more than what was paid; one that its own line can't hold (a
 * refund sheet names the order alone) is booked on the order's lines in turn; no commission is paid on what
 * was refunded whole.
 */
export function salesOf<L extends OrderLine>(lines: readonly L[]): Sale<L>[] {
  if (lines.some(({ state }) => state === "split")) return [];
  const inOrder = lines.toSorted((a, b) => (a.subOrderId < b.subOrderId ? -1 : 1));
  const sales: Sale<L>[] = [];
  /** Refunds that wait for a line with room. */
  const waiting: { amount: number; at: number }[] = [];
  for (const line of inOrder) {
    const refunded = line.refund?.value ?? 0;
    const at = line.refundedAt ?? line.at;
    if (line.state === null && refunded > 0) waiting.push({ amount: refunded, at });
    if (!isSold(line.state)) continue;
    const gmv = line.amount ?? line.known?.value ?? 0;
    const isRefunded = line.state === "refunded";
    const own = isRefunded ? gmv : Math.min(refunded, gmv);
    if (refunded > own) waiting.push({ amount: refunded - own, at });
    sales.push({
      line,
      orders: sales.length === 0 ? 1 : 0,
      gmv,
      commission: isRefunded ? 0 : (line.commission?.value ?? 0),
      refunds: own > 0 ? [{ amount: own, at }] : [],
    });
  }
  for (const refund of waiting) {
    let left = refund.amount;
    for (const sale of sales) {
      const amount = Math.min(sale.gmv - sumOf(sale.refunds), left);
      if (amount > 0) sale.refunds.push({ amount, at: refund.at });
      left -= amount;
    }
  }
  return sales;
}

export const sumOf = (parts: readonly { amount: number }[]): number =>
  parts.reduce((sum, { amount }) => sum + amount, 0);
