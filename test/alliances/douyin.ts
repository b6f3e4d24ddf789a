/** @module A fake of the gateway of Douyin's shops (抖店开放平台), with what the merchant's orders and promoted links need. */
import { createHmac } from "node:crypto";
import { FakeTokens } from "./fake-tokens.ts";
import {
  beijing,
  dayMs,
  FakeUnion,
  isOnTime,
  json,
  type Kept,
  keyOf,
  type LetIn,
  moment,
} from "./fake-union.ts";
import type { Answer, FaultName, Given } from "./gateway.ts";

const ok = (data: object): Answer => json({ code: 10_000, msg: "success", data, log_id: "2026" });
const error = (code: number, subCode: string, words: string): Answer =>
  json({ code, msg: "出错了", sub_code: subCode, sub_msg: words, log_id: "2026" });
const parameter = (code: number, words: string) =>
  error(40_004, `isv.parameter-invalid:${code}`, words);
const business = (code: number, words: string) =>
  error(50_002, `isv.business-failed:${code}`, words);

/** What each fault is answered with. The documents name no quota of a day, and no seconds. */
const failures: Record<
  "throttled" | "busy" | "denied" | "expired",
  [code: number, subCode: string, words: string]
> = {
  throttled: [60_000, "", "触发限流，请稍后重试"],
  busy: [20_000, "isp.service-error:256", "服务打瞌睡了，请稍后再试"],
  denied: [30_001, "dop.authorization-closed", "店铺授权已被关闭，请联系商家打开授权开关"],
  expired: [40_003, "isv.access-token-expired", "access_token已过期"],
};

/** JSON as it must be signed: keys in their order, at every depth. */
function isSorted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const keys = Object.keys(value);
  const isInOrder =
    Array.isArray(value) ||
    keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") < key);
  return isInOrder && Object.values(value).every(isSorted);
}

export class DouyinGateway extends FakeUnion {
  readonly tokens = new FakeTokens(7 * dayMs);
  windowMs = 90 * dayMs;
  pageSize = 20;
  /** Rooms that are on, by their 口令, short link or host's id. */
  readonly live = new Set<string>();
  /** Whether links that open the app are made. */
  makesZlink = true;

  get credentials(): Readonly<Record<string, string>> {
    const { accessToken, refreshToken } = this.tokens;
    return {
      appKey: "7000000000000000001",
      appSecret: "douyin-secret-of-tests",
      accessToken,
      refreshToken,
    };
  }

  protected letIn({ url, method, body }: Given, at: number): LetIn | Answer {
    const { pathname, searchParams: query } = new URL(url);
    const name = query.get("method") ?? "";
    const { appKey, appSecret = "" } = this.credentials;
    if (method !== "POST" || pathname !== `/${name.replaceAll(".", "/")}`) {
      return error(70_000, "isp.api-service-off", "API不存在或API已下线");
    }
    if (query.get("app_key") !== appKey)
      return error(40_001, "isv.app-id-missing", "app_key不存在");
    const timestamp = query.get("timestamp") ?? "";
    if (!/^\d{10}$/.test(timestamp) || !isOnTime(Number(timestamp) * 1_000, at)) {
      return error(40_003, "isv.timestamp-invalid", "时间戳不合法");
    }
    const base = `app_key${appKey}method${name}param_json${body}timestamp${timestamp}v${query.get("v")}`;
    const sign = createHmac("sha256", appSecret).update(`${appSecret}${base}${appSecret}`, "utf8");
    const isSigned = query.get("sign_method") === "hmac-sha256" && query.get("v") === "2";
    if (!isSigned || query.get("sign") !== sign.digest("hex") || !isSorted(JSON.parse(body))) {
      return error(40_003, "isv.signature-invalid", "签名校验失败");
    }
    if (name !== "token.refresh" && !this.tokens.isGood(query.get("access_token"), at)) {
      return error(...failures.expired);
    }
    return { method: name, asked: new Map([["param_json", body]]) };
  }

  protected failed(fault: FaultName): Answer {
    const known = fault in failures ? (fault as keyof typeof failures) : "throttled";
    return error(...failures[known]);
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    const param = JSON.parse(asked.get("param_json") ?? "{}") as Record<string, unknown>;
    if (method === "buyin.queryShopAllianceOrder") return this.#orders(param, at);
    if (method === "buyin.instituteLiveShare") return this.#room(param);
    if (method === "buyin.kolProductShare") return this.#product(param);
    return method === "token.refresh"
      ? this.#renewed(param, at)
      : error(70_000, "isp.api-service-off", "API不存在或API已下线");
  }

