import { describe, it } from "vitest";
import { eventsOf, feedOf, send } from "../../../test/alliances/ask.ts";
import type { FakeOrder, FaultName } from "../../../test/alliances/gateway.ts";
import { WechatGateway } from "../../../test/alliances/wechat.ts";
import { recognise } from "../../orders/import/kinds/index.ts";
import { RowReader } from "../../orders/import/read-rows.ts";
import { applyEvent, lineKey, type OrderEvent } from "../../orders/order-line.ts";
import type { Call, Credentials, Fault, FaultKind, Opened, Row } from "../adapter.ts";
import { liveJoins } from "./wechat/returns.ts";
import { wechat } from "./wechat.ts";

const now = Date.parse("2026-11-25T20:30:00+08:00");
const minute = 60_000;
const window = { start: now - 7 * 86_400_000 + minute, end: now - minute };
const feed = feedOf(wechat, "orders");
const listCall = feed.call(window, null, { appKey: "", appSecret: "" });
const detailCall = { method: "/channels/ec/order/get", params: { order_id: "1" } };

const opened = (body: unknown, call = listCall, status = 200) =>
  wechat.open(call, status, typeof body === "string" ? body : JSON.stringify(body), now);

/** A gateway and an account that has its token. */
function signedIn(gateway = new WechatGateway()) {
  const credentials = gateway.credentials as unknown as Credentials;
  const request = wechat.renewal?.request(credentials, wechat.base, now);
  const answer = request && send(gateway, request, now);
  const made = answer && wechat.renewal?.read(answer.status, answer.body, now);
  if (!made?.ok) throw new Error("no token");
  const account: Credentials = { ...credentials, ...made.credentials };
  const ask = (call: Call): Opened => {
    const request = wechat.sign(call, account, wechat.base, now);
    const { status, body } = send(gateway, request, now);
    return wechat.open(call, status, body, now);
  };
  return { gateway, account, ask };
}

const order = (more: Partial<FakeOrder> = {}): FakeOrder => ({
  id: "3727324701692140032",
  state: "20",
  amount: 3_990,
  paidAt: now - 60 * minute,
  updatedAt: now - 30 * minute,
  ...more,
});

/** All rows of the window, each order asked for. */
function pulled(gateway: WechatGateway): Row[] {
  const { ask, account } = signedIn(gateway);
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const list = ask(feed.call(window, cursor, account));
    if (!list.ok) throw new Error(list.code);
    const page = feed.page(list.data, cursor);
    for (const id of page.details ?? []) {
      const call = feed.detail?.call(id, account);
      const answer = call && ask(call);
      if (answer?.ok) rows.push(...(feed.detail?.rows(answer.data, id) ?? []));
    }
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

function eventsOfOrder(rows: readonly FakeOrder[], fields: object = {}): OrderEvent[] {
  const gateway = new WechatGateway();
  for (const row of rows) gateway.put(row, fields);
  return eventsOf(pulled(gateway));
}

describe("a call of WeChat's", () => {
  it("has its token in the URL and is not signed", ({ expect }) => {
    const credentials = { appKey: "wx1", appSecret: "s", accessToken: "a&b" };
    expect(wechat.sign(listCall, credentials, wechat.base, now)).toEqual({
      url: "https://api.weixin.qq.com/channels/ec/order/list/get?access_token=a%26b",
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        update_time_range: { start_time: window.start / 1_000, end_time: window.end / 1_000 },
        page_size: 20,
      }),
    });
  });

  it("for a further page has its key, and none for the first", ({ expect }) => {
    const further = feed.call(window, "key", { appKey: "", appSecret: "" });
    expect(further.params).toMatchObject({ next_key: "key" });
    expect(listCall.params).not.toHaveProperty("next_key");
  });
});

