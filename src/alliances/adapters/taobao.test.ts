import { describe, it } from "vitest";
import { ask, eventsOf, readAll, send } from "../../../test/alliances/ask.ts";
import { FakeTaobao } from "../../../test/alliances/taobao.ts";
import type { Call, Credentials, FaultKind, Promotion, Wanted } from "../adapter.ts";
import { sortedPairs } from "../signing.ts";
import { signers } from "./taobao/gateway.ts";
import { windowMs } from "./taobao/orders.ts";
import { copiesReturned } from "./taobao/returns.ts";
import { taobao } from "./taobao.ts";

const now = Date.parse("2026-03-10T20:00:00+08:00");
const hour = 3_600_000;
const day = 24 * hour;
const window = { start: now - 2 * hour, end: now - 60_000 };
const orderCall: Call = { method: "taobao.tbk.order.details.get", params: {} };

/** What the adapter makes of an answer. */
const opened = (body: unknown, call = orderCall, status = 200) =>
  taobao.open(call, status, typeof body === "string" ? body : JSON.stringify(body), now);
const failing = (code: number | string, subCode = "", words = "") =>
  opened({ error_response: { code, msg: "msg", sub_code: subCode, sub_msg: words } });

describe("a call of TOP's is signed", () => {
  it("as the documentation's example is", ({ expect }) => {
    const pairs = sortedPairs([
      ["method", "taobao.item.seller.get"],
      ["app_key", "12345678"],
      ["session", "test"],
      ["timestamp", "2016-01-01 12:00:00"],
      ["format", "json"],
      ["v", "2.0"],
      ["sign_method", "md5"],
      ["fields", "num_iid,title,nick,price,num"],
      ["num_iid", "11223344"],
    ]);
    expect(signers.md5("helloworld", pairs)).toBe("66987CB115214E59E6EC978214934FB8");
  });

  const queried = (by: string) =>
    sortedPairs([
      ["app_key", "12345678"],
      ["end_time", "2026-11-25 20:00:00"],
      ["format", "json"],
      ["jump_type", "1"],
      ["method", "taobao.tbk.order.details.get"],
      ["page_no", "1"],
      ["page_size", "100"],
      ["query_type", "4"],
      ["sign_method", by],
      ["simplify", "true"],
      ["start_time", "2026-11-25 19:40:00"],
      ["timestamp", "2026-11-25 20:00:00"],
      ["v", "2.0"],
      // What is empty is not signed.
      ["session", ""],
    ]);
  it.for([
    ["md5", "4068BF97177690EAFA0F9296FB70BA36"],
    ["hmac", "A770747FB88B539C4E828EDAE85CEF1A"],
    ["hmac-sha256", "5EC3D2F13E4C66D103ABBEC4B977954F882997B606E50C873A197B3BC0FD30CB"],
  ] as const)("by %s", ([by, sign], { expect }) => {
    expect(signers[by]("testsecret", queried(by))).toBe(sign);
  });

  it("and sent as a form, the query for orders with the signature of its vector", ({ expect }) => {
    const at = Date.parse("2026-11-25T20:00:00+08:00");
    const credentials: Credentials = { appKey: "12345678", appSecret: "testsecret" };
    const [feed] = taobao.feeds;
    const call = feed?.call({ start: at - 1_200_000, end: at }, null, credentials) ?? orderCall;
    const request = taobao.sign(call, credentials, "https://proxy.example.cn", at);
    expect(request.url).toBe("https://proxy.example.cn/router/rest");
    expect(request.method).toBe("POST");
    const body = new URLSearchParams(request.body);
    expect(body.get("sign")).toBe(
      "5EC3D2F13E4C66D103ABBEC4B977954F882997B606E50C873A197B3BC0FD30CB",
    );
    expect([body.get("end_time"), body.has("session"), body.has("position_index")]).toEqual([
      "2026-11-25 20:00:00",
      false,
      false,
    ]);
    const session = taobao.sign(call, { ...credentials, session: "s" }, taobao.base, at);
    expect(new URLSearchParams(session.body).get("session")).toBe("s");
  });
});

