import { describe, it } from "vitest";
import { ask, eventsOf, readAll } from "../../../test/alliances/ask.ts";
import { FakeJd } from "../../../test/alliances/jd.ts";
import type { Call, Credentials, FaultKind, Wanted } from "../adapter.ts";
import { md5Around, sortedPairs } from "../signing.ts";
import { jd } from "./jd.ts";

const now = Date.parse("2026-11-25T20:30:00+08:00");
const minute = 60_000;
const day = 86_400_000;
const window = { start: now - 50 * minute, end: now - minute };
const call: Call = { method: "jd.union.open.order.row.query", params: {} };
const root = "jd_union_open_order_row_query_responce";

const opened = (body: unknown, status = 200, of = call) =>
  jd.open(of, status, typeof body === "string" ? body : JSON.stringify(body), now);
const resulting = (result: unknown, name = root) =>
  opened({ [name]: { code: "0", queryResult: JSON.stringify(result) } });

describe("a call of JD's is signed", () => {
  it("as the documentation's example is", ({ expect }) => {
    const pairs = sortedPairs([
      [
        "360buy_param_json",
        '{"end_date":null,"optional_fields":null,"order_state":"WAIT_SELLER_STOCK_OUT","page":"1","page_size":"200","start_date":null}',
      ],
      ["access_token", "yourtoken"],
      ["app_key", "yourappkey"],
      ["method", "jingdong.pop.order.search"],
      ["timestamp", "2021-05-07 09:20:39.683+0800"],
      ["v", "2.0"],
    ]);
    expect(md5Around("yourappSecret", pairs)).toBe("D70825340F4084360B9362B60DFD7930");
  });

  it("the union's query for rows with the signature of its vector", ({ expect }) => {
    const at = Date.parse("2026-11-25T20:00:00+08:00");
    const credentials: Credentials = { appKey: "testkey", appSecret: "testsecret" };
    const asked = jd.feeds[0]?.call({ start: at - 60 * minute, end: at }, null, credentials);
    const request = jd.sign(asked ?? call, credentials, jd.base, at);
    expect(request.url).toBe("https://api.jd.com/routerjson");
    const body = new URLSearchParams(request.body);
    expect(body.get("360buy_param_json")).toBe(
      '{"orderReq":{"pageIndex":1,"pageSize":500,"type":3,"startTime":"2026-11-25 19:00:00","endTime":"2026-11-25 20:00:00"}}',
    );
    expect(body.get("sign")).toBe("662D2A0738EE115A81C93322ED56D383");
    expect(body.has("access_token")).toBe(false);
    const token = jd.sign(call, { ...credentials, accessToken: "t" }, jd.base, at);
    expect(new URLSearchParams(token.body).get("access_token")).toBe("t");
  });
});

describe("an answer of JD's", () => {
  it("is read in either spelling, as a text or an object, and of the older gateway", ({
    expect,
  }) => {
    const result = { code: 200, message: "success", data: [{ orderId: 1 }], hasMore: true };
    const read = { ok: true, data: { askedAt: now, data: [{ orderId: 1 }], hasMore: true } };
    const right = "jd_union_open_order_row_query_response";
    expect(resulting(result)).toEqual(read);
    expect(resulting({ ...result, code: "200", hasMore: "true" }, right)).toEqual(read);
    expect(opened({ [root]: { code: "0", queryResult: result } })).toEqual(read);
    expect(opened({ [right]: { code: "0", result: JSON.stringify(result) } })).toEqual(read);
  });

  const cases: [kind: FaultKind, code: number][] = [
    ["refused", 2002400],
    ["expired", 2002401],
    ["denied", 2002403],
    ["retry", 2002408],
    ["denied", 2002410],
    ["shrink", 2002452],
    ["window", 2002453],
    ["refused", 2002499],
    ["retry", 2002500],
    ["retry", 500],
    ["denied", 403],
    ["throttled", 429],
    ["retry", 7_777],
    // Of links.
    ...[2001101, 2001102, 2001104, 2001105, 2001107, 2001208, 2001212, 2001213].map(
      (code): [FaultKind, number] => ["refused", code],
    ),
    ...[2001214, 2001230, 2001303, 2001702, 2001703, 2001919].map((code): [FaultKind, number] => [
      "refused",
      code,
    ]),
    ...[2001403, 2001603, 2001201].map((code): [FaultKind, number] => ["denied", code]),
    ...[2001504, 2001609, 2001910].map((code): [FaultKind, number] => ["retry", code]),
  ];
  for (const [kind, code] of cases) {
    it(`is ${kind}: ${code}`, ({ expect }) => {
      const fault = { ok: false, kind, code: String(code), detail: "说明" };
      expect(resulting({ code, message: "说明" })).toEqual(fault);
      expect(resulting({ code: String(code), errorMessage: "说明" })).toEqual(fault);
    });
  }

  it("of the gateway itself has its own codes", ({ expect }) => {
    const of = (code: string, words = "说明") =>
      opened({ error_response: { code, zh_desc: words, en_desc: "words" } });
    expect(of("12")).toMatchObject({ kind: "denied", code: "12", detail: "说明" });
    expect(of("21")).toMatchObject({ kind: "denied" });
    expect(of("24")).toMatchObject({ kind: "denied" });
    expect(of("19")).toMatchObject({ kind: "expired" });
    expect(of("65")).toMatchObject({ kind: "retry" });
    expect(of("66")).toMatchObject({ kind: "retry" });
    expect(of("5")).toMatchObject({ kind: "refused" });
    expect(of("5", "非法的时间戳参数")).toMatchObject({ kind: "retry" });
    expect(opened({ [root]: { code: "19", zh_desc: "无效access_token" } })).toMatchObject({
      kind: "expired",
    });
  });

  it("that can't be read is a passing fault", ({ expect }) => {
    expect(opened("<html>", 502)).toMatchObject({ kind: "retry", code: "http_502" });
    expect(opened("<html>")).toMatchObject({ kind: "retry", code: "not_json" });
    expect(opened("null")).toMatchObject({ kind: "retry", code: "not_json" });
    expect(opened({ [root]: { code: "0", queryResult: '{"code":200,"da' } })).toMatchObject({
      kind: "retry",
      code: "no_result",
    });
  });
});

