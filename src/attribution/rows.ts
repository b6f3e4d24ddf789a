/**
 * @module A row of an order file → what it says of an order line, or why it is refused. Only the columns that
 * a kind names are read: a buyer's name, address and telephone number are never looked at.
 */
import { recordOf } from "../lib/records.ts";
import { platformNames } from "../platforms/types.ts";
import { parseId, plainCell } from "./cells.ts";
import { FeeSheet } from "./fees.ts";
import type { Headers } from "./kinds/index.ts";
import type { Columns, Kind } from "./kinds/kind.ts";
import { parseMoney } from "./money.ts";
import type { Evidence, OrderEvent, State } from "./order.ts";
import { isRefundDone, stateOf } from "./states.ts";
import { parseTime } from "./times.ts";

/** Why a row is refused; thrown where it is found, caught by {@link RowReader.read}. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

const idRefusals = {
  id_missing: "The order id is empty.",
  id_lost_digits:
    "The order id was changed by a spreadsheet (such as 1.23E+18) and has lost digits. Export the file again and import it without opening and saving it.",
  id_invalid: "The order id has characters that no order id has.",
};

/** What the request says of a file that does not say it itself. */
export interface Given {
  platform?: string | undefined;
  slug?: string | undefined;
}

/** Reads the rows of one file. It remembers which orders it met, to tell their rows apart. */
export class RowReader {
  readonly #kind: Kind;
  readonly #headers: Headers;
  readonly #given: Given;
  readonly #places = new Map<Columns, number[]>();
  readonly #met = new Map<string, number>();
  readonly #fees: FeeSheet | null;

  constructor(kind: Kind, headers: Headers, given: Given) {
    this.#kind = kind;
    this.#headers = headers;
    this.#given = given;
    this.#fees = kind.fees ? new FeeSheet(kind.fees) : null;
  }

