/** @module A small soak in the machine's own time: seven accounts, faults, edits; the long one is `npm run test:soak`. */
import { describe, it } from "vitest";
import { labOf } from "../../test/alliances/lab.ts";
import { Market } from "../../test/alliances/market.ts";
import { applyEvents, type BookedLine } from "../orders/apply-events.ts";
import { lineKey, orderKey } from "../orders/order-line.ts";
import type { Credentials } from "./adapter.ts";
import { adapterOf } from "./registry.ts";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse("2026-11-28T12:00:00+08:00");

describe("seven accounts, of which each twentieth call fails", () => {
  it("end with the plain sum of what their gateways hold, and no account is called more often than it may", async ({
    expect,
  }) => {
    const span = { start: noon - 5 * hour, end: noon - 2 * minute };
    const market = new Market(4_000, span, 0.05, Number(process.env.PROPERTY_SEED));
    const lines = new Map<string, BookedLine[]>();
    const lab = labOf({
      adapters: market.accounts.map(({ alliance }) => adapterOf(alliance)),
      gatewayOf: (alliance) => ({
        answer: (given, at) => {
          const account = market.accounts.find((one) => one.alliance === alliance);
          const answer = account && market.answer(account, given, at);
          return answer ?? { status: 502, body: "" };
        },
      }),
      now: noon,
      live: () => new Set(market.accounts.map(({ alliance }) => adapterOf(alliance).platform)),
      book: async (events) => {
        const keys = new Set(events.map(orderKey));
        const stored = [...keys].flatMap((key) => lines.get(key) ?? []);
        const { changed, accepted, updated, duplicates } = applyEvents(stored, events, () => []);
        const own = new Map([...stored, ...changed].map((line) => [lineKey(line), line]));
        for (const key of keys) lines.set(key, []);
        for (const line of own.values()) lines.get(orderKey(line))?.push(line);
        return { accepted, updated, duplicates };
      },
    });
    for (const { alliance, gateway } of market.accounts) {
      const { appKey = "", appSecret = "", ...rest } = gateway.credentials as Partial<Credentials>;
      const made = await lab.service.create({
        ...{ alliance, name: alliance, apiBase: null, since: span.start - minute },
        credentials: { appKey, appSecret, ...rest },
      });
      if (typeof made === "string" || !made.ok) throw new Error(`${alliance} was not made`);
    }
    await lab.pass(2 * minute);
    expect(market.edit(0.03, lab.now)).toBeGreaterThan(50);
    await lab.pass(2 * hour);

    const sold = new Map<string, { lines: number; gmv: number }>();
    for (const line of [...lines.values()].flat()) {
      const sum = sold.get(line.platform) ?? { lines: 0, gmv: 0 };
      const isSold = line.state === "paid" || line.state === "received" || line.state === "settled";
      sold.set(line.platform, {
        lines: sum.lines + 1,
        gmv: sum.gmv + (isSold ? (line.amount ?? 0) : 0),
      });
    }
    for (const account of market.accounts) {
      const { alliance, gateway, failed } = account;
      const { platform, spacingMs } = adapterOf(alliance);
      expect([alliance, sold.get(platform)]).toEqual([alliance, market.sumOf(account)]);
      expect([alliance, failed > 0]).toEqual([alliance, true]);
      const gaps = gateway.calls
        .slice(1)
        .map(({ at }, index) => at - (gateway.calls[index]?.at ?? 0));
      // A token is asked for beside the account's own calls.
      const tooSoon = gaps.filter((gap) => gap < spacingMs).length;
      expect([alliance, tooSoon <= 1]).toEqual([alliance, true]);
    }
  });
});
