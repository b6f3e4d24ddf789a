/** Orders of the demo: some of those who clicked buy, a few send back. Where this version's API has orders. */
import type { Api } from "./api.ts";
import type { Broadcast, DemoLink, Stage } from "./stage.ts";

interface Order {
  platform: string;
  orderId: string;
  /** Of one that no promoter's id came with, none. */
  slug?: string;
  promotion?: object;
  status: "paid" | "refunded";
  amount: number;
  commission: number;
  paidAt: string;
  updatedAt: string;
}

/** Of those who clicked. */
const buys = 0.055;
const sendsBack = 0.06;
const commissionShare = 0.12;
/** Orders whose ids are no link's: somebody books them by hand, in the console. */
const strays = 0.05;
const strayIds = { taobao: { adzoneId: "110088800451" } };
/** Yuan. */
const prices = [39, 59, 79, 99, 129, 169, 199, 259, 329, 459];

export class Till {
  readonly isOpen: boolean;
  sold = 0;
  readonly #api: Api;
  #waiting: Order[] = [];
  #number = Date.now();

  private constructor(api: Api, isOpen: boolean) {
    this.#api = api;
    this.isOpen = isOpen;
  }

  static async open(api: Api, { main, second }: Stage): Promise<Till> {
    const till = new Till(api, await api.has("/api/conversions"));
    if (!(await api.has("/api/links/{slug}/costs"))) return till;
    for (const { slug, slotFee } of [...main.links, ...second.links]) {
      if (slotFee > 0) {
        await api.call("PUT", `/api/links/${slug}/costs`, { slotFee: slotFee * 100 });
      }
    }
    return till;
  }

  maybeSell({ platform }: Broadcast, { slug, buys: taste }: DemoLink): void {
    if (!this.isOpen || Math.random() > buys * taste) return;
    this.#number += 1;
    this.sold += 1;
    const price = prices[Math.floor(Math.random() ** 1.6 * prices.length)] ?? 99;
    const amount = price * 100 * (Math.random() < 0.2 ? 2 : 1);
    const now = Date.now();
    const order: Order = {
      platform,
      orderId: `${this.#number}${Math.floor(Math.random() * 90 + 10)}`,
      ...(Math.random() < strays ? { promotion: strayIds } : { slug }),
      status: "paid",
      amount,
      commission: Math.round(amount * commissionShare),
      paidAt: new Date(now).toISOString(),
      updatedAt: new Date(now).toISOString(),
    };
    this.#waiting.push(order);
    if (Math.random() < sendsBack) {
      const updatedAt = new Date(now + 1_000).toISOString();
      this.#waiting.push({ ...order, status: "refunded", updatedAt });
    }
  }

  async deliver(): Promise<void> {
    const orders = this.#waiting.splice(0, 500);
    if (orders.length === 0) return;
    await this.#api.call("POST", "/api/conversions", orders).catch((error: unknown) => {
      console.error(`\n  orders refused: ${String(error)}`);
    });
  }
}
