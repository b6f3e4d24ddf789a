/** @module The adapters of Taobao, JD and Pinduoduo against fakes of their gateways: pages that move while they are read, and every way to fail. */
import { describe, it } from "vitest";
import { ask, eventsOf, feedOf, readAll, send } from "../../../test/alliances/ask.ts";
import type { FakeUnion } from "../../../test/alliances/fake-union.ts";
import type { FakeOrder, FaultName } from "../../../test/alliances/gateway.ts";
import { FakeJd } from "../../../test/alliances/jd.ts";
import { FakePinduoduo } from "../../../test/alliances/pinduoduo.ts";
import { FakeTaobao } from "../../../test/alliances/taobao.ts";
import { fc } from "../../../test/properties.ts";
import type { Adapter, Credentials, Fault, Window } from "../adapter.ts";
import { jd } from "./jd.ts";
import { pinduoduo } from "./pinduoduo.ts";
import { taobao } from "./taobao.ts";

const now = Date.parse("2026-03-10T20:00:00+08:00");
const minute = 60_000;
const window: Window = { start: now - 41 * minute, end: now - minute };

interface Case {
  adapter: Adapter;
  feed: string;
  make: () => FakeUnion;
  /** Rows of a page. */
  size: number;
  row: (number: number) => Partial<FakeOrder>;
}
const cases: readonly Case[] = [
  {
    adapter: taobao,
    feed: "orders",
    make: () => new FakeTaobao(),
    size: 100,
    row: () => ({ state: "12" }),
  },
  {
    adapter: taobao,
    feed: "refunds",
    make: () => new FakeTaobao(),
    size: 100,
    row: () => ({ state: "14", refund: 5 }),
  },
  {
    adapter: jd,
    feed: "orders",
    make: () => new FakeJd(),
    size: 500,
    row: () => ({ state: "16" }),
  },
  {
    adapter: pinduoduo,
    feed: "orders",
    make: () => new FakePinduoduo(),
    size: 50,
    row: () => ({ state: "1" }),
  },
  {
    adapter: pinduoduo,
    feed: "live-orders",
    make: () => new FakePinduoduo(),
    size: 50,
    row: () => ({ state: "1", room: "r" }),
  },
];
const adapters = cases.filter(({ feed }) => feed === "orders");

const orderOf = (of: Case, number: number): FakeOrder => ({
  id: String(100_000_000_000 + number),
  state: "",
  amount: 100 + number,
  commission: 1,
  paidAt: window.start + number * 100,
  updatedAt: window.start + number * 1_000,
  ...of.row(number),
});

for (const of of cases) {
  const name = `${of.adapter.name}, ${of.feed}:`;

  describe(name, () => {
    it("all rows of a window come, whatever is edited between its pages", ({ expect }) => {
      const counts = [0, 1, of.size, of.size + 1, 3 * of.size, 3 * of.size + 7];
      for (const count of counts) {
        const gateway = of.make();
        const rows = Array.from({ length: count }, (_, number) => orderOf(of, number));
        for (const row of rows) gateway.put(row);
        const edited = new Set<string>();
        const read = readAll(of.adapter, gateway, of.feed, window, now, (page) => {
          // Some change, and are the next window's from then on.
          for (const row of rows) {
            if ((Number(row.id) + page) % 11 !== 0) continue;
            gateway.put({ ...row, updatedAt: now + page * 1_000 });
            edited.add(row.id);
          }
        });
        const found = new Set(eventsOf(read).map(({ orderId }) => orderId));
        const stayed = rows.filter(({ id }) => !edited.has(id)).map(({ id }) => id);
        expect([count, stayed.filter((id) => !found.has(id))]).toEqual([count, []]);
        expect(eventsOf(read).length).toBe(read.length);
      }
    });

    it("a window ends at both its seconds, and has no row of another", ({ expect }) => {
      const gateway = of.make();
      const times = [window.start - 1_000, window.start, window.end, window.end + 1_000];
      for (const [number, updatedAt] of times.entries()) {
        gateway.put({ ...orderOf(of, number), updatedAt });
      }
      const read = readAll(of.adapter, gateway, of.feed, window, now);
      expect(
        eventsOf(read)
          .map(({ orderId }) => orderId)
          .sort(),
      ).toEqual(["100000000001", "100000000002"]);
    });
  });
}

