/**
 * @module Seven accounts, one of each alliance, with orders that change while they are pulled, and gateways that fail in the
 * ways that their documents say; beside them the plain sum of what the gateways hold.
 */
import { type AllianceName, allianceNames } from "../../src/alliances/adapter.ts";
import { DouyinGateway } from "./douyin.ts";
import type { FakeOrder, FaultName, Gateway, Given } from "./gateway.ts";
import { FakeJd } from "./jd.ts";
import { KuaishouGateway } from "./kuaishou.ts";
import { FakePinduoduo } from "./pinduoduo.ts";
import { FakeTaobao } from "./taobao.ts";
import { WechatGateway } from "./wechat.ts";
import { XiaohongshuGateway } from "./xiaohongshu.ts";

interface Kind {
  make: () => Gateway;
  /** Of all rows; of alliances that are asked for each order by itself there are few, or a soak would take hours. */
  share: number;
  paid: string;
  done: string;
  invalid: string;
  /** Whether a row has a part's number beside its order's. */
  hasPart: boolean;
}

const kinds: Record<AllianceName, Kind> = {
  "taobao-union": {
    ...{ make: () => new FakeTaobao(), share: 0.32, hasPart: true },
    ...{ paid: "12", done: "3", invalid: "13" },
  },
  "jd-union": {
    ...{ make: () => new FakeJd(), share: 0.445, hasPart: true },
    ...{ paid: "16", done: "17", invalid: "3" },
  },
  "douyin-shop": {
    ...{ make: () => new DouyinGateway(), share: 0.025, hasPart: true },
    ...{ paid: "PAY_SUCC", done: "SETTLE", invalid: "PAY_SUCC" },
  },
  kuaishou: {
    ...{ make: () => new KuaishouGateway(), share: 0.14, hasPart: false },
    ...{ paid: "30", done: "60", invalid: "80" },
  },
  pinduoduo: {
    ...{ make: () => new FakePinduoduo(), share: 0.055, hasPart: false },
    ...{ paid: "1", done: "5", invalid: "4" },
  },
  "wechat-shop": {
    ...{ make: () => new WechatGateway(), share: 0.008, hasPart: true },
    ...{ paid: "20", done: "100", invalid: "250" },
  },
  xiaohongshu: {
    ...{ make: () => new XiaohongshuGateway(), share: 0.007, hasPart: true },
    ...{ paid: "4", done: "7", invalid: "9" },
  },
};

/** Faults that pass; each is a way in which some alliance's documents, or the network, fail. */
const faults: readonly FaultName[] = [
  "throttled",
  "throttled-for-seconds",
  "busy",
  "html",
  "http-502",
  "cut",
];

/** Numbers from 0 to 1 that a seed gives again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Account {
  alliance: AllianceName;
  gateway: Gateway;
  /** Faults that it answered with. */
  failed: number;
}

/** What is sold: 分. */
export interface Sum {
  lines: number;
  gmv: number;
}

export class Market {
  readonly accounts: readonly Account[];
  readonly #random: () => number;
  readonly #faultsAt: number;
  readonly #rows = new Map<string, { account: Account; row: FakeOrder }>();

  /**
   * @param rows of all accounts together
   * @param faultsAt the part of calls that fail
   */
  constructor(rows: number, span: { start: number; end: number }, faultsAt: number, seed: number) {
    this.#random = randomOf(seed);
    this.#faultsAt = faultsAt;
    this.accounts = allianceNames.map((alliance) => ({
      alliance,
      gateway: kinds[alliance].make(),
      failed: 0,
    }));
    for (const account of this.accounts) {
      const count = Math.round(rows * kinds[account.alliance].share);
      for (let index = 0; index < count; index += 1) this.#sell(account, index, span);
    }
  }

  get rows(): number {
    return this.#rows.size;
  }

  #sell(account: Account, index: number, { start, end }: { start: number; end: number }): void {
    const { hasPart, paid, done, invalid } = kinds[account.alliance];
    const number = String(290_000_000_000 + index);
    const paidAt = Math.floor(start + this.#random() * (end - start));
    const drawn = this.#random();
    this.#put(account, {
      id: account.alliance === "pinduoduo" ? `261128-${number}` : number,
      ...(hasPart ? { part: String(100_000_000 + index) } : {}),
      state: drawn < 0.8 ? paid : drawn < 0.9 ? done : invalid,
      amount: 1 + Math.floor(this.#random() * 99_999),
      commission: 10,
      paidAt,
      updatedAt: paidAt,
    });
  }

  #put(account: Account, row: FakeOrder): void {
    account.gateway.put(row);
    this.#rows.set(`${account.alliance} ${row.id} ${row.part ?? ""}`, { account, row });
  }

  /** Some orders change: they are closed, or are worth less. */
  edit(part: number, at: number): number {
    let edited = 0;
    for (const { account, row } of [...this.#rows.values()]) {
      if (this.#random() >= part) continue;
      const { paid, invalid } = kinds[account.alliance];
      if (row.state !== paid) continue;
      const closes = this.#random() < 0.5;
      const amount = closes ? row.amount : Math.ceil(row.amount / 2);
      this.#put(account, { ...row, state: closes ? invalid : paid, amount, updatedAt: at });
      edited += 1;
    }
    return edited;
  }

  /** As the account's gateway answers, or fails; `null`: the connection breaks. */
  answer(account: Account, given: Given, at: number) {
    const drawn = this.#random();
    if (drawn < this.#faultsAt) {
      account.failed += 1;
      const fault = faults[Math.floor((drawn / this.#faultsAt) * (faults.length + 1))];
      if (fault === undefined) return null;
      account.gateway.faults.push(fault);
    }
    return account.gateway.answer(given, at);
  }

  /** The plain sum over what an account's gateway holds: closed orders sell nothing. */
  sumOf({ alliance }: Account): Sum {
    const { invalid, paid } = kinds[alliance];
    let lines = 0;
    let gmv = 0;
    for (const { account, row } of this.#rows.values()) {
      if (account.alliance !== alliance) continue;
      lines += 1;
      if (row.state !== invalid || invalid === paid) gmv += row.amount;
    }
    return { lines, gmv };
  }
}
