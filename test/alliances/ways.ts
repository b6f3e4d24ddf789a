/**
 * @module The four ways in which an order comes, each through the service's own code down to the ledger's SQLite: pulled and pushed
 * through the machine, as a file and as a request through the API's own routes. What is told is a version of an order: what
 * the platform said of it at one time. Money in 分, times UTC ms.
 */
import type { AllianceName, Credentials } from "../../src/alliances/adapter.ts";
import { adapterOf } from "../../src/alliances/registry.ts";
import { router } from "../../src/api/router.ts";
import { conversions } from "../../src/api/routes/conversions.ts";
import type { ApiEnv } from "../../src/auth/principal.ts";
import { Database } from "../model/database.ts";
import { ledgerOf } from "../settling.ts";
import type { FakeOrder } from "./gateway.ts";
import { FakeJd } from "./jd.ts";
import { labOf } from "./lab.ts";
import { FakeTaobao } from "./taobao.ts";
import { WechatGateway } from "./wechat.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** 20:00 in Beijing, outside of all campaigns. */
const now = Date.parse("2026-03-20T20:00:00+08:00");
const paidAt = now - 10 * day;

const steps = ["paid", "received", "settled", "refunded", "invalid"] as const;
type Step = (typeof steps)[number];

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

export const ways = ["pull", "push", "file", "api"] as const;
export interface Arrival {
  way: (typeof ways)[number];
  of: Version;
}

/** Each version changed at a moment of its own, so that a range of seconds has it alone. */
const changedAt = ({ platform, order, version }: Version): number =>
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

const platforms: Record<Version["platform"], Platform> = {
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
function rowOf(of: Version): FakeOrder {
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

function told(of: Version): object {
  const { key, ids } = platforms[of.platform];
  return {
    ...{ platform: of.platform, ...key(of.order), status: of.state, amount: of.amount },
    ...{ commission: of.commission, refundAmount: of.refund },
    ...{ paidAt: iso(paidAt), updatedAt: iso(changedAt(of)) },
    promotion: { [of.platform]: ids(of.slug) },
  };
}

const streamId = "st_arrivals";

/** A ledger with the links of ann and bob, and the ways to it. */
export async function openWays() {
  const ledger = ledgerOf(
    ["ann", "bob"].map((slug) => ({
      ...{ slug, streamId, names: [] },
      ids: {
        "wechat.finderId": `sph-${slug}`,
        "taobao.adzoneId": platforms.taobao.ids(slug).adzoneId ?? "",
      },
    })),
    new Database(),
  );
  const gateways = new Map(
    Object.values(platforms).map(({ alliance, gateway }) => [alliance, gateway()]),
  );
  const gatewayOf = (alliance: AllianceName) => {
    const found = gateways.get(alliance);
    if (!found) throw new Error(`no gateway of ${alliance}`);
    return found;
  };
  const lab = labOf({
    adapters: [...gateways.keys()].map(adapterOf),
    ...{ gatewayOf, now },
    book: (events) => ledger.apply(events),
  });
  const connections = new Map<AllianceName, string>();
  for (const [alliance, { credentials }] of gateways) {
    const made = await lab.service.create({
      ...{ alliance, name: alliance, apiBase: null, since: now },
      credentials: credentials as unknown as Credentials,
    });
    if (typeof made === "string" || !made.ok) throw new Error("not made");
    connections.set(alliance, made.value.id);
  }
  const api = router();
  api.use(async (c, next) => {
    c.set("principal", { id: "tests", scopes: new Set(), expiresAt: null });
    await next();
  });
  api.route("/", conversions);
  const env = { ORDERS: { getByName: () => ledger } } as unknown as ApiEnv["Bindings"];

  const post = async (path: string, type: string, body: string): Promise<void> => {
    const init = { method: "POST", headers: { "Content-Type": type }, body };
    const answer = await api.request(path, init, env);
    const text = await answer.text();
    // A row that is refused would be a way that tells nothing.
    if (answer.status !== 200 || /"rejected(?:Count)?":(?!0|\[\])/.test(text))
      throw new Error(text);
  };
  const connectionOf = (of: Version) => connections.get(platforms[of.platform].alliance) ?? "";
  /** The platform has this version by now, and no other. */
  const put = (of: Version) => gatewayOf(platforms[of.platform].alliance).put(rowOf(of));

  const take: Record<Arrival["way"], (of: Version) => Promise<void>> = {
    pull: async (of) => {
      put(of);
      const id = connectionOf(of);
      const at = changedAt(of);
      lab.service.pull(id, { from: at - 10 * second, to: at + 10 * second });
      while (lab.ports.store.jobs(id).some(({ range }) => range !== "")) await lab.pass(minute);
      await lab.pass(minute);
    },
    push: async (of) => {
      put(of);
      const gateway = gatewayOf("wechat-shop") as WechatGateway;
      const push = gateway.push(rowOf(of).id, { at: lab.now });
      const read = await lab.service.pushed(connectionOf(of), push);
      if (read?.kind !== "orders") throw new Error(JSON.stringify(read));
      await lab.pass(minute);
    },
    file: async (of) => {
      const { files, key } = platforms[of.platform];
      for (const row of files(of, key(of.order))) {
        const text = `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n`;
        await post("/api/conversions/import", "text/csv", text);
      }
    },
    api: (of) => post("/api/conversions", "application/json", JSON.stringify([told(of)])),
  };
  return {
    arrive: async ({ way, of }: Arrival) => take[way](of),
    /** Lines by their keys, and what the links' sums are: what must not depend on the order of arrivals. */
    kept: async () => {
      const lines = ledger
        .dumpLines(0, 1_000)
        .map(({ id: _, ...line }) => line)
        .sort((a, b) => (a.platform + a.orderId < b.platform + b.orderId ? -1 : 1));
      const { totals } = await ledger.salesOfStream(streamId);
      const sums = totals
        .map(({ link, platform, orders, gmv, refunds, commission }) => ({
          ...{ link, platform, orders, gmv, refunds, commission },
        }))
        .filter(({ orders, gmv, refunds, commission }) => orders || gmv || refunds || commission)
        .sort((a, b) => (a.link + a.platform < b.link + b.platform ? -1 : 1));
      return { lines, sums };
    },
  };
}
