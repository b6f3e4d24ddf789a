import { describe, it } from "vitest";
import { ask, eventsOf, feedOf, readAll } from "../../../test/alliances/ask.ts";
import { FakePinduoduo } from "../../../test/alliances/pinduoduo.ts";
import type { Call, Credentials, FaultKind, Wanted } from "../adapter.ts";
import { md5Around, sortedPairs } from "../signing.ts";
import { pinduoduo } from "./pinduoduo.ts";

const now = Date.parse("2026-11-25T20:30:00+08:00");
const minute = 60_000;
const hour = 60 * minute;
const window = { start: now - 20 * hour, end: now - minute };
const call: Call = { method: "pdd.ddk.order.list.increment.get", params: {} };

const opened = (body: unknown, status = 200) =>
  pinduoduo.open(call, status, typeof body === "string" ? body : JSON.stringify(body), now);
const failing = (code: number, words = "说明", subCode: string | null = null) =>
  opened({
    error_response: { error_code: code, error_msg: words, sub_code: subCode, sub_msg: "" },
  });

describe("a call of Pinduoduo's is signed", () => {
  it("as the documentation's example is", ({ expect }) => {
    const pairs = sortedPairs([
      ["access_token", "asd78172s8ds9a921j9qqwda12312w1w21211"],
      ["client_id", "1"],
      ["data_type", "XML"],
      ["order_status", "1"],
      ["page", "1"],
      ["page_size", "10"],
      ["timestamp", "1480411125"],
      ["type", "pdd.order.number.list.get"],
    ]);
    expect(md5Around("testSecret", pairs)).toBe("E4DE3ED21002510DED352819E7AE6775");
  });

  it("the query for orders with the signature of its vector", ({ expect }) => {
    const at = 1_764_072_000_000;
    const credentials: Credentials = { appKey: "testclient", appSecret: "testsecret" };
    const feed = feedOf(pinduoduo, "live-orders");
    const asked = feed.call({ start: at - hour, end: at }, null, credentials);
    const request = pinduoduo.sign(asked, credentials, pinduoduo.base, at);
    expect(request.url).toBe("https://gw-api.pinduoduo.com/api/router");
    expect(JSON.parse(request.body ?? "")).toEqual({
      client_id: "testclient",
      data_type: "JSON",
      end_update_time: "1764072000",
      page: "1",
      page_size: "50",
      query_order_type: "2",
      return_count: "true",
      start_update_time: "1764068400",
      timestamp: "1764072000",
      type: "pdd.ddk.order.list.increment.get",
      sign: "00D35DB229E7D05160C38382FF68CEE2",
    });
  });
});

describe("an answer of Pinduoduo's", () => {
  const codes: [kind: FaultKind, codes: string][] = [
    ["throttled", "52101 70031"],
    ["retry", "50000 50001 50002 52001 52002 52102 52103 70033 88888"],
    ["quota", "70036"],
    ["expired", "10019"],
    ["denied", "20004 20005 20031 20032 20034 20035 30000 30001 70032 70034 70035 10016 10017"],
    ["refused", "10000 10001 21001 21002 52004"],
  ];
  for (const [kind, all] of codes) {
    it(`is ${kind}: ${all}`, ({ expect }) => {
      for (const code of all.split(" ")) {
        expect(failing(Number(code))).toEqual({ ok: false, kind, code, detail: "说明" });
      }
    });
  }

  it("is judged by its sub-code where that says more", ({ expect }) => {
    expect(failing(50001, "业务服务错误", "60001")).toMatchObject({
      kind: "refused",
      code: "60001",
    });
    expect(failing(50001, "业务服务错误", "9")).toMatchObject({ kind: "retry", code: "9" });
  });

  it("says in words that a window is too wide, or that a clock is off", ({ expect }) => {
    expect(failing(21001, "开始时间和结束时间相差不能超过24小时")).toMatchObject({
      kind: "window",
    });
    expect(failing(10001, "公共参数错误:timestamp")).toMatchObject({ kind: "retry" });
  });

  it("that can't be read is a passing fault", ({ expect }) => {
    expect(opened("<html>", 502)).toMatchObject({ kind: "retry", code: "http_502" });
    expect(opened("<html>")).toMatchObject({ kind: "retry", code: "not_json" });
    expect(opened({ order_detail_response: {} })).toMatchObject({ code: "no_envelope" });
  });
});

