import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { ask, eventsOf, feedOf, readAll, send } from "../../../test/alliances/ask.ts";
import { DouyinGateway } from "../../../test/alliances/douyin.ts";
import { itWorksInTheMachine } from "../../../test/alliances/machine.ts";
import { stateOf } from "../../orders/states.ts";
import type { Credentials, Wanted } from "../adapter.ts";
import { douyin } from "./douyin.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.parse("2026-03-10T20:00:00+08:00");
const window = { start: now - hour, end: now - minute };

describe("a call of Douyin's", () => {
  const credentials: Credentials = {
    appKey: "testkey",
    appSecret: "testsecret",
    accessToken: "a token",
  };
  const sign = (method: string, params: object) =>
    douyin.sign({ method, params }, credentials, douyin.base, 1_764_072_000_000);
  const signatureOf = (url: string) => new URL(url).searchParams.get("sign");

  it("is signed over its sorted parameters, the secret around", ({ expect }) => {
    const { url, method, body } = sign("buyin.doukeOrderAds", {
      time_type: "update",
      start_time: "2026-11-25 19:00:00",
      size: 200,
      query_order_type: 0,
      end_time: "2026-11-25 20:00:00",
      cursor: "0",
    });
    expect(body).toBe(
      '{"cursor":"0","end_time":"2026-11-25 20:00:00","query_order_type":0,"size":200,"start_time":"2026-11-25 19:00:00","time_type":"update"}',
    );
    expect(signatureOf(url)).toBe(
      "fdfa7f7500d9813c07cfbe4c12f65d1d0ff55f109335d551eadfee3016c9e390",
    );
    const { origin, pathname, searchParams } = new URL(url);
    expect([method, origin, pathname]).toEqual([
      "POST",
      "https://openapi-fxg.jinritemai.com",
      "/buyin/doukeOrderAds",
    ]);
    expect(searchParams.get("access_token")).toBe("a token");
    // The former way to sign, over the same: it is what the vector's base says.
    const base = `testsecretapp_keytestkeymethodbuyin.doukeOrderAdsparam_json${body}timestamp1764072000v2testsecret`;
    expect(createHash("md5").update(base).digest("hex")).toBe("22cef2a3887786468bb5ba2191425da1");
  });

  it("escapes neither & nor < nor >, and sorts what is inside", ({ expect }) => {
    const { url, body } = sign("buyin.kolProductShare", {
      product_url: "https://haohuo.jinritemai.com/views/product/item2?id=1&a=<b>",
      pid: "dy_1_2_3",
      external_info: "cats_1",
    });
    expect(body).toContain("item2?id=1&a=<b>");
    expect(signatureOf(url)).toBe(
      "8c1892dbc481e4afc0ee7d0ac0eb0d07895faad03f0fc14d5e8e9e2fc25d1e8d",
    );
    const nested = sign("m", {
      pid_info: { pid: "1", external_info: "猫" },
      list: [{ b: 1, a: 2 }],
    });
    expect(nested.body).toBe(
      '{"list":[{"a":2,"b":1}],"pid_info":{"external_info":"猫","pid":"1"}}',
    );
  });

  it("is refused with another secret or time", ({ expect }) => {
    const gateway = new DouyinGateway();
    const call = feedOf(douyin, "orders").call(window, null, credentials);
    const asked = (more: object, at = now) => {
      const given = { ...gateway.credentials, ...more } as unknown as Credentials;
      const { status, body } = send(gateway, douyin.sign(call, given, douyin.base, at), now);
      return douyin.open(call, status, body, now);
    };
    expect(asked({})).toMatchObject({ ok: true });
    expect(asked({ appSecret: "other" })).toMatchObject({ kind: "denied" });
    expect(asked({ appKey: "1" })).toMatchObject({ kind: "denied" });
    expect(asked({ accessToken: "old" })).toMatchObject({ kind: "expired" });
    // The clock is set by the answer's date: the same call is right the next time.
    expect(asked({}, now - hour)).toMatchObject({ kind: "retry" });
  });
});

