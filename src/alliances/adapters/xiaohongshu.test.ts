import { describe, it } from "vitest";
import { ask, eventsOf, feedOf, send } from "../../../test/alliances/ask.ts";
import { connectedTo, itWorksInTheMachine } from "../../../test/alliances/machine.ts";
import { XiaohongshuGateway } from "../../../test/alliances/xiaohongshu.ts";
import { Headers, kinds } from "../../orders/import/kinds/index.ts";
import { RowReader } from "../../orders/import/read-rows.ts";
import type { Credentials, Page } from "../adapter.ts";
import { xiaohongshu } from "./xiaohongshu.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.parse("2026-03-10T20:00:00+08:00");
const window = { start: now - 30 * minute, end: now - minute };
const nobody: Credentials = { appKey: "", appSecret: "" };

describe("a call of Xiaohongshu's", () => {
  it("is signed in its method, key, time and version, and in nothing else", ({ expect }) => {
    const sign = (more: Partial<Credentials>, params: object) => {
      const { url, body = "" } = xiaohongshu.sign(
        { method: "order.getOrderList", params },
        { appKey: "testapp", appSecret: "testsecret", ...more },
        xiaohongshu.base,
        1_764_072_000_999,
      );
      expect(url).toBe("https://ark.xiaohongshu.com/ark/open_api/v3/common_controller");
      return JSON.parse(body);
    };
    const sent = sign({ accessToken: "t" }, { pageNo: 1 });
    expect(sent).toEqual({
      pageNo: 1,
      method: "order.getOrderList",
      appId: "testapp",
      timestamp: "1764072000",
      version: "2.0",
      sign: "2446f2038b2ebcc31c048d63d201bc4e",
      accessToken: "t",
    });
    expect(sign({}, {}).sign).toBe(sent.sign);
  });

  it("is refused with another secret, key or token", ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    const call = feedOf(xiaohongshu, "orders").call(window, null, nobody);
    const asked = (more: object, at = now) => {
      const given = { ...gateway.credentials, ...more } as unknown as Credentials;
      const { status, body } = send(
        gateway,
        xiaohongshu.sign(call, given, xiaohongshu.base, at),
        now,
      );
      return xiaohongshu.open(call, status, body, now);
    };
    expect(asked({})).toMatchObject({ ok: true });
    expect(asked({ appSecret: "other" })).toMatchObject({ kind: "denied" });
    expect(asked({ appKey: "other" })).toMatchObject({ kind: "denied" });
    expect(asked({ accessToken: "old" })).toMatchObject({ kind: "expired" });
    // The clock is set by the answer's date: the same call is right the next time.
    expect(asked({}, now - hour)).toMatchObject({ kind: "retry" });
  });
});

describe("an answer of Xiaohongshu's", () => {
  const list = "order.getOrderList";
  const open = (answer: object, method = list) =>
    xiaohongshu.open({ method, params: {} }, 200, JSON.stringify(answer), now);
  const failed = (error_msg: string, error_code = -1) => ({
    success: false,
    error_code,
    error_msg,
  });

  it.for([
    [failed("请求参数错误", -2_000_400), "refused"],
    [failed("包裹不存在", -2_000_101), "refused"],
    [failed("接口限流"), "throttled"],
    [failed("达到当天调用额度"), "quota"],
    [failed("时间跨度不能超过30分钟"), "window"],
    [failed("查询时间跨度不能超过30分钟", -2_000_400), "window"],
    [failed("accessToken已过期"), "expired"],
    [failed("应用没有权限"), "denied"],
    [failed("签名错误"), "denied"],
    [failed("系统开小差了"), "retry"],
    [{ success: true, error_code: 7, error_msg: "火星" }, "retry"],
    [
      { success: true, error_code: 0, data: { success: false, code: -1, msg: "限流", data: {} } },
      "throttled",
    ],
    [{ success: true, error_code: 0, data: { maxPageNo: 101 } }, "shrink"],
    [{ data: {} }, "retry"],
  ] as const)("%o is %s", ([answer, kind], { expect }) => {
    expect(open(answer)).toMatchObject({ ok: false, kind });
  });

  it("is taken out of both envelopes", ({ expect }) => {
    const data = { a: 1 };
    expect(open({ success: true, error_code: 0, data })).toEqual({ ok: true, data });
    const inner = { success: true, code: 0, data };
    expect(open({ success: true, error_code: 0, data: inner })).toEqual({ ok: true, data });
  });

  it("of one order that is not there, or of a settlement that is withheld, stops nothing", ({
    expect,
  }) => {
    const none = { ok: true, data: null };
    expect(open(failed("包裹不存在"), "order.getOrderDetail")).toEqual(none);
    expect(open(failed("订单不存在"), "bill.queryCpsSettle")).toEqual(none);
    const withheld = { ok: true, data: { withheld: "-1: 应用没有权限" } };
    expect(open(failed("应用没有权限"), "bill.queryCpsSettle")).toEqual(withheld);
    expect(open(failed("应用没有权限"), "order.getOrderDetail")).toMatchObject({ kind: "denied" });
  });
});

