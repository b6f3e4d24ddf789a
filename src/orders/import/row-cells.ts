/** @module The cells of a row by the columns that a kind names, without what exports put around them. */

import { plainCell } from "../../lib/spreadsheet-cells.ts";
import type { Columns } from "../../platforms/order-facts.ts";
import type { Headers } from "./kinds/index.ts";

const nowhere: readonly number[] = [];

export class RowCells {
  readonly #headers: Headers;
  readonly #places = new Map<Columns, number[]>();

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  has(columns: Columns): boolean {
    return this.#headers.has(columns);
  }

  /** The first filled cell of these columns, without what exports put around it. */
  text(cells: readonly string[], columns: Columns | undefined): string {
    for (const place of this.#placesOf(columns)) {
      const text = plainCell(cells[place]);
      if (text !== "") return text;
    }
    return "";
  }

  texts(cells: readonly string[], columns: Columns | undefined): string[] {
    return this.#placesOf(columns)
      .map((place) => plainCell(cells[place]))
      .filter((text) => text !== "");
  }

  #placesOf(columns: Columns | undefined): readonly number[] {
    if (!columns) return nowhere;
    let places = this.#places.get(columns);
    if (!places) {
      places = this.#headers.placesOf(columns);
      this.#places.set(columns, places);
    }
    return places;
  }

  /** The headers of these columns: those that the file has, else those that were looked for. */
  named(columns: Columns | undefined): string {
    return (this.#headers.namesOf(columns) ?? columns ?? []).join(", ");
  }
}
