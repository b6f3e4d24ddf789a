/**
 * @module Orders in their versions: what a platform said of one at one time, as its gateway has it, as a row of its order files, and as a
 * request tells it. Money in 分, times UTC ms.
 */
import type { AllianceName } from "../../src/alliances/adapter.ts";
import type { FakeOrder } from "./gateway.ts";
import { FakeJd } from "./jd.ts";
import { FakeTaobao } from "./taobao.ts";
import { WechatGateway } from "./wechat.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 20:00 in Beijing, outside of all campaigns. */
export const now = Date.parse("2026-03-20T20:00:00+08:00");
const paidAt = now - 10 * day;

type Step = "paid" | "received" | "settled" | "refunded" | "invalid";

/** What a platform said of an order: the first version, the second, the last. */
export interface Version {
  platform: "wechat" | "taobao" | "jd";
  order: number;
  version: number;
  state: Step;
  amount: number;
  commission: number;
  /** Of what is given back. */
  refund?: number;
  /** Which link its ids name. */
  slug: string;
}

/** Each at a moment of its own, so that a range of seconds has it alone. */
export const changedAt = ({ platform, order, version }: Version): number =>
  paidAt + version * day + order * hour + { wechat: 1, taobao: 2, jd: 3 }[platform] * minute;

const yuan = (fen: number) => (fen / 100).toFixed(2);
const iso = (at: number) => new Date(at).toISOString();
/** UTC ms → Beijing's, as in files. */
const beijing = (at: number) =>
  iso(at + 8 * hour)
    .slice(0, 19)
    .replace("T", " ");

type Row = Record<string, string>;
interface Platform {
  alliance: AllianceName;
  gateway: () => WechatGateway | FakeTaobao | FakeJd;
  /** By step: the API's code, and the file's word. */
  codes: Record<Step, string>;
  words: Record<Step, string>;
  key: (order: number) => { orderId: string; subOrderId: string };
  /** What a link is found by: field → id, as a fake, the API and a file write it. */
  ids: (slug: string) => Record<string, string>;
  /** Rows of order files; some tell of a refund in a file of its own. */
  files: (of: Version, key: { orderId: string; subOrderId: string }) => Row[];
}

export const platforms: Record<Version["platform"], Platform> = {
  wechat: {
    alliance: "wechat-shop",
    gateway: () => new WechatGateway(),
    codes: { paid: "20", received: "100", settled: "100", refunded: "200", invalid: "250" },
    words: {
      ...{ paid: "待发货", received: "已完成", settled: "已完成" },
      ...{ refunded: "已取消", invalid: "已取消" },
    },
    key: (order) => ({ orderId: `372732470169214000${order}`, subOrderId: "10000200857718" }),
    ids: (slug) => ({ accountName: `${slug}的直播间`, finderId: `sph-${slug}` }),
    files: (of, { orderId, subOrderId }) => [
      {
        ...{ 订单号: orderId, 订单状态: platforms.wechat.words[of.state], 带货方式: "" },
        ...{ 订单实际支付金额: yuan(of.amount), 带货费用: yuan(of.commission) },
        ...{ 支付时间: beijing(paidAt), "商品编码(平台)": subOrderId, 商品名称: "猫粮" },
        商品已退款金额: yuan(of.refund ?? 0),
        订单确认收货时间: of.version > 0 ? beijing(changedAt(of)) : "",
        ...{ 带货账号昵称: `${of.slug}的直播间`, finder_id: `sph-${of.slug}` },
      },
    ],
  },
  taobao: {
    alliance: "taobao-union",
    gateway: () => new FakeTaobao(),
    codes: { paid: "12", received: "14", settled: "3", refunded: "14", invalid: "13" },
    words: {
      ...{ paid: "已付款", received: "已收货", settled: "已结算" },
      ...{ refunded: "已收货", invalid: "已失效" },
    },
    key: (order) => ({
      orderId: `202603101234567890${order}`,
      subOrderId: `202603101234567891${order}`,
    }),
    ids: (slug) => ({ adzoneId: slug === "ann" ? "110000001" : "110000002" }),
    files: (of, { orderId, subOrderId }) => [
      {
        ...{ 淘宝订单编号: orderId, 淘宝子订单号: subOrderId },
        ...{ 订单状态: platforms.taobao.words[of.state], 付款金额: yuan(of.amount) },
        ...{
          佣金金额: yuan(of.commission),
          推广位ID: of.slug === "ann" ? "110000001" : "110000002",
        },
        ...{ 付款时间: beijing(paidAt), 创建时间: beijing(paidAt - minute) },
        结算时间: of.state === "settled" ? beijing(changedAt(of)) : "",
      },
      ...(of.refund === undefined
        ? []
        : [
            {
              ...{ 淘宝订单编号: orderId, 淘宝子订单编号: subOrderId, 维权状态: "维权成功" },
              ...{ 维权退款金额: yuan(of.refund), 维权完成时间: beijing(changedAt(of)) },
            },
          ]),
    ],
  },
  jd: {
    alliance: "jd-union",
    gateway: () => new FakeJd(),
    codes: { paid: "16", received: "17", settled: "17", refunded: "17", invalid: "3" },
    words: {
      ...{ paid: "已付款", received: "已完成", settled: "已完成" },
      ...{ refunded: "已完成", invalid: "无效-取消" },
    },
    key: (order) => ({ orderId: `31786186000${order}`, subOrderId: "44303679033" }),
    ids: (slug) => ({ subUnionId: slug }),
    files: (of, { orderId, subOrderId }) => [
      {
        ...{ 订单号: orderId, 主单号: "0", 商品编号: subOrderId },
        ...{ 订单状态: platforms.jd.words[of.state], 预估计佣金额: yuan(of.amount) },
        ...{ 预估佣金: yuan(of.commission), 下单时间: beijing(paidAt) },
        完成时间: of.version > 0 ? beijing(changedAt(of)) : "",
        子联盟ID: of.slug,
      },
    ],
  },
};

/** Of which line all ways must tell. */
export const keyOf = (platform: Version["platform"], order: number) =>
  platforms[platform].key(order);

/** The row of a version as the platform has it. */
export function rowOf(of: Version): FakeOrder {
  const { codes, key, ids } = platforms[of.platform];
  const { orderId, subOrderId } = key(of.order);
  const isWechat = of.platform === "wechat";
  return {
    id: orderId,
    ...(isWechat ? {} : { part: subOrderId }),
    ...{ state: codes[of.state], amount: of.amount, commission: of.commission },
    ...(of.refund === undefined ? {} : { refund: of.refund }),
    ...{ paidAt, updatedAt: changedAt(of), ids: ids(of.slug) },
    item: { id: isWechat ? subOrderId : "612345678901", title: "猫粮", quantity: 1 },
  };
}

/** As `POST /api/conversions` takes it. */
export function told(of: Version): object {
  const { key, ids } = platforms[of.platform];
  return {
    ...{ platform: of.platform, ...key(of.order), status: of.state, amount: of.amount },
    ...{ commission: of.commission, refundAmount: of.refund },
    ...{ paidAt: iso(paidAt), updatedAt: iso(changedAt(of)) },
    promotion: { [of.platform]: ids(of.slug) },
  };
}
