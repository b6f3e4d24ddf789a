import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { ask, eventsOf, feedOf, readAll, send } from "../../../test/alliances/ask.ts";
import { KuaishouGateway } from "../../../test/alliances/kuaishou.ts";
import { connectedTo, itWorksInTheMachine } from "../../../test/alliances/machine.ts";
import type { Credentials, Wanted } from "../adapter.ts";
import { kuaishou } from "./kuaishou.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.parse("2026-03-10T20:00:00+08:00");
const window = { start: now - hour, end: now - minute };

describe("a call of Kuaishou's", () => {
  const credentials: Credentials = {
    appKey: "ks123",
    appSecret: "not signed with",
    signSecret: "sign-secret",
    accessToken: "token",
  };
  const signed = (method: string, params: object, at: number) => {
    const { url } = kuaishou.sign({ method, params }, credentials, kuaishou.base, at);
    return new URL(url).searchParams.get("sign");
  };

  it("is signed as the platform's own SDK signs it", ({ expect }) => {
    const sign = signed("open.seller.order.list", { title: "短袖" }, 1_583_271_919_000);
    expect(sign).toBe("ZpPrG0oB1g/T93FyyVD+VCzRey41yqxZoCqcGg7upYM=");
  });

  it("is signed in its parameters as they are sent", ({ expect }) => {
    const params = {
      ...{ cpsOrderStatus: 0, pageSize: 100, sortType: 2, queryType: 2 },
      ...{ beginTime: 1_764_068_400_000, endTime: 1_764_072_000_000, pcursor: "" },
    };
    const method = "open.distribution.cps.kwaimoney.order.list";
    expect(signed(method, params, 1_764_072_000_000)).toBe(
      "BqEQ4WR8feE2hN/hq4Su0Wy/EMKDu4KbCh3t/zGPCkQ=",
    );
    // The other way to sign, over the same: it is what the vector's base says.
    const base = `access_token=token&appkey=ks123&method=${method}&param=${JSON.stringify(params)}&signMethod=MD5&timestamp=1764072000000&version=1&signSecret=sign-secret`;
    expect(createHash("md5").update(base).digest("hex")).toBe("5b59a1f21e87f08be70218c2103bacf2");
  });

  it("has its parameters in the URL where it reads, in the body where it writes", ({ expect }) => {
    const reads = kuaishou.sign({ method: "open.a.list", params: { a: "&" } }, credentials, "b", 1);
    expect([
      reads.method,
      reads.body,
      reads.url.includes("param=%7B%22a%22%3A%22%26%22%7D"),
    ]).toEqual(["GET", undefined, true]);
    const writes = kuaishou.sign({ method: "open.a.create", params: {} }, credentials, "b", 1);
    expect([writes.method, writes.body, writes.url.includes("param=")]).toEqual([
      "POST",
      "param=%7B%7D",
      false,
    ]);
  });

  it("is refused with another secret, key or token", ({ expect }) => {
    const gateway = new KuaishouGateway();
    const call = feedOf(kuaishou, "orders").call(window, null, credentials);
    const asked = (more: object, at = now) => {
      const given = { ...gateway.credentials, ...more } as unknown as Credentials;
      const { status, body } = send(gateway, kuaishou.sign(call, given, kuaishou.base, at), now);
      return kuaishou.open(call, status, body, now);
    };
    expect(asked({})).toMatchObject({ ok: true });
    expect(asked({ signSecret: "other" })).toMatchObject({ kind: "denied" });
    expect(asked({ appKey: "1" })).toMatchObject({ kind: "denied" });
    expect(asked({ accessToken: "old" })).toMatchObject({ kind: "expired" });
    expect(asked({}, now - hour)).toMatchObject({ kind: "retry" });
  });
});