describe("an answer of WeChat's", () => {
  it("is read without and with an errcode of 0", ({ expect }) => {
    expect(opened({ order_id_list: [] }).ok).toBe(true);
    expect(opened({ errcode: 0, errmsg: "ok" }).ok).toBe(true);
    expect(opened({ errcode: "0" }).ok).toBe(true);
  });

  it.for([
    ["retry", -1],
    ["retry", 7_777_777],
    ["expired", 40001],
    ["expired", 40014],
    ["expired", 41001],
    ["expired", 42001],
    ["denied", 40164],
    ["denied", 45035],
    ["denied", 61004],
    ["denied", 89503],
    ["denied", 48001],
    ["denied", 48004],
    ["denied", 50002],
    ["denied", 61007],
    ["denied", 10020050],
    ["quota", 45009],
    ["throttled", 45011],
    // A whole list is not refused for what may be wrong of one order.
    ["retry", 10020052],
    ["retry", 100002],
    // The page's key is of another list.
    ["shrink", 606006],
  ] as [FaultKind, number][])("is %s by its code %i", ([kind, errcode], { expect }) => {
    expect(opened({ errcode, errmsg: "words" })).toMatchObject({
      ok: false,
      kind,
      code: String(errcode),
      detail: "words",
    });
  });

  it("names the address that is not let in", ({ expect }) => {
    const { gateway, ask } = signedIn();
    gateway.blockedAddress = "203.0.113.9";
    const answer = ask(listCall);
    expect(answer).toMatchObject({ kind: "denied", code: "40164" });
    expect((answer as Fault).detail).toContain("invalid ip 203.0.113.9");
  });

  it("that is too fast is asked for again in the next minute", ({ expect }) => {
    expect(opened({ errcode: 45011, errmsg: "" })).toMatchObject({ waitMs: minute });
  });

  it("to one order that is not there refuses it alone", ({ expect }) => {
    const { ask } = signedIn();
    const call = feed.detail?.call("404", { appKey: "", appSecret: "" }) ?? detailCall;
    expect(ask(call)).toMatchObject({ kind: "refused", code: "100002" });
    expect(opened({ errcode: 10020051, errmsg: "参数错误" }, detailCall)).toMatchObject({
      kind: "refused",
    });
    expect(opened({ errcode: -1, errmsg: "" }, detailCall)).toMatchObject({ kind: "retry" });
  });

  it("that finds the window too wide has it narrowed", ({ expect }) => {
    const { gateway, ask } = signedIn();
    expect(ask(listCall).ok).toBe(true);
    gateway.windowMs = 60 * minute;
    expect(ask(listCall)).toMatchObject({ kind: "window" });
  });

  it.for([
    ["<html>", 200, "not_json"],
    ['{"errcode":0,', 200, "not_json"],
    ['"text"', 200, "not_json"],
    ["", 502, "http_502"],
    ["{}", 500, "http_500"],
  ] as const)("that can't be read passes: %s", ([body, status, code], { expect }) => {
    expect(opened(body, listCall, status)).toMatchObject({ kind: "retry", code });
  });

  it("of every documented failure is told for what it is", ({ expect }) => {
    const kinds: Record<FaultName, FaultKind> = {
      throttled: "throttled",
      "throttled-for-seconds": "throttled",
      quota: "quota",
      busy: "retry",
      html: "retry",
      "http-502": "retry",
      cut: "retry",
      denied: "denied",
      expired: "expired",
    };
    const { gateway, ask } = signedIn();
    for (const [fault, kind] of Object.entries(kinds)) {
      gateway.faults.push(fault as FaultName);
      expect([fault, ask(listCall)]).toMatchObject([fault, { kind }]);
    }
    expect(ask(listCall).ok).toBe(true);
  });
});

describe("a token", () => {
  const read = (body: object) => wechat.renewal?.read(200, JSON.stringify(body), now);

  it("is made of key and secret alone, and lives two hours", ({ expect }) => {
    const { account } = signedIn();
    expect(account).toMatchObject({
      accessToken: "68_token-of-tests-1",
      expiresAt: now + 7_200_000,
    });
    expect(wechat.renewal?.isOfSecret).toBe(true);
  });

  it.for([
    ["denied", 40001],
    ["denied", 40013],
    ["denied", 40125],
    ["denied", 40164],
    ["denied", 40243],
    ["quota", 45009],
    ["throttled", 45011],
    ["retry", -1],
  ] as const)("that is not given is %s by %i", ([kind, errcode], { expect }) => {
    expect(read({ errcode, errmsg: "" })).toMatchObject({ ok: false, kind });
  });

  it("that is missing or ended is none", ({ expect }) => {
    expect(read({ expires_in: 7_200 })).toMatchObject({ kind: "retry", code: "no_token" });
    expect(read({ access_token: "t", expires_in: 0 })).toMatchObject({ kind: "retry" });
    expect(read({ access_token: "t" })).toMatchObject({ kind: "retry" });
  });
});

