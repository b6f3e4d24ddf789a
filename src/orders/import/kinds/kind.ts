/** @module What is known of a kind of order file: a row of a table, read by rows.ts. */

import type { Unit } from "../../../lib/money.ts";
import type { PlatformName } from "../../../platforms/registry/edge.ts";
import type { Named } from "../../states.ts";

/** Headers that may hold a value; the first that is present and filled is taken. */
export type Columns = readonly string[];

export interface Kind {
  name: string;
  /** `null`: the file says it in a column of its own, or the request does. */
  platform: PlatformName | null;
  /** What a person calls the file. */
  title: string;
  /** Headers that must all be there, each in one of these spellings. The kind with the most wins. */
  required: readonly Columns[];
  orderId: Columns;
  subOrderId?: Columns;
  /** Item ids that tell the rows of an order apart where there is no sub-order id. */
  item?: Columns;
  status?: Columns;
  /** This kind's own words, before the common ones. */
  words?: ReadonlyMap<string, Named>;
  /** Where the times tell the state: the latest that is filled. */
  settledAt?: Columns;
  /** A day on which it is paid out, which may lie ahead. */
  paysOutAt?: Columns;
  receivedAt?: Columns;
  /** Filled with 是 while a presale's tail is not paid. */
  unpaid?: Columns;
  amount?: Columns;
  /** `amount` is the whole order's and stands on each of its rows: it is taken once. */
  isAmountOfOrder?: true;
  refund?: Columns;
  refundStatus?: Columns;
  /** The sheet tells of refunds alone; its own number keeps two refunds of an order apart. */
  isRefundSheet?: true;
  refundNumber?: Columns;
  commission?: Columns;
  paidAt?: Columns;
  /** Where no time is told the order id's first six digits are the day. */
  isDayInId?: true;
  /** All of them are read, the latest is how new the row is. */
  updatedAt?: Columns;
  clickedAt?: Columns;
  parentId?: Columns;
  slug?: Columns;
  platformColumn?: Columns;
  currency?: Columns;
  /** The promoter's name, where the file gives no id. */
  promoter?: Columns;
  /** Promotion ids by `platform.field`. */
  // biome-ignore lint/plugin: written here and gone through, never looked up by a text
  ids?: Readonly<Record<string, Columns>>;
  unit?: Unit;
  /** Many rows of fees make one order line. */
  fees?: {
    name: Columns;
    direction: Columns;
    amount: Columns;
    /** Fee names of the goods themselves, and of what promoters got. */
    goods: RegExp;
    commission: RegExp;
  };
  /** No orders: what advertising cost, by day and scene. */
  spend?: { day: Columns; scene: Columns; sceneName: Columns; amount: Columns };
}