describe("an answer of Kuaishou's", () => {
  const open = (answer: object, status = 200) =>
    kuaishou.open({ method: "", params: {} }, status, JSON.stringify(answer), now);

  it.for([
    [{ result: 100_200_500, error: "server_error", error_msg: "服务器内部错误" }, "retry"],
    [
      { result: 100_200_102, error: "access_denied", error_msg: "invalid refresh_token" },
      "expired",
    ],
    [{ result: 100_200_101, error_msg: "app 非法" }, "denied"],
    [{ result: 100_200_106, error_msg: "invalid_scope" }, "denied"],
    [{ result: 100_200_107, error_msg: "invalid_openid" }, "denied"],
    [{ result: 100_200_100, error_msg: "invalid_request" }, "refused"],
    [{ result: 100_200_103, error_msg: "unsupported_response_type" }, "refused"],
    [{ result: 100_200_104, error_msg: "unsupported_grant_type" }, "refused"],
    [{ result: 100_200_105, error_msg: "invalid_grant" }, "refused"],
    [{ result: 40, sub_code: "802006", sub_msg: "APP已达到当天调用额度限制" }, "quota"],
    [{ result: 300_003, error_msg: "说明" }, "refused"],
    [{ result: 300_004, error_msg: "说明" }, "window"],
    [{ result: 300_005, error_msg: "说明" }, "window"],
    [{ result: 300_019, error_msg: "说明" }, "window"],
    [{ result: 1_800_608, error_msg: "说明" }, "denied"],
    [{ result: 1_000, error_msg: "Exceed qps limit, please try again later" }, "throttled"],
    [{ result: 1_000, error_msg: "Exceed quota limit, please try again tomorrow" }, "quota"],
    [{ result: 1_000, error_msg: "验签失败" }, "denied"],
    [{ result: 1_000, error_msg: "调用过于频繁" }, "throttled"],
    [{ result: 1_000, error_msg: "查询时间跨度不能超过7天" }, "window"],
    [{ result: 1_000, error_msg: "access_token已过期" }, "expired"],
    [{ result: 1_000, error_msg: "token中无scope的权限" }, "denied"],
    [{ result: 1_000, error_msg: "签名错误" }, "denied"],
    [{ result: 1_000, error_msg: "参数错误" }, "refused"],
    [{ result: 1_000, error_msg: "火星" }, "retry"],
    [{ result: 1 }, "retry"],
  ] as const)("%o is %s", ([answer, kind], { expect }) => {
    expect(open(answer)).toMatchObject({ ok: false, kind });
  });

  it("is named by its most exact code, and has the platform's words", ({ expect }) => {
    expect(open({ result: 40, sub_code: "802006", sub_msg: "额度" })).toMatchObject({
      code: "802006",
      detail: "额度",
    });
    expect(open({ result: 1, data: { a: 1 } })).toEqual({ ok: true, data: { a: 1 } });
    expect(open({}, 502)).toMatchObject({ kind: "retry", code: "http_502" });
    expect(open({}, 429)).toMatchObject({ kind: "throttled" });
  });
});