describe("a page of the list", () => {
  it("names its orders, and the next page while there is one", ({ expect }) => {
    const ids = ["3727324701692140032", "3727324701692140033"];
    const told = { order_id_list: ids, next_key: "k", has_more: true };
    expect(feed.page(told, null)).toEqual({ rows: [], details: ids, next: "k" });
    expect(feed.page({ ...told, has_more: false }, null).next).toBe(null);
    expect(feed.page({ ...told, next_key: "" }, null).next).toBe(null);
    expect(feed.page(told, "k").next).toBe(null);
    expect(feed.page({}, null)).toEqual({ rows: [], details: [], next: null });
  });

  it("has ids whole that come as numbers", ({ expect }) => {
    const answer = opened('{"errcode":0,"order_id_list":[3727324701692140033],"has_more":false}');
    expect(answer.ok && feed.page(answer.data, null).details).toEqual(["3727324701692140033"]);
  });
});

describe("an order's state", () => {
  it.for([
    ["10", "created"],
    ["12", "paid"],
    ["13", "paid"],
    ["17", "paid"],
    ["20", "paid"],
    ["21", "paid"],
    ["30", "paid"],
    ["100", "received"],
    ["190", "invalid"],
    // All of it was paid back: it was sold.
    ["200", "refunded"],
    ["250", "invalid"],
    ["999", "unknown"],
  ] as const)("%s is %s", ([code, state], { expect }) => {
    const [event] = eventsOfOrder([order({ state: code })]);
    expect(event).toMatchObject({ state });
    expect(event?.said).toBe(state === "unknown" ? code : undefined);
  });

  /** Of one product. @param detail what else its detail says */
  const stateOf = (status: number, detail: object, product: object = {}) => {
    const [row] =
      feed.detail?.rows(
        {
          order: {
            ...{ order_id: "1", status, create_time: 1_764_072_000 },
            order_detail: {
              price_info: { order_price: 1_000 },
              pay_info: { pay_time: 1_764_072_060 },
              product_infos: [{ product_id: "9", sku_cnt: 1, real_price: 1_000, ...product }],
              ...detail,
            },
          },
        },
        "1",
      ) ?? [];
    return row?.ok ? row.event.state : row;
  };

  it("is settled once the merchant was paid, as the shop's file has it", ({ expect }) => {
    const settled = { settle_info: { settle_time: 1_765_000_000 } };
    expect(stateOf(100, settled)).toBe("settled");
    expect(stateOf(30, settled)).toBe("settled");
    expect(stateOf(100, { settle_info: { settle_time: 0 } })).toBe("received");
    expect(stateOf(100, {})).toBe("received");
    expect(stateOf(10, { ...settled, pay_info: {} })).toBe("created");
    expect(stateOf(250, settled)).toBe("invalid");
  });

  it("is refunded where it is closed after it was paid and its money went back", ({ expect }) => {
    const back = { finish_aftersale_sku_cnt: 1 };
    expect(stateOf(250, {}, back)).toBe("refunded");
    expect(stateOf(200, { pay_info: { pay_time: 0 } })).toBe("invalid");
    expect(stateOf(250, { pay_info: {} }, back)).toBe("invalid");
    // What is not closed goes on, and says how much went back.
    expect(stateOf(30, {}, back)).toBe("paid");
  });
});

const kol = {
  accountName: "猫猫直播间",
  finderId: "sphABCDEF",
  openfinderid: "v2_060000",
  sharerAppid: "wxsharer00000000",
};

