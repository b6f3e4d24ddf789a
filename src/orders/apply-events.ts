/**
 * @module A batch of events applied to the orders they touch. Pure: the Orders object gives what is stored
 * and writes what comes out; a dry run does the same and writes nothing.
 */

import type { KeptOrderLine } from "../model/order.ts";
import type { Promoter } from "../model/promoter.ts";
import { platformOrders } from "../platforms/registry/orders.ts";
import { match } from "./matching.ts";
import {
  applyEvent,
  lineKey,
  type OrderEvent,
  type OrderLine,
  orderKey,
  salesOf,
  sameFacts,
  sumOf,
} from "./order-line.ts";

/** A line with the link it is booked on; `""` is nobody's. */
export type BookedLine = KeptOrderLine;

/** Additions to the kept sums of one link, platform and currency. */
export interface Delta {
  link: string;
  streamId: string;
  platform: string;
  currency: string;
  orders: number;
  gmv: number;
  refunds: number;
  commission: number;
}

export interface Applied {
  accepted: number;
  updated: number;
  duplicates: number;
  /** Events whose line is booked on no link. */
  unattributed: number;
  /** Lines that are new or differ from what is stored. */
  changed: BookedLine[];
  /** Of these, the ones that were nobody's until now. */
  claimed: BookedLine[];
  deltas: Delta[];
}

/** An order that JD split stays out of the sums, however late its own rows come. */
function withParents(events: readonly OrderEvent[]): { event: OrderEvent; isAsked: boolean }[] {
  return events.flatMap((event) => {
    const { parentId, ...own } = event;
    const asked = { event: own, isAsked: true };
    if (parentId === undefined) return [asked];
    const { platform, at, currency } = event;
    const parent: OrderEvent = {
      platform,
      orderId: parentId,
      subOrderId: "",
      at,
      state: "split",
      amount: null,
      currency,
      paidAt: null,
    };
    return [{ event: parent, isAsked: false }, asked];
  });
}

const ofOneGood: ReadonlySet<string> = new Set(
  platformOrders.flatMap(({ name, isOfOneGood }) => (isOfOneGood ? [name] : [])),
);

/** What the lines of an order are told apart by, by order. */
function namesOf(
  named: Map<string, Set<string>>,
  line: Pick<BookedLine, "platform" | "orderId">,
): Set<string> {
  const key = orderKey(line);
  const names = named.get(key) ?? new Set();
  named.set(key, names);
  return names;
}

/** Where an order is of one good, a line without the good's name is the one with it, whichever came first. */
function lineNamed({ platform, subOrderId }: OrderEvent, names: ReadonlySet<string>): string {
  if (!ofOneGood.has(platform) || names.has(subOrderId)) return subOrderId;
  if (subOrderId !== "") return names.has("") ? "" : subOrderId;
  const [only, ...more] = names;
  return only !== undefined && more.length === 0 ? only : subOrderId;
}

/**
 * @param stored every line of every order that the events name, parents included
 * @param find links by key
 */
export function applyEvents(
  stored: readonly BookedLine[],
  events: readonly OrderEvent[],
  find: (key: string) => readonly Promoter[],
): Applied {
  const lines = new Map(stored.map((line) => [lineKey(line), line]));
  const changed = new Map<string, BookedLine>();
  const counts = { accepted: 0, updated: 0, duplicates: 0, unattributed: 0 };
  const named = new Map<string, Set<string>>();
  for (const line of stored) namesOf(named, line).add(line.subOrderId);
  for (const { event: told, isAsked } of withParents(events)) {
    const names = namesOf(named, told);
    const event = { ...told, subOrderId: lineNamed(told, names) };
    names.add(event.subOrderId);
    const key = lineKey(event);
    const before = lines.get(key);
    const applied = applyEvent(before, event);
    const after = before && applied === before ? before : bookedAfter(before, applied, find);
    if (after !== before) {
      lines.set(key, after);
      changed.set(key, after);
    }
    if (!isAsked) continue;
    if (!before) counts.accepted += 1;
    else if (sameFacts(before, after)) counts.duplicates += 1;
    else counts.updated += 1;
    if (after.link === "") counts.unattributed += 1;
  }
  const nobodys = new Set(stored.filter(({ link }) => link === "").map(lineKey));
  return {
    ...counts,
    changed: [...changed.values()],
    claimed: [...changed.values()].filter((line) => line.link !== "" && nobodys.has(lineKey(line))),
    deltas: deltasOf(stored, [...lines.values()], changed),
  };
}

