/**
 * @module An adapter in the real machine that pulls, against a fake of its gateway: what holds for every alliance whose
 * tokens end. Time passes as the machine waits.
 */
import { describe, it } from "vitest";
import type { Adapter, Credentials } from "../../src/alliances/adapter.ts";
import type { ShownConnection } from "../../src/alliances/connection.ts";
import { applyEvent, lineKey, type OrderLine } from "../../src/orders/order-line.ts";
import type { FakeTokens } from "./fake-tokens.ts";
import type { FakeOrder, FaultName, Gateway } from "./gateway.ts";
import { labOf } from "./lab.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 20:00 in Beijing. */
const now = Date.parse("2026-03-10T20:00:00+08:00");

interface Subject {
  adapter: Adapter;
  make: () => Gateway & { tokens: FakeTokens };
  /** A paid order, and the same one later. */
  order: (index: number, at: number) => FakeOrder;
  received: (order: FakeOrder, at: number) => FakeOrder;
  /** Orders that take more than one page. */
  many: number;
}

export async function connectedTo(
  adapter: Adapter,
  gateway: Gateway,
  more: Partial<Credentials> = {},
  since = now - 2 * hour,
) {
  let asked = 0;
  /** What the nth call fails with. */
  const failing = new Map<number, FaultName>();
  const answer: Gateway["answer"] = (given, at) => {
    asked += 1;
    const fault = failing.get(asked);
    if (fault !== undefined) gateway.faults.push(fault);
    return gateway.answer(given, at);
  };
  const lab = labOf({ adapters: [adapter], gatewayOf: () => ({ answer }), now });
  const { appKey = "", appSecret = "", ...rest } = gateway.credentials as Partial<Credentials>;
  const made = await lab.service.create({
    alliance: adapter.name,
    name: "test",
    apiBase: null,
    since,
    credentials: { appKey, appSecret, ...rest, ...more },
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const { id } = made.value;
  const shown = () => lab.service.get(id) as ShownConnection;
  /** Lines as the ledger keeps them. */
  const lines = () => {
    const kept = new Map<string, OrderLine>();
    for (const event of lab.events) {
      const key = lineKey(event);
      kept.set(key, applyEvent(kept.get(key), event));
    }
    return [...kept.values()].sort((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1));
  };
  return { lab, id, shown, lines, failing };
}

const passing: readonly FaultName[] = [
  "throttled",
  "busy",
  "html",
  "http-502",
  "cut",
  "throttled-for-seconds",
];

export function itWorksInTheMachine({ adapter, make, order, received, many }: Subject): void {
  const filled = () => {
    const gateway = make();
    const put = Array.from({ length: many }, (_, index) =>
      order(index, now - hour + index * 1_000),
    );
    for (const one of put) gateway.put(one);
    return { gateway, put };
  };
  const idsOf = (lines: readonly OrderLine[]) => [...new Set(lines.map(({ orderId }) => orderId))];

  describe(`${adapter.title.en} in the machine that pulls`, () => {
    it("brings every row once, page by page", async ({ expect }) => {
      const { gateway, put } = filled();
      const { lab, lines, shown } = await connectedTo(adapter, gateway);
      await lab.pass(5 * minute);
      expect(idsOf(lines())).toEqual(put.map(({ id }) => id).sort());
      expect(lines().every(({ state }) => state === "paid")).toBe(true);
      expect(shown()).toMatchObject({ error: null, lastPull: { refused: 0 } });
      const gaps = gateway.calls
        .slice(1)
        .map(({ at }, index) => at - (gateway.calls[index]?.at ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(adapter.spacingMs);
    });

    it("brings what changed later, a day on", async ({ expect }) => {
      const { gateway, put } = filled();
      const { lab, lines } = await connectedTo(adapter, gateway);
      await lab.pass(day);
      const [first] = put;
      if (!first) throw new Error("there is one");
      gateway.put(received(first, lab.now - minute));
      await lab.pass(hour);
      const changed = lines().filter(({ state }) => state === "received");
      expect(idsOf(changed)).toEqual([first.id]);
    });

    it.for(passing)("loses nothing where a call fails: %s", async (fault, { expect }) => {
      const { gateway, put } = filled();
      const { lab, lines, shown, failing } = await connectedTo(adapter, gateway);
      for (const nth of [1, 2, 4]) failing.set(nth, fault);
      await lab.pass(2 * hour);
      expect(idsOf(lines())).toEqual(put.map(({ id }) => id).sort());
      expect(shown()).toMatchObject({ error: null, stoppedAt: null });
    });

    it("goes on the next day where there is nothing more today", async ({ expect }) => {
      const { gateway, put } = filled();
      const { lab, lines, failing } = await connectedTo(adapter, gateway);
      failing.set(2, "quota");
      await lab.pass(day);
      expect(idsOf(lines())).toEqual(put.map(({ id }) => id).sort());
    });

    it("stops where permission was taken away, and asks no more", async ({ expect }) => {
      const { gateway } = filled();
      const { lab, shown, failing } = await connectedTo(adapter, gateway);
      failing.set(2, "denied");
      await lab.pass(5 * minute);
      expect(gateway.calls.length).toBe(2);
      await lab.pass(day);
      expect(gateway.calls.length).toBe(2);
      expect(shown().error).not.toBe(null);
    });

    it("makes its token anew before it ends, and where it is refused", async ({ expect }) => {
      const { gateway, put } = filled();
      const { tokens } = gateway;
      const expiresAt = now + (adapter.renewal?.aheadMs ?? 0) + hour;
      tokens.expiresAt = expiresAt;
      const { lab, lines, shown, failing } = await connectedTo(adapter, gateway, { expiresAt });
      failing.set(2, "expired");
      await lab.pass(5 * minute);
      expect(tokens.accessToken).toBe("access-token-1");
      expect(idsOf(lines())).toEqual(put.map(({ id }) => id).sort());
      await lab.pass(tokens.livesMs + day);
      expect(tokens.accessToken).toBe("access-token-2");
      expect(shown().error).toBe(null);
    });
  });
}