describe("an answer of TOP's", () => {
  const cases: [kind: FaultKind, code: number | string, subCode?: string, words?: string][] = [
    ["throttled", 7, "accesscontrol.limited-by-api-access-count"],
    ["throttled", 7],
    ["throttled", 15, "9100", "您的账号因调用不符合要求，当前触发限流"],
    ["throttled", 15, "accesscontrol.limited-by-dynamic-access-count"],
    ["throttled", 15, "isp.call-limited"],
    ["quota", 15, "3000"],
    ["quota", 7, "accesscontrol.limited-by-app-access-count"],
    ["retry", 15, "3001", "系统繁忙，请稍后重试！"],
    ["retry", 15, "isp.pubrpt-service-unavailable"],
    ["retry", 10],
    ["retry", 999],
    ["window", 15, "2007"],
    ["window", 15, "2004"],
    ["shrink", 15, "1008"],
    ["expired", 26],
    ["expired", 27, "invalid-sessionkey"],
    ["denied", 11, "isv.permission-api-package-limit"],
    ["denied", 25, "isv.invalid-signature"],
    ["denied", 29, "isv.appkey-not-exists"],
    ["denied", 15, "isv.permission-ip-whitelist-limit"],
    ["refused", 40, "isv.missing-parameter"],
    ["refused", 41],
    ["refused", 50, "isv.invalid-parameter"],
    ["refused", 15, "1001"],
    ["refused", 15, "1005"],
    ["refused", 15, "1006"],
    // The documents say that the times are wrong, others that the account is.
    ["retry", 15, "2000", "开始时间或结束时间参数非法"],
    ["retry", 15, "2001", "开始时间应该小于结束时间"],
    ["retry", 15, "2002", "请求参数非法，开始时间应该小于当前时间"],
    ["denied", 15, "2001", "账号无权限"],
    // A clock that is off is set by the answer.
    ["retry", 31, "isv.invalid-timestamp"],
    ["retry", 41, "isv.invalid-parameter", "Invalid arguments:timestamp"],
  ];
  for (const [kind, code, subCode = "", words = ""] of cases) {
    it(`is ${kind}: ${code} ${subCode} ${words}`, ({ expect }) => {
      const found = failing(code, subCode, words);
      expect(found).toMatchObject({ ok: false, kind, code: subCode || String(code) });
      expect(found).not.toHaveProperty("waitMs");
    });
  }

  it("names the seconds that a ban lasts", ({ expect }) => {
    const words = "This ban will last for 31062 more seconds";
    expect(failing(7, "accesscontrol.limited-by-app-access-count", words)).toEqual({
      ok: false,
      kind: "throttled",
      code: "accesscontrol.limited-by-app-access-count",
      detail: words,
      waitMs: 31_062_000,
    });
  });

  it("that can't be read is a passing fault", ({ expect }) => {
    expect(opened("<html>502</html>", orderCall, 502)).toMatchObject({ code: "http_502" });
    expect(opened("<html>ok</html>")).toMatchObject({ kind: "retry", code: "not_json" });
    expect(opened('{"tbk_order_details_get_resp')).toMatchObject({ code: "not_json" });
    expect(opened({ other_response: {} })).toMatchObject({ kind: "retry", code: "no_envelope" });
    expect(opened("Too Many", orderCall, 429)).toMatchObject({ kind: "throttled" });
  });

  it("has its data under the method's name, lists plain or wrapped", ({ expect }) => {
    const row = { trade_parent_id: "1", trade_id: "2", tk_status: 12, alipay_total_price: "1.00" };
    const timed = { ...row, modified_time: "2026-03-10 19:00:00" };
    for (const results of [[timed], { publisher_order_dto: [timed] }]) {
      const found = opened({
        tbk_order_details_get_response: { data: { results, has_next: false } },
      });
      if (!found.ok) throw new Error(found.detail);
      expect(taobao.feeds[0]?.page(found.data, null)).toMatchObject({
        rows: [{ ok: true }],
        next: null,
      });
    }
  });

  it("without the permission for frozen orders is one row that says so, and stops nothing", ({
    expect,
  }) => {
    const gateway = new FakeTaobao();
    gateway.withheld.add("taobao.tbk.dg.punish.order.get");
    expect(readAll(taobao, gateway, "punished", window, now)).toEqual([
      { ok: false, detail: "isv.permission-api-package-limit: scope ids is 16175" },
    ]);
    for (const fault of ["busy", "throttled", "expired"] as const) {
      gateway.faults.push(fault);
      expect(() => readAll(taobao, gateway, "punished", window, now)).toThrow();
    }
  });

  it("without the permission for orders or refunds is denied", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.withheld.add("taobao.tbk.order.details.get");
    gateway.withheld.add("taobao.tbk.order.refund.get");
    expect(() => readAll(taobao, gateway, "orders", window, now)).toThrow("denied");
    expect(() => readAll(taobao, gateway, "refunds", window, now)).toThrow("denied");
  });

  it("of a service behind TOP is judged by its result_code, whatever stands beside it", ({
    expect,
  }) => {
    const call: Call = { method: "taobao.tbk.order.refund.get", params: {} };
    const of = (root: object) => opened({ tbk_order_refund_get_response: root }, call);
    expect(of({ result_code: 200, biz_error_code: 101, data: {} })).toMatchObject({ ok: true });
    const failed = { result_code: 500, biz_error_code: 555, biz_error_desc: "系统异常" };
    expect(of(failed)).toMatchObject({ ok: false, kind: "retry", code: "555" });
    const punish: Call = { method: "taobao.tbk.dg.punish.order.get", params: {} };
    const inside = { tbk_dg_punish_order_get_response: { result: failed } };
    expect(opened(inside, punish)).toEqual({ ok: true, data: { withheld: "555: 系统异常" } });
    expect(of({ ...failed, biz_error_desc: "时间跨度过大" })).toMatchObject({ kind: "window" });
    expect(of({ ...failed, biz_error_desc: "调用频繁" })).toMatchObject({ kind: "throttled" });
  });
});

