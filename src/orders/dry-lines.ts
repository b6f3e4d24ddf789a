/** @module What a dry run changed, so that its later batches see its earlier ones. */
import type { BookedLine } from "./apply-events.ts";
import { orderKey } from "./order-line.ts";
import { type Packed, pack, unpack } from "./order-line-codec.ts";

export class DryLines {
  /** Lines as text, by order: as objects 100,000 would take a Worker's memory. */
  readonly #orders = new Map<string, string>();

  /** What is known of the orders that these events name. */
  of(
    events: readonly { platform: string; orderId: string; parentId?: string | undefined }[],
  ): BookedLine[] {
    const keys = new Set(
      events.flatMap(({ platform, orderId, parentId }) => [
        orderKey({ platform, orderId }),
        ...(parentId === undefined ? [] : [orderKey({ platform, orderId: parentId })]),
      ]),
    );
    return [...keys].flatMap((key) => this.#read(key));
  }

  keep(lines: readonly BookedLine[]): void {
    for (const [key, own] of Map.groupBy(lines, orderKey)) {
      const changed = new Set(own.map(({ subOrderId }) => subOrderId));
      const kept = this.#read(key).filter(({ subOrderId }) => !changed.has(subOrderId));
      this.#orders.set(key, JSON.stringify([...kept, ...own].map(pack)));
    }
  }

  #read(key: string): BookedLine[] {
    const text = this.#orders.get(key);
    return text === undefined ? [] : (JSON.parse(text) as Packed[]).map(unpack);
  }
}