describe("an order of Pinduoduo's", () => {
  const order = {
    id: "261125-123456789012345",
    state: "1",
    amount: 1_990,
    commission: 199,
    paidAt: now - 3 * hour,
    updatedAt: now - 2 * hour,
    ids: { pid: "1781779_28462207", customParameters: '{"uid":"cats-li"}' },
    item: { id: "5001", title: "抽纸", quantity: 3 },
  };
  const told = (gateway: FakePinduoduo, feed = "orders") =>
    eventsOf(readAll(pinduoduo, gateway, feed, window, now));

  it("is told whole, without a sub-order", ({ expect }) => {
    const gateway = new FakePinduoduo();
    gateway.put(order);
    expect(told(gateway)).toEqual([
      {
        ...{ platform: "pinduoduo", orderId: order.id, subOrderId: "", at: order.updatedAt },
        ...{ state: "paid", amount: 1_990, currency: "CNY", paidAt: order.paidAt },
        commission: 199,
        evidence: {
          ids: {
            "pinduoduo.pid": "1781779_28462207",
            "pinduoduo.customParameters": '{"uid":"cats-li"}',
          },
        },
        ...{ itemId: "5001", itemTitle: "抽纸", quantity: 3 },
      },
    ]);
  });

  it("of a live room is in a list of its own, with the room's promoter", ({ expect }) => {
    const gateway = new FakePinduoduo();
    gateway.put({ ...order, room: "r1" });
    expect(told(gateway)).toEqual([]);
    expect(told(gateway, "live-orders")).toMatchObject([
      {
        orderId: order.id,
        commission: 199,
        evidence: {
          ids: {
            "pinduoduo.sepPid": "1781779_28462207",
            "pinduoduo.sepParameters": '{"uid":"cats-li"}',
          },
        },
      },
    ]);
  });

  it.for([
    ["0", "paid"],
    ["1", "paid"],
    ["2", "received"],
    ["3", "received"],
    ["5", "settled"],
    ["4", "invalid"],
    ["8", "invalid"],
    ["10", "invalid"],
    ["-1", "unknown"],
  ] as const)("in state %s is %s", ([code, state], { expect }) => {
    const gateway = new FakePinduoduo();
    gateway.put({ ...order, state: code });
    const [event] = told(gateway);
    expect([event?.state, event?.said]).toEqual([state, state === "unknown" ? code : undefined]);
  });

  it("that is invalid keeps the platform's reason", ({ expect }) => {
    const of = (fields: object, state = "4") => {
      const gateway = new FakePinduoduo();
      gateway.put({ ...order, state }, fields);
      return told(gateway)[0]?.said;
    };
    expect(of({ fail_reason: "售后订单" })).toBe("售后订单");
    expect(of({ fail_reason: "站内导流", bandan_risk_consult: 1 }, "10")).toBe("站内导流");
    expect(of({ bandan_risk_consult: 1 })).toBe("bandan_risk_consult 1");
    expect(of({ bandan_risk_consult: 0 })).toBe(undefined);
    // What is foretold is no verdict.
    expect(of({ bandan_risk_consult: 1 }, "1")).toBe(undefined);
  });

  it("that names no time is refused", ({ expect }) => {
    const gateway = new FakePinduoduo();
    const none = { order_modify_at: 0, order_pay_time: 0, order_create_time: 0 };
    gateway.put(order, { ...none, order_group_success_time: 0 });
    expect(readAll(pinduoduo, gateway, "orders", window, now)).toEqual([
      { ok: false, detail: `The order ${order.id} has no time.` },
    ]);
  });
});

describe("Pinduoduo's pages", () => {
  const feed = feedOf(pinduoduo, "orders");
  const page = (total: unknown, cursor: string | null) =>
    feed.page({ order_list: [{}], total_count: total }, cursor);

  it("are counted first, and read from the last back to the first", ({ expect }) => {
    expect(page(101, null)).toEqual({ rows: [], next: "3" });
    expect(page(undefined, "3").next).toBe("2");
    expect(page(undefined, "2").next).toBe("1");
    expect(page(undefined, "1").next).toBe(null);
    const credentials: Credentials = { appKey: "", appSecret: "" };
    expect(feed.call(window, null, credentials)).toMatchObject({ params: { return_count: true } });
    expect(feed.call(window, "3", credentials)).toMatchObject({
      params: { page: 3, return_count: false },
    });
  });

  it("are one where all rows fit", ({ expect }) => {
    expect(page("50", null)).toMatchObject({ rows: [{ ok: false }], next: null });
    expect(page(undefined, null).rows.length).toBe(1);
    expect(feed.page({ order_list: [], total_count: 0 }, null)).toEqual({ rows: [], next: null });
  });
});

describe("a promoted link of Pinduoduo's", () => {
  const promoted =
    "https://mobile.yangkeduo.com/duo_coupon_landing.html?goods_id=5&goods_sign=E9L2Yw";
  const ids = { pid: "1_2", customParameters: '{"uid":"cats-li"}' };
  const wanted = (url: string, of: Record<string, string> = ids): Wanted => ({
    slug: "cats-li",
    destination: { platform: "pinduoduo", kind: "affiliate", id: "5", url },
    ids: of,
  });
  const credentials: Credentials = { appKey: "", appSecret: "" };
  const make = (gateway: FakePinduoduo, of: Wanted) => {
    const asked = pinduoduo.promotions?.call(of, credentials);
    if (!asked?.ok) throw new Error(asked?.code);
    const answer = ask(pinduoduo, gateway, asked.call, now);
    return answer.ok ? pinduoduo.promotions?.read(answer.data, of, now) : answer;
  };

  it("has the promoter's pid and the slug as its uid", ({ expect }) => {
    const made = make(new FakePinduoduo(), wanted(promoted));
    if (!made?.ok) throw new Error("made");
    const { searchParams } = new URL(made.promoted.url);
    expect([...searchParams]).toEqual([
      ["goods_sign", "E9L2Yw"],
      ["pid", "1_2"],
      ["customParameters", '{"uid":"cats-li"}'],
    ]);
    expect(made.promoted).toMatchObject({ shareText: null, expiresAt: null });
  });

  it("can't be made of an item's page, which has no goods_sign, or without a pid", ({ expect }) => {
    const item = "https://mobile.yangkeduo.com/goods.html?goods_id=5";
    expect(pinduoduo.promotions?.call(wanted(item), credentials)).toMatchObject({
      ok: false,
      code: "goods_sign_missing",
    });
    expect(pinduoduo.promotions?.call(wanted(promoted, {}), credentials)).toMatchObject({
      ok: false,
      code: "pid_missing",
    });
  });

  it("is refused while pid and parameters are not bound", ({ expect }) => {
    const gateway = new FakePinduoduo();
    gateway.bound.add("other {}");
    expect(make(gateway, wanted(promoted))).toEqual({
      ok: false,
      kind: "refused",
      code: "60001",
      detail: "请先完成推手备案",
    });
    gateway.bound.add('1_2 {"uid":"cats-li"}');
    expect(make(gateway, wanted(promoted))).toMatchObject({ ok: true });
  });
});
