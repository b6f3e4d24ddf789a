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
  itemId: string;
  itemTitle: string;
  quantity: number;
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
/** What is sold; prices in yuan. */
const goods = [
  { price: 39, itemTitle: "香薰蜡烛 白茶" },
  { price: 59, itemTitle: "棉麻抱枕套 45×45" },
  { price: 79, itemTitle: "手冲咖啡杯 两只装" },
  { price: 99, itemTitle: "北欧陶瓷花瓶" },
  { price: 129, itemTitle: "水洗棉四件套 1.5 米床" },
  { price: 169, itemTitle: "可折叠收纳箱 三只装" },
  { price: 199, itemTitle: "护眼台灯" },
  { price: 259, itemTitle: "乳胶枕 成人款" },
  { price: 329, itemTitle: "珐琅铸铁锅 22 厘米" },
  { price: 459, itemTitle: "羊毛地毯 1.6×2.3 米" },
].map((one, index) => ({ ...one, itemId: `6801234567${index}0` }));

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
    const good = goods[Math.floor(Math.random() ** 1.6 * goods.length)];
    if (!this.isOpen || !good || Math.random() > buys * taste) return;
    this.#number += 1;
    this.sold += 1;
    const { price, ...item } = good;
    const quantity = Math.random() < 0.2 ? 2 : 1;
    const amount = price * 100 * quantity;
    const now = Date.now();
    const order: Order = {
      platform,
      orderId: `${this.#number}${Math.floor(Math.random() * 90 + 10)}`,
      ...(Math.random() < strays ? { promotion: strayIds } : { slug }),
      status: "paid",
      amount,
      ...item,
      quantity,
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
