/**
 * @module What a settlement sheet would be, of what is stored: which lines and slot fees are due, and what of earlier
 * sheets changed. Writes nothing; what each is worth is said by rules.ts.
 */
import { partsOf } from "../../lib/sql.ts";
import {
  type DraftSheet,
  feesAtMost,
  type LeftOut,
  type Payable,
  type SettledFee,
  type SettledLine,
} from "../../model/settlement.ts";
import type { BookedLine } from "../apply-events.ts";
import { lineKey, orderKey, type Sale, salesOf } from "../order-line.ts";
import type { OrdersStore } from "../store.ts";
import type { DueStore } from "./due-store.ts";
import {
  addFee,
  addLine,
  feeOf,
  firstOf,
  hasNoBasis,
  isFirst,
  nextOf,
  noSums,
  payableStates,
} from "./rules.ts";
import type { Account } from "./sheet-store.ts";
import { StreamSums } from "./stream-sums.ts";

/** A promoter's link, and the stream that it is of. */
export interface PromotedLink {
  slug: string;
  streamId: string;
  title: string;
  /** When the stream begins, UTC ms. */
  startsAt: number;
  /** Of a deleted stream: what it sold is sold, and its slot fee is not due. */
  isDeleted: boolean;
}

/** What a sheet is asked for. Times UTC ms, `to` excluded. */
export interface SheetRequest extends Account {
  creatorName: string | null;
  from: number;
  to: number;
  payable: Payable;
  /** Every link of the promoter. */
  links: readonly PromotedLink[];
  brandName: string | null;
  operatorName: string | null;
}

/** Why a sheet can't be made. `incomplete`: an import brought an earlier one without all of its lines. */
export type SheetRefusal = "too_many_lines" | "too_many_fees" | "incomplete";
/** New lines of one sheet: 100,000 take some seconds, for which the object does nothing else. */
const linesAtMost = 100_000;
/** Lines that are read and written together. */
const atOnce = 500;
/** What costs are in (model/costs.ts). */
const costCurrency = "CNY";

/** Lines that no sheet has, and what is said of those that stay so. */
interface Due {
  ids: number[];
  leftOut: LeftOut;
}

export class Drafts {
  readonly #orders: OrdersStore;
  readonly #due: DueStore;

  constructor(orders: OrdersStore, due: DueStore) {
    this.#orders = orders;
    this.#due = due;
  }

