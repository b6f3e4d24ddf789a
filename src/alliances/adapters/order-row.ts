/**
 * @module A row of an alliance's list → an order event, or why it is none: what holds for all of them. Only the fields that an
 * adapter names are read: what a platform tells of buyers is never looked at.
 */
import { parseMoney, type Unit } from "../../lib/money.ts";
import { isNoTime, parseTime } from "../../lib/order-times.ts";
import { recordOf } from "../../lib/records.ts";
import type { Evidence } from "../../model/order.ts";
import type { OrderEvent, State } from "../../orders/order-line.ts";
import { stateOf } from "../../orders/states.ts";
import type { PlatformName } from "../../platforms/registry/edge.ts";
import type { Row } from "../adapter.ts";
import { integerOf, textOf, at as valueAt } from "../raw.ts";

/** Characters that are kept of an id, a word for a state, a name. */
const idAtMost = 64;
const saidAtMost = 64;
const titleAtMost = 200;

/** A row's fields, as texts: `""` for what is not there. */
export const fieldsOf =
  (raw: unknown) =>
  (name: string): string =>
    textOf(valueAt(raw, name));

/** UTC ms of Beijing's text or seconds; `null` for none, zeros and what stands for never. */
export const timeOf = (text: string): number | null => (isNoTime(text) ? null : parseTime(text));

/** The first of these that is a time. */
export const firstTime = (...texts: readonly string[]): number | null =>
  texts.map(timeOf).find((time) => time !== null) ?? null;

/**
 * 分, by digits. JD's numbers are floats on their way, `2.4299999999999997`: such a one is rounded by its digits.
 *
 * @returns `null` where it is nothing, or no amount
 */
export function moneyOf(text: string, unit: Unit = "yuan"): number | null {
  const exact = parseMoney(text, unit);
  if (exact !== null || unit === "fen") return exact;
  const [, sign, whole, kept, next] = /^(-?)(\d{1,12})\.(\d\d)(\d)\d*$/.exec(text) ?? [];
  if (next === undefined) return null;
  const minor = Number(`${whole}${kept}`) + (next >= "5" ? 1 : 0);
  return sign === "-" && minor !== 0 ? -minor : minor;
}

/** The first that is more than nothing, else the first that is told, as in order files: what is settled stands as 0 until it is. */
export function firstMoney(texts: readonly string[], unit: Unit = "yuan"): number | undefined {
  const told = texts.map((text) => moneyOf(text, unit)).filter((amount) => amount !== null);
  return told.find((amount) => amount > 0) ?? told[0];
}

/** The state of a code, by the platform's own table (`states` of its orders.ts); one that is not there is kept as it was said. */
export function stateBy(
  code: string,
  platform: PlatformName,
): { state: State; said?: string | undefined } {
  const state = code === "" ? null : stateOf(code, platform);
  return state ? { state } : { state: "unknown", said: (code || "–").slice(0, saidAtMost) };
}

export const saidOf = (text: string): string | undefined => text.slice(0, saidAtMost) || undefined;

/** Ids by `platform.field`; 0 stands for none in all of them. */
export function evidenceOf(
  ids: readonly (readonly [field: string, value: string])[],
  clickedAt: number | null = null,
): Evidence | undefined {
  const told = ids.filter(([, value]) => value !== "" && value !== "0");
  if (told.length === 0) return undefined;
  return {
    ids: recordOf(told.map(([field, value]) => [field, value.slice(0, 256)] as const)),
    ...(clickedAt === null ? {} : { clickedAt }),
  };
}

/** What was bought. */
export function itemOf(
  id: string,
  title: string,
  quantity: string,
): Pick<OrderEvent, "itemId" | "itemTitle" | "quantity"> {
  const count = integerOf(quantity);
  return {
    itemId: id === "0" ? undefined : id.slice(0, idAtMost) || undefined,
    itemTitle: title.slice(0, titleAtMost) || undefined,
    quantity: count !== null && count > 0 ? count : undefined,
  };
}

/** An event whose time may be missing. */
type Draft = Omit<OrderEvent, "at" | "currency"> & { at: number | null };

/** States whose rows may lack an amount, and the refund that speaks of none. */
const unsold: ReadonlySet<State | null> = new Set([
  "created",
  "invalid",
  "split",
  "unknown",
  "refunded",
  null,
] as const);

/** The event, unless the row lacks what an order needs. */
export function rowOf(draft: Draft): Row {
  const { orderId, at, state, amount, refund = 0 } = draft;
  const refuse = (what: string): Row => ({
    ok: false,
    detail: `The order ${orderId.slice(0, idAtMost)} ${what}.`,
  });
  if (orderId === "") return { ok: false, detail: "A row names no order." };
  if (!/^[\x21-\x7e]{1,64}$/.test(orderId)) return refuse("has no id that can be one");
  if (at === null) return refuse("has no time");
  if (amount === null && !unsold.has(state)) return refuse("has no amount");
  if ((amount ?? 0) < 0 || refund < 0) return refuse("has an amount below 0");
  const subOrderId = draft.subOrderId.slice(0, idAtMost);
  return { ok: true, event: { ...draft, subOrderId, at, currency: "CNY" } };
}
