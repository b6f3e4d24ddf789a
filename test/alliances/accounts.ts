/**
 * @module Seven accounts, one of each alliance, with as many orders as a soak wants; and what these sold, by a plain sum over the
 * rows that the fakes hold, which knows nothing of how orders are merged. Money in 分, times UTC ms.
 */
import type { AllianceName } from "../../src/alliances/adapter.ts";
import { DouyinGateway } from "./douyin.ts";
import type { FakeOrder, Gateway } from "./gateway.ts";
import { FakeJd } from "./jd.ts";
import { KuaishouGateway } from "./kuaishou.ts";
import { FakePinduoduo } from "./pinduoduo.ts";
import { FakeTaobao } from "./taobao.ts";
import { WechatGateway } from "./wechat.ts";
import { XiaohongshuGateway } from "./xiaohongshu.ts";

const day = 86_400_000;

/** What became of an order. */
type Fate = "paid" | "received" | "settled" | "invalid" | "refunded";

interface Kind {
  make: () => Gateway;
  /** Of 1,000 rows of all accounts. */
  share: number;
  /** The platform's codes; without one nothing meets this fate. */
  states: Partial<Record<Fate, string>>;
  /** What is given back of a refunded order. */
  refund: (amount: number) => number;
  /** Its order and part, by its number. */
  key: (index: number) => { id: string; part?: string };
  /** What its orders carry back of a link. */
  ids: (slug: string) => Readonly<Record<string, string>>;
  /** What the link must be given for that, beside its slug. */
  promotion?: object;
  /** Beside what the gateway's own account has. */
  credentials?: object;
  more?: (index: number) => Partial<FakeOrder>;
}

const whole = (amount: number) => amount;
const quarter = (amount: number) => Math.floor(amount / 4);
const numbered = (first: bigint, index: number) => String(first + BigInt(index));
/** Two parts an order. */
const half = (index: number) => Math.floor(index / 2);

/**
 * Shares go by how many rows a call brings: JD's page has 500, Douyin's 20. WeChat and Xiaohongshu list ids alone, so that each
 * order costs a call of its own, of Xiaohongshu three with its settlement, and of twenty calls one fails, for which it
 * waits two seconds, or WeChat a minute: a few hundred orders take them as long as tens of thousands take the others.
 */
const kinds: Record<AllianceName, Kind> = {
  "taobao-union": {
    make: () => new FakeTaobao({ session: "session-0", refreshToken: "refresh-0" }),
    share: 300,
    states: { paid: "12", received: "14", settled: "3", invalid: "13", refunded: "14" },
    refund: quarter,
    key: (index) => ({
      id: numbered(2_026_031_000_000_000_000n, half(index)),
      part: numbered(2_036_031_000_000_000_000n, index),
    }),
    ids: () => ({ adzoneId: "110000001" }),
    promotion: { taobao: { adzoneId: "110000001" } },
  },
  "jd-union": {
    make: () => new FakeJd(),
    share: 405,
    states: { paid: "16", received: "17", invalid: "3" },
    refund: whole,
    key: (index) => ({
      id: numbered(300_000_000_000n, half(index)),
      part: numbered(100_012_000_000n, index % 2),
    }),
    ids: (slug) => ({ subUnionId: slug }),
  },
  "douyin-shop": {
    make: () => new DouyinGateway(),
    share: 40,
    states: { paid: "PAY_SUCC", received: "CONFIRM", settled: "SETTLE", refunded: "REFUND" },
    refund: whole,
    key: (index) => ({ id: numbered(6_920_000_000_000_000_000n, index) }),
    ids: () => ({ authorAccount: "猫猫直播间", authorBuyinId: "7100000000000000001" }),
    promotion: { douyin: { authorBuyinId: "7100000000000000001" } },
  },
  kuaishou: {
    make: () => new KuaishouGateway(),
    share: 130,
    states: { paid: "30", received: "50", settled: "60", invalid: "80" },
    refund: whole,
    key: (index) => ({ id: numbered(2_600_000_000_000_000n, index) }),
    ids: (slug) => ({ comments: slug }),
  },
  pinduoduo: {
    make: () => new FakePinduoduo(),
    share: 120,
    states: { paid: "1", received: "2", settled: "5", invalid: "4" },
    refund: whole,
    key: (index) => ({ id: `260310-${numbered(100_000_000_000_000n, index)}` }),
    ids: (slug) => ({ customParameters: JSON.stringify({ uid: slug }) }),
    // Orders of live rooms are a list of their own.
    more: (index) => (index % 3 === 0 ? { room: "1" } : {}),
  },
  "wechat-shop": {
    make: () => new WechatGateway(),
    share: 2,
    states: { paid: "20", received: "100", invalid: "250", refunded: "200" },
    refund: whole,
    key: (index) => ({ id: numbered(3_727_324_701_692_140_000n, index) }),
    ids: () => ({ accountName: "猫猫直播间", finderId: "sphABCDEF" }),
    promotion: { wechat: { finderId: "sphABCDEF" } },
  },
  xiaohongshu: {
    make: () => new XiaohongshuGateway(),
    share: 3,
    states: { paid: "4", received: "7", invalid: "9", refunded: "7" },
    refund: quarter,
    key: (index) => ({ id: `P${numbered(700_000_000_000_000_000n, index)}`, part: "CAT-10" }),
    ids: () => ({ kolId: "5f00000000000000000000a1", kolUserId: "5f00000000000000000000a1" }),
    promotion: { xiaohongshu: { kolUserId: "5f00000000000000000000a1" } },
    credentials: { cpsSettleMethod: "bill.queryCpsSettle" },
  },
};