describe("an order", () => {
  it("says what it is of, by whom it came, and when", ({ expect }) => {
    const item = { id: "10000200857718", title: "城市气息洗衣液", quantity: 2 };
    expect(eventsOfOrder([order({ commission: 399, ids: kol, item })])).toEqual([
      {
        platform: "wechat",
        orderId: "3727324701692140032",
        subOrderId: "10000200857718",
        at: now - 30 * minute,
        paidAt: now - 60 * minute,
        state: "paid",
        amount: 3_990,
        commission: 399,
        refund: undefined,
        currency: "CNY",
        evidence: {
          ids: {
            "wechat.accountName": "猫猫直播间",
            "wechat.finderId": "sphABCDEF",
            "wechat.openfinderid": "v2_060000",
            "wechat.sharerAppid": "wxsharer00000000",
          },
        },
        itemId: "10000200857718",
        itemTitle: "城市气息洗衣液",
        quantity: 2,
      },
    ]);
  });

  it("that nobody promoted says so by saying nothing", ({ expect }) => {
    const [event] = eventsOfOrder([order()]);
    expect(event).toMatchObject({ commission: undefined, evidence: undefined });
  });

  it("of the shop's own account is known by its id, which stands in the source alone", ({
    expect,
  }) => {
    const ids = { accountName: "我们的小店", accountId: "sphOwn" };
    expect(eventsOfOrder([order({ ids })])[0]?.evidence?.ids).toEqual({
      "wechat.accountName": "我们的小店",
      "wechat.finderId": "sphOwn",
    });
  });

  it("from a live room is known by the room's host where nothing else names who sold it", ({
    expect,
  }) => {
    const idsOf = (ext_info: object, source: object[] = []) => {
      const [row] =
        feed.detail?.rows(
          {
            order: {
              ...{ order_id: "1", status: 20, create_time: 1_764_072_000 },
              order_detail: {
                ...{ price_info: { order_price: 1 }, product_infos: [{ product_id: "9" }] },
                ...{ source_infos: source, ext_info },
              },
            },
          },
          "1",
        ) ?? [];
      return row?.ok ? row.event.evidence?.ids : undefined;
    };
    const room = { order_scene: 2, finder_id: "sphHost", live_id: "export/1" };
    expect(idsOf(room)).toEqual({ "wechat.finderId": "sphHost" });
    expect(idsOf({ ...room, order_scene: 3 })).toBe(undefined);
    const source = { account_type: 1, account_id: "sphOwn", account_nickname: "n" };
    expect(idsOf(room, [source])?.["wechat.finderId"]).toBe("sphOwn");
    // Of a service account that sold it in somebody's room.
    expect(idsOf(room, [{ ...source, account_type: 2 }])).toEqual({ "wechat.accountName": "n" });
  });

  it("that is not paid has the time of its making", ({ expect }) => {
    const rows = feed.detail?.rows(
      { order: { order_id: "1", status: 10, create_time: 1_764_072_000 } },
      "1",
    );
    expect(rows).toMatchObject([
      { ok: true, event: { at: 1_764_072_000_000, paidAt: 1_764_072_000_000, amount: null } },
    ]);
  });

  it("is refused where it lacks what an order needs", ({ expect }) => {
    const rows = (given: unknown) => feed.detail?.rows({ order: given }, "7");
    expect(rows({ status: 20, create_time: 1_764_072_000 })).toEqual([
      { ok: false, detail: "The order 7 has no amount." },
    ]);
    expect(rows(undefined)).toEqual([{ ok: false, detail: "The order 7 has no time." }]);
  });
});