describe("a window for Taobao's orders", () => {
  it("is 3 hours, and 20 minutes where it reaches into a campaign", ({ expect }) => {
    const at = (text: string) => windowMs(Date.parse(`${text}+08:00`)) / 60_000;
    expect(at("2026-03-10T20:00:00")).toBe(180);
    expect(at("2026-06-18T20:00:00")).toBe(20);
    expect(at("2026-11-11T00:00:00")).toBe(20);
    expect(at("2027-01-20T12:00:00")).toBe(20);
    expect(at("2026-05-19T20:59:59")).toBe(180);
    expect(at("2026-05-19T21:00:00")).toBe(20);
    expect(at("2026-06-21T00:00:00")).toBe(180);
  });
});

describe("an order of Taobao's", () => {
  const order = {
    id: "2026031012345678901",
    part: "2026031012345678902",
    state: "12",
    amount: 19_990,
    commission: 1_999,
    paidAt: now - 90 * 60_000,
    updatedAt: now - 30 * 60_000,
    ids: { adzoneId: "110000001", relationId: "2400000001", specialId: "3600000001" },
    item: { id: "qYtxrMJOC8tmtM-Qq0Z65", title: "猫粮 10kg", quantity: 2 },
  };

  it("is told whole, without the buyer's or shop's names", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.put(order);
    expect(eventsOf(readAll(taobao, gateway, "orders", window, now))).toEqual([
      {
        platform: "taobao",
        orderId: order.id,
        subOrderId: order.part,
        at: order.updatedAt,
        state: "paid",
        amount: 19_990,
        currency: "CNY",
        paidAt: order.paidAt,
        commission: 1_999,
        evidence: {
          ids: {
            "taobao.adzoneId": "110000001",
            "taobao.relationId": "2400000001",
            "taobao.specialId": "3600000001",
          },
          clickedAt: order.paidAt - 600_000,
        },
        itemId: "qYtxrMJOC8tmtM-Qq0Z65",
        itemTitle: "猫粮 10kg",
        quantity: 2,
      },
    ]);
  });

  it.for([
    ["11", "created"],
    ["12", "paid"],
    ["14", "received"],
    ["3", "settled"],
    ["13", "invalid"],
    ["99", "unknown"],
  ] as const)("in state %s is %s", ([code, state], { expect }) => {
    const gateway = new FakeTaobao();
    gateway.put({ ...order, state: code });
    const [event] = eventsOf(readAll(taobao, gateway, "orders", window, now));
    expect([event?.state, event?.said]).toEqual([state, state === "unknown" ? code : undefined]);
  });

  it("has what the order file has where a field says nothing", ({ expect }) => {
    const gateway = new FakeTaobao();
    const fields = {
      trade_parent_id: "--",
      alipay_total_price: "--",
      pay_price: "12.30",
      tk_paid_time: "--",
      tb_paid_time: "--",
      click_time: "--",
      pub_share_pre_fee: "1.20",
      total_commission_fee: "0.00",
      adzone_id: 0,
      item_num: "--",
    };
    gateway.put({ ...order, ids: {} }, fields);
    const [event] = eventsOf(readAll(taobao, gateway, "orders", window, now));
    expect(event).toMatchObject({
      orderId: order.part,
      subOrderId: order.part,
      amount: 1_230,
      commission: 120,
      paidAt: order.paidAt - 60_000,
    });
    expect([event?.evidence, event?.quantity]).toEqual([undefined, undefined]);
  });

  it("that says no amount is refused, and stops no other", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.put(order, { alipay_total_price: "免单", pay_price: "--" });
    gateway.put({ ...order, id: "1", part: "2" });
    const rows = readAll(taobao, gateway, "orders", window, now);
    expect(rows.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(rows).toContainEqual({ ok: false, detail: `The order ${order.id} has no amount.` });
  });
});