describe("an order of Xiaohongshu's", () => {
  const order = {
    id: "P712345678901234567",
    part: "MAO-10KG",
    state: "4",
    amount: 19_990,
    paidAt: now - 20 * minute,
    updatedAt: now - 10 * minute,
    item: { id: "65aa", title: "猫粮 10kg", quantity: 2 },
  };
  const read = (fields: object = {}, rows = [order]) => {
    const gateway = new XiaohongshuGateway();
    const { detail } = feedOf(xiaohongshu, "orders");
    for (const row of rows) gateway.put(row, fields);
    if (!detail) throw new Error("there are details");
    const opened = ask(xiaohongshu, gateway, detail.call(order.id, nobody), now);
    return opened.ok ? detail.rows(opened.data, order.id) : [];
  };

  it("is told whole, without its buyer", ({ expect }) => {
    expect(eventsOf(read())).toEqual([
      {
        platform: "xiaohongshu",
        orderId: order.id,
        subOrderId: "MAO-10KG",
        at: order.updatedAt,
        state: "paid",
        amount: 19_990,
        currency: "CNY",
        paidAt: order.paidAt,
        itemId: "65aa",
        itemTitle: "猫粮 10kg",
        quantity: 2,
      },
    ]);
  });

  it("is the line of the shop's order file", ({ expect }) => {
    const kind = kinds.find(({ name }) => name === "xiaohongshu-orders");
    if (!kind) throw new Error("it is known");
    const headers = ["订单号", "商家应收金额(元)", "订单状态", "订单创建时间", "SKU规格"];
    const cells = [order.id, "199.90", "待发货", "2026-03-10 19:39:00", "10kg"];
    const fileKey = (codes: string[][]) => {
      const [names = [], values = []] = codes;
      const reader = new RowReader(kind, new Headers([...headers, ...names]), {});
      return reader.read([...cells, ...values]).event?.subOrderId;
    };
    expect(eventsOf(read())[0]?.subOrderId).toBe(fileKey([["商家编码"], ["MAO-10KG"]]));
    const uncoded = { skuList: [{ skuId: "65aa", skuSpec: "10kg" }] };
    expect(eventsOf(read(uncoded))[0]?.subOrderId).toBe(fileKey([]));
  });

  it.for([
    [1, "created"],
    [2, "paid"],
    [3, "paid"],
    [4, "paid"],
    [5, "paid"],
    [6, "paid"],
    [7, "received"],
    [8, "invalid"],
    [9, "invalid"],
    [10, "paid"],
    [11, "unknown"],
  ] as const)("in state %i is %s", ([orderStatus, state], { expect }) => {
    const [event] = eventsOf(read({ orderStatus }));
    expect([event?.state, event?.said]).toEqual([state, state === "unknown" ? "11" : undefined]);
  });

  it("that was closed after its money went back was sold first", ({ expect }) => {
    const stateOf = (fields: object) => eventsOf(read(fields))[0]?.state;
    expect(stateOf({ orderStatus: 8, orderAfterSalesStatus: 3 })).toBe("refunded");
    expect(stateOf({ orderStatus: 8, orderAfterSalesStatus: 2 })).toBe("invalid");
    expect(stateOf({ orderStatus: 9, orderAfterSalesStatus: 3, paidTime: 0 })).toBe("invalid");
  });

  it("of several parts is a line for each, what the platform adds included", ({ expect }) => {
    const skuList = [
      { skuId: "1", erpcode: "A", totalPaidAmount: 1_000, totalRedDiscount: 100 },
      { skuId: "2", erpcode: "A", totalPaidAmount: 2_000 },
      { skuId: "3", erpcode: "B" },
    ];
    const rows = read({ skuList });
    expect(eventsOf(rows).map(({ subOrderId, amount }) => [subOrderId, amount])).toEqual([
      ["A", 1_100],
      ["A#2", 2_000],
    ]);
    expect(rows[2]).toEqual({ ok: false, detail: `The order ${order.id} has no amount.` });
  });

  it("names who sold it where it says so", ({ expect }) => {
    const named = read({}, [{ ...order, ids: { kolId: "5c" } } as typeof order]);
    expect(eventsOf(named)[0]?.evidence).toEqual({ ids: { "xiaohongshu.kolUserId": "5c" } });
  });

  it("that sends again what was exchanged is none", ({ expect }) => {
    expect(read({ orderType: 5 })).toEqual([{ ok: false, detail: null }]);
  });

  it("that is not there is refused", ({ expect }) => {
    expect(read({}, [])).toEqual([{ ok: false, detail: "The platform does not know the order." }]);
  });
});

