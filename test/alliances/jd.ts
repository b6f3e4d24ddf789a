/** @module A fake of JD's gateway (JOS), with what JD Union asks of it. */
import { createHash } from "node:crypto";
import {
  type Asked,
  beijing,
  dayMs,
  FakeUnion,
  isOnTime,
  joined,
  json,
  type Kept,
  keyOf,
  type LetIn,
  moment,
} from "./fake-union.ts";
import type { Answer, FaultName, Given } from "./gateway.ts";

const gatewayError = (code: string, zh: string): Answer =>
  json({ error_response: { code, zh_desc: zh, en_desc: "error" } });

const words = new Map([
  [2002400, "参数错误"],
  [2002401, "token不合法"],
  [2002403, "无访问权限"],
  [2002452, "单位时间内订单量超过最大值(10000),请缩小查询时间范围"],
  [2002453, "无效请求-查询时间范围超过规定限制"],
  [2002500, "系统异常，请稍后重试"],
  [2001101, "materialId链接格式错误"],
  [2001208, "subUnionId入参格式有误"],
  [2001214, "pid和subUnionId不能同时使用"],
  [429, "接口调用超频，请降低接口调用频次"],
]);

export class FakeJd extends FakeUnion {
  readonly credentials: Readonly<Record<string, string>>;
  windowMs = 3_600_000;
  /** Rows in one window. */
  rowsAtMost = 10_000;
  /** How the root is spelt: as the gateway does, or as the documents and the older gateway. */
  spelling: "responce" | "response" = "responce";
  /** The result inside: a JSON text, or an object. */
  isText = true;
  /** Whether a link has its long URL. */
  makesLongUrl = true;

  constructor(credentials: Readonly<Record<string, string>> = {}) {
    super();
    this.credentials = { appKey: "jd-test-key", appSecret: "jd-secret-of-tests", ...credentials };
  }

  protected letIn({ url, method, headers, body }: Given, at: number): LetIn | Answer {
    if (!url.endsWith("/routerjson") || method !== "POST") return { status: 404, body: "" };
    const isForm = headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
    const sent: Asked = new Map(new URLSearchParams(isForm ? body : ""));
    const { appKey, appSecret = "", accessToken } = this.credentials;
    if (sent.get("app_key") !== appKey) return gatewayError("21", "无效App Key");
    if (!isOnTime(moment(sent.get("timestamp")), at)) return gatewayError("10", "非法的时间戳参数");
    if (sent.get("v") !== "1.0") return gatewayError("5", "不支持的版本号");
    const sign = createHash("md5").update(`${appSecret}${joined(sent)}${appSecret}`, "utf8");
    if (sent.get("sign") !== sign.digest("hex").toUpperCase())
      return gatewayError("12", "无效签名");
    if (sent.has("access_token") && sent.get("access_token") !== accessToken) {
      return gatewayError("19", "无效access_token");
    }
    return { method: sent.get("method") ?? "", asked: sent };
  }

