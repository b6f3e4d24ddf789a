/** @module A fake of Kuaishou's gateway of shops (快手电商开放平台), with what 快赚客 asks of it. */
import { createHmac } from "node:crypto";
import { FakeTokens } from "./fake-tokens.ts";
import { dayMs, FakeUnion, isOnTime, json, type Kept, keyOf, type LetIn } from "./fake-union.ts";
import type { Answer, FaultName, Given } from "./gateway.ts";

const ok = (data: object): Answer => json({ result: 1, error_msg: "SUCCESS", data });
const error = (result: number, words: string, subCode = ""): Answer =>
  json({ result, error_msg: words, ...(subCode === "" ? {} : { sub_code: subCode }) });

const listMethod = "open.distribution.cps.kwaimoney.order.list";
const linkMethod = "open.distribution.cps.kwaimoney.link.create";

const refusedToken = error(100_200_102, "access_denied: invalid access_token");
const badSignature = error(24, "签名错误");

export class KuaishouGateway extends FakeUnion {
  readonly tokens = new FakeTokens(2 * dayMs);
  windowMs = 7 * dayMs;
  pageSize = 100;
  /** Hosts whose rooms can be promoted. */
  readonly hosts = new Set<string>();

  get credentials(): Readonly<Record<string, string>> {
    const { accessToken, refreshToken } = this.tokens;
    return {
      appKey: "ks700000000000000001",
      appSecret: "kuaishou-app-secret",
      signSecret: "kuaishou-sign-secret",
      accessToken,
      refreshToken,
    };
  }

  protected letIn({ url, method, headers, body }: Given, at: number): LetIn | Answer {
    const { pathname, searchParams: query } = new URL(url);
    const type = [...headers].find(([name]) => name.toLowerCase() === "content-type")?.[1];
    if (type !== "application/x-www-form-urlencoded") return error(10, "Content-type 不支持");
    if (pathname === "/oauth2/refresh_token" && method === "POST") {
      return { method: "refresh_token", asked: new Map(new URLSearchParams(body)) };
    }
    const sent = new Map([...query, ...new URLSearchParams(body)]);
    const name = sent.get("method") ?? "";
    const isGet = name === listMethod;
    if (pathname !== `/${name.replaceAll(".", "/")}` || method !== (isGet ? "GET" : "POST")) {
      return error(23, "API 不存在");
    }
    const { appKey, signSecret = "" } = this.credentials;
    if (sent.get("appkey") !== appKey) return error(21, "appkey 无效");
    const timestamp = sent.get("timestamp") ?? "";
    if (!/^\d{13}$/.test(timestamp) || !isOnTime(Number(timestamp), at)) {
      return error(22, "timestamp 参数不合法");
    }
    const text = [...sent]
      .filter(([key, value]) => key !== "sign" && value !== "")
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([key, value]) => `${key}=${value}`)
      .join("&");
    const sign = createHmac("sha256", signSecret).update(`${text}&signSecret=${signSecret}`);
    const isKnown = sent.get("signMethod") === "HMAC_SHA256" && sent.get("version") === "1";
    if (!isKnown || sent.get("sign") !== sign.digest("base64")) return badSignature;
    if (!this.tokens.isGood(sent.get("access_token"), at)) return refusedToken;
    return { method: name, asked: sent };
  }

  protected failed(fault: FaultName): Answer {
    if (fault === "expired") return refusedToken;
    if (fault === "denied") return error(28, "token中无scope的权限");
    if (fault === "busy") return error(100_200_500, "server_error");
    return fault === "quota"
      ? error(40, "APP已达到当天调用额度限制", "802006")
      : error(41, "调用过于频繁，已被限流");
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    if (method === "refresh_token") return this.#renewed(asked, at);
    const param = JSON.parse(asked.get("param") ?? "{}") as Record<string, unknown>;
    return method === listMethod
      ? this.#orders(param, at)
      : method === linkMethod
        ? this.#link(param)
        : error(23, "API 不存在");
  }

  #renewed(asked: ReadonlyMap<string, string>, at: number): Answer {
    const { tokens } = this;
    const { appKey, appSecret } = this.credentials;
    if (asked.get("app_id") !== appKey || asked.get("app_secret") !== appSecret) {
      return error(100_200_101, "unauthorized_client");
    }
    const isGrant = asked.get("grant_type") === "refresh_token";
    if (!isGrant || !tokens.renew(asked.get("refresh_token"), at)) {
      return error(100_200_102, "refreshToken.discarded");
    }
    return json({
      result: 1,
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      expires_in: tokens.livesMs / 1_000,
      refresh_token_expires_in: (179 * dayMs) / 1_000,
      scopes: ["merchant_distribution"],
    });
  }

  #orders(asked: Record<string, unknown>, at: number): Answer {
    const { beginTime: start, endTime: end, pageSize, pcursor, queryType, sortType } = asked;
    if (typeof start !== "number" || typeof end !== "number" || start > end) {
      return error(30, "参数错误: beginTime");
    }
    if (typeof pageSize !== "number" || pageSize < 1 || pageSize > 100) {
      return error(30, "参数错误: pageSize");
    }
    const isAsked = asked.cpsOrderStatus === 0 && queryType === 2 && sortType === 1;
    if (!isAsked || typeof pcursor !== "string") return error(30, "参数错误");
    if (end - start > this.windowMs) return error(31, "查询时间跨度不能超过限制");
    if (start < at - 90 * dayMs) return error(31, "查询时间范围超过90天");
    const found = this.changed(start, end)
      .reverse()
      .filter((row) => pcursor === "" || cursorOf(row) < pcursor);
    const rows = found.slice(0, Math.min(pageSize, this.pageSize));
    const last = rows.at(-1);
    return ok({
      orderList: rows.map(rowOf),
      pcursor: last && found.length > rows.length ? cursorOf(last) : "nomore",
    });
  }

  #link({ linkType, linkCarrierId, comments, cpsPid }: Record<string, unknown>): Answer {
    if (!/^ks_\d+$/.test(String(cpsPid)) || typeof comments !== "string") {
      return error(30, "参数错误: cpsPid");
    }
    const carrier = String(linkCarrierId ?? "");
    if (linkType === 100 && !this.hosts.has(carrier)) return error(50, "该主播不存在");
    if (linkType !== 100 && linkType !== 101) return error(30, "参数错误: linkType");
    return ok({
      linkUrl: `https://c.kuaishou.com/cps/${linkType}/${carrier}?c=${comments}&p=${cpsPid}`,
      linkCode: `复制后打开快手 ${comments}`,
      kwaiUrl: "kwai://live",
    });
  }
}

const cursorOf = (row: Kept): string => `${Math.floor(row.updatedAt / 1_000)}-${keyOf(row)}`;

function rowOf(row: Kept): object {
  const product = {
    oid: Number(row.id),
    itemId: Number(row.item?.id ?? 20_000_000_001),
    itemTitle: row.item?.title ?? "某商品",
    comments: row.ids?.comments ?? "",
    cpsPid: row.ids?.cpsPid ?? "",
    paymentFee: row.amount,
    num: row.item?.quantity ?? 1,
    techServiceAmount: 0,
  };
  return {
    cpsOrderStatus: Number(row.state),
    settlementAmount: row.commission ?? 0,
    payTime: row.paidAt,
    updateTime: row.updatedAt,
    cpsKwaimoneyOrderProductView: [product],
    ...row.fields,
  };
}