describe("Xiaohongshu's pages", () => {
  it("are read from the last to the first, once the first has said how many there are", ({
    expect,
  }) => {
    const feed = feedOf(xiaohongshu, "orders");
    const orderList = [{ orderId: "P1" }, { orderId: "" }];
    const page = (cursor: string | null) => feed.page({ orderList, maxPageNo: 3 }, cursor);
    expect(page(null)).toEqual({ rows: [], details: ["P1"], next: "3" });
    expect([page("3").next, page("2").next, page("1").next]).toEqual(["2", "1", null]);
    expect(feed.page({ orderList: [] }, null)).toEqual({ rows: [], details: [], next: null });
    expect(feed.call(window, "3", nobody)).toEqual({
      method: "order.getOrderList",
      params: {
        ...{ startTime: window.start / 1_000, endTime: window.end / 1_000, timeType: 2 },
        ...{ pageNo: 3, pageSize: 100 },
      },
    });
    expect([feed.windowMs(now), feed.backMs]).toEqual([30 * minute, 90 * day]);
  });
});

describe("an order of Xiaohongshu's that changes while pages are read", () => {
  it("leaves the window, and hides none of those behind it", ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    gateway.pageSize = 2;
    const put = (id: string, updatedAt: number) =>
      gateway.put({ id, part: "A", state: "4", amount: 1, paidAt: now - hour, updatedAt });
    const ids = ["P1", "P2", "P3", "P4", "P5", "P6"];
    for (const [index, id] of ids.entries()) put(id, now - (20 - index) * minute);
    const feed = feedOf(xiaohongshu, "orders");
    const seen = new Set<string>();
    // These two are met in a later window.
    const changing = ["P6", "P5"];
    let cursor: string | null = null;
    do {
      const opened = ask(xiaohongshu, gateway, feed.call(window, cursor, nobody), now);
      if (!opened.ok) throw new Error(opened.detail);
      const { details = [], next }: Page = feed.page(opened.data, cursor);
      for (const id of details) seen.add(id);
      const changed = changing.shift();
      if (changed !== undefined) put(changed, now);
      cursor = next;
    } while (cursor !== null);
    expect([...seen].sort()).toEqual(ids);
  });
});

