/** @module The soak while orders are pulled: what happens to them meanwhile, and when all of them are here. Times in ms. */
import type { Sold } from "../../alliances/accounts.ts";
import { pause } from "../drive.ts";
import type { RunningService } from "../processes.ts";
import { type Connected, pull, soldBy } from "./service.ts";
import type { startGateways, Told } from "./thread.ts";

const second = 1_000;
const lookEvery = 2 * second;
const tellEvery = 30 * second;
/** After which some rows change; and when what changed has settled, as the service sees it. */
const editAfter = 20 * second;
const settledAfter = editAfter + 65 * second;
/** An account without a call for so long has read what it was to read. */
const restsFor = 5 * second;
/** Without an order for so long: WeChat's throttle is of a minute, a call that is not answered of 20 s. */
const stuckAfter = 300 * second;
/** Pulled anew from the beginning while they are pulled: each page a second time. */
const again: ReadonlySet<string> = new Set(["pinduoduo", "kuaishou"]);

export interface Soaked {
  told: Told[];
  /** What the service says that each sold. */
  booked: Sold[];
  seconds: number;
}

export const isSame = (a: Sold | undefined, b: Sold): boolean =>
  a?.orders === b.orders && a.gmv === b.gmv && a.refunds === b.refunds;

/** Until all that the fakes have is booked, and each account was at rest behind that; or nothing goes on. */
export async function pulled(
  service: RunningService,
  gateways: ReturnType<typeof startGateways>,
  connected: readonly Connected[],
): Promise<Soaked> {
  const began = Date.now();
  const plans = [
    { after: editAfter, run: () => gateways.ask({ edit: { every: 9, at: Date.now() } }) },
    {
      after: editAfter,
      run: async () => {
        const some = connected.filter(({ alliance }) => again.has(alliance));
        for (const one of some) await pull(service, one, { from: one.since });
      },
    },
    {
      after: settledAfter,
      run: async () => {
        for (const one of connected) await pull(service, one);
      },
    },
  ];
  let [before, changedAt, toldAt] = ["", began, began];
  /** Since when sums are equal; `null`: they are not. */
  let equalSince: number | null = null;
  const rested = new Set<string>();
  for (;;) {
    await pause(lookEvery);
    const [next] = plans;
    if (next && Date.now() - began >= next.after) {
      await next.run();
      plans.shift();
    }
    const told = await gateways.ask();
    const booked: Sold[] = [];
    for (const one of told) booked.push(await soldBy(service, one));
    const now = Date.now();
    const text = JSON.stringify(booked);
    if (text !== before) [before, changedAt] = [text, now];
    const awaited = told.filter(({ sold }, index) => !isSame(booked[index], sold));
    if (plans.length > 0 || awaited.length > 0) {
      equalSince = null;
      rested.clear();
    } else equalSince ??= now;
    for (const { alliance, lastAt } of equalSince === null ? [] : told) {
      if (now - Math.max(lastAt, equalSince ?? now) > restsFor) rested.add(alliance);
    }
    const seconds = (now - began) / second;
    if (rested.size === told.length || now - changedAt > stuckAfter) {
      return { told, booked, seconds };
    }
    if (now - toldAt < tellEvery) continue;
    toldAt = now;
    const calls = told.reduce((sum, { watched }) => sum + watched.calls, 0);
    const orders = booked.reduce((sum, one) => sum + one.orders, 0);
    const names = awaited.map(({ alliance }) => alliance).join(", ") || "rest";
    console.log(`${seconds.toFixed(0)} s: ${orders} orders, ${calls} calls; awaited: ${names}`);
  }
}
