/**
 * @module A row of an order file → what it says of an order line, or why it is refused. Only the columns that
 * a kind names are read: a buyer's name, address and telephone number are never looked at.
 */

import { parseMoney } from "../../lib/money.ts";
import { isNoTime, parseCellTime } from "../../lib/order-times.ts";
import { recordOf } from "../../lib/records.ts";
import { parseId, parsePieces } from "../../lib/spreadsheet-cells.ts";
import type { Bought, Evidence } from "../../model/order.ts";
import type { Columns, Kind } from "../../platforms/order-facts.ts";
import { platformNames } from "../../platforms/registry/edge.ts";
import type { OrderEvent, State } from "../order-line.ts";
import { isRefundDone, stateOf } from "../states.ts";
import { FeeSheet } from "./fees.ts";
import type { Headers } from "./kinds/index.ts";
import { idRefusals, lostDigits, quoted, Refusal } from "./refusal.ts";
import { RowCells } from "./row-cells.ts";

/** What a row says, and the ids that it says it of. */
export interface RowRead {
  /** `null` when it is kept until {@link RowReader.rest}. */
  event: OrderEvent | null;
  /** The word of a state that is not known. */
  said?: string | undefined;
  /** As they are in the file, with their headers. */
  ids: readonly { header: string; id: string }[];
}

/** What the request says of a file that does not say it itself. */
export interface Given {
  platform?: string | undefined;
  slug?: string | undefined;
  /** The sheet of a workbook that is to be read; without it the first with a known header. */
  sheet?: string | undefined;
}

/** Reads the rows of one file. It remembers which orders it met, to tell their rows apart. */
export class RowReader {
  readonly #kind: Kind;
  readonly #cells: RowCells;
  readonly #given: Given;
  readonly #met = new Map<string, number>();
  readonly #fees: FeeSheet | null;
  readonly #now: number;

  constructor(kind: Kind, headers: Headers, given: Given, now = Date.now()) {
    this.#now = now;
    this.#kind = kind;
    this.#cells = new RowCells(headers);
    this.#given = given;
    this.#fees = kind.fees ? new FeeSheet(kind.fees) : null;
  }

