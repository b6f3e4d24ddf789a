/**
 * @module Pulls, pushes, order files and the API tell of the same orders, in any order, late and twice: what is kept in the end is
 * what the platform has. WeChat's shop, since it alone pushes.
 */
import { describe, it } from "vitest";
import type { FakeOrder } from "../../test/alliances/gateway.ts";
import { labOf } from "../../test/alliances/lab.ts";
import { WechatGateway } from "../../test/alliances/wechat.ts";
import { keyed } from "../../test/keyed.ts";
import { fc } from "../../test/properties.ts";
import type { Promoter } from "../model/promoter.ts";
import { applyEvents, type BookedLine } from "../orders/apply-events.ts";
import { recognise } from "../orders/import/kinds/index.ts";
import { RowReader } from "../orders/import/read-rows.ts";
import { keysOfPromoter } from "../orders/matching.ts";
import { lineKey, type OrderEvent, orderKey } from "../orders/order-line.ts";
import type { Credentials } from "./adapter.ts";
import { wechat } from "./adapters/wechat.ts";

const minute = 60_000;
const noon = Date.parse("2026-11-25T12:00:00+08:00");
const item = "10000200857718";
/** What an order comes to, as the interface numbers it, the shop's file says it, and the API takes it. */
const steps = [
  { code: "20", word: "待发货", status: "paid" },
  { code: "100", word: "已完成", status: "received" },
  { code: "250", word: "已取消", status: "invalid" },
] as const;

const promoter: Promoter = {
  ...{ slug: "cats-li", streamId: "st_1", startsAt: 0, names: [] },
  ids: keyed({ "wechat.finderId": "sphABCDEF" }),
};
const find = (key: string) => (keysOfPromoter(promoter).includes(key) ? [promoter] : []);

const beijing = (at: number) =>
  new Date(at + 8 * 60 * minute).toISOString().slice(0, 19).replace("T", " ");

/** The order as a file that is downloaded now has it. */
function ofFile(order: FakeOrder, step: number): OrderEvent {
  const row = {
    ...{ 订单号: order.id, 订单状态: steps[step]?.word ?? "", 带货账号昵称: "猫猫直播间" },
    ...{ 订单实际支付金额: (order.amount / 100).toFixed(2), "商品编码(平台)": item },
    ...{ 商品名称: "某商品", 商品数量: "1", 带货费用: "0.10", finder_id: "sphABCDEF" },
    ...{ 支付时间: beijing(order.paidAt), 订单下单时间: beijing(order.paidAt) },
    订单确认收货时间: step === 1 ? beijing(order.updatedAt) : "",
  };
  const found = recognise(Object.keys(row));
  if (!found) throw new Error("the shop's file");
  const { event } = new RowReader(found.kind, found.headers, {}, order.updatedAt).read(
    Object.values(row),
  );
  if (!event) throw new Error("a row");
  return event;
}

/** As the API takes it now. */
const ofApi = (order: FakeOrder, step: number): OrderEvent => ({
  ...{ platform: "wechat", orderId: order.id, subOrderId: item, at: order.updatedAt },
  ...{ state: steps[step]?.status ?? "paid", amount: order.amount, currency: "CNY" },
  ...{ paidAt: order.paidAt, evidence: { ids: keyed({ "wechat.finderId": "sphABCDEF" }) } },
});

const ids = ["3727324701692140001", "3727324701692140002", "3727324701692140003"];
const which = fc.nat({ max: ids.length - 1 });
const op = fc.oneof(
  fc.record({ what: fc.constant("change" as const), which }),
  fc.record({ what: fc.constantFrom("push", "file", "api"), which }),
  fc.record({ what: fc.constant("late" as const), which: fc.nat({ max: 20 }) }),
  fc.record({ what: fc.constant("pull" as const), which: fc.nat({ max: 5 }) }),
);

async function world() {
  const gateway = new WechatGateway();
  const kept = new Map<string, BookedLine[]>();
  const book = async (events: readonly OrderEvent[]) => {
    const keys = new Set(events.map(orderKey));
    const stored = [...keys].flatMap((key) => kept.get(key) ?? []);
    const { changed, accepted, updated, duplicates } = applyEvents(stored, events, find);
    const own = new Map([...stored, ...changed].map((line) => [lineKey(line), line]));
    for (const [key, lines] of Map.groupBy(own.values(), orderKey)) kept.set(key, lines);
    return { accepted, updated, duplicates };
  };
  const lab = labOf({ adapters: [wechat], gatewayOf: () => gateway, now: noon, book });
  const made = await lab.service.create({
    ...{ alliance: "wechat-shop", name: "shop", apiBase: null, since: noon - 60 * minute },
    credentials: gateway.credentials as unknown as Credentials,
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const lines = () =>
    [...kept.values()]
      .flat()
      .map(({ orderId, subOrderId, state, amount, link }) => ({
        ...{ orderId, subOrderId, state, amount, link },
      }))
      .sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  return { gateway, lab, book, lines, id: made.value.id };
}

describe("pulls, pushes, files and the API", () => {
  it("end in what the platform has, in whatever order they come, late and twice", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 4, maxLength: 24 }), async (ops) => {
        const { gateway, lab, book, lines, id } = await world();
        const step = [0, 0, 0];
        const orders = ids.map(
          (order, index): FakeOrder => ({
            ...{ id: order, state: steps[0].code, amount: 1_000 + index, commission: 10 },
            ...{ paidAt: noon - 20 * minute, updatedAt: noon - 20 * minute },
            ids: { accountName: "猫猫直播间", finderId: "sphABCDEF" },
          }),
        );
        for (const order of orders) gateway.put(order);
        const told: OrderEvent[] = [];
        for (const { what, which } of ops) {
          const order = orders[which];
          const at = step[which] ?? 0;
          if (what === "pull") await lab.pass(which * minute);
          if (what === "late") await book(told.slice(which, which + 2));
          if (!order) continue;
          if (what === "change" && at + 1 < steps.length) {
            step[which] = at + 1;
            const state = steps[at + 1]?.code ?? "";
            lab.now += minute;
            orders[which] = { ...order, state, updatedAt: lab.now };
            gateway.put(orders[which]);
          }
          if (what === "push")
            await lab.service.pushed(id, gateway.push(order.id, { at: lab.now }));
          if (what === "file" || what === "api") {
            const event = what === "file" ? ofFile(order, at) : ofApi(order, at);
            told.push(event);
            await book([event]);
          }
        }
        await lab.pass(40 * minute);
        await book(told);
        expect(lines()).toEqual(
          orders.map(({ id: orderId, amount }, index) => ({
            ...{ orderId, subOrderId: item, amount, link: "cats-li" },
            state: steps[step[index] ?? 0]?.status,
          })),
        );
      }),
      { numRuns: 40 },
    );
  });
});
