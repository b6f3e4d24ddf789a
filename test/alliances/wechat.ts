/** @module A fake of WeChat's gateway with what a shop asks of it, and of the pushes that WeChat sends by itself. */
import { createCipheriv, createHash } from "node:crypto";
import type { Answer, FakeOrder, FaultName, Gateway, Given } from "./gateway.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

const json = (body: object): Answer => ({
  status: 200,
  body: JSON.stringify(body),
  type: "application/json",
});
const error = (errcode: number, errmsg: string): Answer =>
  json({ errcode, errmsg: `${errmsg} rid: 6578a1-0001` });

const failures = {
  throttled: error(45011, "api minute-quota reach limit must slower retry next minute"),
  quota: error(45009, "reach max api daily quota limit"),
  busy: error(-1, "system error"),
  denied: error(48001, "api unauthorized"),
  expired: error(42001, "access_token expired"),
} as const;

/** A push as WeChat's server makes it. */
export interface FakePush {
  method: "GET" | "POST";
  query: string;
  body: string;
}

/** How one push differs from the usual one. */
export interface PushOptions {
  at: number;
  event?: string;
  as?: "json" | "xml";
  isPlain?: boolean;
  token?: string;
  key?: string;
  appId?: string;
  /** Changes the bytes before they are encrypted: padding, length. */
  bytes?: (full: Buffer) => Buffer;
}

export const sha1 = (...parts: string[]): string =>
  createHash("sha1").update(parts.sort().join("")).digest("hex");