describe("Taobao's pages", () => {
  it("go on by page and position, and end where there is none behind", ({ expect }) => {
    const [feed] = taobao.feeds;
    const page = { page_no: 2, position_index: "1661386106_3nXt", results: [] };
    const root = (hasNext: unknown) => ({ data: { ...page, has_next: hasNext } });
    expect(feed?.page(root(true), "2:x").next).toBe("3:1661386106_3nXt");
    expect(feed?.page(root("true"), null).next).toBe("2:1661386106_3nXt");
    expect(feed?.page(root(false), "2:x").next).toBe(null);
    expect(feed?.call(window, "3:1661386106_3nXt", { appKey: "", appSecret: "" })).toMatchObject({
      params: { page_no: 3, position_index: "1661386106_3nXt", jump_type: 1, page_size: 100 },
    });
  });

  it("are a hundred at most: a window with more is too full", ({ expect }) => {
    const body = (position: string) => ({
      tbk_order_details_get_response: { data: { has_next: true, position_index: position } },
    });
    const call = (page: number): Call => ({ ...orderCall, params: { page_no: page } });
    expect(opened(body("1_x"), call(99))).toMatchObject({ ok: true });
    expect(opened(body("1_x"), call(100))).toMatchObject({
      kind: "shrink",
      code: "too_many_pages",
    });
    expect(opened(body(""), call(1))).toMatchObject({ kind: "retry", code: "no_position" });
  });
});

describe("a refund of Taobao's", () => {
  const row = {
    id: "20260310111",
    part: "20260310112",
    state: "14",
    amount: 10_000,
    refund: 3_500,
    paidAt: now - 9 * day,
    updatedAt: now - hour,
  };

  it("is told of its sub-order alone, by when it was done", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.put(row, {});
    gateway.putRefund(row, 2, { modified_time: "2026-03-10 19:30:00" });
    expect(eventsOf(readAll(taobao, gateway, "refunds", window, now))).toEqual([
      {
        ...{ platform: "taobao", orderId: row.id, subOrderId: row.part, at: row.updatedAt },
        ...{ state: null, amount: null, currency: "CNY", paidAt: null, refund: 3_500 },
      },
    ]);
  });

  it.for([3, 4, 11, 12, 13, 14, 15])("in state %i counts for nothing", (status, { expect }) => {
    const gateway = new FakeTaobao();
    gateway.putRefund(row, status);
    expect(readAll(taobao, gateway, "refunds", window, now)).toEqual([{ ok: false, detail: null }]);
  });

  it("without an amount is refused", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.putRefund(row, 2, { refund_fee: "--" });
    expect(readAll(taobao, gateway, "refunds", window, now)).toEqual([
      { ok: false, detail: "The refund 920260310111 has no amount." },
    ]);
  });
});