  /**
   * @returns the row's event; `null` when it is kept until {@link rest}
   * @throws {Refusal}
   */
  read(cells: readonly string[]): OrderEvent | null {
    const kind = this.#kind;
    const platform =
      this.#text(cells, kind.platformColumn) || kind.platform || this.#given.platform;
    if (!platform) throw new Refusal("platform_missing", "Name the platform: ?platform=…");
    if (!platformNames.some((name) => name === platform)) {
      throw new Refusal("platform_unknown", `The platform ${quoted(platform)} is unknown.`);
    }
    const orderId = this.#orderId(cells);
    const { paidAt, at } = this.#times(cells);
    if (kind.isRefundSheet) return this.#refund(cells, platform, orderId, at);

    const state = this.#state(cells, platform, paidAt);
    const item = this.#text(cells, kind.item).slice(0, 64);
    const parent = parseId(this.#text(cells, kind.parentId));
    const currency = this.#text(cells, kind.currency).toUpperCase() || "CNY";
    if (!/^[A-Z]{3}$/.test(currency)) {
      throw new Refusal("currency_invalid", `${quoted(currency)} is no currency, such as CNY.`);
    }
    const event = {
      platform,
      orderId,
      at,
      currency,
      paidAt,
      slug: this.#text(cells, kind.slug).toLowerCase() || this.#given.slug,
      evidence: this.#evidence(cells),
      parentId: parent.ok && parent.id !== "0" && parent.id !== orderId ? parent.id : undefined,
    };
    if (this.#fees && kind.fees) {
      const fee = {
        name: this.#text(cells, kind.fees.name),
        direction: this.#text(cells, kind.fees.direction),
        amount: this.#money(cells, kind.fees.amount) ?? 0,
      };
      this.#fees.add({ ...event, subOrderId: item, state }, fee);
      return null;
    }
    const isUnsold = state === "created" || state === "invalid" || state === "split";
    const amount = this.#money(cells, kind.amount);
    if (amount === null && !isUnsold && state !== "refunded") {
      throw new Refusal("amount_missing", `The amount is empty (${this.#named(kind.amount)}).`);
    }
    const refund = this.#money(cells, kind.refund) ?? undefined;
    const met = this.#meet(kind.subOrderId ? null : `${orderId}\n${item}`);
    const isFurther = kind.isAmountOfOrder && this.#meet(`${orderId}\n\n`) > 1;
    return {
      ...event,
      subOrderId:
        this.#text(cells, kind.subOrderId).slice(0, 64) || (met > 1 ? `${item}#${met}` : item),
      state: this.#closed(cells, state, refund),
      amount: isFurther && amount !== null ? 0 : amount,
      commission: this.#commission(cells),
      refund,
    };
  }

  /** What was kept: the order lines of a file whose rows are fees. */
  rest(): Iterable<OrderEvent> {
    return this.#fees?.lines() ?? [];
  }

  #orderId(cells: readonly string[]): string {
    const id = parseId(this.#text(cells, this.#kind.orderId));
    if (!id.ok) throw new Refusal(id.code, idRefusals[id.code]);
    const sub = this.#kind.subOrderId && parseId(this.#text(cells, this.#kind.subOrderId));
    if (sub && !sub.ok && sub.code === "id_lost_digits") {
      throw new Refusal(sub.code, idRefusals[sub.code]);
    }
    return id.id;
  }

  /** How often this was met in the file, this time included. */
  #meet(key: string | null): number {
    if (key === null) return 1;
    const times = (this.#met.get(key) ?? 0) + 1;
    this.#met.set(key, times);
    return times;
  }

  #times(cells: readonly string[]): { paidAt: number | null; at: number } {
    const read = (columns: Columns | undefined) =>
      this.#texts(cells, columns).map((text) => {
        const at = parseTime(text);
        if (at === null) throw new Refusal("time_invalid", `${quoted(text)} is no time.`);
        return at;
      });
    const [paidAt = null] = read(this.#kind.paidAt);
    const at = Math.max(...read(this.#kind.updatedAt), paidAt ?? Number.NEGATIVE_INFINITY);
    if (!Number.isFinite(at)) {
      const columns = this.#kind.paidAt ?? this.#kind.updatedAt;
      throw new Refusal("time_missing", `The row has no time (${this.#named(columns)}).`);
    }
    return { paidAt, at };
  }

  #state(cells: readonly string[], platform: string, paidAt: number | null): State {
    const { status, words, settledAt, receivedAt, unpaid } = this.#kind;
    const text = this.#text(cells, status);
    if (text === "" && status && this.#headers.has(status)) {
      throw new Refusal("status_missing", `The status is empty (${this.#named(status)}).`);
    }
    const named = text === "" ? "paid" : stateOf(text, platform, words);
    if (named === null)
      throw new Refusal("status_unknown", `The status ${quoted(text)} is unknown.`);
    if (this.#text(cells, unpaid) === "是") return "created";
    const isOpen = named === "paid" || named === "received";
    if (isOpen && paidAt !== null && this.#text(cells, settledAt) !== "") return "settled";
    if (named === "paid" && this.#text(cells, receivedAt) !== "") return "received";
    return named;
  }

  /** A closed order whose money went back was sold first: it is refunded, not invalid. */
  #closed(cells: readonly string[], state: State, refund: number | undefined): State {
    if (state !== "invalid") return state;
    const isDone = isRefundDone(this.#text(cells, this.#kind.refundStatus));
    return (refund ?? 0) > 0 || isDone ? "refunded" : state;
  }

  #refund(cells: readonly string[], platform: string, orderId: string, at: number): OrderEvent {
    const { refund, refundStatus, refundNumber, subOrderId } = this.#kind;
    const amount = this.#money(cells, refund);
    if (amount === null) {
      throw new Refusal("amount_missing", `The refund is empty (${this.#named(refund)}).`);
    }
    const status = this.#text(cells, refundStatus);
    if (status !== "" && !isRefundDone(status)) {
      throw new Refusal("refund_open", `The refund is not done yet: ${quoted(status)}.`);
    }
    const sub = this.#text(cells, subOrderId) || `refund:${this.#text(cells, refundNumber)}`;
    return {
      platform,
      orderId,
      subOrderId: sub.slice(0, 64),
      at,
      state: null,
      amount: null,
      currency: "CNY",
      paidAt: null,
      refund: amount,
    };
  }

  #money(cells: readonly string[], columns: Columns | undefined): number | null {
    const text = this.#text(cells, columns);
    if (text === "") return null;
    const amount = parseMoney(text, this.#kind.unit);
    if (amount === null || amount < 0) {
      throw new Refusal("amount_invalid", `${quoted(text)} is no amount of money.`);
    }
    return amount;
  }

  /** The first that is not zero: what was settled stands as 0.00 until it is. */
  #commission(cells: readonly string[]): number | undefined {
    const amounts = this.#texts(cells, this.#kind.commission).map((text) => {
      const amount = parseMoney(text, this.#kind.unit);
      if (amount === null) {
        throw new Refusal("amount_invalid", `${quoted(text)} is no amount of money.`);
      }
      return amount;
    });
    return amounts.find((amount) => amount > 0) ?? amounts[0];
  }

  #evidence(cells: readonly string[]): Evidence | undefined {
    const { ids, promoter, clickedAt } = this.#kind;
    const found = new Map<string, string>();
    for (const [field, columns] of Object.entries(ids ?? {})) {
      const text = this.#text(cells, columns);
      if (text !== "") found.set(field, text.slice(0, 256));
    }
    const name = this.#text(cells, promoter).slice(0, 100);
    if (name === "" && found.size === 0) return undefined;
    if (name.includes("\ufffd") || [...found.values()].some((text) => text.includes("\ufffd"))) {
      throw new Refusal("encoding_broken", "A promoter's name or id is in a broken encoding.");
    }
    const clicked = parseTime(this.#text(cells, clickedAt));
    return {
      ids: recordOf(found),
      ...(name === "" ? {} : { name }),
      ...(clicked === null ? {} : { clickedAt: clicked }),
    };
  }

  /** The first filled cell of these columns, without what exports put around it. */
  #text(cells: readonly string[], columns: Columns | undefined): string {
    for (const place of this.#placesOf(columns)) {
      const text = plainCell(cells[place]);
      if (text !== "") return text;
    }
    return "";
  }

  #texts(cells: readonly string[], columns: Columns | undefined): string[] {
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

  #named(columns: Columns | undefined): string {
    return (columns ?? []).join(", ");
  }
}

const nowhere: readonly number[] = [];
const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));
