/** @module The kinds of order files, and which one a row of headers belongs to. */
import { plainHeader } from "../../../lib/spreadsheet-cells.ts";
import type { Columns, Kind } from "../../../platforms/order-facts.ts";
import { platformOrders } from "../../../platforms/registry/orders.ts";

/** This service's own, in which whoever has orders from elsewhere can write them. */
const plain: Kind = {
  name: "moongate",
  platform: null,
  title: "Moongate: the fields of POST /api/conversions as columns",
  required: [["orderId"], ["status"], ["amount"], ["paidAt"]],
  orderId: ["orderId"],
  subOrderId: ["subOrderId"],
  status: ["status"],
  amount: ["amount"],
  refund: ["refundAmount"],
  commission: ["commission"],
  bought: { id: ["itemId"], title: ["itemTitle"], quantity: ["quantity"] },
  paidAt: ["paidAt"],
  updatedAt: ["updatedAt", "paidAt"],
  slug: ["slug"],
  platformColumn: ["platform"],
  currency: ["currency"],
  unit: "fen",
};

export const kinds: readonly Kind[] = [...platformOrders.flatMap(({ files }) => files), plain];

/** A file's header row: where each of a kind's columns is. */
export class Headers {
  readonly #places = new Map<string, number>();

  constructor(cells: readonly string[]) {
    for (const [index, cell] of cells.entries()) {
      const header = plainHeader(cell);
      if (header !== "" && !this.#places.has(header)) this.#places.set(header, index);
    }
  }

  /** Places of the columns that are there, in the order asked for. */
  placesOf(columns: Columns | undefined): number[] {
    return (columns ?? []).flatMap((name) => this.#places.get(plainHeader(name)) ?? []);
  }

  /** As the kind spells them, of the columns that are there; `null` when none is. */
  namesOf(columns: Columns | undefined): string[] | null {
    const names = (columns ?? []).filter((name) => this.#places.has(plainHeader(name)));
    return names.length > 0 ? names : null;
  }

  has(columns: Columns): boolean {
    return this.placesOf(columns).length > 0;
  }
}

/** How many of a kind's columns are there: what decides between two kinds whose required ones all are. */
function overlap(kind: Kind, headers: Headers): number {
  const named = Object.values(kind).flatMap((value) =>
    Array.isArray(value) && typeof value[0] === "string" ? (value as string[]) : [],
  );
  const ids = Object.values(kind.ids ?? {}).flat();
  return headers.placesOf([...new Set([...named, ...ids])]).length;
}

/** @returns the kind of file whose header row this is, or `null` */
export function recognise(cells: readonly string[]): { kind: Kind; headers: Headers } | null {
  const headers = new Headers(cells);
  const fitting = kinds
    .filter(({ required }) => required.every((columns) => headers.has(columns)))
    .map((kind) => ({ kind, score: overlap(kind, headers) }))
    .sort((a, b) => b.score - a.score);
  return fitting[0] ? { kind: fitting[0].kind, headers } : null;
}