/**
 * Books lines anew: those of nobody, whose link may be known by now, and those that may have another one. What was booked by
 * hand stays, and what nothing fits any more.
 *
 * @param mayMove of a line that has a link, whether it may go to another
 */
export function rebook<L extends BookedLine>(
  stored: readonly L[],
  find: (key: string) => readonly Promoter[],
  mayMove: (line: L) => boolean,
): Pick<Applied, "changed" | "claimed" | "deltas"> {
  const changed = new Map<string, BookedLine>();
  const lines = stored.map((line): BookedLine => {
    if (line.link !== "" && (line.by === "hand" || !mayMove(line))) return line;
    const after = booked(line, find);
    if (after.link === "" || (after.link === line.link && after.by === line.by)) return line;
    changed.set(lineKey(line), after);
    return after;
  });
  const nobodys = new Set(stored.filter(({ link }) => link === "").map(lineKey));
  const all = [...changed.values()];
  return {
    changed: all,
    claimed: all.filter((line) => nobodys.has(lineKey(line))),
    deltas: deltasOf(stored, lines, changed),
  };
}

/**
 * What somebody booked by hand stays there, whatever is told of the order later; and so does what its ids booked while they
 * stay as they are, though they may be another's or nobody's by now.
 */
function bookedAfter(
  before: BookedLine | undefined,
  applied: OrderLine,
  find: (key: string) => readonly Promoter[],
): BookedLine {
  const after = booked(applied, find);
  if (!before) return after;
  const saysTheSame =
    before.slug?.value === applied.slug?.value &&
    before.evidence?.value === applied.evidence?.value;
  if (before.by !== "hand" && !(after.link === "" && saysTheSame)) return after;
  const { link, streamId, by } = before;
  return { ...applied, link, streamId, by };
}

/** A line on the link that it says of itself, or on none. */
export function booked(line: OrderLine, find: (key: string) => readonly Promoter[]): BookedLine {
  const found = match(line, find);
  return {
    ...line,
    link: found?.slug ?? "",
    streamId: found?.streamId ?? "",
    by: found?.by ?? null,
  };
}

function grouped(lines: readonly BookedLine[]): Map<string, BookedLine[]> {
  return Map.groupBy(lines, orderKey);
}

/** What the change of these orders adds to the sums: what they sell now, less what they sold. */
export function deltasOf(
  before: readonly BookedLine[],
  after: readonly BookedLine[],
  changed: ReadonlyMap<string, BookedLine>,
): Delta[] {
  const touched = new Set([...changed.values()].map(orderKey));
  const deltas = new Map<string, Delta>();
  const add = (lines: readonly BookedLine[] | undefined, sign: 1 | -1) => {
    for (const { line, orders, gmv, commission, refunds } of salesOf(lines ?? [])) {
      const { link, streamId, platform, currency } = line;
      const key = [link, platform, currency].join("\n");
      const delta = deltas.get(key) ?? {
        link,
        streamId,
        platform,
        currency,
        orders: 0,
        gmv: 0,
        refunds: 0,
        commission: 0,
      };
      deltas.set(key, delta);
      delta.orders += sign * orders;
      delta.gmv += sign * gmv;
      delta.refunds += sign * sumOf(refunds);
      delta.commission += sign * commission;
    }
  };
  const [old, now] = [grouped(before), grouped(after)];
  for (const key of touched) {
    add(old.get(key), -1);
    add(now.get(key), 1);
  }
  return [...deltas.values()].filter(
    ({ orders, gmv, refunds, commission }) =>
      orders !== 0 || gmv !== 0 || refunds !== 0 || commission !== 0,
  );
}
