/**
 * @module Settlement sheets in the Orders object: made of what is stored, closed, listed, voided. What stands on one is
 * said by rules.ts; each method is called inside one transaction, so a sheet is of one moment.
 */
import { partsOf } from "../../lib/sql.ts";
import {
  type DraftSheet,
  feesAtMost,
  type KeptSheet,
  type LeftOut,
  type Payable,
  type SettledFee,
  type SettledLine,
} from "../../model/settlement.ts";
import { randomId } from "../../model/slug.ts";
import type { BookedLine } from "../apply-events.ts";
import { lineKey, orderKey, type Sale, salesOf } from "../order-line.ts";
import type { OrdersStore } from "../store.ts";
import { markSheet } from "./restated.ts";
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
import type { Account, SheetStore, StoredSheet } from "./sheet-store.ts";
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

export interface LinePage {
  lines: SettledLine[];
  /** Place of the last one; `null` at the end. */
  next: number | null;
}

/** Why a sheet can't be made. `incomplete`: an import brought an earlier one without all of its lines. */
export type SheetRefusal = "too_many_lines" | "too_many_fees" | "incomplete";
/** Why a sheet can't be voided. */
export type VoidRefusal =
  | "not_found"
  | "already_voided"
  | "not_newest"
  | "taken_elsewhere"
  | "orders_deleted";

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

export class Settlements {
  readonly #orders: OrdersStore;
  readonly #sheets: SheetStore;

  constructor(orders: OrdersStore, sheets: SheetStore) {
    this.#orders = orders;
    this.#sheets = sheets;
  }

  /** Whether anything was ever settled with a promoter. */
  knows(creator: string): boolean {
    return this.#sheets.hasSheets(creator);
  }

  /** What a sheet would be, with a page of its lines. Writes nothing. */
  preview(
    asked: SheetRequest,
    after: number,
    limit: number,
  ): { sheet: DraftSheet; page: LinePage } | SheetRefusal {
    const lines: SettledLine[] = [];
    let place = 0;
    const sheet = this.#draft(asked, (part) => {
      const first = Math.max(0, after - place);
      if (lines.length < limit) lines.push(...part.slice(first, first + limit - lines.length));
      place += part.length;
    });
    if (typeof sheet === "string") return sheet;
    return { sheet, page: { lines, next: after + limit < place ? after + limit : null } };
  }

  close(asked: SheetRequest, by: string, now: number): KeptSheet | SheetRefusal {
    const seq = this.#sheets.nextSeq();
    let place = 1;
    const draft = this.#draft(asked, (part) => {
      this.#sheets.writeLines(seq, place, part);
      place += part.length;
    });
    if (typeof draft === "string") return draft;
    const id = `set_${randomId()}`;
    const sheet: KeptSheet = { ...draft, id, closedAt: now, closedBy: by, voided: null };
    this.#sheets.writeSheet({ seq, sheet });
    this.#sheets.forgetRestated(asked);
    this.#note("settlement.closed", sheet, by, now);
    return sheet;
  }

  /** Frees what a sheet has: the next one has it. Of sheets that follow each other the last alone can be voided. */
  void(
    id: string,
    { by, reason }: { by: string; reason: string | null },
    now: number,
  ): KeptSheet | VoidRefusal {
    const stored = this.#sheets.found(id);
    if (!stored) return "not_found";
    const { seq, sheet } = stored;
    if (sheet.voided) return "already_voided";
    if (!this.#sheets.isNewest(stored)) return "not_newest";
    if (this.#sheets.isTakenElsewhere(seq)) return "taken_elsewhere";
    if (this.#sheets.isOfDeleted(seq)) return "orders_deleted";
    markSheet(this.#sheets.sql, seq, { isVoided: true });
    const voided = this.#sheets.writeVoid(stored, { at: now, by, reason });
    this.#note("settlement.voided", voided, by, now);
    return voided;
  }

  sheet(id: string): KeptSheet | null {
    return this.#sheets.found(id)?.sheet ?? null;
  }

  lines(id: string, after: number, limit: number): LinePage {
    const stored = this.#sheets.found(id);
    if (!stored) return { lines: [], next: null };
    const lines = this.#sheets.lines(stored.seq, after, limit);
    const place = after + lines.length;
    return { lines, next: place < stored.sheet.lineCount && lines.length > 0 ? place : null };
  }

  /** The newest first. */
  list(
    of: Partial<Account>,
    limit: number,
    cursor: number | null,
  ): { sheets: KeptSheet[]; nextCursor: string | null } {
    const found = this.#sheets.list(of, limit + 1, cursor ?? undefined);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      sheets: page.map(({ sheet }) => sheet),
      nextCursor: found.length > limit && last ? String(last.seq) : null,
    };
  }

  dump(after: number, limit: number): StoredSheet[] {
    return this.#sheets.after(after, limit);
  }

  #note(
    action: "settlement.closed" | "settlement.voided",
    { id, creator, number, from, to, currency, lineCount, sums, voided }: KeptSheet,
    by: string,
    now: number,
  ): void {
    const { commission, slotFee, refundsOfEarlier, total } = sums;
    const amounts = { commission, slotFee, refundsOfEarlier, total };
    const reason = voided?.reason ?? null;
    const after = { creator, number, from, to, currency, lineCount, ...amounts, reason };
    this.#orders.audit.note(by, now, [{ action, target: id, after }]);
  }

  /** @param take is given the sheet's lines, in their order, some at a time */
  #draft(asked: SheetRequest, take: (lines: SettledLine[]) => void): DraftSheet | SheetRefusal {
    const { creator, creatorName, from, to, currency, payable, brandName, operatorName } = asked;
    if (this.#sheets.isIncomplete(asked)) return "incomplete";
    // What was paid, or sold through a stream that began, before the first period is none of the sheets'.
    const first = Math.min(from, this.#sheets.firstFrom(asked) ?? from);
    const due = this.#due(asked, first);
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
      ...{ creator, creatorName, number: this.#sheets.nextNumber(asked) },
      ...{ from, to, currency, payable, brandName, operatorName },
      ...{ lineCount, withoutCommission, slotFees, streams: streams.sums, sums },
      leftOut: due.leftOut,
    };
  }

  /** @returns `null` for more than a sheet takes; lines of the period first, then late ones, each by when they were paid */
  #due({ from, to, currency, payable, links }: SheetRequest, first: number): Due | null {
    const states: readonly string[] = payableStates[payable];
    const found: { id: number; paidAt: number }[] = [];
    const others = new Set<string>();
    let [notYetPayable, beforeFirst] = [0, 0];
    const slugs = links.map(({ slug }) => slug);
    for (const line of this.#sheets.unsettled(slugs, to)) {
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
    const last = this.#sheets.lastFees({ creator, currency });
    const held = this.#sheets.costsOf(last.map(({ slug }) => slug));
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
    const [costs, settled] = [this.#sheets.costsOf(slugs), this.#sheets.withFee(slugs)];
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
    const rates = this.#sheets.costsOf(asked.links.map(({ slug }) => slug));
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
    for (const names of partsOf(this.#sheets.restated(asked), atOnce)) {
      const last = this.#sheets.lastOf(asked, names);
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
