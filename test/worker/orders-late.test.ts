import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, env, open, quickLink, until } from "./client.ts";

/** ms */
const busyFor = 4_000;

/** For so long the Orders object answers nobody. */
async function busyOrders(): Promise<void> {
  const stub = env.ORDERS.get(env.ORDERS.idFromName("orders"));
  let isBusy = false;
  // Not awaited: that would end with the time.
  void runInDurableObject(stub, (_, state) => {
    isBusy = true;
    void state.blockConcurrencyWhile(() => scheduler.wait(busyFor));
  });
  await until(async () => isBusy);
}

describe("stats while the Orders object is at work", () => {
  it("tell views and clicks at once, and say that orders are missing, then old, then there", async ({
    expect,
  }) => {
    const [{ slug, streamId }, other] = [await quickLink(), await quickLink()];
    const statsOf = async (id: string) => (await api("GET", `/api/streams/${id}/stats`)).body;
    for (const link of [slug, other.slug]) await open(link, agents.taobaoIos);
    await until(async () => (await statsOf(other.streamId)).totals.views === 1);
    await until(async () => (await statsOf(other.streamId)).quality.orders === "current");
    await busyOrders();
    const began = Date.now();
    const missing = await statsOf(streamId);
    expect(Date.now() - began).toBeLessThan(busyFor / 2);
    expect(missing.totals).toMatchObject({ views: 1, clicks: 1, orders: null, gmv: null });
    expect(missing.quality.orders).toBe("missing");
    await until(async () => (await statsOf(other.streamId)).quality.orders === "earlier");
    expect((await statsOf(other.streamId)).totals).toMatchObject({ views: 1, orders: 0, gmv: 0 });
    expect(Date.now() - began).toBeLessThan(busyFor);
    for (const id of [streamId, other.streamId]) {
      await until(async () => (await statsOf(id)).quality.orders === "current", busyFor * 2);
      expect((await statsOf(id)).totals).toMatchObject({ views: 1, orders: 0, gmv: 0 });
    }
  });

  it("compare with another stream all the same", async ({ expect }) => {
    const [ours, theirs] = [await quickLink(), await quickLink()];
    const fields = { startsAt: new Date(Date.now() - 60_000).toISOString() };
    for (const { slug, streamId } of [ours, theirs]) {
      await api("PATCH", `/api/streams/${streamId}`, fields);
      await open(slug, agents.taobaoIos);
    }
    const path = `/api/streams/${ours.streamId}/stats?compare=${theirs.streamId}`;
    await until(async () => (await api("GET", path)).body.compare.totals.orders === 0);
    await busyOrders();
    const { compare } = (await api("GET", path)).body;
    expect(compare.totals).toMatchObject({ orders: null, gmv: null });
    await until(async () => (await api("GET", path)).body.compare.totals.orders === 0, busyFor * 2);
  });
});