it("property: of any rows and any edits between pages, what stays in the window is read", ({
  expect,
}) => {
  const step = fc.array(fc.nat(259), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.constantFrom(...cases.filter(({ size }) => size <= 100)),
      fc.integer({ min: 0, max: 260 }),
      fc.array(step, { maxLength: 8 }),
      (of, count, steps) => {
        const gateway = of.make();
        const rows = Array.from({ length: count }, (_, number) => orderOf(of, number));
        for (const row of rows) gateway.put(row);
        const gone = new Set<string>();
        const read = readAll(of.adapter, gateway, of.feed, window, now, (page) => {
          for (const number of steps[page - 1] ?? []) {
            const row = rows[number];
            if (!row) continue;
            gateway.put({ ...row, updatedAt: now + number });
            gone.add(row.id);
          }
        });
        const found = new Map(eventsOf(read).map((event) => [event.orderId, event]));
        for (const { id, amount } of rows) {
          if (gone.has(id)) continue;
          const event = found.get(id);
          expect(of.feed === "refunds" ? event?.refund : event?.amount).toBe(
            of.feed === "refunds" ? 5 : amount,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe("every way to fail is told for what it is", () => {
  const kinds: Record<FaultName, Fault["kind"]> = {
    throttled: "throttled",
    "throttled-for-seconds": "throttled",
    quota: "quota",
    busy: "retry",
    html: "retry",
    "http-502": "retry",
    cut: "retry",
    denied: "denied",
    expired: "expired",
  };
  for (const of of adapters) {
    it(`by ${of.adapter.name}`, ({ expect }) => {
      const gateway = of.make();
      gateway.put(orderOf(of, 1));
      const feed = feedOf(of.adapter, of.feed);
      const call = feed.call(window, null, gateway.credentials as unknown as Credentials);
      for (const [fault, kind] of Object.entries(kinds)) {
        gateway.faults.push(fault as FaultName);
        const answer = ask(of.adapter, gateway, call, now);
        // JD's documents name no quota of a day.
        const expected = fault === "quota" && of.adapter === jd ? "throttled" : kind;
        expect([fault, answer]).toMatchObject([fault, { ok: false, kind: expected }]);
        const waitMs =
          fault === "throttled-for-seconds" && of.adapter === taobao ? 7_000 : undefined;
        expect([fault, (answer as Fault).waitMs]).toEqual([fault, waitMs]);
      }
      expect(ask(of.adapter, gateway, call, now).ok).toBe(true);
      expect(gateway.calls.length).toBe(Object.keys(kinds).length + 1);
    });
  }
});

describe("a gateway lets nobody in", () => {
  for (const of of adapters) {
    const { adapter } = of;
    const feed = feedOf(adapter, of.feed);
    const gateway = of.make();
    const credentials = gateway.credentials as unknown as Credentials;
    const call = feed.call(window, null, credentials);
    const kindOf = (using: Credentials, at = now, asked = call) => {
      const answer = send(gateway, adapter.sign(asked, using, adapter.base, at), now);
      const opened = adapter.open(asked, answer.status, answer.body, now);
      return opened.ok ? "ok" : opened.kind;
    };

    it(`of ${adapter.name} with another secret or key`, ({ expect }) => {
      expect(kindOf(credentials)).toBe("ok");
      expect(kindOf({ ...credentials, appSecret: "other" })).toBe("denied");
      expect(kindOf({ ...credentials, appKey: "other" })).toBe("denied");
    });

    it(`of ${adapter.name} whose clock is off, who asks again by the gateway's`, ({ expect }) => {
      expect(kindOf(credentials, now + 9 * minute)).toBe("ok");
      expect(kindOf(credentials, now + 11 * minute)).toBe("retry");
      expect(kindOf(credentials, now - 11 * minute)).toBe("retry");
    });

    it(`of ${adapter.name} for a window that is wider than the rules of now allow`, ({
      expect,
    }) => {
      gateway.windowMs = 20 * minute;
      expect(kindOf(credentials)).toBe("window");
      gateway.windowMs = feed.windowMs(window.start);
      const wide = { start: window.end - gateway.windowMs, end: window.end };
      expect(kindOf(credentials, now, feed.call(wide, null, credentials))).toBe("ok");
      const wider = { ...wide, start: wide.start - 1_000 };
      expect(kindOf(credentials, now, feed.call(wider, null, credentials))).toBe("window");
    });
  }

  it("of JD for a window with too many rows", ({ expect }) => {
    const of = cases.find(({ adapter }) => adapter === jd);
    const gateway = new FakeJd();
    gateway.rowsAtMost = 3;
    for (let number = 0; of && number < 4; number += 1) gateway.put(orderOf(of, number));
    expect(() => readAll(jd, gateway, "orders", window, now)).toThrow("shrink 2002452");
    const half = { ...window, end: window.start + 2_000 };
    expect(readAll(jd, gateway, "orders", half, now).length).toBe(3);
  });

  it("of Taobao for what began more than 90 days ago", ({ expect }) => {
    const start = now - 90 * 86_400_000 - 1_000;
    const old = { start, end: start + minute };
    expect(() => readAll(taobao, new FakeTaobao(), "orders", old, now)).toThrow("window 2004");
  });
});