describe("an answer of Douyin's", () => {
  const open = (answer: object) =>
    douyin.open({ method: "", params: {} }, 200, JSON.stringify(answer), now);

  it.for([
    [20_000, "isp.service-error:255", "retry"],
    [20_000, "isp.service-error:256", "retry"],
    [20_001, "", "retry"],
    [90_000, "isp.unknown-error", "retry"],
    [50_002, "isv.business-failed:8193", "retry"],
    [60_000, "", "throttled"],
    [40_004, "isv.parameter-invalid:1039", "window"],
    [40_004, "isv.parameter-invalid:4168", "window"],
    [40_003, "isv.access-token-expired", "expired"],
    [40_003, "isv.access-token-no-existed", "expired"],
    [40_001, "isv.access-token-missing", "expired"],
    [50_001, "dop.token-generate-failed:token-expired", "expired"],
    [30_001, "isv.app-permissions-insufficient", "denied"],
    [30_002, "", "denied"],
    [40_003, "isv.signature-invalid", "denied"],
    [40_003, "isv.access-token-invalid", "expired"],
    [80_000, "", "denied"],
    [50_002, "isv.business-failed:8194", "denied"],
    [50_002, "isv.business-failed:4113", "denied"],
    [50_002, "isv.business-failed:4411", "denied"],
    [40_004, "isv.parameter-invalid:257", "refused"],
    [40_004, "isv.parameter-invalid:1031", "refused"],
    [40_004, "isv.parameter-invalid:1032", "refused"],
    [40_004, "isv.parameter-invalid:1033", "refused"],
    [40_004, "isv.parameter-invalid:4101", "refused"],
    [40_004, "isv.parameter-invalid:4102", "refused"],
    [50_002, "isv.business-failed:4112", "refused"],
    [50_002, "isv.business-failed:4129", "refused"],
    [50_002, "isv.business-failed:4130", "refused"],
    [50_002, "isv.business-failed:4147", "refused"],
    [12_345, "never.heard-of", "retry"],
  ] as const)("with %i %s is %s", ([code, subCode, kind], { expect }) => {
    expect(open({ code, msg: "no", sub_code: subCode, sub_msg: "词" })).toEqual({
      ok: false,
      kind,
      code: subCode || String(code),
      detail: "词",
    });
  });

  it("that can't be read passes by", ({ expect }) => {
    const kindOf = (status: number, text: string) => {
      const opened = douyin.open({ method: "", params: {} }, status, text, now);
      return opened.ok ? null : opened.code;
    };
    expect(kindOf(200, "<html>")).toBe("not_json");
    expect(kindOf(502, "")).toBe("http_502");
    expect(kindOf(429, "{}")).toBe("http_429");
    expect(kindOf(200, "{}")).toBe("not_json");
  });
});

