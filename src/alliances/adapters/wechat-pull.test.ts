/** @module The machine that pulls, on WeChat's list of ids: rows come whole, tokens are renewed, and what fails in between loses nothing. */
import { describe, it } from "vitest";
import type { FakeOrder } from "../../../test/alliances/gateway.ts";
import { labOf } from "../../../test/alliances/lab.ts";
import { WechatGateway } from "../../../test/alliances/wechat.ts";
import { recordOf } from "../../lib/records.ts";
import type { Credentials } from "../adapter.ts";
import type { ShownConnection } from "../connection.ts";
import { wechat } from "./wechat.ts";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse("2026-11-25T12:00:00+08:00");
const list = "/channels/ec/order/list/get";
const get = "/channels/ec/order/get";
const token = "/cgi-bin/stable_token";

async function connected(credentials: Partial<Credentials> = {}) {
  const gateway = new WechatGateway();
  const lab = labOf({ adapters: [wechat], gatewayOf: () => gateway, now: noon });
  const made = await lab.service.create({
    alliance: "wechat-shop",
    name: "shop",
    apiBase: null,
    since: noon - 20 * 24 * hour,
    credentials: { ...(gateway.credentials as unknown as Credentials), ...credentials },
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const { id } = made.value;
  return {
    lab,
    gateway,
    id,
    shown: () => lab.service.get(id) as ShownConnection,
    /** The newest of each order. */
    pulled: () => recordOf(lab.events.map(({ orderId, amount }) => [orderId, amount] as const)),
    fill: (count: number, from = noon - hour, stepMs = 1_000) => {
      const rows = Array.from({ length: count }, (_, index) =>
        order(
          String(3_727_324_701_692_140_000n + BigInt(index)),
          from + index * stepMs,
          100 + index,
        ),
      );
      for (const row of rows) gateway.put(row);
      return recordOf(rows.map(({ id, amount }) => [id, amount] as const));
    },
    count: (method: string) => gateway.calls.filter((one) => one.method === method).length,
  };
}

const order = (id: string, at: number, amount: number): FakeOrder => ({
  ...{ id, amount, state: "20", paidAt: at, updatedAt: at, commission: 10 },
  ids: { accountName: "猫猫直播间", finderId: "sphABCDEF" },
});

describe("a shop's orders", () => {
  it("come all, page by page, each asked for once, with a token that was made for it", async ({
    expect,
  }) => {
    const { lab, shown, pulled, fill, count } = await connected();
    const all = fill(67);
    await lab.pass(5 * minute);
    expect(pulled()).toEqual(all);
    expect(lab.events).toHaveLength(67);
    // The last hours in four pages; then twenty days in windows of seven.
    expect([count(token), count(list), count(get)]).toEqual([1, 7, 67]);
    expect(shown()).toMatchObject({ error: null, lastPull: { rows: 67, refused: 0 } });
    expect(lab.events[0]).toMatchObject({
      evidence: { ids: { "wechat.finderId": "sphABCDEF" } },
      commission: 10,
    });
  });

  it("that are edited later come again as they are then", async ({ expect }) => {
    const { lab, gateway, pulled, fill } = await connected();
    const all = fill(3);
    await lab.pass(10 * minute);
    expect(pulled()).toEqual(all);
    const [id = ""] = Object.keys(all);
    gateway.put({ ...order(id, noon - hour, 9_900), state: "250", updatedAt: noon + 9 * minute });
    await lab.pass(30 * minute);
    expect(lab.events.at(-1)).toMatchObject({ orderId: id, state: "invalid", amount: 9_900 });
  });

  it("that are edited while their list is read are not lost, nor others with them", async ({
    expect,
  }) => {
    const { lab, gateway, pulled, fill } = await connected();
    const all = fill(60, noon - 30 * minute);
    await lab.pass(31_000);
    const [first = "", , third = ""] = Object.keys(all);
    for (const id of [first, third]) {
      gateway.put({ ...order(id, noon - hour, 5), updatedAt: lab.now + minute });
    }
    await lab.pass(hour);
    expect(pulled()).toEqual({ ...all, [first]: 5, [third]: 5 });
  });

  it("wait a minute where the gateway says that it is too much, in the middle of a page", async ({
    expect,
  }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    const all = fill(45);
    await lab.pass(29_000);
    // The account's token, windows without an order, a page, and some of its orders.
    const { answer } = gateway;
    let gets = 0;
    gateway.answer = function (given, at) {
      if (given.url.includes(`${get}?`)) gets += 1;
      if (gets === 7) gateway.faults.unshift("throttled");
      return answer.call(this, given, at);
    };
    await lab.pass(20_000);
    expect(shown().error?.code).toBe("45011");
    expect(Object.keys(pulled())).toHaveLength(6);
    const throttledAt = gateway.calls.at(-1)?.at ?? 0;
    gets = 100;
    lab.restart();
    await lab.pass(5 * minute);
    const next = gateway.calls.find(({ at }) => at > throttledAt);
    expect((next?.at ?? 0) - throttledAt).toBeGreaterThanOrEqual(minute);
    expect(pulled()).toEqual(all);
    // The order that was refused is asked for again, those before it are not.
    expect(lab.events).toHaveLength(45);
    expect(shown().error).toBe(null);
  });

  it("survive every passing fault, one after another", async ({ expect }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    const all = fill(45);
    gateway.faults.push(
      ...(["busy", "html", "cut", "http-502", "throttled-for-seconds", "throttled"] as const),
    );
    await lab.pass(hour);
    expect(pulled()).toEqual(all);
    expect(shown().error).toBe(null);
  });

  it("stop with the reason where the account has no permission", async ({ expect }) => {
    const { lab, gateway, shown, fill } = await connected();
    fill(1);
    gateway.faults.push("denied");
    await lab.pass(hour);
    expect(shown()).toMatchObject({ error: { code: "48001" }, nextPullAt: null });
    const asked = gateway.calls.length;
    await lab.pass(10 * hour);
    expect(gateway.calls).toHaveLength(asked);
  });

  it("and say which address is not let in", async ({ expect }) => {
    const { lab, gateway, shown, fill } = await connected();
    fill(1);
    gateway.blockedAddress = "203.0.113.9";
    await lab.pass(hour);
    expect(shown().error).toMatchObject({ code: "40164" });
    expect(shown().error?.detail).toContain("203.0.113.9");
  });

  it("one of which is gone by then hold up nothing", async ({ expect }) => {
    const { lab, shown, pulled, fill } = await connected();
    const all = fill(3);
    // Named by a push, and not there.
    const { id } = shown();
    lab.ports.store.wait(id, { feed: "orders", id: "404", asOf: noon });
    await lab.pass(5 * minute);
    expect(pulled()).toEqual(all);
    expect(lab.ports.store.waiting(id, 1)).toEqual([]);
    expect(shown().error).toBe(null);
  });
});

describe("a shop's token", () => {
  it("is made anew before it ends, for days, and no call is refused for it", async ({ expect }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    for (let day = 0; day < 2; day += 1) {
      fill(5, lab.now, 1_000);
      await lab.pass(24 * hour);
    }
    expect(Object.keys(pulled())).toHaveLength(5);
    // Two hours each, less five minutes.
    expect(gateway.tokensMade).toBeGreaterThanOrEqual(23);
    expect(gateway.tokensMade).toBeLessThanOrEqual(27);
    expect(shown()).toMatchObject({ error: null, tries: 0 });
  });

  it("that ended before its time is made anew at once", async ({ expect }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    fill(2);
    await lab.pass(20 * minute);
    gateway.revoke();
    const id = "3727324701692149999";
    gateway.put(order(id, lab.now, 777));
    await lab.pass(20 * minute);
    expect(gateway.tokensMade).toBe(2);
    expect(pulled()).toMatchObject({ [id]: 777 });
    expect(shown().error).toBe(null);
  });

  it("of a wrong secret stops the connection, and the secret is not told", async ({ expect }) => {
    const { lab, gateway, shown } = await connected({ appSecret: "a-wrong-secret-of-tests" });
    await lab.pass(hour);
    expect(shown()).toMatchObject({ error: { code: "40125" }, nextPullAt: null });
    expect(gateway.calls).toHaveLength(1);
    expect(JSON.stringify(shown())).not.toContain("a-wrong-secret-of-tests");
  });
});