describe("an order that Taobao froze", () => {
  const frozen = { id: "20260210111", part: "20260210112", createdAt: now - 40 * day } as const;

  it("is invalid with its reason, though it was made weeks before the window", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.punish({
      ...{ ...frozen, status: "0", violation: "2", adzoneId: "11", namesParent: true },
    });
    expect(eventsOf(readAll(taobao, gateway, "punished", window, now))).toEqual([
      {
        ...{ platform: "taobao", orderId: frozen.id, subOrderId: frozen.part },
        ...{ at: frozen.createdAt, state: "invalid", said: "订单虚假交易", amount: null },
        ...{ currency: "CNY", paidAt: frozen.createdAt },
        evidence: { ids: { "taobao.adzoneId": "11" } },
      },
    ]);
  });

  it("is named by its sub-order alone where the row leaves out the parent", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.punish({ ...frozen, status: "0", violation: "1" });
    const [event] = eventsOf(readAll(taobao, gateway, "punished", window, now));
    expect([event?.orderId, event?.subOrderId]).toEqual([frozen.part, frozen.part]);
  });

  it("and freed again stays as it is", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.punish({ ...frozen, status: "1", violation: "1" });
    expect(readAll(taobao, gateway, "punished", window, now)).toEqual([
      { ok: false, detail: null },
    ]);
  });

  it("is found on every page of the last 90 days, in spans of 30", ({ expect }) => {
    const gateway = new FakeTaobao();
    for (let made = 0; made < 90; made += 1) {
      const createdAt = window.end - made * day - hour;
      gateway.punish({
        ...{ id: `1${made}`, part: `2${made}`, createdAt, status: "0", violation: "1" },
      });
    }
    const found = eventsOf(readAll(taobao, gateway, "punished", window, now));
    expect(new Set(found.map(({ subOrderId }) => subOrderId)).size).toBe(90);
    expect(gateway.calls.length).toBe(6);
  });
});

describe("a promoted link of Taobao's", () => {
  const wanted = (ids: Record<string, string>, url?: string): Wanted => ({
    slug: "cats-li",
    destination: {
      ...{ platform: "taobao", kind: "live", id: "5" },
      ...(url === undefined ? {} : { url }),
    },
    ids,
  });
  const room =
    "https://market.m.taobao.com/app/mtb/app-live-h5-room/home/index.html?liveId=5&a=1,2";
  const credentials: Credentials = { appKey: "", appSecret: "" };
  const make = (gateway: FakeTaobao, of: Wanted) => {
    const asked = taobao.promotions?.call(of, credentials);
    if (!asked?.ok) throw new Error(asked?.code);
    const answer = ask(taobao, gateway, asked.call, now);
    return answer.ok ? taobao.promotions?.read(answer.data, of, now) : answer;
  };

  it("of a live room has the promoter's pid and relation, and its whole 口令", ({ expect }) => {
    const made = make(new FakeTaobao(), wanted({ adzoneId: "77", relationId: "24" }, room));
    if (!made?.ok || "further" in made) throw new Error("made at once");
    const url = new URL(made.promoted.url);
    expect([url.host, url.searchParams.get("pid"), url.searchParams.get("rid")]).toEqual([
      "s.click.taobao.com",
      "mm_1_2_77",
      "24",
    ]);
    expect(url.searchParams.get("to")).toBe(room.replaceAll(",", "%2C"));
    expect(made.promoted.shareText).toBe("7 CZ0001 ￥77￥ https://m.tb.cn/h.x 直播间");
    expect(made.promoted.expiresAt).toBe(now + 30 * day);
  });

  it("without a 口令 is asked for one", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.makesTpwd = false;
    const made = make(gateway, wanted({ adzoneId: "77" }, room));
    if (!made?.ok || !("further" in made)) throw new Error("asks again");
    const { promoted, further } = made as Extract<Promotion, { further: unknown }>;
    const answer = ask(taobao, gateway, further.call, now);
    if (!answer.ok) throw new Error(answer.detail);
    expect(further.read(answer.data)).toEqual({
      url: promoted.url,
      shareText: "9 ￥t77￥ https://m.tb.cn/h.t",
      expiresAt: now + 30 * day,
    });
  });

  it("can't be made without a pid of the promoter's own, or a page", ({ expect }) => {
    expect(taobao.promotions?.call(wanted({}, room), credentials)).toMatchObject({
      ok: false,
      code: "adzone_missing",
    });
    expect(taobao.promotions?.call(wanted({ adzoneId: "7" }), credentials)).toMatchObject({
      ok: false,
      code: "url_missing",
    });
  });

  it("is refused in the platform's words where it takes no such page", ({ expect }) => {
    const made = make(new FakeTaobao(), wanted({ adzoneId: "7" }, "https://example.com/"));
    expect(made).toEqual({ ok: false, kind: "refused", code: "2001", detail: "物料不支持转链" });
  });
});

