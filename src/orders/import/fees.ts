/** @module A file whose rows are fees: many make one order line (JD 货款明细, docs/reference/order-files.md#jd). */

import type { Kind } from "../../platforms/order-facts.ts";
import type { OrderEvent } from "../order-line.ts";

type Head = Omit<OrderEvent, "amount" | "commission" | "refund">;
export interface Fee {
  name: string;
  direction: string;
  /** 分, without its sign: `direction` has it. */
  amount: number;
}

interface Gathered {
  head: Head;
  goods: number | null;
  refund: number;
  commission: number;
}

export class FeeSheet {
  readonly #fees: NonNullable<Kind["fees"]>;
  readonly #gathered = new Map<string, Gathered>();

  constructor(fees: NonNullable<Kind["fees"]>) {
    this.#fees = fees;
  }

  gather(head: Head, { name, direction, amount }: Fee): void {
    const key = `${head.orderId}\n${head.subOrderId}`;
    const known = this.#gathered.get(key);
    const one = known ?? { head, goods: null, refund: 0, commission: 0 };
    if (!known) this.#gathered.set(key, one);
    const [newer, older] = head.at > one.head.at ? [head, one.head] : [one.head, head];
    // Of the fees of an item not each says what it is.
    const { itemId = older.itemId, itemTitle = older.itemTitle } = newer;
    one.head = { ...newer, itemId, itemTitle, quantity: newer.quantity ?? older.quantity };
    const isOut = direction.includes("支出");
    if (this.#fees.goods.test(name)) {
      if (isOut) one.refund += amount;
      else one.goods = (one.goods ?? 0) + amount;
    } else if (this.#fees.commission.test(name)) {
      one.commission += isOut ? amount : -amount;
    }
  }

  *lines(): Generator<OrderEvent> {
    for (const { head, goods, refund, commission } of this.#gathered.values()) {
      yield {
        ...head,
        // A sheet with the refund alone says nothing of the sale.
        state: goods === null ? null : head.state,
        amount: goods,
        ...(commission > 0 ? { commission } : {}),
        ...(refund > 0 ? { refund } : {}),
      };
    }
  }
}
