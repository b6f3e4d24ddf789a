/**
 * @module The ledger of orders: what each link sold and cost, in the Orders object's storage. It follows the Catalog's
 * changes by their numbers, so it matches orders to links by itself and in one transaction, and finds the link of an
 * order that came before it.
 */

import { pagesAfter, takeARest } from "../catalog/follow.ts";
import type { Catalog } from "../catalog/object.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { OpenedStore } from "../lib/opened-store.ts";
import { recordOf } from "../lib/records.ts";
import { readNumber, writeMeta } from "../lib/sql.ts";
import type { AuditEntry, AuditFilter } from "../model/audit-entry.ts";
import { type Costs, type CostsChange, changedCosts, type Spend } from "../model/costs.ts";
import type { Promotion } from "../model/promotion.ts";
import type { KeptSheet } from "../model/settlement.ts";
import { type Applied, applyEvents, type BookedLine } from "./apply-events.ts";
import {
  type ArchivedCosts,
  dumpCosts,
  dumpSpend,
  forgetCosts,
  forgetLines,
  forgetSpend,
  type OrderRows,
  purgeStream,
  restoreCosts,
  restoreLines,
  restoreSpend,
  type Taken,
} from "./archive.ts";
import { bookByHand, isNamed, type NotBooked, notBooked, type OrderName } from "./by-hand.ts";
import { type CostRow, CostStore, type SpendOutcome } from "./cost-store.ts";
import { eraseIds } from "./erase-ids.ts";
import { ItemLedger } from "./item-ledger.ts";
import type { ItemsAsked, LinkSold, SoldByItem } from "./item-sales.ts";
import { followedIn, learnChanges, matchMarked } from "./learn.ts";
import { migrateOrders } from "./migrations.ts";
import { lineKey, type OrderEvent, type Sale, salesOf, sumOf } from "./order-line.ts";
import { PromoterStore } from "./promoter-store.ts";
import { restoreSheetLines, restoreSheets } from "./settlement/archive.ts";
import type { SheetRequest } from "./settlement/drafts.ts";
import { Settlements, type LinePage as SheetPage } from "./settlement/settlements.ts";
import { type Account, SheetStore } from "./settlement/sheet-store.ts";
import { addPart, type Period, partOf, soldNothing } from "./sold-part.ts";
import {
  type LineFilter,
  type LinePage,
  OrdersStore,
  type StoredLine,
  type StreamTotal,
  type TotalRow,
  type UnknownRow,
} from "./store.ts";

/** Between two looks at the Catalog's changes while stats are polled, in ms. */
const lookEvery = 1_000;
const minute = 60_000;
/** Bytes of a minute's sales in memory. */
const minuteBytes = 128;

interface MinuteSales {
  orders: number;
  gmv: number;
  refunds: number;
}

export type Outcome = Pick<Applied, "accepted" | "updated" | "duplicates" | "unattributed">;

/** What a stream sold, for its stats. */
export interface StreamSales {
  rev: number;
  totals: TotalRow[];
}

const newestOf = (totals: readonly TotalRow[]): number =>
  totals.reduce((newest, { rev }) => Math.max(newest, rev), 0);

/** What of an object's storage is used here. */
type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync" | "setAlarm">;