describe("an order of several products", () => {
  const cat = { id: "10000000000001", title: "猫粮", quantity: 2 };
  const dog = { id: "10000000000002", title: "狗粮", quantity: 1 };
  const other = { accountName: "狗狗直播间", finderId: "sphDOG" };

  it("is a line for each; the whole amount is the first one's, commission and promoter are each one's", ({
    expect,
  }) => {
    const rows = [
      order({ part: "1", item: cat, amount: 3_000, commission: 300, ids: kol }),
      order({ part: "2", item: dog, amount: 1_000, commission: 50, ids: other }),
      order({ part: "3", item: cat, amount: 500 }),
    ];
    const events = eventsOfOrder(rows);
    expect(
      events.map(({ subOrderId, amount, commission, evidence, quantity }) => [
        subOrderId,
        amount,
        commission,
        evidence?.ids,
        quantity,
      ]),
    ).toEqual([
      [
        "10000000000001",
        4_500,
        300,
        expect.objectContaining({ "wechat.finderId": "sphABCDEF" }),
        2,
      ],
      ["10000000000002", 0, 50, expect.objectContaining({ "wechat.finderId": "sphDOG" }), 1],
      // Another sku of the same product.
      ["10000000000001#2", 0, undefined, undefined, 2],
    ]);
  });

  it("sums what several got of it; a 团长 is not who sold", ({ expect }) => {
    const sku = { sku_id: "1" };
    const rows = feed.detail?.rows(
      {
        order: {
          ...{ order_id: "1", status: 20, create_time: 1_764_072_000 },
          order_detail: {
            price_info: { order_price: 5_000 },
            product_infos: [{ ...sku, product_id: "9" }],
            commission_infos: [
              { ...sku, type: 1, amount: 100, nickname: "团长", finder_id: "sphHead" },
              { ...sku, type: 0, amount: "400", nickname: "达人", finder_id: "sphKol" },
              // Of a sku that the order does not list.
              { sku_id: "8", type: 0, amount: 7 },
            ],
          },
        },
      },
      "1",
    );
    const ids = { "wechat.accountName": "达人", "wechat.finderId": "sphKol" };
    expect(rows).toMatchObject([{ event: { commission: 507, evidence: { ids } } }]);
  });

  it("has the part paid back that went through after-sales", ({ expect }) => {
    const rows = [
      order({ part: "1", item: cat, amount: 3_000, refund: 3_000 }),
      order({ part: "2", item: dog, amount: 1_000 }),
    ];
    expect(eventsOfOrder(rows).map(({ refund }) => refund)).toEqual([3_000, undefined]);
    const refundOf = (product: object) =>
      feed.detail?.rows(
        {
          order: {
            ...{ order_id: "1", status: 30, create_time: 1_764_072_000 },
            order_detail: {
              price_info: { order_price: 1_000 },
              product_infos: [{ product_id: "9", ...product }],
            },
          },
        },
        "1",
      )[0];
    expect(refundOf({ real_price: 1_000, sku_cnt: 3, finish_aftersale_sku_cnt: 1 })).toMatchObject({
      event: { refund: 333 },
    });
    expect(refundOf({ real_price: 1_000, sku_cnt: 3, finish_aftersale_sku_cnt: 9 })).toMatchObject({
      event: { refund: 1_000 },
    });
    expect(refundOf({ sku_cnt: 3, finish_aftersale_sku_cnt: 1 })).toMatchObject({
      event: { refund: undefined },
    });
  });

  it("ends in the same state as in the shop's own file", ({ expect }) => {
    const file = (status: string, more: Record<string, string>) => {
      const row: Record<string, string> = {
        ...{ 订单号: "1", 订单状态: status, 订单实际支付金额: "10.00", 带货方式: "" },
        ...{ 支付时间: "2025-11-25 20:01:00", 商品已退款金额: "0", 订单完成结算时间: "", ...more },
      };
      const found = recognise(Object.keys(row));
      if (!found) throw new Error("known");
      const reader = new RowReader(found.kind, found.headers, {}, now);
      return reader.read(Object.values(row)).event?.state;
    };
    const told = (status: number, detail: object, back = 0) => {
      const product = { ...{ product_id: "9", sku_cnt: 1 }, real_price: 1_000 };
      const [row] =
        feed.detail?.rows(
          {
            order: {
              ...{ order_id: "1", status, create_time: 1_764_072_000 },
              order_detail: {
                ...{ price_info: { order_price: 1_000 }, pay_info: { pay_time: 1_764_072_060 } },
                product_infos: [{ ...product, finish_aftersale_sku_cnt: back }],
                ...detail,
              },
            },
          },
          "1",
        ) ?? [];
      return row?.ok ? row.event.state : row;
    };
    const settled = { settle_info: { settle_time: 1_764_500_000 } };
    expect([told(100, {}), told(100, settled), told(200, {}, 1), told(250, {})]).toEqual([
      file("已完成", {}),
      file("已完成", { 订单完成结算时间: "2025-11-30 18:53:20" }),
      file("已取消", { 商品已退款金额: "10.00" }),
      file("已取消", {}),
    ]);
  });

  it("ends in the same lines as the shop's own file, whichever comes first", ({ expect }) => {
    const at = "2026-11-25 20:00:00";
    const row = (code: string, name: string, commission: string) => ({
      ...{ 订单号: "3727324701692140032", 订单状态: "待发货", 订单实际支付金额: "45.00" },
      ...{ 支付时间: at, 订单下单时间: at, "商品编码(平台)": code, 商品名称: name },
      ...{ 带货账号昵称: "猫猫直播间", finder_id: "sphABCDEF", 带货费用: commission },
    });
    const file = [
      row(cat.id, "猫粮", "3.00"),
      row(dog.id, "狗粮", "0.50"),
      row(cat.id, "猫粮", "0"),
    ];
    const found = recognise(Object.keys(file[0] ?? {}));
    if (found?.kind.name !== "wechat-shop") throw new Error(found?.kind.name);
    const reader = new RowReader(found.kind, found.headers, {}, now);
    const told = file.map((one) => reader.read(Object.values(one)).event as OrderEvent);

    const ids = { accountName: "猫猫直播间", finderId: "sphABCDEF" };
    const time = { paidAt: Date.parse(`${at.replace(" ", "T")}+08:00`), updatedAt: now - minute };
    const asked = eventsOfOrder([
      order({ part: "1", item: cat, amount: 3_000, commission: 300, ids, ...time }),
      order({ part: "2", item: dog, amount: 1_000, commission: 50, ids, ...time }),
      order({ part: "3", item: cat, amount: 500, commission: 0, ids, ...time }),
    ]);
    expect(asked.map(lineKey)).toEqual(told.map(lineKey));
    const facts = (event: OrderEvent) => {
      const { state, amount, commission, paidAt, evidence } = event;
      return { state, amount, commission, paidAt, evidence };
    };
    expect(asked.map(facts)).toEqual(told.map(facts));
    for (const [index, event] of asked.entries()) {
      const other = told[index] as OrderEvent;
      expect(applyEvent(applyEvent(undefined, other), event)).toEqual(
        applyEvent(applyEvent(undefined, event), other),
      );
    }
  });
});