describe("an order of Douyin's", () => {
  const order = {
    id: "6930504568556819833",
    state: "PAY_SUCC",
    amount: 19_990,
    commission: 3_998,
    paidAt: now - 50 * minute,
    updatedAt: now - 40 * minute,
    ids: { authorAccount: "李佳", authorId: "lijia888", authorBuyinId: "6961635340667240734" },
    item: { id: "3636752471654793993", title: "猫粮 10kg", quantity: 2 },
    room: "7420000000000000001",
  };
  const read = (row: typeof order, fields: object = {}) => {
    const gateway = new DouyinGateway();
    gateway.put(row, fields);
    return readAll(douyin, gateway, "orders", window, now);
  };

  it("is told whole, with who sold it and in which room", ({ expect }) => {
    expect(eventsOf(read(order))).toEqual([
      {
        platform: "douyin",
        orderId: order.id,
        subOrderId: order.item.id,
        at: order.updatedAt,
        state: "paid",
        amount: 19_990,
        currency: "CNY",
        paidAt: order.paidAt,
        commission: 3_998,
        evidence: {
          ids: {
            "douyin.authorAccount": "李佳",
            "douyin.authorId": "lijia888",
            "douyin.authorBuyinId": "6961635340667240734",
            "douyin.mediaId": "7420000000000000001",
          },
        },
        itemId: order.item.id,
        itemTitle: "猫粮 10kg",
        quantity: 2,
      },
    ]);
  });

  it.for([
    ["PAY_SUCC", "paid"],
    ["CONFIRM", "received"],
    ["SETTLE", "settled"],
    ["REFUND", "refunded"],
    ["FROZEN", "unknown"],
  ] as const)("at the point %s is %s", ([point, state], { expect }) => {
    const [event] = eventsOf(read({ ...order, state: point }));
    expect([event?.state, event?.said]).toEqual([state, state === "unknown" ? point : undefined]);
    if (state !== "unknown") expect(stateOf(point, "douyin")).toBe(state);
  });

  it("of a video names no room", ({ expect }) => {
    for (const type of ["video", "shop_list", "others"]) {
      const [event] = eventsOf(read(order, { media_type: type }));
      expect(Object.keys(event?.evidence?.ids ?? {})).not.toContain("douyin.mediaId");
    }
  });

  it("keeps the digits of an id that is a number", ({ expect }) => {
    const text = `{"code":10000,"data":{"orders":[{"order_id":"1","product_id":3636752471654793993,"flow_point":"PAY_SUCC","total_pay_amount":1,"update_time":"2026-03-10 19:00:00","pay_success_time":"2026-03-10 19:00:00","media_type":"live","media_id":7420000000000000001}],"cursor":"0"}}`;
    const opened = douyin.open({ method: "", params: {} }, 200, text, now);
    const page = opened.ok ? feedOf(douyin, "orders").page(opened.data, null) : null;
    expect(eventsOf(page?.rows ?? [])[0]).toMatchObject({
      subOrderId: "3636752471654793993",
      evidence: { ids: { "douyin.mediaId": "7420000000000000001" } },
    });
  });

  it("has the commission that was paid once it is, the estimate until then", ({ expect }) => {
    const settled = { shop_real_commission: 3_000, shop_estimated_commission: 3_998 };
    expect(eventsOf(read(order, settled))[0]?.commission).toBe(3_000);
    expect(eventsOf(read(order, { shop_real_commission: 0 }))[0]?.commission).toBe(3_998);
  });

  it("without an amount is refused", ({ expect }) => {
    expect(read(order, { total_pay_amount: "" })).toEqual([
      { ok: false, detail: `The order ${order.id} has no amount.` },
    ]);
  });
});

describe("Douyin's pages", () => {
  const feed = feedOf(douyin, "orders");
  const row = { order_id: "1" };

  it("go on by cursor until none leads on, or a page is empty", ({ expect }) => {
    const nextOf = (data: object, cursor: string | null = null) => feed.page(data, cursor).next;
    expect(nextOf({ orders: [row], cursor: "1717508179" })).toBe("1717508179");
    expect(nextOf({ orders: [row], cursor: 1_717_508_179 })).toBe("1717508179");
    expect(nextOf({ orders: [row], cursor: "1717508179" }, "1717508179")).toBe(null);
    expect(nextOf({ orders: [row], cursor: "0" })).toBe(null);
    expect(nextOf({ orders: [row], cursor: "-1" })).toBe(null);
    expect(nextOf({ orders: [row] })).toBe(null);
    expect(nextOf({ orders: [], cursor: "5" })).toBe(null);
  });

  it("are of at most 20 rows, of at most 90 days, by when the alliance learnt of a change", ({
    expect,
  }) => {
    expect(feed.call(window, null, { appKey: "", appSecret: "" })).toEqual({
      method: "buyin.queryShopAllianceOrder",
      params: {
        size: 20,
        cursor: "0",
        start_time: "2026-03-10 19:00:00",
        end_time: "2026-03-10 19:59:00",
        time_type: "update",
      },
    });
    expect([feed.windowMs(now), feed.backMs]).toEqual([90 * day, 90 * day]);
    const gateway = new DouyinGateway();
    const wide = feed.call({ start: now - 90 * day - 1_000, end: now }, null, {
      appKey: "",
      appSecret: "",
    });
    expect(ask(douyin, gateway, wide, now)).toMatchObject({ kind: "window" });
  });
});

