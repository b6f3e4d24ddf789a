/** @module A fake of Pinduoduo's gateway, with what 多多进宝 asks of it. */
import { createHash } from "node:crypto";
import {
  type Asked,
  dayMs,
  FakeUnion,
  isOnTime,
  joined,
  json,
  type Kept,
  type LetIn,
} from "./fake-union.ts";
import type { Answer, FaultName, Given } from "./gateway.ts";

const error = (code: number, words: string, subCode: string | null = null): Answer =>
  json({
    error_response: {
      error_code: code,
      error_msg: words,
      sub_code: subCode,
      sub_msg: subCode === null ? "" : words,
      request_id: "15440104776643887",
    },
  });

export class FakePinduoduo extends FakeUnion {
  readonly credentials: Readonly<Record<string, string>>;
  windowMs = dayMs;
  /** Pids whose parameters are bound (备案). Without one all are. */
  readonly bound = new Set<string>();

  constructor(credentials: Readonly<Record<string, string>> = {}) {
    super();
    this.credentials = {
      appKey: "pdd-test-client",
      appSecret: "pdd-secret-of-tests",
      ...credentials,
    };
  }

  protected letIn({ url, method, headers, body }: Given, at: number): LetIn | Answer {
    if (!url.endsWith("/api/router") || method !== "POST") return { status: 404, body: "" };
    if (!headers.get("content-type")?.startsWith("application/json")) {
      return error(10001, "公共参数错误:content-type");
    }
    const sent: Asked = new Map(
      Object.entries(JSON.parse(body) as object).map(([name, value]) => [
        name,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    );
    const { appKey, appSecret = "" } = this.credentials;
    if (!sent.has("type")) return error(10001, "公共参数错误:type");
    if (sent.get("client_id") !== appKey) return error(10016, "client下线或者clientId不正确");
    if (!isOnTime(Number(sent.get("timestamp") ?? 0) * 1_000, at)) {
      return error(10001, "公共参数错误:timestamp");
    }
    const sign = createHash("md5").update(`${appSecret}${joined(sent)}${appSecret}`, "utf8");
    if (sent.get("sign") !== sign.digest("hex").toUpperCase())
      return error(20004, "签名sign校验失败");
    return { method: sent.get("type") ?? "", asked: sent };
  }

  /** No answer names seconds: both ways of being too fast are one. */
  protected failed(fault: FaultName): Answer {
    switch (fault) {
      case "quota":
        return error(70036, "应用处于测试状态，调用次数被限制");
      case "denied":
        return error(20005, "ip无权访问接口，请加入ip白名单");
      case "expired":
        return error(10019, "access_token已过期");
      case "busy":
        return error(50001, "业务服务错误");
      default:
        return error(70031, "调用过于频繁，请调整调用频率");
    }
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    switch (method) {
      case "pdd.ddk.order.list.increment.get":
        return this.#orders(asked, at);
      case "pdd.ddk.goods.promotion.url.generate":
        return this.#link(asked);
      default:
        return error(10017, "type不正确");
    }
  }

  #orders(asked: Asked, at: number): Answer {
    const start = Number(asked.get("start_update_time") ?? Number.NaN) * 1_000;
    const end = Number(asked.get("end_update_time") ?? Number.NaN) * 1_000;
    const page = Number(asked.get("page") ?? 1);
    const size = Number(asked.get("page_size") ?? 100);
    const kind = asked.get("query_order_type");
    if (Number.isNaN(start) || Number.isNaN(end)) return error(21002, "请求参数不能为空");
    if (end - start > this.windowMs) return error(21001, "开始时间和结束时间相差不能超过24小时");
    const isPage = page >= 1 && page <= 10_000 && size >= 10 && size <= 100;
    if (start > end || start < at - 90 * dayMs || !isPage || !/^[12]$/.test(kind ?? "")) {
      return error(21001, "请求参数错误");
    }
    // The newest first; a row that changes leaves the window, and moves those behind it forward.
    const found = this.changed(start, end)
      .filter(({ room }) => (room !== undefined) === (kind === "2"))
      .reverse();
    return json({
      order_list_get_response: {
        order_list: found.slice((page - 1) * size, page * size).map(orderOf),
        ...(asked.get("return_count") === "false" ? {} : { total_count: found.length }),
        request_id: "15440104776643888",
      },
    });
  }

  #link(asked: Asked): Answer {
    const pid = asked.get("p_id");
    const goods = JSON.parse(asked.get("goods_sign_list") ?? "[]") as string[];
    const parameters = asked.get("custom_parameters") ?? "";
    if (!pid || goods.length === 0) return error(21002, "请求参数不能为空");
    if (this.bound.size > 0 && !this.bound.has(`${pid} ${parameters}`)) {
      return error(50001, "请先完成推手备案", "60001");
    }
    return json({
      goods_promotion_url_generate_response: {
        goods_promotion_url_list: goods.map((sign) => {
          const query = new URLSearchParams([
            ["goods_sign", sign],
            ["pid", pid],
            ["customParameters", parameters],
          ]);
          return {
            mobile_url: `https://mobile.yangkeduo.com/app.html?${query}`,
            mobile_short_url: "https://p.pinduoduo.com/aBcDeF",
            url: `https://mobile.yangkeduo.com/duo_coupon_landing.html?${query}`,
            short_url: "https://p.pinduoduo.com/gHiJkL",
            schema_url: `pinduoduo://com.xunmeng.pinduoduo/duo_coupon_landing.html?${query}`,
          };
        }),
        request_id: "15440104776643889",
      },
    });
  }
}

function orderOf(row: Kept): object {
  const at = (time: number) => Math.floor(time / 1_000);
  const isLive = row.room !== undefined;
  const reached = (states: string) => (states.includes(row.state) ? at(row.updatedAt) : 0);
  return {
    order_sn: row.id,
    order_status: Number(row.state),
    order_status_desc: "",
    order_amount: row.amount,
    promotion_amount: isLive ? 0 : (row.commission ?? 0),
    ...{ promotion_rate: 100, duo_id_service_fee: 0, price_compare_status: 0 },
    order_create_time: at(row.paidAt) - 60,
    order_pay_time: at(row.paidAt),
    order_group_success_time: row.state === "0" ? 0 : at(row.paidAt) + 60,
    order_receive_time: reached("235"),
    order_verify_time: reached("35"),
    order_settle_time: reached("5"),
    order_modify_at: at(row.updatedAt),
    p_id: isLive ? "" : (row.ids?.pid ?? ""),
    custom_parameters: isLive ? "" : (row.ids?.customParameters ?? ""),
    sep_pid: isLive ? (row.ids?.sepPid ?? row.ids?.pid ?? "") : "",
    sep_parameters: isLive ? (row.ids?.sepParameters ?? row.ids?.customParameters ?? "") : "",
    ...{ sep_duo_id: isLive ? 10001 : 0, sep_rate: isLive ? 100 : 0 },
    sep_market_fee: isLive ? (row.commission ?? 0) : 0,
    ...{ fail_reason: "", bandan_risk_consult: -1, goods_sign: "E9L2Yw" },
    goods_id: Number(row.item?.id ?? "1"),
    goods_name: row.item?.title ?? "某商品",
    goods_quantity: row.item?.quantity ?? 1,
    ...row.fields,
  };
}