describe("an order row of JD's", () => {
  const row = {
    id: "317861860005",
    part: "44303679033",
    state: "16",
    amount: 5_400,
    commission: 243,
    paidAt: now - 3 * 60 * minute,
    updatedAt: now - 20 * minute,
    ids: {
      subUnionId: "cats-li",
      positionId: "3100",
      pid: "618_618_618",
      ext1: "e",
      channelId: "7",
    },
    item: { id: "44303679033", title: "盲盒", quantity: 1 },
  };
  const told = (gateway: FakeJd) => eventsOf(readAll(jd, gateway, "orders", window, now));

  it("is told whole", ({ expect }) => {
    const gateway = new FakeJd();
    gateway.put(row);
    expect(told(gateway)).toEqual([
      {
        ...{ platform: "jd", orderId: row.id, subOrderId: row.part, at: row.updatedAt },
        ...{ state: "paid", amount: 5_400, currency: "CNY", paidAt: row.paidAt, commission: 243 },
        evidence: {
          ids: {
            "jd.subUnionId": "cats-li",
            "jd.positionId": "3100",
            "jd.pid": "618_618_618",
            "jd.ext1": "e",
            "jd.channelId": "7",
          },
        },
        ...{ itemId: row.part, itemTitle: "盲盒", quantity: 1 },
      },
    ]);
  });

  const invalid = "3 4 5 6 7 8 9 11 13 14 19 20 21 22 23 25 26 27 28 29 30".split(" ");
  const states = [
    ...[["15", "created"] as const, ["24", "created"] as const, ["16", "paid"] as const],
    ...[["17", "received"] as const, ["2", "split"] as const, ["-1", "unknown"] as const],
    ...invalid.map((code) => [code, "invalid"] as const),
  ];
  for (const [code, state] of states) {
    it(`with validCode ${code} is ${state}`, ({ expect }) => {
      const gateway = new FakeJd();
      gateway.put({ ...row, state: code });
      const [event] = told(gateway);
      // Why JD pays nothing for it stays known.
      const said = state === "invalid" || state === "unknown" ? code : undefined;
      expect([event?.state, event?.said]).toEqual([state, said]);
    });
  }

  it("is settled once the day of its payment has come", ({ expect }) => {
    const of = (payMonth: unknown, state = "17") => {
      const gateway = new FakeJd();
      gateway.put({ ...row, state }, { payMonth });
      return told(gateway)[0]?.state;
    };
    expect(of("20261120")).toBe("settled");
    expect(of(20261120)).toBe("settled");
    expect(of("20261125")).toBe("settled");
    expect(of("20261126")).toBe("received");
    expect(of("0")).toBe("received");
    expect(of(0)).toBe("received");
    expect(of("20261120", "16")).toBe("paid");
    expect(of("20261120", "27")).toBe("invalid");
  });

  it("of a divided order names the one that it came from", ({ expect }) => {
    const of = (parentId: unknown) => {
      const gateway = new FakeJd();
      gateway.put(row, { parentId });
      return told(gateway)[0]?.parentId;
    };
    expect(of(317861860001)).toBe("317861860001");
    expect(of(0)).toBe(undefined);
    expect(of(Number(row.id))).toBe(undefined);
  });

  it("has JD's floats as the money that they stand for", ({ expect }) => {
    const gateway = new FakeJd();
    gateway.put(row, { estimateCosPrice: 69.1 + 0.2, estimateFee: 0.1 + 0.2, actualFee: 0 });
    expect(told(gateway)[0]).toMatchObject({ amount: 6_930, commission: 30 });
  });

  it("keeps ids that are longer than a number, and has none of 0", ({ expect }) => {
    const body = JSON.stringify({
      code: 200,
      data: [{ validCode: 16, estimateCosPrice: 1, modifyTime: "2026-11-25 20:00:00" }],
    }).replace('"validCode"', '"orderId":123456789012345678,"positionId":0,"validCode"');
    const answer = opened({ [root]: { code: "0", queryResult: body } });
    const page = answer.ok && jd.feeds[0]?.page(answer.data, null);
    if (!page) throw new Error("read");
    expect(eventsOf(page.rows)).toMatchObject([{ orderId: "123456789012345678" }]);
    expect(eventsOf(page.rows)[0]?.evidence).toBe(undefined);
  });

  it("stands alone or under its name, as the document's example has it", ({ expect }) => {
    const one = {
      orderId: 1,
      validCode: 16,
      estimateCosPrice: 1,
      modifyTime: "2026-11-25 20:00:00",
    };
    for (const [data, count] of [
      [[one, one], 2],
      [{ orderRowResp: one }, 1],
      [{ orderRowResp: [one, one] }, 2],
      [null, 0],
      [undefined, 0],
    ] as const) {
      const page = jd.feeds[0]?.page({ askedAt: now, data, hasMore: false }, null);
      expect([data, page?.rows.filter(({ ok }) => ok).length]).toEqual([data, count]);
    }
  });
});