describe("how many came back by a 口令", () => {
  const day = { start: now - 3_600_000, end: now };
  const leading = (shareText: string, adzoneId = "77") => ({
    destinations: [{ platform: "taobao", kind: "live", id: "5", shareText } as const],
    ids: { adzoneId },
  });

  it("is told for today, asked by the code between its signs", ({ expect }) => {
    const gateway = new FakeTaobao();
    gateway.returned.set("￥AbCd12EfGh￥", { pv: 12, uv: 9 });
    const told = (text: string) => {
      const asked = copiesReturned.ask(leading(text), day);
      const answer = asked && ask(taobao, gateway, asked.call, now);
      return answer?.ok ? copiesReturned.read(answer.data) : answer;
    };
    expect(told("8.0 ￥AbCd12EfGh￥ https://m.tb.cn/h.1 来看直播")).toEqual({ pv: 12, uv: 9 });
    expect(told("￥ZzZz99YyYy￥")).toEqual({ pv: 0, uv: 0 });
  });

  it("can't be asked of a link without a 口令 or an adzone", ({ expect }) => {
    expect(copiesReturned.ask(leading("https://m.tb.cn/h.1 来看直播"), day)).toBe(null);
    expect(copiesReturned.ask(leading("￥AbCd12EfGh￥", ""), day)).toBe(null);
    expect(copiesReturned.ask({ destinations: [], ids: { adzoneId: "77" } }, day)).toBe(null);
  });

  it("is not known of an answer without figures", ({ expect }) => {
    expect(copiesReturned.read({ request_id: "1" })).toBe(null);
  });
});

describe("a session of TOP's", () => {
  const gateway = new FakeTaobao({ session: "old", refreshToken: "refresh-0" });
  const renew = (refreshToken: string) => {
    const request = taobao.renewal?.request(
      { appKey: "12345678", appSecret: "top-secret-of-tests", session: "gone", refreshToken },
      taobao.base,
      now,
    );
    if (!request) throw new Error("it can be renewed");
    const { status, body } = send(gateway, request, now);
    return taobao.renewal?.read(status, body, now);
  };

  it("is made anew by its refresh token, without the one that has ended", ({ expect }) => {
    expect(renew("refresh-0")).toEqual({
      ok: true,
      credentials: {
        session: "session-1",
        refreshToken: "refresh-1",
        expiresAt: now + day,
        refreshExpiresAt: now + 30 * day,
      },
    });
  });

  it("can't be made by another", ({ expect }) => {
    expect(renew("other")).toMatchObject({ ok: false, kind: "expired" });
  });

  it("is told in either form, and a fault inside is one", ({ expect }) => {
    const read = (token: unknown) =>
      taobao.renewal?.read(
        200,
        JSON.stringify({ top_auth_token_refresh_response: { token_result: token } }),
        now,
      );
    expect(read({ access_token: "a", expire_time: now + 5, re_expires_in: 0 })).toEqual({
      ok: true,
      credentials: { session: "a", expiresAt: now + 5 },
    });
    expect(read('{"error":"invalid_grant","error_description":"gone"}')).toMatchObject({
      kind: "expired",
      code: "invalid_grant",
    });
  });
});
