/** @module A fake of TOP, Taobao's gateway, with what Taobao Union asks of it. */
import { createHash, createHmac } from "node:crypto";
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
  wholeSecond,
  yuan,
} from "./fake-union.ts";
import type { Answer, FakeOrder, FaultName, Given } from "./gateway.ts";

/** An order that Taobao froze. */
interface Punished {
  id: string;
  part: string;
  createdAt: number;
  /** 0 frozen, 1 freed. */
  status: "0" | "1";
  violation: "1" | "2";
  adzoneId?: string;
  /** Whether the row still names the parent, which it need not. */
  namesParent?: boolean;
}

const error = (
  code: number,
  subCode: string,
  subMessage: string,
  message = "Remote service error",
) =>
  json({
    error_response: {
      code,
      msg: message,
      sub_code: subCode,
      sub_msg: subMessage,
      request_id: "16gvpxxxxx",
    },
  });

const tooWide =
  "亲，订单查询时间段日常要求不超过3个小时，但如618、双11、年货节等大促期间预估时间段不可超过20分钟，超过会提示错误，调用时请务必注意时间段的选择，以保证亲能正常调用！";

export class FakeTaobao extends FakeUnion {
  readonly credentials: Readonly<Record<string, string>>;
  windowMs = 3 * 3_600_000;
  /** Methods that the account has no permission for. */
  readonly withheld = new Set<string>();
  /** Whether a converted link has its 口令 at once. */
  makesTpwd = true;
  /** By 口令: who came back. */
  readonly returned = new Map<string, { pv: number; uv: number }>();
  readonly #refunds = new Map<string, { row: FakeOrder; status: number; fields: object }>();
  readonly #punished = new Map<string, Punished>();
  #refreshes = 0;
  /** Of now: a refresh token is good once, and the session before ends by it. */
  #session: string | undefined;
  #refreshToken: string | undefined;

  constructor(credentials: Readonly<Record<string, string>> = {}) {
    super();
    this.credentials = { appKey: "12345678", appSecret: "top-secret-of-tests", ...credentials };
    this.#session = credentials.session;
    this.#refreshToken = credentials.refreshToken;
  }

  /** An order that has a refund is in the list of refunds too, as done when the row changed. */
  override put(row: FakeOrder, fields: object = {}): void {
    super.put(row, fields);
    if (row.refund) this.putRefund(row, 2);
  }

  putRefund(row: FakeOrder, status: number, fields: object = {}): void {
    this.#refunds.set(keyOf(row), { row, status, fields });
  }

  punish(punished: Punished): void {
    this.#punished.set(`${punished.id}-${punished.part}`, punished);
  }

  protected letIn({ url, method, headers, body }: Given, at: number): LetIn | Answer {
    if (!url.endsWith("/router/rest") || method !== "POST") return { status: 404, body: "" };
    const type = headers.get("content-type") ?? headers.get("Content-Type");
    if (!type?.startsWith("application/x-www-form-urlencoded")) {
      return error(23, "isv.invalid-format", "Invalid format", "Invalid Format");
    }
    const sent: Asked = new Map(new URLSearchParams(body));
    const name = sent.get("method") ?? "";
    if (sent.get("app_key") !== this.credentials.appKey) {
      return error(29, "isv.appkey-not-exists", "无效的 app key", "Invalid app Key");
    }
    if (sent.get("v") !== "2.0") return error(33, "isv.invalid-version", "v", "Invalid version");
    if (!isOnTime(moment(sent.get("timestamp")), at)) {
      return error(31, "isv.invalid-timestamp", "非法的时间戳参数", "Invalid timestamp");
    }
    if (sent.get("sign") !== this.#signature(sent)) {
      return error(25, "isv.invalid-signature", "签名无效", "Invalid signature");
    }
    if (sent.get("session") !== this.#session && sent.has("session")) {
      return error(27, "isv.invalid-sessionkey", "session 已失效", "Invalid session");
    }
    return { method: name, asked: sent };
  }

