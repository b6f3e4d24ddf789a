/** Who came back, asked for in the real machine beside the pulling of orders; gateways and clock are fakes. */
import { describe, it } from "vitest";
import { connectedTo } from "../../../test/alliances/machine.ts";
import { FakeTaobao } from "../../../test/alliances/taobao.ts";
import { WechatGateway } from "../../../test/alliances/wechat.ts";
import { recordOf } from "../../lib/records.ts";
import type { Adapter } from "../adapter.ts";
import { taobao } from "../adapters/taobao.ts";
import { wechat } from "../adapters/wechat.ts";
import { run } from "../pull.ts";
import { askReturns, type ReturnPorts } from "./ask.ts";
import { ReturnedStore } from "./store.ts";
import type { Target } from "./targets.ts";

const minute = 60_000;
const hour = 60 * minute;
const report = "taobao.tbk.dg.tpwd.report.get";
const joins = "/channels/ec/league/headsupplier/promoteraction/getlivestats";

type Gateway = Parameters<typeof connectedTo>[1];

/** The machine as the object's alarm runs it: orders first, then who came back. */
async function asking(adapter: Adapter, gateway: Gateway, targets: Target[]) {
  const connected = await connectedTo(adapter, gateway);
  const { lab } = connected;
  const returned = new ReturnedStore(lab.database.sql);
  const portsOf = (): ReturnPorts => ({
    ...lab.ports,
    returned,
    targets: async () => targets,
    askAt: new Map(),
  });
  let ports = portsOf();
  const pass = async (ms: number) => {
    const end = lab.now + ms;
    while (lab.now < end) {
      await run(ports, () => false);
      const next = await askReturns(ports, () => false);
      const due = Math.min(next ?? end, ports.store.nextDue() ?? end, end);
      lab.now = Math.max(lab.now + 1_000, due);
    }
  };
  return {
    ...connected,
    pass,
    returned,
    restart: () => {
      lab.restart();
      ports = portsOf();
    },
    told: () => returned.ofStream("st_1").map(({ slug, pv, uv }) => [slug, pv, uv]),
    days: () => returned.ofStream("st_1").map(({ day, pv }) => [day, pv]),
    asked: (method: string) => gateway.calls.filter((one) => one.method === method),
  };
}

const tpwdOf = (index: number) => `￥AbCd${String(index).padStart(6, "0")}￥`;
const linkTo = (index: number): Target => ({
  slug: `slug${index}`,
  streamId: "st_1",
  destinations: [
    { platform: "taobao", kind: "live", id: "5", shareText: `来看 ${tpwdOf(index)} 直播` },
  ],
  ids: recordOf([["taobao", recordOf([["adzoneId", "77"]])]]),
});
const links = (count: number) => Array.from({ length: count }, (_, index) => linkTo(index));

function filled(count: number) {
  const gateway = new FakeTaobao();
  for (let index = 0; index < count; index += 1) {
    gateway.returned.set(tpwdOf(index), { pv: 10 * index, uv: 5 * index });
  }
  return gateway;
}