  /** The cursor is the second of the row behind it and its id, so that a row that changes moves to the end. */
  #orders(asked: Record<string, unknown>, at: number): Answer {
    const start = moment(String(asked.start_time));
    const end = moment(String(asked.end_time));
    const { size, cursor, time_type: type } = asked;
    if (typeof size !== "number" || size < 1 || size > 20) return parameter(1031, "无效size");
    if (typeof cursor !== "string" || type !== "update") return parameter(257, "参数校验失败");
    if (start === null || end === null) return parameter(1033, "请指定时间范围或订单号");
    if (start > end || end - start > this.windowMs) return parameter(1039, "无效时间区间");
    if (start < at - 90 * dayMs) return parameter(4168, "起始查询时间超过了最久查询限制");
    const found = this.changed(start, end).filter(
      (row) => cursor === "0" || cursorOf(row) > cursor,
    );
    const rows = found.slice(0, Math.min(size, this.pageSize));
    const last = rows.at(-1);
    return ok({ orders: rows.map(rowOf), cursor: last ? cursorOf(last) : cursor });
  }

  #refusedPid(pid: unknown, info: unknown): Answer | null {
    if (!/^dy_\d+_\d+_\d+$/.test(String(pid))) return parameter(4102, "无效 PID");
    const isInfo = info === undefined || /^[0-9A-Za-z_]{1,40}$/.test(String(info));
    return isInfo ? null : parameter(4101, "无效 external_info");
  }

  #zlink(what: string): object {
    return this.makesZlink ? { dy_zlink: `https://z.douyin.com/${what}` } : {};
  }

  #room(asked: Record<string, unknown>): Answer {
    const { pid, external_info: info } = (asked.pid_info ?? {}) as Record<string, unknown>;
    const refused = this.#refusedPid(pid, info);
    if (refused) return refused;
    const room = String(asked.buyin_id ?? asked.dy_code ?? "");
    if (room === "") return parameter(4097, "参数校验失败");
    if (!this.live.has(room)) return business(4130, "达人未开播");
    return ok({
      dy_password: `7.43 复制打开抖音 ${info} ##${pid}##`,
      dy_deeplink: "snssdk1128://live",
      ...(asked.need_zlink === false ? {} : this.#zlink(`room-${info}`)),
    });
  }

  #product({
    product_url: url,
    pid,
    external_info: info,
    ...asked
  }: Record<string, unknown>): Answer {
    const refused = this.#refusedPid(pid, info);
    if (refused) return refused;
    if (!String(url).startsWith("https://haohuo.jinritemai.com/")) {
      return parameter(4134, "无效商品URL");
    }
    return ok({
      dy_password: `8.12 ${info} ##${pid}##`,
      ...(asked.need_zlink === false ? {} : this.#zlink(`item-${info}`)),
      ...(asked.need_share_link === true
        ? { share_link: `https://haohuo.jinritemai.com/views/product/item2?origin=${info}` }
        : {}),
    });
  }

  #renewed(
    { grant_type: grant, refresh_token: token }: Record<string, unknown>,
    at: number,
  ): Answer {
    const { tokens } = this;
    if (grant !== "refresh_token" || !tokens.renew(token, at)) {
      return error(50_001, "dop.token-generate-failed:token-invalid", "生成token失败，token不存在");
    }
    return ok({
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      expires_in: tokens.livesMs / 1_000,
      scope: "SCOPE",
      shop_id: "1",
    });
  }
}

const cursorOf = (row: Kept): string => `${Math.floor(row.updatedAt / 1_000)}-${keyOf(row)}`;

const timeAt = (row: Kept, state: string): string =>
  row.state === state ? beijing(row.updatedAt) : "";

function rowOf(row: Kept): object {
  const settled = row.state === "SETTLE" ? (row.commission ?? 0) : 0;
  return {
    order_id: row.id,
    product_id: row.part ?? row.item?.id ?? "3600000000000000001",
    product_name: row.item?.title ?? "某商品",
    author_account: row.ids?.authorAccount ?? "",
    author_short_id: row.ids?.authorId ?? "",
    author_buyin_id: row.ids?.authorBuyinId ?? "",
    shop_name: "某店",
    total_pay_amount: row.amount,
    ...{
      commission_rate: 2_000,
      estimated_commission: row.commission ?? 0,
      real_commission: settled,
    },
    flow_point: row.state,
    ...{ app: "抖音", app_id: 1_128, shop_id: 1 },
    update_time: beijing(row.updatedAt),
    pay_success_time: beijing(row.paidAt),
    settle_time: timeAt(row, "SETTLE"),
    refund_time: timeAt(row, "REFUND"),
    confirm_time: timeAt(row, "CONFIRM"),
    ...{ pay_goods_amount: row.amount, settled_goods_amount: settled ? row.amount : 0 },
    shop_estimated_commission: row.commission ?? 0,
    shop_real_commission: settled,
    item_num: row.item?.quantity ?? 1,
    media_type: row.room === undefined ? "shop_list" : "live",
    media_id: row.room ?? 0,
    ...row.fields,
  };
}
