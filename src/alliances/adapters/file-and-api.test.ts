/** @module An order that a file of the platform's tells, and its interface: one line, whichever comes first. */
import { describe, it } from "vitest";
import { eventsOf, readAll } from "../../../test/alliances/ask.ts";
import { DouyinGateway } from "../../../test/alliances/douyin.ts";
import type { FakeUnion } from "../../../test/alliances/fake-union.ts";
import type { FakeOrder } from "../../../test/alliances/gateway.ts";
import { FakeJd } from "../../../test/alliances/jd.ts";
import { FakePinduoduo } from "../../../test/alliances/pinduoduo.ts";
import { FakeTaobao } from "../../../test/alliances/taobao.ts";
import { recognise } from "../../orders/import/kinds/index.ts";
import { RowReader } from "../../orders/import/read-rows.ts";
import { applyEvent, lineKey, type OrderEvent } from "../../orders/order-line.ts";
import type { Adapter } from "../adapter.ts";
import { douyin } from "./douyin.ts";
import { jd } from "./jd.ts";
import { pinduoduo } from "./pinduoduo.ts";
import { taobao } from "./taobao.ts";

const now = Date.parse("2026-03-10T20:00:00+08:00");
const minute = 60_000;
const window = { start: now - 50 * minute, end: now - minute };
const at = (time: string) => Date.parse(`2026-03-10T${time}+08:00`);

/** What a file of one row says. */
function ofFile(kind: string, row: Record<string, string>): OrderEvent {
  const found = recognise(Object.keys(row));
  if (found?.kind.name !== kind) throw new Error(`recognised as ${found?.kind.name}`);
  const { event } = new RowReader(found.kind, found.headers, {}, now).read(Object.values(row));
  if (!event) throw new Error("a row");
  return event;
}

interface Case {
  kind: string;
  row: Record<string, string>;
  adapter: Adapter;
  feed: string;
  gateway: FakeUnion;
  order: FakeOrder;
  fields?: object;
}

const cases: readonly Case[] = [
  {
    kind: "taobao-publisher",
    row: {
      ...{ 淘宝订单编号: '="2026031012345678901"', 淘宝子订单号: '="2026031012345678902"' },
      ...{ 订单状态: "已付款", 付款金额: "199.90", 佣金金额: "19.99", 推广位ID: "110000001" },
      ...{
        渠道关系ID: "2400000001",
        付款时间: "2026-03-10 19:20:00",
        创建时间: "2026-03-10 19:19:00",
      },
      点击时间: "2026-03-10 19:10:00",
    },
    ...{ adapter: taobao, feed: "orders", gateway: new FakeTaobao() },
    order: {
      ...{ id: "2026031012345678901", part: "2026031012345678902", state: "12" },
      ...{ amount: 19_990, commission: 1_999, paidAt: at("19:20:00"), updatedAt: at("19:30:00") },
      ids: { adzoneId: "110000001", relationId: "2400000001" },
    },
  },
  {
    kind: "taobao-merchant-refund",
    row: {
      ...{ 淘宝订单编号: "2026031012345678901", 淘宝子订单编号: "2026031012345678902" },
      ...{ 维权退款金额: "35.00", 维权状态: "维权成功", 维权完成时间: "2026-03-10 19:40:00" },
    },
    ...{ adapter: taobao, feed: "refunds", gateway: new FakeTaobao() },
    order: {
      ...{ id: "2026031012345678901", part: "2026031012345678902", state: "14", amount: 19_990 },
      ...{ refund: 3_500, paidAt: at("19:20:00"), updatedAt: at("19:40:00") },
    },
  },
  {
    kind: "jd-union",
    row: {
      ...{
        订单号: "317861860005",
        主单号: "317861860001",
        订单状态: "已完成",
        商品编号: "44303679033",
      },
      ...{
        下单时间: "2026-03-10 10:00:00",
        完成时间: "2026-03-10 19:20:00",
        预估计佣金额: "54.00",
      },
      ...{ 预估佣金: "2.43", 实际计佣金额: "54.00", 实际佣金: "2.43", 子联盟ID: "cats-li" },
    },
    ...{ adapter: jd, feed: "orders", gateway: new FakeJd() },
    order: {
      ...{ id: "317861860005", part: "44303679033", state: "17", amount: 5_400, commission: 243 },
      ...{ paidAt: at("10:00:00"), updatedAt: at("19:20:00"), ids: { subUnionId: "cats-li" } },
    },
    fields: { parentId: 317861860001 },
  },
  {
    kind: "pinduoduo-promotion",
    row: {
      ...{ orderSn: "260310-123456789012345", promotionStatus: "进行中" },
      ...{ groupSuccessOrderAmount: "1990", originDdkFee: "199", 成交时间: "2026-03-10 19:20:00" },
      ...{ customParameters: '{"uid":"cats-li"}', pId: "1_2" },
    },
    ...{ adapter: pinduoduo, feed: "orders", gateway: new FakePinduoduo() },
    order: {
      ...{ id: "260310-123456789012345", state: "1", amount: 1_990, commission: 199 },
      ...{ paidAt: at("19:20:00"), updatedAt: at("19:30:00") },
      ids: { customParameters: '{"uid":"cats-li"}', pid: "1_2" },
    },
  },
  {
    kind: "douyin-alliance",
    row: {
      ...{ 订单id: "6920000000000000001", 商品id: "3500000000000000009", 订单状态: "已付款" },
      ...{ 作者账号: "猫猫直播间", "抖音/火山号": "cats_li", 达人百应ID: "7100000000000000001" },
      ...{ 支付金额: "199.90", 预估佣金支出: "19.99", 实际佣金支出: "0" },
      ...{ 付款时间: "2026-03-10 19:20:00", media_id: "7400000000000000123" },
    },
    ...{ adapter: douyin, feed: "orders", gateway: new DouyinGateway() },
    order: {
      ...{ id: "6920000000000000001", part: "3500000000000000009", state: "PAY_SUCC" },
      ...{ amount: 19_990, commission: 1_999, room: "7400000000000000123" },
      ...{ paidAt: at("19:20:00"), updatedAt: at("19:20:00") },
      ids: {
        ...{ authorAccount: "猫猫直播间", authorId: "cats_li" },
        authorBuyinId: "7100000000000000001",
      },
    },
  },
];

for (const { kind, row, adapter, feed, gateway, order, fields } of cases) {
  describe(`${kind} and ${adapter.name}`, () => {
    gateway.put(order, fields);
    const told = ofFile(kind, row);
    const [pulled] = eventsOf(readAll(adapter, gateway, feed, window, now));
    if (!pulled) throw new Error("a row");

    it("say the same of one line", ({ expect }) => {
      expect(lineKey(pulled)).toBe(lineKey(told));
      const facts = ({
        state,
        amount,
        commission,
        refund,
        paidAt,
        parentId,
        evidence,
      }: OrderEvent) => ({
        ...{ state, amount, commission, refund, paidAt, parentId, evidence },
      });
      expect(facts(pulled)).toEqual(facts(told));
    });

    it("end the same, whichever comes first", ({ expect }) => {
      expect(applyEvent(applyEvent(undefined, told), pulled)).toEqual(
        applyEvent(applyEvent(undefined, pulled), told),
      );
    });
  });
}
