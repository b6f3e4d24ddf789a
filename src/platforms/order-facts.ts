/**
 * @module What a platform file says of orders: the kinds of its files, what its states mean, and the ids by which an
 * order comes back to a link. Files are read by src/orders/import/.
 */
import type { Unit } from "../lib/money.ts";
import type { Said } from "../lib/said.ts";
import type { Destination, PlatformName } from "./registry/edge.ts";

/** The ladder that every platform's states map to; a refund is an axis of its own beside it. */
export const statuses = ["created", "paid", "received", "settled", "refunded", "invalid"] as const;
type Status = (typeof statuses)[number];
/** What a file can say of an order's state. `split`: it was divided into others, and counts for nothing. */
export type OrderState = Status | "split";

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
  /** What was bought, where a row is of one item. Platforms head these alike: no file is known by them. */
  bought?: { id?: Columns; title?: Columns; quantity?: Columns };
  status?: Columns;
  /** This kind's own words, before the common ones. */
  words?: ReadonlyMap<string, OrderState>;
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

/** An id by which an alliance's orders come back to a link; its name is the alliance's field. */
export interface PromotionId {
  /** What heads its column in a pasted table of links, beside its name. */
  headers?: readonly string[];
  /** Its name heads no column: another alliance has a field of the same one. */
  isNamedByHeadersAlone?: true;
  /** Of one's own making: what the alliance takes. Without it, the id is the alliance's own. */
  ownMaking?: {
    /** Characters; 64 unless said. */
    atMost?: number;
    shape?: RegExp;
    test?: (given: string) => boolean;
    expected?: Said;
    example?: string;
  };
  /** Characters of what was taken once and what orders have; 64 unless said. */
  keptAtMost?: number;
}

/** What is known of a platform's orders. */
export interface PlatformOrders {
  name: string;
  /** What a link's `promotion` may say of it. */
  ids?: { readonly [field in string]?: PromotionId };
  files: readonly Kind[];
  /** An order is of one good, so that who names the good and who does not tell the same line. */
  isOfOneGood?: true;
  /** Platforms whose rooms its orders may come from, its own among them: an alliance's file says Taobao for a room on Tmall. */
  rooms?: readonly PlatformName[];
  /** A file of the one is one of the other: their back ends write the same. */
  sharesFilesWith?: PlatformName;
  /** What its interface numbers. */
  states?: ReadonlyMap<string, OrderState>;
  /**
   * Fields of one's own making, in which a link's slug may stand without being named in its `promotion`: how a slug is
   * written there, for the one that links are given; `null` for those that orders alone have.
   */
  subIds?: { readonly [field in string]?: ((slug: string) => string) | null };
  /** A field that orders have → the one of a link that tells the same. */
  sameAs?: { readonly [field in string]?: string };
  /**
   * Ids that may be a name, which its bearer changes at will: there another one contradicts nothing where one of these ids
   * says for certain who it is. As a name it finds whoever has it.
   */
  nicknames?: { readonly [field in string]: readonly string[] };
  /** By which id an order names the live room that it came from, and which of a destination's ids is that one. */
  room?: { field: string; idType: NonNullable<Destination["idType"]> };
}