/** More than a page of WeChat's, however few all have. */
const leastRows = 24;

/** Of ten orders, by their numbers. */
const fates: readonly Fate[] = [
  ...(["paid", "paid", "paid", "paid", "received", "received", "settled"] as const),
  ...(["settled", "refunded", "invalid"] as const),
];

export interface Sold {
  orders: number;
  gmv: number;
  refunds: number;
}

export class Account {
  readonly alliance: AllianceName;
  readonly gateway: Gateway;
  readonly rows: number;
  readonly credentials: object;
  /** What the link is given that its orders are to come back to. */
  readonly promotion: object | undefined;
  readonly #kind: Kind;
  readonly #slug: string;
  readonly #kept: { fate: Fate; row: FakeOrder }[] = [];

  /** @param slug of the link that its orders name */
  constructor(alliance: AllianceName, rowsOfAll: number, slug: string) {
    const kind = kinds[alliance];
    this.alliance = alliance;
    this.gateway = kind.make();
    this.rows = Math.max(leastRows, Math.round((rowsOfAll * kind.share) / 1_000));
    this.credentials = { ...this.gateway.credentials, ...kind.credentials };
    this.promotion = kind.promotion;
    this.#kind = kind;
    this.#slug = slug;
  }

  /** Puts all rows, which changed one after another between two moments. */
  fill(from: number, to: number): void {
    for (let index = 0; index < this.rows; index += 1) {
      const updatedAt = from + Math.floor(((to - from) * index) / this.rows);
      this.#put(index, fates[index % fates.length] ?? "paid", updatedAt);
    }
  }

  /** Something became of some orders that were paid: of every so manyth. @returns how many */
  edit(every: number, at: number): number {
    const found = this.#kept.flatMap(({ fate }, index) =>
      fate === "paid" && index % every === 0 ? [index] : [],
    );
    for (const [place, index] of found.entries()) {
      this.#put(index, (["refunded", "received", "invalid"] as const)[place % 3] ?? "received", at);
    }
    return found.length;
  }

  #put(index: number, wanted: Fate, updatedAt: number): void {
    const { key, states, refund, ids, more } = this.#kind;
    const fate = states[wanted] === undefined ? "received" : wanted;
    // Neither round nor all the same, so that a row that is lost and one that comes twice show.
    const amount = 1_000 + ((index * 7_919) % 90_001);
    const row: FakeOrder = {
      ...key(index),
      state: states[fate] ?? "",
      amount,
      commission: Math.floor(amount / 10),
      // Xiaohongshu tells of a settlement when the order is two days old.
      paidAt: updatedAt - 3 * day,
      updatedAt,
      ids: ids(this.#slug),
      item: { id: String(20_000_000_000 + (index % 50)), title: "猫粮 10kg", quantity: 1 },
      ...(fate === "refunded" ? { refund: refund(amount) } : {}),
      ...more?.(index),
    };
    this.#kept[index] = { fate, row };
    this.gateway.put(row);
  }

  /** What the rows say as they are now. */
  sold(): Sold {
    const sold = this.#kept.filter(({ fate }) => fate !== "invalid").map(({ row }) => row);
    return {
      orders: new Set(sold.map(({ id }) => id)).size,
      gmv: sold.reduce((sum, { amount }) => sum + amount, 0),
      refunds: sold.reduce((sum, { refund = 0 }) => sum + refund, 0),
    };
  }
}

export const alliances = Object.keys(kinds) as AllianceName[];
