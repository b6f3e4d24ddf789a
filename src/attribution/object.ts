/**
 * @module The Orders object: the one Durable Object that keeps orders, the sums of what each link sold, and
 * costs. It is not the Catalog, so that no import stalls the making of links and no number of orders fills
 * the object that links live in (docs/decisions/0010-orders-object.md).
 *
 * It follows the Catalog's changes by their numbers, so it matches orders to links by itself and in one
 * transaction, and finds the link of an order that came before it.
 */
import { DurableObject } from "cloudflare:workers";
import type { AuditEntry, AuditFilter } from "../catalog/audited.ts";
import type { Change } from "../catalog/changes.ts";
import type { Catalog } from "../catalog/object.ts";
import { readNumber, writeMeta } from "../counting/sql.ts";
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import { type Applied, applyEvents, type BookedLine, rebook } from "./apply.ts";
import {
  type ArchivedCosts,
  dumpCosts,
  dumpSpend,
  purgeStream,
  restoreCosts,
  restoreLines,
  restoreSpend,
  type Taken,
} from "./archive.ts";
import type { Costs, Spend } from "./costs.ts";
import type { Promoter } from "./matching.ts";
import { lineKey, type OrderEvent, salesOf, sumOf } from "./order.ts";
import {
  type CostRow,
  type LineFilter,
  type LinePage,
  OrdersStore,
  type StoredLine,
  type TotalRow,
} from "./store.ts";

/** Between two looks at the Catalog's changes while stats are polled, in ms. */
const lookEvery = 1_000;

export type Outcome = Pick<Applied, "accepted" | "updated" | "duplicates" | "unattributed">;

export interface SpendOutcome {
  accepted: number;
  updated: number;
  duplicates: number;
  /** Places in the request of rows whose link is not known. */
  unknown: number[];
}

/** What a stream sold, for its stats. */
export interface StreamSales {
  rev: number;
  totals: TotalRow[];
}

/** A sale with its times, for reports of a period. */
export interface DatedSale {
  link: string;
  platform: string;
  currency: string;
  paidAt: number;
  orders: number;
  gmv: number;
  commission: number;
  refunds: { amount: number; at: number }[];
}