export class SalesLedger {
  readonly #catalog: () => Pick<Catalog, "changesSince">;
  readonly #opened: OpenedStore<{
    store: OrdersStore;
    costs: CostStore;
    items: ItemLedger;
    promoters: PromoterStore;
    sheets: SheetStore;
    settlements: Settlements;
  }>;
  #lookedAt = 0;
  /** By stream and currency: 45 days of minutes that had an order in each. */
  readonly #minutes = new BoundedMap<string, { rev: number; sales: Map<number, MinuteSales> }>({
    bytes: 8 * 1_048_576,
    weigh: (key, { sales }) => textBytes(key) + minuteBytes * sales.size,
  });

  constructor(storage: Storage, catalog: () => Pick<Catalog, "changesSince">) {
    this.#catalog = catalog;
    const { sql } = storage;
    this.#opened = new OpenedStore(storage, migrateOrders, () => {
      const [store, sheets] = [new OrdersStore(sql), new SheetStore(sql)];
      return {
        store,
        costs: new CostStore(sql),
        items: new ItemLedger(store),
        promoters: new PromoterStore(sql),
        sheets,
        settlements: new Settlements(store, sheets),
      };
    });
  }

  get #store(): OrdersStore {
    return this.#opened.opened().store;
  }

  get #costs(): CostStore {
    return this.#opened.opened().costs;
  }

  get #promoters(): PromoterStore {
    return this.#opened.opened().promoters;
  }

  /**
   * Applies events, each idempotent, in one transaction.
   *
   * @param dry writes nothing and returns the lines as they would be; `before` are lines that earlier parts
   *   of the same dry run changed
   */
  async apply(
    events: readonly OrderEvent[],
    {
      dry = false,
      before = [],
      by = "system",
    }: { dry?: boolean; before?: readonly BookedLine[]; by?: string } = {},
  ): Promise<Outcome & { lines: BookedLine[] }> {
    await this.#follow();
    const store = this.#store;
    const applied = this.#opened.transaction(() => {
      const orders = events.flatMap(({ platform, orderId, parentId }) => [
        { platform, orderId },
        ...(parentId === undefined ? [] : [{ platform, orderId: parentId }]),
      ]);
      const newer = new Map(before.map((line) => [lineKey(line), line]));
      const stored = new Map<string, BookedLine>(
        store.linesOf(orders).map((line) => [lineKey(line), line]),
      );
      for (const [key, line] of newer) stored.set(key, line);
      const done = applyEvents([...stored.values()], events, this.#promoters.finder());
      if (!dry) store.write(done, () => this.#nextRev());
      const { accepted, updated } = done;
      if (!dry && accepted + updated > 0) {
        const target = [...new Set(events.map(({ platform }) => platform))].join(" ");
        const after = { accepted, updated };
        store.audit.note(by, Date.now(), [{ action: "conversions.applied", target, after }]);
      }
      return done;
    });
    const { accepted, updated, duplicates, unattributed, changed } = applied;
    return { accepted, updated, duplicates, unattributed, lines: dry ? changed : [] };
  }

  /**
   * Books orders by hand; `null` takes them off again.
   *
   * @returns the lines of these orders, or which can't be booked: then none was
   */
  async attribute(
    names: readonly OrderName[],
    to: { slug: string; streamId: string } | null,
    by: string,
  ): Promise<{ ok: true; lines: StoredLine[] } | ({ ok: false } & NotBooked)> {
    await this.#follow();
    const store = this.#store;
    return this.#opened.transaction(() => {
      const stored = store.linesOf(names);
      const found = notBooked(stored, names, to?.slug ?? null);
      if (found.missing.length + found.taken.length > 0) return { ok: false, ...found };
      const done = bookByHand(stored, names, to, this.#promoters.finder());
      store.write(done, () => this.#nextRev());
      const former = new Map(stored.map((line) => [lineKey(line), line.link]));
      const entries = done.changed.map((line) => ({
        action: "conversion.booked" as const,
        target: line.link || (former.get(lineKey(line)) ?? ""),
        after: {
          platform: line.platform,
          orderId: line.orderId,
          subOrderId: line.subOrderId,
          slug: line.link || null,
        },
      }));
      store.audit.note(by, Date.now(), entries);
      return { ok: true, lines: this.#named(names) };
    });
  }

  /** What the lines of these orders say of who sold, as it is kept. */
  async linesOf(names: readonly OrderName[]): Promise<StoredLine[]> {
    await this.#follow();
    return this.#named(names);
  }

  /** An order's lines are read together; of one whose line is named the others are left out. */
  #named(names: readonly OrderName[]): StoredLine[] {
    return this.#store.linesOf(names).filter((line) => names.some((one) => isNamed(line, one)));
  }

  /** Spend by day and scene, booked on the link that each row names or whose slug its scene is. */
  async addSpend(rows: readonly Spend[], dry = false, by = "system"): Promise<SpendOutcome> {
    await this.#follow();
    return this.#opened.transaction(() => {
      const outcome = this.#costs.addSpend(rows, this.#promoters.finder(), dry);
      const { accepted, updated } = outcome;
      if (!dry && accepted + updated > 0) {
        const target = [...new Set(rows.map(({ platform }) => platform))].join(" ");
        const after = { accepted, updated };
        this.#store.audit.note(by, Date.now(), [{ action: "spend.imported", target, after }]);
      }
      return outcome;
    });
  }

  putCosts(slug: string, costs: Costs, by: string): void {
    this.#setCosts(slug, () => costs, by);
  }

  /** The parts that a change names, whatever others are set meanwhile. */
  patchCosts(slug: string, change: CostsChange, by: string): void {
    this.#setCosts(slug, (before) => changedCosts(before, change), by);
  }

  #setCosts(slug: string, make: (before: Costs) => Costs, by: string): void {
    this.#opened.transaction(() => {
      const before = this.#costs.costsOf([slug])[0]?.costs ?? {};
      const after = make(before);
      this.#costs.putCosts(slug, after);
      this.#store.audit.note(by, Date.now(), [
        { action: "costs.changed", target: slug, before, after },
      ]);
    });
  }

  /** Entries of the audit log before a number, the newest first. */
  listAudit(filter: AuditFilter, limit: number, before: number): AuditEntry[] {
    return this.#store.audit.list(filter, limit, before);
  }

  /** A page of the audit log, the oldest first. */
  dumpAudit(after: number, limit: number): AuditEntry[] {
    return this.#store.audit.after(after, limit);
  }

  costsOf(links: readonly string[]): CostRow[] {
    return this.#costs.costsOf(links);
  }

  /**
   * What a stream's links sold.
   *
   * @param knownRev when it is still this one, the sums are left out
   */
  async salesOfStream(streamId: string, knownRev?: number): Promise<StreamSales> {
    if (!isFresh(this.#lookedAt, Date.now(), lookEvery)) await this.#follow();
    const totals = this.#store.totals({ streamId });
    const rev = newestOf(totals);
    return { rev, totals: rev === knownRev ? [] : totals };
  }

  /** What each of these streams sold in a currency. */
  async salesByStream(streamIds: readonly string[], currency: string): Promise<StreamTotal[]> {
    await this.#follow();
    return this.#store.salesByStream(streamIds, currency);
  }

  /** What these links sold in their whole life. */
  async salesOfLinks(links: readonly string[]): Promise<TotalRow[]> {
    await this.#follow();
    return this.#store.totals({ links });
  }

  /** What these links sold in a period, in one row a link, platform and currency; the orders are read for it. */
  async salesInPeriod(
    links: readonly string[],
    streamIds: readonly string[],
    period: Period,
  ): Promise<LinkSold[]> {
    await this.#follow();
    const sums = new Map<string, LinkSold>();
    for (const sale of this.#sales(links, streamIds)) {
      const { link, platform, currency } = sale.line;
      const key = [link, platform, currency].join("\n");
      const sum = sums.get(key) ?? { link, platform, currency, ...soldNothing() };
      sums.set(key, sum);
      addPart(sum, partOf(sale, period));
    }
    return [...sums.values()];
  }

  /** What these links sold of each item, whenever or in a period, and by link what `salesOfLinks` and `salesInPeriod` say. */
  async salesByItem(
    links: readonly string[],
    streamIds: readonly string[],
    asked: ItemsAsked,
  ): Promise<SoldByItem> {
    await this.#follow();
    return this.#opened.opened().items.sold(links, streamIds, asked);
  }

  /**
   * Sums of a stream's paid orders by bucket of time, by the minute in which they were paid.
   *
   * @param step ms, whole minutes; buckets begin at `from`
   */
  async timeline(
    streamId: string,
    { from, to, step, currency }: { from: number; to: number; step: number; currency: string },
  ): Promise<{ orders: number[]; gmv: number[]; refunds: number[] }> {
    await this.#follow();
    const count = Math.max(0, Math.ceil((to - from) / step));
    const columns = () => Array.from({ length: count }, () => 0);
    const sums = { orders: columns(), gmv: columns(), refunds: columns() };
    for (const [at, sold] of this.#minutesOf(streamId, currency)) {
      // A minute that has begun before `from` still belongs to the first bucket.
      if (at <= from - minute || at >= to) continue;
      const bucket = Math.floor(Math.max(at - from, 0) / step);
      sums.orders[bucket] = (sums.orders[bucket] ?? 0) + sold.orders;
      sums.gmv[bucket] = (sums.gmv[bucket] ?? 0) + sold.gmv;
      sums.refunds[bucket] = (sums.refunds[bucket] ?? 0) + sold.refunds;
    }
    return sums;
  }

  /** What a stream sold by minute (UTC ms of its beginning). Remembered, since a report asks three times. */
  #minutesOf(streamId: string, currency: string): Map<number, MinuteSales> {
    const totals = this.#store.totals({ streamId });
    const rev = newestOf(totals);
    const key = `${streamId} ${currency}`;
    const known = this.#minutes.get(key);
    if (known?.rev === rev) return known.sales;
    const sales = new Map<number, MinuteSales>();
    const links = [...new Set(totals.map(({ link }) => link))];
    for (const { line, orders, gmv, refunds } of this.#sales(links, [streamId])) {
      if (line.currency !== currency) continue;
      const at = Math.floor((line.paidAt ?? line.at) / minute) * minute;
      const sum = sales.get(at) ?? { orders: 0, gmv: 0, refunds: 0 };
      sales.set(at, sum);
      sum.orders += orders;
      sum.gmv += gmv;
      sum.refunds += sumOf(refunds);
    }
    this.#minutes.set(key, { rev, sales });
    return sales;
  }

  *#sales(links: readonly string[], streamIds: readonly string[]): Generator<Sale<BookedLine>> {
    const wanted = new Set(links);
    for (const lines of this.#store.ordersOf(links, streamIds)) {
      for (const sale of salesOf<BookedLine>(lines)) {
        if (wanted.has(sale.line.link)) yield sale;
      }
    }
  }

  async list(filter: LineFilter, limit: number, cursor: string | null): Promise<LinePage> {
    await this.#follow();
    return this.#store.list(filter, limit, cursor);
  }

  /** Orders of these links that stand in no figure, since their state is not known. */
  async unknownOf(links: readonly string[], streamIds: readonly string[]): Promise<UnknownRow[]> {
    await this.#follow();
    return this.#store.unknownOf(links, streamIds);
  }

  /** Closes a promoter's settlement sheet. */
  async settle(asked: SheetRequest, by: string) {
    await this.#follow();
    return this.#opened.transaction(({ settlements }) => settlements.close(asked, by, Date.now()));
  }

  /** What a sheet would be, with its lines after a place. */
  async previewSettlement(asked: SheetRequest, after: number, limit: number) {
    await this.#follow();
    return this.#opened.transaction(({ settlements }) => settlements.preview(asked, after, limit));
  }

  voidSettlement(id: string, given: { by: string; reason: string | null }) {
    return this.#opened.transaction(({ settlements }) => settlements.void(id, given, Date.now()));
  }

  settlement(id: string): KeptSheet | null {
    return this.#opened.opened().settlements.sheet(id);
  }

  /** Lines of a closed sheet after a place. */
  settlementLines(id: string, after: number, limit: number): SheetPage {
    return this.#opened.opened().settlements.lines(id, after, limit);
  }

  listSettlements(of: Partial<Account>, limit: number, cursor: number | null) {
    return this.#opened.opened().settlements.list(of, limit, cursor);
  }

  /** Whether anything was ever settled with a promoter. */
  hasSettled(creator: string): boolean {
    return this.#opened.opened().settlements.knows(creator);
  }

  /** A page of sheets as they are kept, the oldest first. */
  dumpSettlements(after: number, limit: number): { seq: number; sheet: KeptSheet }[] {
    return this.#opened.opened().settlements.dump(after, limit);
  }

  /** A page of order lines as they are kept, the oldest first. */
  dumpLines(after: number, limit: number): StoredLine[] {
    return this.#store.linesAfter(after, limit);
  }

  dumpCosts(): ArchivedCosts[] {
    return dumpCosts(this.#store.sql);
  }

  dumpSpend(): Spend[] {
    return dumpSpend(this.#store.sql);
  }

  /** Takes what an export has and this object does not. */
  restore<K extends keyof OrderRows>(
    kind: K,
    rows: OrderRows[K],
    { by, importId }: { by: string; importId: string },
  ): Taken {
    const restored: { [T in keyof OrderRows]: (rows: OrderRows[T]) => Taken } = {
      line: (lines) => restoreLines(this.#store, lines, () => this.#nextRev()),
      costs: (given) => restoreCosts(this.#costs, given),
      spend: (given) => restoreSpend(this.#costs, given),
      settlement: (sheets) => restoreSheets(this.#opened.opened().sheets, sheets),
      settlementLines: (lines) => restoreSheetLines(this.#opened.opened().sheets, lines),
    };
    return this.#opened.transaction(() => {
      const outcome = restored[kind](rows);
      if (outcome.taken.length > 0) {
        const after = recordOf([[kind, outcome.taken.length]]);
        const change = { action: "imported", target: importId, after } as const;
        this.#store.audit.note(by, Date.now(), [change]);
      }
      return outcome;
    });
  }

  /** Takes out again what an import brought for links that are not here. */
  forget({ line = [], costs = [], spend = [] }: Partial<OrderRows>): void {
    this.#opened.transaction(() => {
      if (line.length > 0) forgetLines(this.#store, line, () => this.#nextRev());
      forgetCosts(
        this.#store.sql,
        costs.map(({ slug }) => slug),
      );
      forgetSpend(this.#store.sql, spend);
    });
  }

  /** Deletes what a stream's links sold and cost. */
  purge(streamId: string, slugs: readonly string[]): void {
    this.#opened.transaction(() => purgeStream(this.#store.sql, streamId, slugs));
  }

  /**
   * Takes ids out of some lines of orders.
   *
   * @param asOf the number of a change in the Catalog
   * @returns the place of the last line that was looked at; `null` where it was the last of all
   * @throws when what changed in the Catalog until then is not followed: who else has these ids is not known
   */
  async eraseIds(ids: Promotion, afterLine: number, asOf: number): Promise<number | null> {
    await this.#follow();
    if (followedIn(this.#store) < asOf) throw new Error("the Catalog is not followed");
    return this.#opened.transaction(({ store, promoters }) =>
      eraseIds(store, { ids, afterLine, find: promoters.finder() }),
    );
  }

  forgetAudit(before: number): void {
    this.#store.audit.forgetBefore(before);
  }

  /** Answers when this object works; for `/healthz`. */
  ping(): "ok" {
    this.#opened.opened();
    return "ok";
  }

  #nextRev(): number {
    const rev = readNumber(this.#store.sql, "rev") + 1;
    writeMeta(this.#store.sql, "rev", rev);
    return rev;
  }

  /**
   * Takes what changed in the Catalog since the last time, and matches again what may be another's by that. When the
   * Catalog does not answer, orders are kept all the same, and booked at the next time.
   */
  async #follow(): Promise<void> {
    const catalog = this.#catalog();
    const followed = () => followedIn(this.#store);
    const matchSome = () =>
      this.#opened.transaction((parts) => matchMarked(parts, () => this.#nextRev()));
    try {
      for await (const { changes } of pagesAfter(followed, (seq) => catalog.changesSince(seq))) {
        this.#opened.transaction((parts) => learnChanges(parts, changes));
      }
      // After the last page: an order that waited is not booked on the first link that fits.
      while (matchSome()) await takeARest();
      this.#lookedAt = Date.now();
    } catch (error) {
      log("orders_not_following", { error: String(error) });
    }
  }
}