describe("who came back by a 口令", () => {
  it("is asked for link by link, every ten minutes, and the last figure of a day stays", async ({
    expect,
  }) => {
    const gateway = filled(3);
    const { pass, told, days, asked } = await asking(taobao, gateway, links(3));
    await pass(5 * minute);
    expect(told()).toEqual([
      ["slug0", 0, 0],
      ["slug1", 10, 5],
      ["slug2", 20, 10],
    ]);
    expect(asked(report)).toHaveLength(3);
    gateway.returned.set(tpwdOf(2), { pv: 90, uv: 40 });
    await pass(10 * minute);
    expect(asked(report)).toHaveLength(6);
    expect(told()[2]).toEqual(["slug2", 90, 40]);
    // From 20:15 to the next day: what the platform says then is of that day alone.
    await pass(4 * hour);
    gateway.returned.set(tpwdOf(2), { pv: 1, uv: 1 });
    await pass(hour);
    expect(days().filter(([, pv]) => pv !== 0 && pv !== 10)).toEqual([
      ["2026-03-10", 90],
      ["2026-03-11", 1],
    ]);
  });

  it("is not asked for again by a process that begins anew", async ({ expect }) => {
    const { pass, restart, asked } = await asking(taobao, filled(3), links(3));
    await pass(2 * minute);
    restart();
    await pass(5 * minute);
    expect(asked(report)).toHaveLength(3);
  });

  it("is asked within the account's rate, of 500 links at most", async ({ expect }) => {
    const gateway = filled(0);
    const { pass, asked } = await asking(taobao, gateway, links(520));
    await pass(9 * minute);
    expect(asked(report)).toHaveLength(500);
    const gaps = gateway.calls
      .slice(1)
      .map(({ at }, index) => at - (gateway.calls[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(taobao.spacingMs);
  });

  it("waits while orders are due", async ({ expect }) => {
    const { lab, id, pass, asked } = await asking(taobao, filled(1), links(1));
    const ports: ReturnPorts = {
      ...lab.ports,
      returned: new ReturnedStore(lab.database.sql),
      targets: async () => links(1),
      askAt: new Map(),
    };
    lab.ports.store.setDue(id, lab.now);
    await askReturns(ports, () => false);
    expect(asked(report)).toHaveLength(0);
    await pass(2 * minute);
    expect(asked(report)).toHaveLength(1);
  });

  it("stops no orders where it is not permitted, which is told, and is asked for a day later", async ({
    expect,
  }) => {
    const gateway = filled(3);
    gateway.withheld.add(report);
    const { pass, told, shown, asked } = await asking(taobao, gateway, links(3));
    await pass(2 * hour);
    expect(asked(report)).toHaveLength(1);
    expect(shown()).toMatchObject({
      error: null,
      stoppedAt: null,
      returnsRefused: { code: "isv.permission-api-package-limit" },
    });
    const pulled = shown().through ?? 0;
    gateway.withheld.delete(report);
    await pass(21 * hour);
    expect(told()).toEqual([]);
    expect(shown().through).toBeGreaterThan(pulled);
    await pass(2 * hour);
    expect(told().length).toBeGreaterThan(0);
    expect(shown().returnsRefused).toBe(null);
  });

  it("is asked for again once somebody has changed the connection after a refusal", async ({
    expect,
  }) => {
    const gateway = filled(1);
    gateway.withheld.add(report);
    const { pass, lab, id, told } = await asking(taobao, gateway, links(1));
    await pass(2 * minute);
    gateway.withheld.delete(report);
    await pass(20 * minute);
    expect(told()).toEqual([]);
    await lab.service.change(id, { enabled: true });
    await pass(2 * minute);
    expect(told()).toEqual([["slug0", 0, 0]]);
  });

  it.for(["throttled", "throttled-for-seconds", "busy", "html", "http-502", "cut"] as const)(
    "comes all the same where a call fails, and orders do not fail by it: %s",
    async (fault, { expect }) => {
      const gateway = filled(3);
      const { pass, told, shown } = await asking(taobao, gateway, links(3));
      const answer = gateway.answer.bind(gateway);
      let isFailing = true;
      gateway.answer = (given, at) => {
        const isReport = new URLSearchParams(given.body).get("method") === report;
        if (isReport && isFailing) gateway.faults.push(fault);
        if (isReport) isFailing = false;
        return answer(given, at);
      };
      await pass(30 * minute);
      expect(told()).toHaveLength(3);
      expect(shown()).toMatchObject({ error: null, tries: 0 });
    },
  );

  it("has a pause after three faults in a row, and until the next day where nothing is left", async ({
    expect,
  }) => {
    const gateway = filled(9);
    const { pass, asked, told } = await asking(taobao, gateway, links(9));
    const answer = gateway.answer.bind(gateway);
    let fault: "busy" | "quota" = "busy";
    gateway.answer = (given, at) => {
      const isReport = new URLSearchParams(given.body).get("method") === report;
      if (isReport) gateway.faults.push(fault);
      return answer(given, at);
    };
    await pass(minute);
    expect(asked(report)).toHaveLength(3);
    fault = "quota";
    await pass(3 * hour);
    expect(asked(report)).toHaveLength(4);
    expect(told()).toEqual([]);
  });

  it("is not asked for by a connection that is paused, nor kept of one that was deleted meanwhile", async ({
    expect,
  }) => {
    const { pass, lab, id, asked, told } = await asking(taobao, filled(2), links(2));
    await lab.service.change(id, { enabled: false });
    await pass(hour);
    expect(asked(report)).toHaveLength(0);
    lab.service.delete(id);
    await pass(hour);
    expect(told()).toEqual([]);
  });

  it("is forgotten after 400 days", async ({ expect }) => {
    const { pass, returned, days } = await asking(taobao, filled(1), links(1));
    const of = { slug: "old", stream: "st_1", source: "taobao", connection: "cn_1" } as const;
    for (const day of ["2025-02-02", "2025-02-03", "2025-02-04"]) {
      returned.put({ ...of, day, key: "￥AbCd12EfGh￥" }, { pv: 1, uv: 1 }, 0);
    }
    // It is 10 March 2026.
    await pass(2 * minute);
    expect(days().map(([day]) => day)).toEqual(["2025-02-03", "2025-02-04", "2026-03-10"]);
  });
});

describe("who entered WeChat's room by a 推客's link", () => {
  const target = (liveId: string): Target => ({
    slug: liveId,
    streamId: "st_1",
    destinations: [],
    ids: recordOf([
      [
        "wechat",
        recordOf([
          ["sharerAppid", "wx1"],
          ["liveId", liveId],
        ]),
      ],
    ]),
  });

  it("is asked for with a token that was made for it; an unknown room holds up no other", async ({
    expect,
  }) => {
    const gateway = new WechatGateway();
    gateway.joined.set("wx1/live-1", { joins: 120, users: 96 });
    const { pass, told } = await asking(wechat, gateway as never, [
      target("unknown"),
      target("live-1"),
    ]);
    await pass(5 * minute);
    expect(told()).toEqual([["live-1", 120, 96]]);
  });

  it("is asked for of an agency too, which is refused a shop's orders", async ({ expect }) => {
    const gateway = new WechatGateway();
    gateway.joined.set("wx1/live-1", { joins: 3, users: 2 });
    const answer = gateway.answer.bind(gateway);
    gateway.answer = (given, at) => {
      if (given.url.includes("/order/list/get")) gateway.faults.push("denied");
      return answer(given, at);
    };
    const { pass, told, shown, asked } = await asking(wechat, gateway as never, [target("live-1")]);
    await pass(15 * minute);
    expect(shown()).toMatchObject({ error: { code: "48001" } });
    expect(told()).toEqual([["live-1", 3, 2]]);
    gateway.revoke();
    gateway.joined.set("wx1/live-1", { joins: 9, users: 8 });
    await pass(30 * minute);
    expect(told()).toEqual([["live-1", 9, 8]]);
    expect(asked(joins).length).toBeGreaterThan(2);
  });
});