export class Orders extends DurableObject<Env> {
  readonly #store: OrdersStore;
  #lookedAt = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new OrdersStore(ctx.storage.sql);
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
    const applied = this.ctx.storage.transactionSync(() => {
      const orders = events.flatMap(({ platform, orderId, parentId }) => [
        { platform, orderId },
        ...(parentId === undefined ? [] : [{ platform, orderId: parentId }]),
      ]);
      const newer = new Map(before.map((line) => [lineKey(line), line]));
      const stored = new Map<string, BookedLine>(
        store.linesOf(orders).map((line) => [lineKey(line), line]),
      );
      for (const [key, line] of newer) stored.set(key, line);
      const done = applyEvents([...stored.values()], events, this.#finder());
      if (!dry) store.write(done, () => this.#nextRev());
      const { accepted, updated } = done;
      if (!dry && accepted + updated > 0) {
        const target = [...new Set(events.map(({ platform }) => platform))].join(" ");
        store.audit.note(by, Date.now(), {
          action: "conversions.applied",
          target,
          after: { accepted, updated },
        });
      }
      return done;
    });
    const { accepted, updated, duplicates, unattributed, changed } = applied;
    return { accepted, updated, duplicates, unattributed, lines: dry ? changed : [] };
  }

  /**
   * Spend by day and scene. A row is booked on the link it names, else on the one whose slug is its scene.
   */
  async addSpend(rows: readonly Spend[], dry = false, by = "system"): Promise<SpendOutcome> {
    await this.#follow();
    const outcome: SpendOutcome = { accepted: 0, updated: 0, duplicates: 0, unknown: [] };
    this.ctx.storage.transactionSync(() => {
      const find = this.#finder();
      const seen = new Map<string, { link: string; amount: number }>();
      for (const [index, row] of rows.entries()) {
        const wanted = row.link === "" ? [row.scene, row.name] : [row.link];
        const link = wanted.flatMap((slug) => find(`slug:${slug.toLowerCase()}`))[0]?.slug;
        if (link === undefined) {
          outcome.unknown.push(index);
          continue;
        }
        const key = [row.platform, row.day, row.scene].join("\n");
        const known = seen.get(key) ?? this.#store.spend(row.platform, row.day, row.scene);
        if (!known) outcome.accepted += 1;
        else if (known.link === link && known.amount === row.amount) outcome.duplicates += 1;
        else outcome.updated += 1;
        seen.set(key, { link, amount: row.amount });
        if (!dry) this.#store.putSpend({ ...row, link });
      }
      const { accepted, updated } = outcome;
      if (dry || accepted + updated === 0) return;
      const target = [...new Set(rows.map(({ platform }) => platform))].join(" ");
      this.#store.audit.note(by, Date.now(), {
        action: "spend.imported",
        target,
        after: { accepted, updated },
      });
    });
    return outcome;
  }

  putCosts(slug: string, costs: Costs, by: string): void {
    this.ctx.storage.transactionSync(() => {
      const [before] = this.#store.costsOf([slug]);
      this.#store.putCosts(slug, costs);
      this.#store.audit.note(by, Date.now(), {
        action: "costs.changed",
        target: slug,
        before: before?.costs ?? {},
        after: costs,
      });
    });
  }

  /** Entries of the audit log before a number, the newest first. */
  listAudit(filter: AuditFilter, limit: number, before: number): AuditEntry[] {
    return this.#store.audit.list(filter, limit, before);
  }

  costsOf(links: readonly string[]): CostRow[] {
    return this.#store.costsOf(links);
  }

  /**
   * What a stream's links sold.
   *
   * @param knownRev when it is still this one, the sums are left out
   */
  async salesOfStream(streamId: string, knownRev?: number): Promise<StreamSales> {
    if (Date.now() - this.#lookedAt > lookEvery) await this.#follow();
    const totals = this.#store.totals({ streamId });
    const rev = Math.max(0, ...totals.map((row) => row.rev));
    return { rev, totals: rev === knownRev ? [] : totals };
  }

  /** What these links sold in their whole life. */
  async salesOfLinks(links: readonly string[]): Promise<TotalRow[]> {
    await this.#follow();
    return this.#store.totals({ links });
  }

  /** Every sale of these links with its times; the rows of the streams are read for it. */
  async datedSales(links: readonly string[], streamIds: readonly string[]): Promise<DatedSale[]> {
    await this.#follow();
    const wanted = new Set(links);
    const orders = Map.groupBy(
      this.#store.ordersOf(links, streamIds),
      ({ platform, orderId }) => `${platform}\n${orderId}`,
    );
    return [...orders.values()]
      .flatMap((lines) => salesOf(lines))
      .filter(({ line }) => wanted.has(line.link))
      .map(({ line, orders: count, gmv, commission, refunds }) => ({
        link: line.link,
        platform: line.platform,
        currency: line.currency,
        paidAt: line.paidAt ?? line.at,
        orders: count,
        gmv,
        commission,
        refunds,
      }));
  }

  /**
   * Sums of a stream's paid orders by bucket of time.
   *
   * @param step ms; buckets begin at `from`
   */
  async timeline(
    streamId: string,
    { from, to, step, currency }: { from: number; to: number; step: number; currency: string },
  ): Promise<{ orders: number[]; gmv: number[]; refunds: number[] }> {
    await this.#follow();
    const links = this.#store.totals({ streamId }).map(({ link }) => link);
    const count = Math.max(0, Math.ceil((to - from) / step));
    const columns = () => Array.from({ length: count }, () => 0);
    const sums = { orders: columns(), gmv: columns(), refunds: columns() };
    for (const sale of await this.datedSales([...new Set(links)], [streamId])) {
      if (sale.currency !== currency || sale.paidAt < from || sale.paidAt >= to) continue;
      const bucket = Math.floor((sale.paidAt - from) / step);
      sums.orders[bucket] = (sums.orders[bucket] ?? 0) + sale.orders;
      sums.gmv[bucket] = (sums.gmv[bucket] ?? 0) + sale.gmv;
      sums.refunds[bucket] = (sums.refunds[bucket] ?? 0) + sumOf(sale.refunds);
    }
    return sums;
  }

  async list(filter: LineFilter, limit: number, cursor: string | null): Promise<LinePage> {
    await this.#follow();
    return this.#store.list(filter, limit, cursor);
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
  restore(
    rows: { lines?: BookedLine[]; costs?: ArchivedCosts[]; spend?: Spend[] },
    by: string,
  ): Taken {
    return this.ctx.storage.transactionSync(() => {
      const parts = [
        restoreLines(this.#store, rows.lines ?? [], () => this.#nextRev()),
        restoreCosts(this.#store, rows.costs ?? []),
        restoreSpend(this.#store, rows.spend ?? []),
      ];
      const taken = sumOf(parts.map((part) => ({ amount: part.taken })));
      const known = sumOf(parts.map((part) => ({ amount: part.known })));
      const after = { taken };
      if (taken > 0) {
        this.#store.audit.note(by, Date.now(), { action: "imported", target: "orders", after });
      }
      return { taken, known };
    });
  }

  /** Deletes what a stream's links sold and cost. */
  purge(streamId: string, slugs: readonly string[]): void {
    this.ctx.storage.transactionSync(() => purgeStream(this.#store.sql, streamId, slugs));
  }

  forgetAudit(before: number): void {
    this.#store.audit.forgetBefore(before);
  }

  ping(): "ok" {
    return "ok";
  }

  #nextRev(): number {
    const rev = readNumber(this.#store.sql, "rev") + 1;
    writeMeta(this.#store.sql, "rev", rev);
    return rev;
  }

  /** Looks each key up once: a file names few promoters, many times. */
  #finder(): (key: string) => readonly Promoter[] {
    const known = new Map<string, readonly Promoter[]>();
    return (key) => {
      const found = known.get(key) ?? this.#store.promotersUnder(key);
      known.set(key, found);
      return found;
    };
  }

  /**
   * Takes what changed in the Catalog since the last time. When that does not answer, orders are kept all
   * the same, and booked at the next time.
   */
  async #follow(): Promise<void> {
    const catalog = this.env.CATALOG.getByName("catalog", {
      locationHint: "apac",
    }) as unknown as Pick<Catalog, "changesSince">;
    try {
      for (let isMore = true; isMore; ) {
        const since = readNumber(this.#store.sql, "followed");
        const page = await catalog.changesSince(since);
        isMore = page.isMore;
        this.ctx.storage.transactionSync(() => this.#learn(page.changes));
      }
      this.#lookedAt = Date.now();
    } catch (error) {
      log("orders_not_following", { error: String(error) });
    }
  }

  #learn(changes: readonly Change[]): void {
    const keys = new Set<string>();
    let followed = readNumber(this.#store.sql, "followed");
    for (const { seq, link, stream } of changes) {
      // Two requests may follow at once: what one has taken, the other leaves.
      if (seq <= followed) continue;
      followed = seq;
      if (stream) this.#store.learnSession(stream.id, stream.startsAt);
      if (link) for (const key of this.#store.learnPromoter(link)) keys.add(key);
    }
    if (changes.length > 0) writeMeta(this.#store.sql, "followed", followed);
    if (keys.size === 0) return;
    const waiting = this.#store.unmatchedUnder([...keys]);
    if (waiting.length === 0) return;
    const found = rebook(waiting, this.#finder());
    this.#store.write(found, () => this.#nextRev());
  }
}