describe("an order of Kuaishou's", () => {
  const order = {
    id: "2606100012345678",
    state: "30",
    amount: 9_900,
    commission: 990,
    paidAt: now - 50 * minute,
    updatedAt: now - 40 * minute,
    ids: { comments: "cats-li", cpsPid: "ks_1001" },
    item: { id: "20123456789", title: "猫粮 10kg", quantity: 2 },
  };
  const read = (row: typeof order, fields: object = {}) => {
    const gateway = new KuaishouGateway();
    gateway.put(row, fields);
    return readAll(kuaishou, gateway, "orders", window, now);
  };

  it("is told whole, with the note that its link was given", ({ expect }) => {
    expect(eventsOf(read(order))).toEqual([
      {
        platform: "kuaishou",
        orderId: order.id,
        subOrderId: "",
        at: order.updatedAt,
        state: "paid",
        amount: 9_900,
        currency: "CNY",
        paidAt: order.paidAt,
        commission: 990,
        evidence: { ids: { "kuaishou.comments": "cats-li", "kuaishou.cpsPid": "ks_1001" } },
        itemId: "20123456789",
        itemTitle: "猫粮 10kg",
        quantity: 2,
      },
    ]);
  });

  it.for([
    ["30", "paid"],
    ["40", "paid"],
    ["50", "received"],
    ["60", "settled"],
    ["80", "invalid"],
    ["99", "unknown"],
  ] as const)("in state %s is %s", ([code, state], { expect }) => {
    const [event] = eventsOf(read({ ...order, state: code }));
    expect([event?.state, event?.said]).toEqual([state, state === "unknown" ? code : undefined]);
  });

  it("with several products is a line for each, told apart by its item", ({ expect }) => {
    const product = (itemId: number, paymentFee: number) => ({
      ...{ oid: order.id, itemId, itemTitle: `货${itemId}`, paymentFee, num: 1 },
      comments: "cats-li",
    });
    const several = { cpsKwaimoneyOrderProductView: [product(1, 300), product(2, 700)] };
    const events = eventsOf(read(order, several));
    const told = events.map(({ subOrderId, amount, commission }) => [
      subOrderId,
      amount,
      commission,
    ]);
    // What the order earns is not one product's.
    expect(told).toEqual([
      ["1", 300, undefined],
      ["2", 700, undefined],
    ]);
  });

  it("without an amount or an id is refused, and one without products stands for itself", ({
    expect,
  }) => {
    const bare = { cpsKwaimoneyOrderProductView: [], oid: "7", paymentFee: 5, comments: "x" };
    expect(eventsOf(read(order, bare))[0]).toMatchObject({ orderId: "7", amount: 5 });
    const poor = { cpsKwaimoneyOrderProductView: [{ oid: "7" }] };
    expect(read(order, poor)).toEqual([{ ok: false, detail: "The order 7 has no amount." }]);
    const nameless = { cpsKwaimoneyOrderProductView: [{ paymentFee: 5 }] };
    expect(read(order, nameless)).toEqual([{ ok: false, detail: "A row names no order." }]);
  });
});

describe("Kuaishou's pages", () => {
  const feed = feedOf(kuaishou, "orders");

  it("go on by cursor until there is no more", ({ expect }) => {
    const nextOf = (pcursor: unknown, cursor: string | null = null) =>
      feed.page({ orderList: [], pcursor }, cursor).next;
    expect(nextOf("abc")).toBe("abc");
    expect(nextOf("nomore")).toBe(null);
    expect(nextOf("")).toBe(null);
    expect(nextOf(undefined)).toBe(null);
    expect(nextOf("abc", "abc")).toBe(null);
  });

  it("are of at most 100 rows and 7 days, by when they changed, in milliseconds", ({ expect }) => {
    expect(feed.call(window, "abc", { appKey: "", appSecret: "" })).toEqual({
      method: "open.distribution.cps.kwaimoney.order.list",
      params: {
        ...{ cpsOrderStatus: 0, pageSize: 100, sortType: 1, queryType: 2 },
        ...{ beginTime: window.start, endTime: window.end, pcursor: "abc" },
      },
    });
    expect([feed.windowMs(now), feed.backMs]).toEqual([7 * day, 90 * day]);
  });

  it("are asked for in narrower windows where a campaign narrows them, and nothing is lost", async ({
    expect,
  }) => {
    const gateway = new KuaishouGateway();
    gateway.windowMs = hour;
    for (let index = 0; index < 50; index += 1) {
      const at = now - 48 * hour + index * 55 * minute;
      gateway.put({ id: `${1_000 + index}`, state: "30", amount: 1, paidAt: at, updatedAt: at });
    }
    const { lab, lines, shown } = await connectedTo(kuaishou, gateway, {}, now - 3 * day);
    await lab.pass(10 * minute);
    expect(lines()).toHaveLength(50);
    expect(shown().error).toBe(null);
  });
});