  #result(method: string, code: number, rest: object = {}): Answer {
    const name = method.endsWith(".query") ? "queryResult" : "getResult";
    const result = { code, message: words.get(code) ?? "success", requestId: "o_1", ...rest };
    return json({
      [`${method.replaceAll(".", "_")}_${this.spelling}`]: {
        code: "0",
        [name]: this.isText ? JSON.stringify(result) : result,
      },
    });
  }

  /** The documents name no quota of a day, and no seconds: both are too fast. */
  protected failed(fault: FaultName, method: string): Answer {
    const codes = { busy: 2002500, denied: 2002403, expired: 2002401 } as const;
    const code = fault in codes ? codes[fault as keyof typeof codes] : 429;
    return this.#result(method, code);
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    const param = JSON.parse(asked.get("360buy_param_json") ?? "{}") as {
      orderReq?: Record<string, unknown>;
      promotionCodeReq?: Record<string, unknown>;
    };
    if (method === "jd.union.open.order.row.query" && param.orderReq) {
      return this.#orders(method, param.orderReq, at);
    }
    if (method === "jd.union.open.promotion.bysubunionid.get" && param.promotionCodeReq) {
      return this.#link(method, param.promotionCodeReq);
    }
    return gatewayError("15", "不存在的方法名");
  }

  #orders(method: string, asked: Record<string, unknown>, at: number): Answer {
    const start = moment(String(asked.startTime));
    const end = moment(String(asked.endTime));
    const { pageIndex, pageSize } = asked;
    const isPage = typeof pageIndex === "number" && pageIndex >= 1;
    const isSize = typeof pageSize === "number" && pageSize >= 1 && pageSize <= 500;
    if (start === null || end === null || !isPage || !isSize || asked.type !== 3) {
      return this.#result(method, 2002400);
    }
    if (start > end || end - start > this.windowMs || start < at - 90 * dayMs) {
      return this.#result(method, 2002453);
    }
    // The newest first; a row that changes leaves the window, and moves those behind it forward.
    const found = this.changed(start, end).reverse();
    if (found.length > this.rowsAtMost) return this.#result(method, 2002452);
    const rows = found.slice((pageIndex - 1) * pageSize, pageIndex * pageSize);
    return this.#result(method, 200, {
      data: rows.map(rowOf),
      hasMore: found.length > pageIndex * pageSize,
    });
  }

  #link(method: string, asked: Record<string, unknown>): Answer {
    const { materialId, subUnionId, pid, positionId, chainType, command } = asked;
    if (!/^https?:\/\/[^/]*\bjd\.com\//.test(String(materialId)))
      return this.#result(method, 2001101);
    if (pid !== undefined && subUnionId !== undefined) return this.#result(method, 2001214);
    if (subUnionId !== undefined && !/^[\w-]{1,80}$/.test(String(subUnionId))) {
      return this.#result(method, 2001208);
    }
    const who = `u=${subUnionId ?? ""}&p=${pid ?? ""}&pos=${positionId ?? ""}`;
    return this.#result(method, 200, {
      data: {
        ...(chainType !== 2 && this.makesLongUrl
          ? { clickURL: `https://union-click.jd.com/jdc?e=&${who}` }
          : {}),
        ...(chainType !== 1 ? { shortURL: `https://u.jd.com/${subUnionId ?? pid}` } : {}),
        ...(command === 1 ? { jShortCommand: `！${subUnionId ?? pid}！ 京东` } : {}),
      },
    });
  }
}

function rowOf(row: Kept): object {
  return {
    // A row is of one order and one sku.
    id: keyOf(row),
    // Numbers of 12 digits and more, as they come.
    orderId: Number(row.id),
    parentId: 0,
    orderTime: beijing(row.paidAt),
    finishTime: row.state === "17" ? beijing(row.updatedAt) : "",
    modifyTime: beijing(row.updatedAt),
    skuId: Number(row.part ?? row.item?.id ?? "100012043978"),
    skuName: row.item?.title ?? "某商品",
    skuNum: row.item?.quantity ?? 1,
    ...{ skuReturnNum: 0, skuFrozenNum: 0, price: row.amount / 100 },
    estimateCosPrice: row.amount / 100,
    estimateFee: (row.commission ?? 0) / 100,
    actualCosPrice: row.state === "17" ? row.amount / 100 : 0,
    actualFee: row.state === "17" ? (row.commission ?? 0) / 100 : 0,
    ...{ commissionRate: 5, finalRate: 90, payMonth: "0", siteId: 61866, orderEmt: 2 },
    validCode: Number(row.state),
    positionId: Number(row.ids?.positionId ?? 0),
    pid: row.ids?.pid ?? "",
    subUnionId: row.ids?.subUnionId ?? "",
    ext1: row.ids?.ext1 ?? "",
    channelId: Number(row.ids?.channelId ?? 0),
    ...row.fields,
  };
}