  /** @param take is given the sheet's lines, in their order, some at a time */
  make(asked: SheetRequest, take: (lines: SettledLine[]) => void): DraftSheet | SheetRefusal {
    const { creator, creatorName, from, to, currency, payable, brandName, operatorName } = asked;
    if (this.#due.isIncomplete(asked)) return "incomplete";
    // What was paid, or sold through a stream that began, before the first period is none of the sheets'.
    const first = Math.min(from, this.#due.firstFrom(asked) ?? from);
    const due = this.#linesDue(asked, first);
    if (!due) return "too_many_lines";
    const slotFees = this.#fees(asked, first);
    if (slotFees.length > feesAtMost) return "too_many_fees";
    const sums = noSums();
    const streams = new StreamSums(asked.links);
    let [lineCount, withoutCommission] = [0, 0];
    for (const lines of this.#lines(asked, due.ids)) {
      for (const line of lines) {
        addLine(sums, line);
        streams.addLine(line);
        if (isFirst(line) && hasNoBasis(line)) withoutCommission += 1;
      }
      lineCount += lines.length;
      take(lines);
    }
    for (const fee of slotFees) {
      addFee(sums, fee);
      streams.addFee(fee);
    }
    return {
      ...{ creator, creatorName, number: this.#due.nextNumber(asked) },
      ...{ from, to, currency, payable, brandName, operatorName },
      ...{ lineCount, withoutCommission, slotFees, streams: streams.sums, sums },
      leftOut: due.leftOut,
    };
  }

  /** @returns `null` for more than a sheet takes; lines of the period first, then late ones, each by when they were paid */
  #linesDue({ from, to, currency, payable, links }: SheetRequest, first: number): Due | null {
    const states: readonly string[] = payableStates[payable];
    const found: { id: number; paidAt: number }[] = [];
    const others = new Set<string>();
    let [notYetPayable, beforeFirst] = [0, 0];
    const slugs = links.map(({ slug }) => slug);
    for (const line of this.#due.unsettled(slugs, to)) {
      if (line.currency !== currency) {
        if (line.paidAt >= first) others.add(line.currency);
      } else if (line.paidAt < first) beforeFirst += 1;
      else if (!states.includes(line.state)) notYetPayable += 1;
      else found.push({ id: line.id, paidAt: line.paidAt });
      if (found.length > linesAtMost) return null;
    }
    const isLate = ({ paidAt }: { paidAt: number }) => Number(paidAt < from);
    found.sort((a, b) => isLate(a) - isLate(b) || a.paidAt - b.paidAt || a.id - b.id);
    const otherCurrencies = [...others].sort().slice(0, 50);
    return {
      ids: found.map(({ id }) => id),
      leftOut: { otherCurrencies, notYetPayable, beforeFirst },
    };
  }

  #fees({ creator, currency, from, to, links }: SheetRequest, first: number): SettledFee[] {
    if (currency !== costCurrency) return [];
    const last = this.#due.lastFees({ creator, currency });
    const held = this.#due.costsOf(last.map(({ slug }) => slug));
    const changed = last.flatMap((before) => {
      // Of a stream that was deleted with all it had, no cost is known any more.
      const costs = held.get(before.slug);
      const fee = costs && feeOf(before, costs.slotFee ?? 0, before.fee, from);
      return fee ? [fee] : [];
    });
    const begun = links.filter(
      ({ startsAt, isDeleted }) => startsAt >= first && startsAt < to && !isDeleted,
    );
    const slugs = begun.map(({ slug }) => slug);
    const [costs, settled] = [this.#due.costsOf(slugs), this.#due.withFee(slugs)];
    const added = begun.flatMap((link) => {
      const { slotFee = 0 } = costs.get(link.slug) ?? {};
      const fee = settled.has(link.slug) ? null : feeOf(link, slotFee, null, from);
      return fee ? [fee] : [];
    });
    const inOrder = (a: SettledFee, b: SettledFee) =>
      a.startsAt - b.startsAt || (a.slug < b.slug ? -1 : 1);
    return [...added.sort(inOrder), ...changed.sort(inOrder)];
  }

  *#lines(asked: SheetRequest, due: readonly number[]): Generator<SettledLine[]> {
    const rates = this.#due.costsOf(asked.links.map(({ slug }) => slug));
    for (const ids of partsOf(due, atOnce)) {
      const stored = this.#orders.withOrders(ids);
      const keys = new Map(stored.map((line) => [line.id, lineKey(line)]));
      const sales = salesByLine(stored);
      yield ids.flatMap((id) => {
        const sale = sales.get(keys.get(id) ?? "");
        const rate = (sale && rates.get(sale.line.link)?.commissionRate) ?? null;
        return sale ? [firstOf(sale, rate, asked.from)] : [];
      });
    }
    const own = new Set(asked.links.map(({ slug }) => slug));
    for (const names of partsOf(this.#due.restated(asked), atOnce)) {
      const last = this.#due.lastOf(asked, names);
      const stored = this.#orders.linesOf(names);
      const lines = new Map(stored.map((line) => [lineKey(line), line]));
      const sales = salesByLine(stored);
      yield names.flatMap((name) => {
        const key = lineKey(name);
        const [before, line] = [last.get(key), lines.get(key)];
        // It was freed; or given back; or its order was deleted with its stream.
        if (!before || before.kind === "moved" || !line) return [];
        // What becomes of its link after it was settled changes nothing of it; another link does.
        const isOwn = line.link === before.link || own.has(line.link);
        const standing = isOwn && line.currency === asked.currency ? "same" : "moved";
        const next = nextOf(before, line, sales.get(key), standing);
        return next ? [next] : [];
      });
    }
  }
}

/** What each line of whole orders sells. */
function salesByLine(lines: readonly BookedLine[]): Map<string, Sale<BookedLine>> {
  const sales = [...Map.groupBy(lines, orderKey).values()].flatMap((order) => salesOf(order));
  return new Map(sales.map((sale) => [lineKey(sale.line), sale]));
}