describe("a token of Kuaishou's", () => {
  it("is made anew once by its refresh token, and no secret stands in a URL", ({ expect }) => {
    const gateway = new KuaishouGateway();
    const old = gateway.credentials as unknown as Credentials;
    const renew = (given = old) => {
      const request = kuaishou.renewal?.request(given, kuaishou.base, now);
      if (!request) throw new Error("it can be renewed");
      expect(request.url).toBe("https://openapi.kwaixiaodian.com/oauth2/refresh_token");
      const { status, body } = send(gateway, request, now);
      return kuaishou.renewal?.read(status, body, now);
    };
    expect(renew()).toEqual({
      ok: true,
      credentials: {
        accessToken: "access-token-1",
        refreshToken: "refresh-token-1",
        expiresAt: now + 2 * day,
        refreshExpiresAt: now + 179 * day,
      },
    });
    expect(renew()).toMatchObject({ ok: false, kind: "expired", code: "100200102" });
    expect(renew({ ...old, appSecret: "other" })).toMatchObject({ kind: "denied" });
    expect(kuaishou.renewal?.read(200, "<html>", now)).toMatchObject({ kind: "retry" });
    expect(kuaishou.renewal?.read(200, '{"result":1}', now)).toMatchObject({ kind: "retry" });
  });
});

describe("a promoted link of Kuaishou's", () => {
  const room: Wanted["destination"] = {
    platform: "kuaishou",
    kind: "live",
    id: "3xabc",
    idType: "principalId",
    url: "https://live.kuaishou.com/u/3xabc",
  };
  const ids = { cpsPid: "ks_1001", comments: "cats-li" };
  const wanted = (destination: Wanted["destination"], more: Wanted["ids"] = ids): Wanted => ({
    slug: "cats-li",
    destination,
    ids: more,
  });
  const credentials: Credentials = { appKey: "", appSecret: "" };
  const make = (gateway: KuaishouGateway, of: Wanted) => {
    const asked = kuaishou.promotions?.call(of, credentials);
    if (!asked?.ok) throw new Error(asked?.code);
    const answer = ask(kuaishou, gateway, asked.call, now);
    return answer.ok ? kuaishou.promotions?.read(answer.data, of, now) : answer;
  };

  it("of a live room has its pid, its note and its 口令", ({ expect }) => {
    const gateway = new KuaishouGateway();
    gateway.hosts.add("3xabc");
    expect(make(gateway, wanted(room))).toEqual({
      ok: true,
      promoted: {
        url: "https://c.kuaishou.com/cps/100/3xabc?c=cats-li&p=ks_1001",
        shareText: "复制后打开快手 cats-li",
        expiresAt: null,
      },
    });
    expect(make(new KuaishouGateway(), wanted(room))).toMatchObject({ kind: "refused" });
  });

  it("of an item names it, and has the slug where no note was given", ({ expect }) => {
    const item = { ...room, kind: "item", id: "2012" } as const;
    expect(make(new KuaishouGateway(), wanted(item, { cpsPid: "ks_1" }))).toMatchObject({
      promoted: { url: "https://c.kuaishou.com/cps/101/2012?c=cats-li&p=ks_1" },
    });
  });

  it("says what it lacks, before anything is asked", ({ expect }) => {
    const codeOf = (of: Wanted) => {
      const asked = kuaishou.promotions?.call(of, credentials);
      return asked?.ok === false ? asked.code : null;
    };
    expect(codeOf(wanted(room, {}))).toBe("pid_missing");
    expect(codeOf(wanted({ ...room, idType: "streamId" }))).toBe("host_missing");
    expect(codeOf(wanted({ ...room, kind: "item", id: "x" }))).toBe("item_missing");
    expect(codeOf(wanted({ ...room, kind: "profile" }))).toBe("not_promotable");
    expect(kuaishou.promotions?.read({ linkUrl: "kwai://x" }, wanted(room), now)).toMatchObject({
      kind: "refused",
    });
  });
});

itWorksInTheMachine({
  adapter: kuaishou,
  make: () => {
    const gateway = new KuaishouGateway();
    gateway.pageSize = 20;
    return gateway;
  },
  order: (index, at) => ({
    id: String(2_606_100_012_345_000 + index),
    state: "30",
    amount: 100,
    paidAt: at,
    updatedAt: at,
  }),
  received: (order, at) => ({ ...order, state: "50", updatedAt: at }),
  many: 50,
});