  #signature(sent: Asked): string {
    const secret = this.credentials.appSecret ?? "";
    const base = joined(sent);
    const made =
      sent.get("sign_method") === "md5"
        ? createHash("md5").update(`${secret}${base}${secret}`, "utf8")
        : createHmac(sent.get("sign_method") === "hmac" ? "md5" : "sha256", secret).update(base);
    return made.digest("hex").toUpperCase();
  }

  protected failed(fault: FaultName): Answer {
    const limited = "accesscontrol.limited-by-api-access-count";
    switch (fault) {
      case "throttled":
        return error(7, limited, "调用过于频繁", "App Call Limited");
      case "throttled-for-seconds":
        return error(7, limited, "This ban will last for 7 more seconds", "App Call Limited");
      case "quota":
        return error(15, "3000", "触发限流，请降低调用频率，明日再试");
      case "denied":
        return error(
          11,
          "isv.permission-api-package-limit",
          "scope ids is 16175",
          "Insufficient isv permissions",
        );
      case "expired":
        return error(27, "isv.invalid-sessionkey", "session 已失效", "Invalid session");
      default:
        return error(15, "isp.pubrpt-service-unavailable", "服务不可用");
    }
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    if (this.withheld.has(method)) return this.failed("denied");
    switch (method) {
      case "taobao.tbk.order.details.get":
        return this.#orders(asked, at);
      case "taobao.tbk.order.refund.get":
        return this.#refundList(asked, at);
      case "taobao.tbk.dg.punish.order.get":
        return this.#punishedList(asked);
      case "taobao.tbk.dg.general.link.convert":
        return this.#converted(asked);
      case "taobao.tbk.tpwd.create":
        return this.#tpwd(asked);
      case "taobao.tbk.dg.tpwd.report.get":
        return rooted("tbk_dg_tpwd_report_get", {
          data: { ...this.returned.get(asked.get("tao_password") ?? ""), hour_pv: 0, hour_uv: 0 },
        });
      case "taobao.top.auth.token.refresh":
        return this.#refreshed(asked);
      default:
        return error(22, "isv.invalid-method", method, "Invalid method");
    }
  }

  /** What is wrong with a window and a page. */
  #wrong(asked: Asked, at: number): Answer | null {
    const start = moment(asked.get("start_time"));
    const end = moment(asked.get("end_time"));
    const size = Number(asked.get("page_size") ?? 20);
    const page = Number(asked.get("page_no") ?? 1);
    if (start === null || end === null) return error(15, "2000", "开始时间或结束时间参数非法");
    if (start > end) return error(15, "2001", "开始时间应该小于结束时间");
    if (start > at) return error(15, "2002", "请求参数非法，开始时间应该小于当前时间");
    if (start < at - 90 * dayMs) return error(15, "2004", "开始时间应该大于最近90天");
    if (end - start > this.windowMs) return error(15, "2007", tooWide);
    if (!(size >= 1 && size <= 100 && page >= 1 && page <= 100)) {
      return error(15, "1001", "请求参数非法，rptOption为空");
    }
    if (asked.has("jump_type") && !/^-?1$/.test(asked.get("jump_type") ?? "")) {
      return error(15, "1005", "jumpType非法");
    }
    const position = asked.get("position_index");
    const isPosition = position !== undefined && /^\d+_.+$/.test(position);
    return page > 1 === isPosition ? null : error(15, "1008", "positionIndex非法");
  }

  /** A page behind a position: what leaves the window meanwhile moves no other row. */
  #pageOf<T>(rows: readonly T[], placeOf: (row: T) => [number, string], asked: Asked) {
    const size = Number(asked.get("page_size") ?? 20);
    const [, seconds = "-1", key = ""] =
      /^(\d+)_(.*)$/.exec(asked.get("position_index") ?? "") ?? [];
    const behind = rows
      .map((row) => ({ row, place: placeOf(row) }))
      .sort((a, b) => compared(a.place, b.place))
      .filter(({ place }) => compared(place, [Number(seconds), key]) > 0);
    const taken = behind.slice(0, size);
    const last = taken.at(-1)?.place;
    return {
      rows: taken.map(({ row }) => row),
      paging: {
        has_pre: asked.get("position_index") !== undefined,
        has_next: behind.length > size,
        position_index: last ? `${last[0]}_${last[1]}` : (asked.get("position_index") ?? ""),
        page_no: Number(asked.get("page_no") ?? 1),
        page_size: size,
      },
    };
  }

  #orders(asked: Asked, at: number): Answer {
    const wrong = this.#wrong(asked, at);
    if (wrong) return wrong;
    if (asked.get("query_type") !== "4") throw new Error("only by when rows changed");
    const kept = this.changed(
      moment(asked.get("start_time")) ?? 0,
      moment(asked.get("end_time")) ?? 0,
    );
    const place = (row: Kept): [number, string] => [row.updatedAt / 1_000, keyOf(row)];
    const { rows, paging } = this.#pageOf(kept, (row) => floored(place(row)), asked);
    return rooted("tbk_order_details_get", {
      data: { results: listed(rows.map(orderOf), "publisher_order_dto", asked), ...paging },
      request_id: "16gvq",
    });
  }

  #refundList(given: Asked, at: number): Answer {
    const option = JSON.parse(given.get("publisher_refund_order_query_option") ?? "{}") as object;
    const asked: Asked = new Map(
      Object.entries(option).map(([name, value]) => [name, String(value)]),
    );
    const missing = ["page_size", "page_no", "order_scene", "query_type", "member_type"].find(
      (name) => !asked.has(name),
    );
    if (missing) {
      return rooted("tbk_order_refund_get", {
        ...{ result_code: 500, biz_error_code: 101, biz_error_desc: `${missing}不能为空` },
      });
    }
    const wrong = this.#wrong(asked, at);
    if (wrong) return wrong;
    const [start, end] = [moment(asked.get("start_time")) ?? 0, moment(asked.get("end_time")) ?? 0];
    const found = [...this.#refunds.values()].filter(
      ({ row }) => wholeSecond(row.updatedAt) >= start && wholeSecond(row.updatedAt) <= end,
    );
    const { rows, paging } = this.#pageOf(
      found,
      ({ row }) => floored([row.updatedAt / 1_000, keyOf(row)]),
      asked,
    );
    const told = rows.map(({ row, status, fields }) => ({
      refund_suit_id: `9${row.id}`,
      tb_trade_parent_id: row.id,
      tb_trade_id: row.part ?? row.id,
      tk_refund_time: beijing(row.updatedAt - 3_600_000),
      tk_refund_suit_time: status === 2 ? beijing(row.updatedAt) : "--",
      modified_time: beijing(row.updatedAt),
      refund_fee: yuan(row.refund ?? 0),
      refund_status: status,
      ...fields,
    }));
    return rooted("tbk_order_refund_get", {
      // As the documentation's own example has it: codes of a fault beside what is well.
      ...{ result_code: 200, biz_error_code: 101, biz_error_desc: "", result_msg: "result" },
      data: { result: listed(told, "publisher_refund_order_d_t_o", given), ...paging },
    });
  }

  #punishedList(given: Asked): Answer {
    const option = JSON.parse(given.get("af_order_option") ?? "{}") as {
      span?: number;
      start_time?: string;
      page_no?: number;
      page_size?: number;
    };
    const { span = 0, page_no: page = 1, page_size: size = 20 } = option;
    const start = moment(option.start_time);
    if (start === null || span < 1 || span > 30) {
      return rooted("tbk_dg_punish_order_get", {
        result: { result_code: 500, biz_error_code: 101, biz_error_desc: "查询时间跨度不超过30天" },
      });
    }
    const found = [...this.#punished.values()]
      .filter(({ createdAt }) => createdAt >= start && createdAt < start + span * dayMs)
      .sort((a, b) => a.createdAt - b.createdAt);
    const rows = found.slice((page - 1) * size, page * size).map((row) => ({
      tb_trade_id: row.part,
      tb_trade_parent_id: row.namesParent ? row.id : 0,
      tk_trade_create_time: beijing(row.createdAt),
      punish_status: row.status,
      violation_type: row.violation,
      tk_adzone_id: Number(row.adzoneId ?? 0),
      ...{ tk_site_id: 2, tk_pub_id: "1", relation_id: 0, settle_month: 202612 },
    }));
    const data = { page_no: page, page_size: size, total_count: found.length };
    return rooted("tbk_dg_punish_order_get", {
      result: { result_code: 200, data: { ...data, results: listed(rows, "result", given) } },
    });
  }

  #converted(asked: Asked): Answer {
    const adzone = asked.get("adzone_id");
    if (!adzone) return error(40, "isv.missing-parameter:adzone_id", "adzone_id", "Missing");
    const relation = asked.get("relation_id") ?? "";
    const made = (asked.get("material_list") ?? "").split(",").map((url) => {
      if (!/^https?:\/\/[^/]*\b(?:taobao|tmall)\.com\//.test(url)) {
        return { code: 2001, msg: "物料不支持转链", input_material_url: url };
      }
      const query = `pid=mm_1_2_${adzone}&rid=${relation}&to=${encodeURIComponent(url)}`;
      return {
        ...{ code: 0, msg: "", input_material_url: url },
        link_info_dto: {
          material_type: url.includes("live") ? 6 : 1,
          cps_long_url: `https://s.click.taobao.com/t?e=m%3D2&${query}`,
          cps_short_url: `https://s.click.taobao.com/${adzone}x`,
          ...(this.makesTpwd
            ? {
                cps_short_tpwd: `￥${adzone}￥`,
                cps_full_tpwd: `7 CZ0001 ￥${adzone}￥ https://m.tb.cn/h.x 直播间`,
              }
            : {}),
        },
      };
    });
    return rooted("tbk_dg_general_link_convert", {
      data: { material_url_list: listed(made, "material_url_list", asked) },
    });
  }

  #tpwd(asked: Asked): Answer {
    const url = asked.get("url") ?? "";
    if (!/^https:\/\/(?:s\.click|uland)\.taobao\.com\//.test(url)) {
      return error(15, "isv.invalid-parameter", "口令跳转url不支持口令转换");
    }
    const adzone = /mm_1_2_(\d+)/.exec(url)?.[1] ?? "0";
    return rooted("tbk_tpwd_create", {
      data: { password_simple: `￥t${adzone}￥`, model: `9 ￥t${adzone}￥ https://m.tb.cn/h.t` },
    });
  }

  #refreshed(asked: Asked): Answer {
    if (asked.get("refresh_token") !== this.#refreshToken) {
      return error(15, "isv.invalid-refresh-token", "refresh token 无效");
    }
    this.#refreshes += 1;
    const token = {
      access_token: `session-${this.#refreshes}`,
      refresh_token: `refresh-${this.#refreshes}`,
      ...{ expires_in: 86_400, re_expires_in: 2_592_000, token_type: "Bearer" },
    };
    this.#session = token.access_token;
    this.#refreshToken = token.refresh_token;
    return rooted("top_auth_token_refresh", { token_result: JSON.stringify(token) });
  }
}