/** 16 bytes, four of length, the message, the account; filled up to whole 32s by bytes that say how many they are. */
export function sealPush(
  message: string,
  appId: string,
  encodingAesKey: string,
  change: (full: Buffer) => Buffer = (full) => full,
): string {
  const key = Buffer.from(`${encodingAesKey}=`, "base64");
  const said = Buffer.from(message, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(said.length);
  const content = Buffer.concat([
    Buffer.from("a7F3kQ9zLm2Xw8Rt"),
    length,
    said,
    Buffer.from(appId),
  ]);
  const fill = 32 - (content.length % 32);
  const cipher = createCipheriv("aes-256-cbc", key, key.subarray(0, 16)).setAutoPadding(false);
  const full = change(Buffer.concat([content, Buffer.alloc(fill, fill)]));
  return Buffer.concat([cipher.update(full), cipher.final()]).toString("base64");
}

interface Token {
  text: string;
  endsAt: number;
}

export class WechatGateway implements Gateway {
  readonly calls: { method: string; at: number }[] = [];
  readonly faults: FaultName[] = [];
  readonly credentials: Readonly<Record<string, string>>;
  windowMs = 7 * day;
  /** The address that is let in, where not all are. */
  blockedAddress: string | null = null;
  /** By 推客 and room: who entered. */
  readonly joined = new Map<string, { joins: number; users: number }>();
  readonly #orders = new Map<string, { rows: FakeOrder[]; fields: object }>();
  #tokens: Token[] = [];
  #made = 0;

  constructor(credentials: Readonly<Record<string, string>> = {}) {
    this.credentials = {
      appKey: "wx1234567890abcdef",
      appSecret: "0123456789abcdef0123456789abcdef",
      pushToken: "pushtokenoftests",
      encodingAesKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
      ...credentials,
    };
  }

  /** @param fields of the order that say more, or otherwise */
  put(row: FakeOrder, fields: object = {}): void {
    const before = this.#orders.get(row.id)?.rows ?? [];
    const rows = before.filter(({ part }) => part !== row.part);
    this.#orders.set(row.id, { rows: [...rows, row], fields });
  }

  /** All tokens end before their time. */
  revoke(): void {
    this.#tokens = [];
  }

  get tokensMade(): number {
    return this.#made;
  }

  answer({ method, url, headers, body }: Given, at: number): Answer {
    const { pathname, searchParams } = new URL(url);
    const type = headers.get("content-type") ?? headers.get("Content-Type") ?? "";
    if (method !== "POST") return error(43002, "require POST method");
    const asked = type.startsWith("application/json") ? parsed(body) : null;
    if (!asked) return error(47001, "data format error");
    if (this.blockedAddress !== null) {
      const { blockedAddress: address } = this;
      return error(40164, `invalid ip ${address} ipv6 ::ffff:${address}, not in whitelist`);
    }
    if (pathname === "/cgi-bin/stable_token") return this.#token(asked, at);
    const token = searchParams.get("access_token");
    if (!token) return error(41001, "access_token missing");
    const known = this.#tokens.find(({ text }) => text === token);
    if (!known) {
      return error(40001, "invalid credential, access_token is invalid or not latest");
    }
    if (known.endsAt <= at) return error(42001, "access_token expired");
    this.calls.push({ method: pathname, at });
    const fault = this.faults.shift();
    if (fault === "html") return { status: 200, body: "<!DOCTYPE html><html>系统繁忙</html>" };
    if (fault === "http-502") return { status: 502, body: "<html>502 Bad Gateway</html>" };
    if (fault === "throttled-for-seconds") return failures.throttled;
    if (fault !== undefined && fault !== "cut") return failures[fault];
    const answer = this.#serve(pathname, asked);
    return fault ? { ...answer, body: answer.body.slice(0, answer.body.length >> 1) } : answer;
  }

  /** The same one until its last five minutes; then another, beside which the former is good to its end. */
  #token(asked: Asked, at: number): Answer {
    const { appKey, appSecret } = this.credentials;
    this.calls.push({ method: "/cgi-bin/stable_token", at });
    if (asked.grant_type !== "client_credential") return error(40002, "invalid grant_type");
    if (asked.appid !== appKey) return error(40013, "invalid appid");
    if (asked.secret !== appSecret) return error(40125, "invalid appsecret");
    const newest = this.#tokens.at(-1);
    if (newest && newest.endsAt - at > 5 * minute) {
      return json({
        access_token: newest.text,
        expires_in: Math.floor((newest.endsAt - at) / 1_000),
      });
    }
    this.#made += 1;
    const made = { text: `68_token-of-tests-${this.#made}`, endsAt: at + 7_200_000 };
    this.#tokens = [...this.#tokens.filter(({ endsAt }) => endsAt > at), made];
    return json({ access_token: made.text, expires_in: 7_200 });
  }

  #serve(path: string, asked: Asked): Answer {
    if (path === "/channels/ec/order/list/get") return this.#list(asked);
    if (path === "/channels/ec/order/get") {
      const order = typeof asked.order_id === "string" ? this.#orders.get(asked.order_id) : null;
      return order ? json({ errcode: 0, errmsg: "ok", order: orderOf(order) }) : noOrder;
    }
    if (path === "/channels/ec/league/headsupplier/promoteraction/getlivestats") {
      const told = this.joined.get(`${asked.sharer_appid}/${asked.live_id}`);
      return told
        ? json({
            ...{ errcode: 0, errmsg: "ok", share_count: 1, share_user_count: 1 },
            ...{ join_count: told.joins, join_user_count: told.users },
          })
        : error(10024000, "参数错误");
    }
    return error(40066, "invalid url");
  }

  #list({ update_time_range: range, page_size: size, next_key: key }: Asked): Answer {
    const { start_time: start, end_time: end } = (range ?? {}) as Asked;
    if (typeof start !== "number" || typeof end !== "number" || start > end) {
      return error(10020051, "参数错误");
    }
    if ((end - start) * 1_000 > this.windowMs) return error(10020051, "时间范围不可超过7天");
    if (typeof size !== "number" || size < 1 || size > 100) return error(10020051, "参数错误");
    const found = [...this.#orders]
      .map(([id, { rows }]) => ({ id, at: secondOf(updatedAt(rows)) }))
      .filter(({ at }) => at >= start && at <= end)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    // A key is a place behind an order, so that one which leaves the window moves no other.
    const [after = "", afterId = ""] = typeof key === "string" && key !== "" ? key.split("_") : [];
    const rest = found.filter(
      ({ id, at }) => after === "" || at > Number(after) || (at === Number(after) && id > afterId),
    );
    const page = rest.slice(0, size);
    const last = page.at(-1);
    return json({
      ...{ errcode: 0, errmsg: "ok", order_id_list: page.map(({ id }) => id) },
      next_key: last ? `${last.at}_${last.id}` : "",
      has_more: rest.length > page.length,
    });
  }

  /** What WeChat sends when an order changes. */
  push(id: string, options: PushOptions): FakePush {
    const { event = "channels_ec_order_pay", as = "json", at } = options;
    const head = { ToUserName: "gh_0123456789ab", FromUserName: "oBuyer_openid_of_tests" };
    const message =
      as === "json"
        ? // An id of 19 digits comes as a number.
          JSON.stringify({
            ...head,
            ...{ CreateTime: secondOf(at), MsgType: "event", Event: event },
            order_info: { order_id: "ID", pay_time: secondOf(at) },
          }).replace('"ID"', /^\d+$/.test(id) ? id : JSON.stringify(id))
        : `<xml><ToUserName><![CDATA[${head.ToUserName}]]></ToUserName>
<FromUserName><![CDATA[${head.FromUserName}]]></FromUserName>
<CreateTime>${secondOf(at)}</CreateTime><MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[${event}]]></Event>
<order_info><order_id>${id}</order_id><pay_time>${secondOf(at)}</pay_time></order_info></xml>`;
    return this.send(message, options);
  }

  /** Any message, signed, and encrypted unless it is to be plain. */
  send(message: string, options: PushOptions): FakePush {
    const { at, as = "json", isPlain = false, bytes } = options;
    const { appKey = "", pushToken = "", encodingAesKey = "" } = this.credentials;
    const { token = pushToken, key = encodingAesKey, appId = appKey } = options;
    const [timestamp, nonce] = [String(secondOf(at)), "486452656"];
    const query = new URLSearchParams({
      ...{ signature: sha1(token, timestamp, nonce), timestamp, nonce, openid: "oBuyer" },
    });
    if (isPlain) return { method: "POST", query: query.toString(), body: message };
    const sealed = sealPush(message, appId, key, bytes);
    query.set("encrypt_type", "aes");
    query.set("msg_signature", sha1(token, timestamp, nonce, sealed));
    const body =
      as === "json"
        ? JSON.stringify({ ToUserName: "gh_0123456789ab", Encrypt: sealed })
        : `<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
    return { method: "POST", query: query.toString(), body };
  }
}

type Asked = Readonly<Record<string, unknown>>;

function parsed(text: string): Asked | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

const secondOf = (at: number): number => Math.floor(at / 1_000);
const updatedAt = (rows: readonly FakeOrder[]): number =>
  Math.max(...rows.map(({ updatedAt: at }) => at));
const noOrder = error(100002, "订单不存在，请检查订单号与 token 是否正确");

/** Parts are the order's products; what was paid is their sum. Buyers' data stand where they do in WeChat's answers. */
function orderOf({ rows, fields }: { rows: readonly FakeOrder[]; fields: object }): object {
  const [first] = rows;
  if (!first) return {};
  const skuOf = (row: FakeOrder, index: number) => `90${row.item?.id ?? ""}${index}`;
  return {
    order_id: first.id,
    ...{ openid: "oBuyer_openid_of_tests", unionid: "oBuyer_unionid_of_tests" },
    ...{ create_time: secondOf(first.paidAt) - 30, update_time: secondOf(updatedAt(rows)) },
    status: Number(first.state),
    order_detail: {
      product_infos: rows.map((row, index) => ({
        ...{ product_id: row.item?.id ?? "10000200857718", sku_id: skuOf(row, index) },
        ...{ title: row.item?.title ?? "某商品", sku_cnt: row.item?.quantity ?? 1 },
        ...{ sale_price: row.amount, real_price: row.amount, on_aftersale_sku_cnt: 0 },
        finish_aftersale_sku_cnt: row.refund ? (row.item?.quantity ?? 1) : 0,
      })),
      pay_info: {
        pay_time: secondOf(first.paidAt),
        transaction_id: "4320202237202504100327881757",
      },
      price_info: {
        ...{ freight: 0, product_price: rows.reduce((sum, { amount }) => sum + amount, 0) },
        order_price: rows.reduce((sum, { amount }) => sum + amount, 0),
      },
      delivery_info: {
        address_info: { user_name: "陈先生", tel_number: "13800138000", detail_info: "某街1号" },
      },
      ext_info: { customer_notes: "请寄给陈先生", finder_id: "" },
      source_infos: rows.flatMap((row, index) =>
        row.ids?.accountName
          ? [
              {
                ...{ sku_id: skuOf(row, index), account_type: 1, sale_channel: 100 },
                ...{ account_id: row.ids.accountId ?? "", account_nickname: row.ids.accountName },
              },
            ]
          : [],
      ),
      commission_infos: rows.flatMap((row, index) =>
        row.commission === undefined
          ? []
          : [
              {
                ...{ sku_id: skuOf(row, index), type: 0, status: 1, amount: row.commission },
                ...{ nickname: row.ids?.accountName ?? "", finder_id: row.ids?.finderId ?? "" },
                openfinderid: row.ids?.openfinderid ?? "",
                ...(row.ids?.sharerAppid ? { sharer_appid: row.ids.sharerAppid } : {}),
              },
            ],
      ),
      sharer_info: { sharer_openid: "oSharer_openid", sharer_unionid: "oSharer_unionid" },
    },
    aftersale_detail: { on_aftersale_order_cnt: 0, aftersale_order_list: [] },
    ...fields,
  };
}