  /** @throws {Refusal} */
  read(cells: readonly string[]): RowRead {
    const ids = this.#ids(cells);
    return { ...this.#read(cells, ids[0]?.id ?? ""), ids };
  }

  #read(cells: readonly string[], orderId: string): Omit<RowRead, "ids"> {
    const kind = this.#kind;
    const platform =
      this.#cells.text(cells, kind.platformColumn) || kind.platform || this.#given.platform;
    if (!platform) throw new Refusal("platform_missing", "Name the platform: ?platform=…");
    if (!platformNames.some((name) => name === platform)) {
      throw new Refusal("platform_unknown", `The platform ${quoted(platform)} is unknown.`);
    }
    const { paidAt, at } = this.#times(cells, orderId);
    if (kind.isRefundSheet) return { event: this.#refund(cells, platform, orderId, at) };

    const { state, said } = this.#state(cells, platform, paidAt);
    const item = this.#cells.text(cells, kind.item).slice(0, 64);
    const parent = parseId(this.#cells.text(cells, kind.parentId));
    if (!parent.ok && parent.code === "id_lost_digits") {
      throw lostDigits(this.#cells.named(kind.parentId), this.#cells.text(cells, kind.parentId));
    }
    const currency = this.#cells.text(cells, kind.currency).toUpperCase() || "CNY";
    if (!/^[A-Z]{3}$/.test(currency)) {
      throw new Refusal("currency_invalid", `${quoted(currency)} is no currency, such as CNY.`);
    }
    const event = {
      platform,
      orderId,
      at,
      currency,
      paidAt,
      slug: this.#cells.text(cells, kind.slug).toLowerCase() || this.#given.slug,
      evidence: this.#evidence(cells),
      ...this.#bought(cells),
      parentId: parent.ok && parent.id !== "0" && parent.id !== orderId ? parent.id : undefined,
    };
    if (this.#fees && kind.fees) {
      const fee = {
        name: this.#cells.text(cells, kind.fees.name),
        direction: this.#cells.text(cells, kind.fees.direction),
        amount: this.#money(cells, kind.fees.amount) ?? 0,
      };
      this.#fees.gather({ ...event, subOrderId: item, state, said }, fee);
      return { event: null, said };
    }
    const isUnsold = unsold.has(state);
    const amount = this.#money(cells, kind.amount);
    if (amount === null && !isUnsold && state !== "refunded") {
      throw new Refusal(
        "amount_missing",
        `The amount is empty (${this.#cells.named(kind.amount)}).`,
      );
    }
    const refund = this.#money(cells, kind.refund) ?? undefined;
    const met = this.#meet(kind.subOrderId ? null : `${orderId}\n${item}`);
    const isFurther = kind.isAmountOfOrder && this.#meet(`${orderId}\n\n`) > 1;
    const row = {
      ...event,
      subOrderId:
        this.#cells.text(cells, kind.subOrderId).slice(0, 64) ||
        (met > 1 ? `${item}#${met}` : item),
      state: this.#closed(cells, state, refund),
      said,
      amount: isFurther && amount !== null ? 0 : amount,
      commission: this.#commission(cells),
      refund,
    };
    return { event: row, said };
  }

  /** What was kept: the order lines of a file whose rows are fees. */
  rest(): Iterable<OrderEvent> {
    return this.#fees?.lines() ?? [];
  }

  /** The order's id, and the sub-order's where there is one of its own. */
  #ids(cells: readonly string[]): RowRead["ids"] {
    const { orderId, subOrderId } = this.#kind;
    const text = this.#cells.text(cells, orderId);
    const id = parseId(text);
    const header = this.#cells.named(orderId);
    if (!id.ok) {
      const what = id.code === "id_missing" ? "The order id" : `The order id ${quoted(text)}`;
      throw new Refusal(id.code, `${what} (${header}) ${idRefusals[id.code]}`);
    }
    const own = { header, id: id.id };
    const subText = this.#cells.text(cells, subOrderId);
    const sub = parseId(subText);
    if (sub.ok && sub.id !== id.id)
      return [own, { header: this.#cells.named(subOrderId), id: sub.id }];
    if (!sub.ok && sub.code === "id_lost_digits") {
      throw lostDigits(this.#cells.named(subOrderId), subText);
    }
    return [own];
  }

  /** How often this was met in the file, this time included. */
  #meet(key: string | null): number {
    if (key === null) return 1;
    const times = (this.#met.get(key) ?? 0) + 1;
    this.#met.set(key, times);
    return times;
  }

  #times(cells: readonly string[], orderId: string): { paidAt: number | null; at: number } {
    const read = (columns: Columns | undefined) =>
      this.#cells
        .texts(cells, columns)
        .filter((text) => !isNoTime(text))
        .map((text) => {
          const at = parseCellTime(text);
          if (at !== null) return at;
          const expected = "Expected such as 2026-11-20 20:01:02.";
          const where = this.#cells.named(columns);
          throw new Refusal("time_invalid", `${quoted(text)} is no time (${where}). ${expected}`);
        });
    const [paidAt = null] = read(this.#kind.paidAt);
    const at = Math.max(...read(this.#kind.updatedAt), paidAt ?? Number.NEGATIVE_INFINITY);
    const day = this.#kind.isDayInId && paidAt === null ? dayIn(orderId) : null;
    // No row of the day that has its time is older than this one.
    if (day !== null) return { paidAt: day + lastSecondOfDay, at: Math.max(at, day) };
    if (!Number.isFinite(at)) {
      const columns = this.#kind.paidAt ?? this.#kind.updatedAt;
      throw new Refusal("time_missing", `The row has no time (${this.#cells.named(columns)}).`);
    }
    return { paidAt, at };
  }

  #hasTime(cells: readonly string[], columns: Columns | undefined): boolean {
    return this.#cells.texts(cells, columns).some((text) => !isNoTime(text));
  }

  /** Whether one of these columns has a time that has come. */
  #hasCome(cells: readonly string[], columns: Columns | undefined): boolean {
    return this.#cells.texts(cells, columns).some((text) => {
      if (isNoTime(text)) return false;
      return (parseCellTime(text) ?? Number.POSITIVE_INFINITY) <= this.#now;
    });
  }

  #state(cells: readonly string[], platform: string, paidAt: number | null): Stated {
    const { status, words, settledAt, paysOutAt, receivedAt, unpaid } = this.#kind;
    const text = this.#cells.text(cells, status);
    if (text === "" && status && this.#cells.has(status)) {
      throw new Refusal("status_missing", `The status is empty (${this.#cells.named(status)}).`);
    }
    const named = text === "" ? "paid" : stateOf(text, platform, words);
    if (named === null) return { state: "unknown", said: text.slice(0, saidAtMost) };
    if (this.#cells.text(cells, unpaid) === "是") return { state: "created" };
    const isOpen = named === "paid" || named === "received";
    const isSettled = this.#hasTime(cells, settledAt) || this.#hasCome(cells, paysOutAt);
    if (isOpen && paidAt !== null && isSettled) return { state: "settled" };
    if (named === "paid" && this.#hasTime(cells, receivedAt)) return { state: "received" };
    return { state: named };
  }

  /** A closed order whose money went back was sold first: it is refunded, not invalid. */
  #closed(cells: readonly string[], state: State, refund: number | undefined): State {
    if (state !== "invalid") return state;
    const isDone = isRefundDone(this.#cells.text(cells, this.#kind.refundStatus));
    return (refund ?? 0) > 0 || isDone ? "refunded" : state;
  }

  #refund(cells: readonly string[], platform: string, orderId: string, at: number): OrderEvent {
    const { refund, refundStatus, refundNumber, subOrderId } = this.#kind;
    const amount = this.#money(cells, refund);
    if (amount === null) {
      throw new Refusal("amount_missing", `The refund is empty (${this.#cells.named(refund)}).`);
    }
    const status = this.#cells.text(cells, refundStatus);
    if (status !== "" && !isRefundDone(status)) {
      throw new Refusal("refund_open", `The refund is not done yet: ${quoted(status)}.`);
    }
    const sub =
      this.#cells.text(cells, subOrderId) || `refund:${this.#cells.text(cells, refundNumber)}`;
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
      ...this.#bought(cells),
    };
  }

  #money(cells: readonly string[], columns: Columns | undefined): number | null {
    const text = this.#cells.text(cells, columns);
    if (text === "") return null;
    const amount = parseMoney(text, this.#kind.unit);
    if (amount === null || amount < 0) {
      throw new Refusal(
        "amount_invalid",
        `${quoted(text)} ${noMoney} (${this.#cells.named(columns)}).`,
      );
    }
    return amount;
  }

  /** The first that is not zero: what was settled stands as 0.00 until it is. */
  #commission(cells: readonly string[]): number | undefined {
    const amounts = this.#cells.texts(cells, this.#kind.commission).map((text) => {
      const amount = parseMoney(text, this.#kind.unit);
      if (amount === null) {
        const columns = this.#cells.named(this.#kind.commission);
        throw new Refusal("amount_invalid", `${quoted(text)} ${noMoney} (${columns}).`);
      }
      return amount;
    });
    return amounts.find((amount) => amount > 0) ?? amounts[0];
  }