const rooted = (name: string, root: object): Answer => json({ [`${name}_response`]: root });

/** Wrapped in the name of its items, unless the simple form is asked for. */
const listed = (rows: readonly object[], name: string, asked: Asked) =>
  asked.get("simplify") === "true" ? rows : { [name]: rows };

const floored = ([seconds, key]: [number, string]): [number, string] => [Math.floor(seconds), key];
const compared = ([a, keyA]: [number, string], [b, keyB]: [number, string]): number =>
  a - b || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);

function orderOf(row: Kept): object {
  const isSettled = row.state === "3";
  return {
    trade_parent_id: row.id,
    trade_id: row.part ?? row.id,
    tk_status: Number(row.state),
    tk_create_time: beijing(row.paidAt - 60_000),
    tk_paid_time: row.state === "11" ? "--" : beijing(row.paidAt),
    tb_paid_time: row.state === "11" ? "--" : beijing(row.paidAt),
    tk_earning_time: isSettled ? beijing(row.updatedAt) : "--",
    modified_time: beijing(row.updatedAt),
    click_time: beijing(row.paidAt - 600_000),
    alipay_total_price: yuan(row.amount),
    pay_price: isSettled ? yuan(row.amount) : "0.00",
    total_commission_fee: yuan(row.commission ?? 0),
    pub_share_pre_fee: yuan(row.commission ?? 0),
    pub_share_fee: isSettled ? yuan(row.commission ?? 0) : "0.00",
    ...{ pub_id: 1, site_id: 2, site_name: "测试", flow_source: "--", terminal_type: "无线" },
    adzone_id: Number(row.ids?.adzoneId ?? 0),
    relation_id: row.ids?.relationId ? Number(row.ids.relationId) : undefined,
    special_id: row.ids?.specialId ? Number(row.ids.specialId) : undefined,
    refund_tag: row.refund ? 1 : 0,
    item_id: row.item?.id ?? "--",
    item_title: row.item?.title ?? "--",
    item_num: row.item?.quantity ?? 1,
    seller_nick: "某店",
    ...row.fields,
  };
}