describe("a buyer", () => {
  it("is in no event: not the ids, the name, the address, nor who shared", ({ expect }) => {
    const rows = [order({ commission: 1, ids: kol, refund: 10 })];
    const sharer = { sharer_openid: "oSharer_openid", sharer_unionid: "oSharer_unionid" };
    const told = JSON.stringify(eventsOfOrder(rows, { sku_sharer_infos: [sharer] }));
    expect(told).toContain("猫猫直播间");
    expect(told).not.toMatch(/oBuyer|oSharer|openid_of|陈先生|13800138000|某街|4320202237/);
  });
});

describe("who entered a live room by a promoter's link", () => {
  const link = (liveId: string) => ({
    destinations: [],
    ids: { sharerAppid: "wxsharer00000000", liveId },
  });

  it("is told as WeChat counts them, for a day", ({ expect }) => {
    const { gateway, ask } = signedIn();
    gateway.joined.set("wxsharer00000000/live-1", { joins: 120, users: 96 });
    const asked = liveJoins.ask(link("live-1"), window);
    if (!asked) throw new Error("it can be asked");
    expect(asked.key).toBe("wxsharer00000000/live-1");
    expect(asked.call.params).toMatchObject({ start_time: window.start / 1_000 });
    const answer = ask(asked.call);
    expect(answer.ok && liveJoins.read(answer.data)).toEqual({ pv: 120, uv: 96 });
    expect(liveJoins.read({})).toBe(null);
    expect(liveJoins.ask({ destinations: [], ids: { liveId: "live-1" } }, window)).toBe(null);
  });

  it("is refused for that room alone where WeChat does not know it", ({ expect }) => {
    const { ask } = signedIn();
    const asked = liveJoins.ask(link("other"), window);
    expect(asked && ask(asked.call)).toMatchObject({ ok: false, kind: "refused" });
  });
});