describe("JD's pages", () => {
  it("are read to the end, and back to the first where there are several", ({ expect }) => {
    const next = (cursor: string | null, hasMore: boolean) =>
      jd.feeds[0]?.page({ askedAt: now, data: [], hasMore }, cursor).next;
    expect(next(null, false)).toBe(null);
    expect(next(null, true)).toBe("2");
    expect(next("2", true)).toBe("3");
    expect(next("3", false)).toBe("-2");
    expect(next("-2", true)).toBe("-1");
    expect(next("-1", true)).toBe(null);
    const asked = jd.feeds[0]?.call(window, "-2", { appKey: "", appSecret: "" });
    expect(asked).toMatchObject({ params: { orderReq: { pageIndex: 2 } } });
  });
});

describe("a promoted link of JD's", () => {
  const wanted = (ids: Record<string, string>, url?: string): Wanted => ({
    slug: "cats-li",
    destination: {
      ...{ platform: "jd", kind: "live", id: "5" },
      ...(url === undefined ? {} : { url }),
    },
    ids,
  });
  const room = "https://lives.jd.com/#/5";
  const make = (gateway: FakeJd, of: Wanted) => {
    const asked = jd.promotions?.call(of, { appKey: "", appSecret: "" });
    if (!asked?.ok) throw new Error(asked?.code);
    const answer = ask(jd, gateway, asked.call, now);
    return answer.ok ? jd.promotions?.read(answer.data, of, now) : answer;
  };

  it("has the sub-union id, and a URL that does not end", ({ expect }) => {
    expect(make(new FakeJd(), wanted({ subUnionId: "cats-li", positionId: "3100" }, room))).toEqual(
      {
        ok: true,
        promoted: {
          url: "https://union-click.jd.com/jdc?e=&u=cats-li&p=&pos=3100",
          shareText: "！cats-li！ 京东",
          expiresAt: null,
        },
      },
    );
  });

  it("with a short URL alone ends after 60 days", ({ expect }) => {
    const gateway = new FakeJd();
    gateway.makesLongUrl = false;
    expect(make(gateway, wanted({ subUnionId: "cats-li" }, room))).toMatchObject({
      promoted: { url: "https://u.jd.com/cats-li", expiresAt: now + 60 * day },
    });
  });

  it("names a pid in the place of the sub-union id, never both", ({ expect }) => {
    expect(make(new FakeJd(), wanted({ subUnionId: "cats-li", pid: "1_2_3" }, room))).toMatchObject(
      { promoted: { url: "https://union-click.jd.com/jdc?e=&u=&p=1_2_3&pos=" } },
    );
  });

  it("is refused where JD takes no such page, and before asking where there is none", ({
    expect,
  }) => {
    expect(make(new FakeJd(), wanted({ subUnionId: "c" }, "https://example.com/"))).toEqual({
      ok: false,
      kind: "refused",
      code: "2001101",
      detail: "materialId链接格式错误",
    });
    expect(
      jd.promotions?.call(wanted({ subUnionId: "c" }), { appKey: "", appSecret: "" }),
    ).toMatchObject({ ok: false, code: "url_missing" });
    expect(jd.promotions?.read({ data: {} }, wanted({}), now)).toMatchObject({ kind: "refused" });
  });
});