describe("a token of Douyin's", () => {
  it("is made anew once by its refresh token", ({ expect }) => {
    const gateway = new DouyinGateway();
    const old = gateway.credentials as unknown as Credentials;
    const renew = () => {
      const request = douyin.renewal?.request(old, douyin.base, now);
      if (!request) throw new Error("it can be renewed");
      expect(new URL(request.url).searchParams.has("access_token")).toBe(false);
      const { status, body } = send(gateway, request, now);
      return douyin.renewal?.read(status, body, now);
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
    const nothing = douyin.renewal?.read(200, '{"code":10000,"data":{}}', now);
    expect(nothing).toMatchObject({ kind: "retry" });
  });
});

describe("a promoted link of Douyin's", () => {
  const code = "9.43 复制打开抖音，看看【李佳】正在直播";
  const room: Wanted["destination"] = {
    platform: "douyin",
    kind: "live",
    id: "7420000000000000001",
    url: "https://webcast.amemv.com/douyin/webcast/reflow/7420000000000000001",
  };
  const item: Wanted["destination"] = {
    platform: "douyin",
    kind: "item",
    id: "36",
    url: "https://haohuo.jinritemai.com/views/product/item2?id=36",
  };
  const ids = { pid: "dy_1_2_3", externalInfo: "cats_li" };
  const wanted = (destination: Wanted["destination"], more: Wanted["ids"] = ids): Wanted => ({
    slug: "cats-li",
    destination,
    ids: more,
  });
  const credentials: Credentials = { appKey: "", appSecret: "" };
  const make = (gateway: DouyinGateway, of: Wanted) => {
    const asked = douyin.promotions?.call(of, credentials);
    if (!asked?.ok) throw new Error(asked?.code);
    const answer = ask(douyin, gateway, asked.call, now);
    return answer.ok ? douyin.promotions?.read(answer.data, of, now) : answer;
  };

  it("of a live room opens the app for 60 days, with its 口令", ({ expect }) => {
    const short = { ...room, resolvedFrom: "https://v.douyin.com/abc/" };
    const cases: [Wanted, string][] = [
      [wanted({ ...room, shareText: code }), code],
      [wanted(short), "https://v.douyin.com/abc/"],
      [wanted(room, { ...ids, authorBuyinId: "69" }), "69"],
    ];
    for (const [of, on] of cases) {
      const gateway = new DouyinGateway();
      gateway.live.add(on);
      expect(make(gateway, of)).toEqual({
        ok: true,
        promoted: {
          url: "https://z.douyin.com/room-cats_li",
          shareText: "7.43 复制打开抖音 cats_li ##dy_1_2_3##",
          expiresAt: now + 60 * day,
        },
      });
    }
  });

  it("of a room that is not on is refused", ({ expect }) => {
    expect(make(new DouyinGateway(), wanted({ ...room, shareText: code }))).toEqual({
      ok: false,
      kind: "refused",
      code: "isv.business-failed:4130",
      detail: "达人未开播",
    });
  });

  it("of an item opens the app, else its page, which does not end", ({ expect }) => {
    const gateway = new DouyinGateway();
    expect(make(gateway, wanted(item))).toMatchObject({
      promoted: { url: "https://z.douyin.com/item-cats_li", expiresAt: now + 60 * day },
    });
    gateway.makesZlink = false;
    expect(make(gateway, wanted(item))).toMatchObject({
      promoted: {
        url: "https://haohuo.jinritemai.com/views/product/item2?origin=cats_li",
        shareText: "8.12 cats_li ##dy_1_2_3##",
        expiresAt: null,
      },
    });
  });

  it("that is no web page is refused", ({ expect }) => {
    const gateway = new DouyinGateway();
    gateway.live.add(code);
    gateway.makesZlink = false;
    const made = make(gateway, wanted({ ...room, shareText: code }));
    expect(made).toMatchObject({ kind: "refused", code: "no_url" });
  });

  it("says what it lacks, before anything is asked", ({ expect }) => {
    const codeOf = (of: Wanted) => {
      const asked = douyin.promotions?.call(of, credentials);
      return asked?.ok === false ? asked.code : null;
    };
    expect(codeOf(wanted(room, { externalInfo: "cats_li" }))).toBe("pid_missing");
    expect(codeOf(wanted(room))).toBe("room_code_missing");
    expect(codeOf(wanted({ ...room, kind: "profile" }))).toBe("not_promotable");
  });
});

itWorksInTheMachine({
  adapter: douyin,
  make: () => new DouyinGateway(),
  order: (index, at) => ({
    id: String(6_930_000_000_000_000 + index),
    state: "PAY_SUCC",
    amount: 100,
    paidAt: at,
    updatedAt: at,
  }),
  received: (order, at) => ({ ...order, state: "CONFIRM", updatedAt: at }),
  many: 50,
});
