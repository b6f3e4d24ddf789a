/**
 * @module WeChat shop's orders: a list names their ids, and each is asked for. Source: WeChat's pages of both calls (H), but for what
 * is marked. A buyer's openid, unionid, name and address, and those of who shared, are in the answer and are never looked at.
 */
import type { Evidence } from "../../../model/order.ts";
import type { State } from "../../../orders/order-line.ts";
import type { Feed, Row } from "../../adapter.ts";
import { integerOf, listOf, textOf, at as valueAt } from "../../raw.ts";
import { evidenceOf, fieldsOf, firstTime, itemOf, moneyOf, rowOf, stateBy } from "../order-row.ts";
import { detailMethod, listMethod } from "./gateway.ts";

const dayMs = 86_400_000;
/** A page is followed by a call for each of its orders; up to 100 are taken. */
const pageSize = 20;

const seconds = (at: number): number => Math.floor(at / 1_000);

type Fields = ReturnType<typeof fieldsOf>;

const told = (fields: Fields | undefined, name: string): string => fields?.(name) ?? "";

/** 视频号; others are service accounts and mini programs. */
const isChannel = (source: Fields) => source("account_type") === "1";
/** 团长, who made the bargain and promoted nothing. */
const isAgency = (commission: Fields) => commission("type") === "1";

/**
 * Who sold it. A shop's own account earns no commission, so that its id stands in the source alone; that this is the same id as
 * `finder_id`, and that `sharer_appid` stands in either, is assumed (U).
 *
 * @param host whose room the order was made in, where nothing else names an account
 */
function soldBy(
  sources: readonly Fields[],
  commissions: readonly Fields[],
  host: string,
): Evidence | undefined {
  const promoter = commissions.find((one) => !isAgency(one));
  const source = sources.find(isChannel) ?? sources[0];
  const account = source && isChannel(source) ? source("account_id") : "";
  return evidenceOf([
    ["wechat.accountName", told(source, "account_nickname") || told(promoter, "nickname")],
    ["wechat.finderId", told(promoter, "finder_id") || account || (source ? "" : host)],
    ["wechat.openfinderid", told(promoter, "openfinderid")],
    ["wechat.sharerAppid", told(promoter, "sharer_appid") || told(source, "sharer_appid")],
  ]);
}

/** What all parts got; `undefined` where there is none. */
const commissionOf = (commissions: readonly Fields[]): number | undefined =>
  commissions.length === 0
    ? undefined
    : commissions.reduce((sum, one) => sum + (moneyOf(one("amount"), "fen") ?? 0), 0);

/**
 * The order says how many pieces have gone through after-sales and not what was paid back, so that the part of what was paid for them
 * is taken (U). Nothing where none has: what a file says of it stays.
 */
function refundOf(product: Fields): number | undefined {
  const paid = moneyOf(product("real_price"), "fen");
  const [count, gone] = [product("sku_cnt"), product("finish_aftersale_sku_cnt")].map(integerOf);
  if (!paid || !count || !gone || count < 0 || gone < 0) return undefined;
  return Math.round((paid * Math.min(gone, count)) / count);
}

/** `order_scene`: a live room (H). */
const inRoom = "2";
/** All of it went through after-sales (H); what was never paid is closed as 250. */
const takenBack = "200";

/** As the shop's file has it: what is settled was received before, and what is closed after its money went back was sold. */
function lineState(
  state: State,
  { isPaid, isSettled, isBack }: { isPaid: boolean; isSettled: boolean; isBack: boolean },
): State {
  if (isPaid && isSettled && (state === "paid" || state === "received")) return "settled";
  return state === "invalid" && isPaid && isBack ? "refunded" : state;
}

/** `7`, then `7#2`: as order files tell apart the rows of one product (orders/import/read-rows.ts). */
function partIds(products: readonly Fields[]): string[] {
  const met = new Map<string, number>();
  return products.map((product) => {
    const item = (product("product_id") || product("title")).slice(0, 64);
    const times = (met.get(item) ?? 0) + 1;
    met.set(item, times);
    return times > 1 ? `${item}#${times}` : item;
  });
}

/**
 * A line for each product, as the shop's order file has one, so that a file, a pull and a push of one order end in the same lines: their
 * keys are the product's id (商品编码(平台), which is taken to be this one: U), and what was paid is the whole order's and stands on
 * the first of them, with 0 on the others. That both list an order's products in one order is assumed (U).
 *
 * Sources and commissions are by sku (H); what names none of the order's is the first line's.
 */
function rowsOf(order: unknown, askedId: string): Row[] {
  const field = fieldsOf(order);
  const detail = valueAt(order, "order_detail");
  const listed = (name: string) => listOf(valueAt(detail, name)).map(fieldsOf);
  const products = listed("product_infos");
  const placeOf = (part: Fields) =>
    Math.max(
      0,
      products.findIndex((product) => product("sku_id") === part("sku_id")),
    );
  const [sources, commissions] = [listed("source_infos"), listed("commission_infos")];

  const amount = moneyOf(textOf(valueAt(detail, "price_info", "order_price")), "fen");
  const createdAt = firstTime(field("create_time"));
  const timeIn = (part: string, name: string) => firstTime(textOf(valueAt(detail, part, name)));
  const payTime = timeIn("pay_info", "pay_time");
  const isSettled = timeIn("settle_info", "settle_time") !== null;
  const { state, said } = stateBy(field("status"), "wechat");
  const extra = fieldsOf(valueAt(detail, "ext_info"));
  const host = extra("order_scene") === inRoom ? extra("finder_id") : "";
  const shared = {
    platform: "wechat",
    orderId: field("order_id") || askedId,
    at: firstTime(field("update_time")) ?? createdAt,
    said,
    paidAt: payTime ?? createdAt,
  };
  const ids = partIds(products);
  // An order that lists nothing is a line all the same.
  return (products.length > 0 ? products : [fieldsOf(undefined)]).map((product, place) => {
    const ofThis = (parts: readonly Fields[]) => parts.filter((part) => placeOf(part) === place);
    const [source, commission] = [ofThis(sources), ofThis(commissions)];
    const refund = refundOf(product);
    const isBack = refund !== undefined || field("status") === takenBack;
    return rowOf({
      ...shared,
      state: lineState(state, { isPaid: payTime !== null, isSettled, isBack }),
      subOrderId: ids[place] ?? "",
      amount: place === 0 || amount === null ? amount : 0,
      commission: commissionOf(commission),
      refund,
      evidence: soldBy(source, commission, host),
      ...itemOf(product("product_id"), product("title"), product("sku_cnt")),
    });
  });
}

export const orders: Feed = {
  name: "orders",
  windowMs: () => 7 * dayMs,
  // No document says how far back the list goes (U); the others go 90 days.
  backMs: 90 * dayMs,
  call: ({ start, end }, cursor) => ({
    method: listMethod,
    params: {
      update_time_range: { start_time: seconds(start), end_time: seconds(end) },
      page_size: pageSize,
      ...(cursor === null ? {} : { next_key: cursor }),
    },
  }),
  page: (data, cursor) => {
    const key = textOf(valueAt(data, "next_key"));
    const isMore = valueAt(data, "has_more") === true;
    return {
      rows: [],
      details: listOf(valueAt(data, "order_id_list"))
        .map(textOf)
        .filter((id) => id !== ""),
      // A key that leads back to this page would be followed for ever.
      next: isMore && key !== "" && key !== cursor ? key : null,
    };
  },
  detail: {
    call: (id) => ({ method: detailMethod, params: { order_id: id } }),
    rows: (data, id) => rowsOf(valueAt(data, "order"), id),
  },
};
