/**
 * @module What was sold of each item, summed from the sales of order lines. An item is what its platform numbers: the same number is
 * another's elsewhere. Where a platform tells a name and no number, the name is taken for it.
 */
import type { Register } from "../model/order.ts";
import type { BookedLine } from "./apply-events.ts";
import type { Sale } from "./order-line.ts";
import { addPart, type Period, partOf, type SoldPart, soldNothing } from "./sold-part.ts";

/** What a link sold on a platform, in one currency. */
export interface LinkSold extends SoldPart {
  link: string;
  platform: string;
  currency: string;
}

/** `commission` by the link's rate where it has one, else what the orders name. */
export interface ItemSold extends SoldPart {
  platform: string;
  /** `null` where only the name is known. */
  itemId: string | null;
  /** The newest name. */
  title: string | null;
  /** How many were bought, refunded ones among them; `null` where no line says. */
  quantity: number | null;
}

export interface SoldByItem {
  /** In all currencies. */
  sold: LinkSold[];
  /** In the currency that was asked for, those with the most sold first. */
  items: ItemSold[];
  /** Of the items that are too many to be told by themselves. */
  others: SoldPart & { quantity: number | null };
}

export const nothingByItem: SoldByItem = {
  sold: [],
  items: [],
  others: { ...soldNothing(), quantity: null },
};

export interface ItemsAsked {
  currency: string;
  /** `null`: of all time. */
  period: Period | null;
  /** Links with a commission of their own: basis points of net GMV. */
  rates: readonly (readonly [link: string, basisPoints: number])[];
}

/** Items that are held at once: of more, those that come first. A year of a large shop has as many. */
const heldAtMost = 20_000;
/** Items that are told by themselves, those with the most sold. */
export const toldAtMost = 1_000;

type Sum = Omit<ItemSold, "title"> & {
  title: Register<string> | null;
  /** Net GMV × basis points, of links with a rate. */
  atRates: number;
};
const nothing = () => ({ ...soldNothing(), quantity: null as number | null, atRates: 0 });
type Nameless = ReturnType<typeof nothing>;

const addCounts = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : a + b;

const withCommission = <T extends Nameless>({ atRates, commission, ...sum }: T) => ({
  ...sum,
  commission: commission + Math.round(atRates / 10_000),
});

export class ItemSales {
  readonly #asked: ItemsAsked;
  readonly #rates: ReadonlyMap<string, number>;
  readonly #held: number;
  readonly #links = new Map<string, LinkSold>();
  readonly #items = new Map<string, Sum>();
  readonly #others = nothing();

  constructor(asked: ItemsAsked, held = heldAtMost) {
    this.#asked = asked;
    this.#rates = new Map(asked.rates);
    this.#held = held;
  }

  add(sale: Sale<BookedLine>): void {
    const { line } = sale;
    const { link, platform, currency } = line;
    const { isPaidWithin, ...part } = partOf(sale, this.#asked.period);
    const key = [link, platform, currency].join("\n");
    const sold = this.#links.get(key) ?? { link, platform, currency, ...soldNothing() };
    this.#links.set(key, sold);
    addPart(sold, part);
    const isOfPeriod = isPaidWithin || part.refunds > 0;
    if (!isOfPeriod || currency !== this.#asked.currency) return;
    const sum = this.#sumFor(line);
    if (!sum) return;
    const rate = this.#rates.get(link);
    addPart(sum, rate === undefined ? part : { ...part, commission: 0 });
    if (rate !== undefined) sum.atRates += (part.gmv - part.refunds) * rate;
    if (isPaidWithin) sum.quantity = addCounts(sum.quantity, line.quantity?.value ?? null);
  }

  /** Where a line's part is added; `null` where it does not say what was bought. */
  #sumFor({ platform, itemId, itemTitle }: BookedLine): Nameless | null {
    const name = itemId ? itemId.value : itemTitle && `\n${itemTitle.value}`;
    if (name === null) return null;
    const key = `${platform}\n${name}`;
    let sum = this.#items.get(key);
    if (!sum) {
      if (this.#items.size >= this.#held) return this.#others;
      sum = { platform, itemId: itemId?.value ?? null, title: null, ...nothing() };
      this.#items.set(key, sum);
    }
    if (itemTitle && isNewer(itemTitle, sum.title)) sum.title = itemTitle;
    return sum;
  }

  told(most = toldAtMost): SoldByItem {
    const items = [...this.#items.values()].sort(
      (a, b) =>
        b.gmv - a.gmv || (b.quantity ?? 0) - (a.quantity ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1),
    );
    const others = { ...this.#others };
    for (const { atRates, quantity, ...part } of items.slice(most)) {
      addPart(others, part);
      others.atRates += atRates;
      others.quantity = addCounts(others.quantity, quantity);
    }
    return {
      sold: [...this.#links.values()],
      items: items
        .slice(0, most)
        .map((item) => ({ ...withCommission(item), title: item.title?.value ?? null })),
      others: withCommission(others),
    };
  }
}

const nameOf = ({ platform, itemId, title }: Sum): string =>
  `${platform}\n${itemId ?? title?.value ?? ""}`;

/** Of equally new names the greater, so that it is the same in whatever order the lines come. */
const isNewer = (a: Register<string>, b: Register<string> | null): boolean =>
  !b || a.at > b.at || (a.at === b.at && a.value > b.value);