describe("a settlement of Xiaohongshu's", () => {
  const sold = (id: string, more: object = {}) => ({
    ...{ id, part: "A", state: "7", amount: 10_000, commission: 800 },
    ...{ paidAt: now - 3 * day, updatedAt: now - 30 * minute, ids: { kolUserId: "5cKOL" } },
    ...more,
  });
  const settle = { cpsSettleMethod: "bill.queryCpsSettle" };

  it("says who sold an order and what it earned them, on the order's own line", async ({
    expect,
  }) => {
    const gateway = new XiaohongshuGateway();
    gateway.pageSize = 2;
    for (const id of ["P1", "P2", "P3"]) gateway.put(sold(id));
    gateway.put(sold("P3", { part: "B", amount: 500, commission: 40 }));
    gateway.put(sold("P4", { ids: {} }));
    const { lab, lines, shown } = await connectedTo(xiaohongshu, gateway, settle);
    await lab.pass(4 * minute);
    const told = lines().map(({ orderId, subOrderId, state, amount, commission, evidence }) => [
      `${orderId} ${subOrderId}`,
      ...[state, amount, commission?.value, evidence?.value],
    ]);
    const kol = '{"ids":{"xiaohongshu.kolUserId":"5cKOL"}}';
    expect(told).toEqual([
      ["P1 A", "received", 10_000, 800, kol],
      ["P2 A", "received", 10_000, 800, kol],
      ["P3 A", "received", 10_000, 800, kol],
      ["P3 B", "received", 500, 40, kol],
      ["P4 A", "received", 10_000, undefined, undefined],
    ]);
    expect(shown()).toMatchObject({ error: null, lastPull: { refused: 0 } });
  });

  it("is asked for only where its method is known", async ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    gateway.put(sold("P1"));
    const { lab } = await connectedTo(xiaohongshu, gateway);
    await lab.pass(4 * minute);
    expect(gateway.asked.some((asked) => asked.startsWith("bill."))).toBe(false);
  });

  it("tells a refund as the refund sheet does", async ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    gateway.put(sold("P1", { refund: 3_000 }));
    const { lab, lines } = await connectedTo(xiaohongshu, gateway, settle);
    await lab.pass(4 * minute);
    const refund = lines().find(({ subOrderId }) => subOrderId === "refund:R1");
    expect([refund?.refund?.value, refund?.state]).toEqual([3_000, null]);
  });

  it("that the account may not see is told, and stops no order", async ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    gateway.maySettle = false;
    for (const id of ["P1", "P2"]) gateway.put(sold(id));
    const { lab, lines, shown } = await connectedTo(xiaohongshu, gateway, settle);
    await lab.pass(4 * minute);
    expect(lines().map(({ state }) => state)).toEqual(["received", "received"]);
    expect(shown().error).toBe(null);
    expect(shown().lastPull?.refused).toBeGreaterThan(0);
  });

  it("begins a window anew where its cursor can't be read", ({ expect }) => {
    const feed = feedOf(xiaohongshu, "settled");
    expect(feed.call(window, "3", nobody)).toEqual(feed.call(window, null, nobody));
  });

  it("of goods that the order has not is refused", ({ expect }) => {
    const feed = feedOf(xiaohongshu, "settled");
    const parts = ["A", "B"].map((sub) => ({ goods: [sub], sub }));
    const cursor = JSON.stringify({ page: null, ids: ["P1"], order: { at: now, parts } });
    const details = { cpsUserSettleDetails: [{ goodsId: "C", kolUserId: "5c" }] };
    expect(feed.page(details, cursor)).toEqual({
      rows: [{ ok: false, detail: "The settlement of P1 names goods that it has not." }],
      next: null,
    });
  });
});

describe("a token of Xiaohongshu's", () => {
  it("is made anew once by its refresh token", ({ expect }) => {
    const gateway = new XiaohongshuGateway();
    const old = gateway.credentials as unknown as Credentials;
    const renew = () => {
      const request = xiaohongshu.renewal?.request(old, xiaohongshu.base, now);
      if (!request) throw new Error("it can be renewed");
      expect(JSON.parse(request.body ?? "")).not.toHaveProperty("accessToken");
      const { status, body } = send(gateway, request, now);
      return xiaohongshu.renewal?.read(status, body, now);
    };
    expect(renew()).toEqual({
      ok: true,
      credentials: {
        accessToken: "access-token-1",
        refreshToken: "refresh-token-1",
        expiresAt: now + 7 * day,
        refreshExpiresAt: now + 14 * day,
      },
    });
    expect(renew()).toMatchObject({ ok: false, kind: "expired" });
    const nothing = '{"success":true,"error_code":0,"data":{}}';
    expect(xiaohongshu.renewal?.read(200, nothing, now)).toMatchObject({ kind: "retry" });
  });
});

itWorksInTheMachine({
  adapter: xiaohongshu,
  make: () => {
    const gateway = new XiaohongshuGateway();
    gateway.pageSize = 10;
    return gateway;
  },
  order: (index, at) => ({
    id: `P${712_345_678_901_000 + index}`,
    part: "A",
    state: "4",
    amount: 100,
    paidAt: at,
    updatedAt: at,
  }),
  received: (order, at) => ({ ...order, state: "7", updatedAt: at }),
  many: 25,
});
