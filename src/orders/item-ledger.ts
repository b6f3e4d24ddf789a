/**
 * @module What was sold of each item of some links, from the lines themselves: what is kept are sums by link. 100,000 lines take up
 * to two seconds, so they are read in pages, between which others have their turn; one reading at a time, which all who waited for
 * the same share; and it is remembered until anything is written.
 */
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { partsOf } from "../lib/sql.ts";
import { ItemSales, type ItemsAsked, type SoldByItem } from "./item-sales.ts";
import { salesOf } from "./order-line.ts";
import type { OrdersStore, StoredLine } from "./store.ts";

/** Some 15 ms. */
const usualPage = 1_000;
/** Bytes of an item, and of what a link sold. */
const itemBytes = 1_024;
const aTurn = () => new Promise<void>((done) => setTimeout(done, 0));

export class ItemLedger {
  readonly #store: OrdersStore;
  /** What was read, and how much had been written when the reading began. */
  readonly #known = new BoundedMap<string, { writes: number; sold: SoldByItem }>({
    bytes: 8 * 1_048_576,
    weigh: (key, { sold: { sold, items } }) =>
      textBytes(key) + itemBytes * (sold.length + items.length),
  });
  /** Readings that have not begun: whoever wants the same is told with them. */
  readonly #waiting = new Map<string, Promise<SoldByItem>>();
  #before: Promise<unknown> = Promise.resolve();

  readonly #page: number;

  /** @param page lines that are read at once */
  constructor(store: OrdersStore, page = usualPage) {
    this.#store = store;
    this.#page = page;
  }

  /** @returns what these links of these streams sold, with all that was written before the call */
  sold(
    links: readonly string[],
    streamIds: readonly string[],
    asked: ItemsAsked,
  ): Promise<SoldByItem> {
    const key = JSON.stringify([links, streamIds, asked]);
    const known = this.#fresh(key);
    if (known) return Promise.resolve(known);
    const waiting = this.#waiting.get(key);
    if (waiting) return waiting;
    const turn = this.#before.then(() => {
      this.#waiting.delete(key);
      return this.#fresh(key) ?? this.#read(key, new Set(links), streamIds, asked);
    });
    this.#waiting.set(key, turn);
    this.#before = turn.catch(() => undefined);
    return turn;
  }

  #fresh(key: string): SoldByItem | undefined {
    const known = this.#known.get(key);
    return known?.writes === this.#store.writes() ? known.sold : undefined;
  }

  async #read(
    key: string,
    links: ReadonlySet<string>,
    streamIds: readonly string[],
    asked: ItemsAsked,
  ): Promise<SoldByItem> {
    const writes = this.#store.writes();
    const sales = new ItemSales(asked);
    let read = 0;
    for (const streamId of streamIds) {
      // All of them first: a line that is paid anew meanwhile is read once all the same.
      for (const ids of partsOf(this.#store.idsOf(streamId), this.#page)) {
        const page = new Set(ids);
        for (const lines of this.#store.ordersOfLines(ids)) {
          for (const sale of salesOf<StoredLine>(lines)) {
            // The other lines of its order have pages of their own.
            if (page.has(sale.line.id) && links.has(sale.line.link)) sales.add(sale);
          }
        }
        read += ids.length;
        if (read < this.#page) continue;
        read = 0;
        await aTurn();
      }
    }
    const sold = sales.told();
    this.#known.set(key, { writes, sold });
    return sold;
  }
}