  /** What was bought, as far as its cells can be read: none of them refuses a row. */
  #bought(cells: readonly string[]): Bought {
    const { id, title, quantity } = this.#kind.bought ?? {};
    const itemId = parseId(this.#cells.text(cells, id));
    const itemTitle = this.#cells.text(cells, title);
    return {
      itemId: itemId.ok && itemId.id !== "0" ? itemId.id : undefined,
      itemTitle: itemTitle === "" || itemTitle.includes("\ufffd") ? undefined : itemTitle,
      quantity: parsePieces(this.#cells.text(cells, quantity)),
    };
  }

  #evidence(cells: readonly string[]): Evidence | undefined {
    const { ids, promoter, clickedAt } = this.#kind;
    const found = new Map<string, string>();
    for (const [field, columns] of Object.entries(ids ?? {})) {
      const text = this.#cells.text(cells, columns);
      if (text !== "") found.set(field, text.slice(0, 256));
    }
    const name = this.#cells.text(cells, promoter).slice(0, 100);
    if (name === "" && found.size === 0) return undefined;
    if (name.includes("\ufffd") || [...found.values()].some((text) => text.includes("\ufffd"))) {
      throw new Refusal("encoding_broken", "A promoter's name or id is in a broken encoding.");
    }
    const click = this.#cells.text(cells, clickedAt);
    const clicked = isNoTime(click) ? null : parseCellTime(click);
    return {
      ids: recordOf(found),
      ...(name === "" ? {} : { name }),
      ...(clicked === null ? {} : { clickedAt: clicked }),
    };
  }
}

interface Stated {
  state: State;
  said?: string;
}

/** Characters of a word that is not known. */
const saidAtMost = 64;
/** States whose rows may lack an amount. */
const unsold: ReadonlySet<State> = new Set(["created", "invalid", "split", "unknown"]);
const noMoney = "is no amount of money, such as 1,234.50";

const lastSecondOfDay = 86_399_000;

/** Pinduoduo's order numbers begin with their day in Beijing: `260601-123456789012345`. */
function dayIn(orderId: string): number | null {
  const day = /^(\d{6})-\d{6,}$/.exec(orderId)?.[1];
  return day === undefined ? null : parseCellTime(`20${day}`);
}
