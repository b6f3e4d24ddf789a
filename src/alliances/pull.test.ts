import { describe, it } from "vitest";
import { labOf } from "../../test/alliances/lab.ts";
import { ToyGateway, toyAdapter } from "../../test/alliances/toy.ts";
import { fc } from "../../test/properties.ts";
import type { Adapter, Credentials } from "./adapter.ts";
import type { ShownConnection } from "./connection.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 12:00 in Beijing. */
const noon = Date.parse("2026-11-25T12:00:00+08:00");

interface Options {
  adapter?: Partial<Adapter>;
  credentials?: Partial<Credentials>;
  since?: number;
  behindMs?: number;
  live?: () => ReadonlySet<string>;
  book?: Parameters<typeof labOf>[0]["book"];
}

async function connected(options: Options = {}) {
  const gateway = new ToyGateway();
  const { adapter, credentials, since = noon - 2 * hour, ...more } = options;
  const lab = labOf({
    adapters: [toyAdapter(adapter)],
    gatewayOf: () => gateway,
    now: noon,
    ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
  });
  const made = await lab.service.create({
    alliance: "jd-union",
    name: "toy",
    apiBase: null,
    since,
    credentials: { appKey: "toy-key-1234", appSecret: gateway.secret, ...credentials },
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const { id } = made.value;
  const shown = () => lab.service.get(id) as ShownConnection;
  const pulled = () => [...new Set(lab.events.map(({ orderId }) => orderId))].sort();
  const fill = (count: number, from = noon - hour, stepMs = 1_000) => {
    for (let index = 0; index < count; index += 1) {
      gateway.put({
        id: `o${String(index).padStart(5, "0")}`,
        amount: 100,
        updatedAt: from + index * stepMs,
      });
    }
    return [...gateway.rows.keys()].sort();
  };
  return { lab, gateway, id, shown, pulled, fill };
}

describe("a connection that was just made", () => {
  it("is pulled by itself after half a minute, from its beginning, and not before", async ({
    expect,
  }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    const all = fill(25);
    expect(shown()).toMatchObject({ through: null, lastPull: null, nextPullAt: noon + 30_000 });
    await lab.pass(29_000);
    expect(gateway.asked).toEqual([]);
    await lab.pass(10_000);
    expect(pulled()).toEqual(all);
    expect(shown()).toMatchObject({
      through: noon + 30_000 - minute,
      lastPull: { rows: 25, accepted: 25, refused: 0 },
      error: null,
    });
  });

  it("is pulled at once by hand", async ({ expect }) => {
    const { lab, gateway, id, pulled, fill } = await connected();
    const all = fill(3);
    expect(lab.service.pull(id, {})).toBe(true);
    await lab.pass(1_000);
    expect(pulled()).toEqual(all);
    expect(gateway.asked[0]?.at).toBe(noon);
  });

  it("asks for no window that is wider than the feed's, each page after the other, and no faster than it may", async ({
    expect,
  }) => {
    const { lab, gateway, fill } = await connected();
    fill(95);
    await lab.pass(minute);
    const { asked } = gateway;
    expect(Math.max(...asked.map(({ start, end }) => end - start))).toBeLessThanOrEqual(hour);
    expect(asked.filter(({ page }) => page > 0).length).toBeGreaterThanOrEqual(9);
    const gaps = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
  });
});

describe("what is pulled again", () => {
  it("goes a little back, so that what a platform tells late is found", async ({ expect }) => {
    const { lab, gateway, pulled } = await connected();
    await lab.pass(minute);
    gateway.put({ id: "late", amount: 1, updatedAt: noon - 2 * minute });
    await lab.pass(20 * minute);
    expect(pulled()).toEqual(["late"]);
  });

  it("is a range, all of it anew, and where the steady pull stands stays", async ({ expect }) => {
    const { lab, gateway, id, shown, fill } = await connected({ since: noon - 10 * day });
    fill(5, noon - 8 * day);
    await lab.pass(hour);
    const { through } = shown();
    lab.events.length = 0;
    gateway.asked.length = 0;
    lab.service.pull(id, { from: noon - 9 * day, to: noon - 7 * day });
    await lab.pass(minute);
    expect(lab.events).toHaveLength(5);
    expect(shown().through).toBeGreaterThanOrEqual(through ?? 0);
    expect(
      gateway.asked.filter(({ start }) => start < noon - 6 * day).length,
    ).toBeGreaterThanOrEqual(48);
    lab.events.length = 0;
    await lab.pass(hour);
    expect(lab.events).toEqual([]);
  });
});

describe("a connection that stood still for days", () => {
  it("pulls what changed lately first, so that a broadcast that is on has its orders, and then all between", async ({
    expect,
  }) => {
    const { lab, gateway, id, shown, pulled, fill } = await connected();
    await lab.pass(10 * minute);
    await lab.service.change(id, { enabled: false });
    const all = fill(72, noon + hour, hour);
    lab.now = noon + 3 * day;
    gateway.asked.length = 0;
    await lab.service.change(id, { enabled: true });
    await lab.pass(1);
    const [first] = gateway.asked;
    expect(first?.start).toBeGreaterThanOrEqual(noon + 3 * day - 7 * hour);
    await lab.pass(hour);
    expect(pulled()).toEqual(all);
    expect(shown().through).toBeGreaterThan(noon + 3 * day);
  });
});

describe("a platform on which a stream is on", () => {
  it("is pulled as often as its rules allow, from the minute on in which the stream begins", async ({
    expect,
  }) => {
    let live = new Set<string>();
    const { lab, gateway } = await connected({ live: () => live });
    await lab.pass(10 * minute);
    gateway.asked.length = 0;
    await lab.pass(20 * minute);
    const atRest = gateway.asked.length;
    live = new Set(["jd"]);
    // The object looks each minute whether a stream is on.
    const { run } = await import("./pull.ts");
    await run(lab.ports, () => false);
    gateway.asked.length = 0;
    await lab.pass(20 * minute);
    expect(atRest).toBeLessThanOrEqual(3);
    expect(gateway.asked.length).toBeGreaterThanOrEqual(19);
  });
});

describe("too much for one window", () => {
  it("is asked for in halves, which are whole again behind it", async ({ expect }) => {
    const { lab, gateway, pulled, fill } = await connected();
    const all = fill(100, noon - 2 * hour, 10_000);
    gateway.rowsAtMost = 30;
    await lab.pass(minute);
    expect(pulled()).toEqual(all);
    gateway.asked.length = 0;
    await lab.pass(20 * minute);
    expect(gateway.asked.filter(({ page }) => page === 0)).toHaveLength(1);
  });

  it("follows a rule that was narrowed, and asks for more a day later", async ({ expect }) => {
    const { lab, gateway, pulled, fill, id } = await connected();
    gateway.widestMs = 20 * minute;
    const all = fill(100, noon - 2 * hour, 60_000);
    await lab.pass(minute);
    expect(pulled()).toEqual(all);
    const refusals = gateway.asked.filter(({ start, end }) => end - start > 20 * minute).length;
    expect(refusals).toBe(2);
    lab.service.pull(id, { from: noon - hour });
    gateway.widestMs = hour;
    await lab.pass(day + hour);
    gateway.asked.length = 0;
    await lab.service.change(id, { enabled: false });
    await lab.pass(3 * hour);
    await lab.service.change(id, { enabled: true });
    await lab.pass(minute);
    expect(Math.max(...gateway.asked.map(({ start, end }) => end - start))).toBe(hour);
  });

  it("is an error that passes where no window is narrow enough", async ({ expect }) => {
    const { lab, gateway, shown, fill } = await connected();
    fill(100, noon - hour, 100);
    gateway.rowsAtMost = 30;
    await lab.pass(minute);
    expect(shown()).toMatchObject({ error: { code: "toy_shrink" }, stoppedAt: null });
    gateway.rowsAtMost = 1_000;
    await lab.pass(hour);
    expect(shown().error).toBe(null);
  });
});

describe("a fault", () => {
  it("that names its seconds is waited for so long, and no longer", async ({ expect }) => {
    const { lab, gateway, shown, fill } = await connected();
    fill(5);
    gateway.next.push({ kind: "throttled", waitMs: 7_000 });
    await lab.pass(10 * minute);
    const [first, second] = gateway.asked;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(7_000);
    expect(shown()).toMatchObject({ error: null, tries: 0 });
  });

  it("that passes is waited for 2 s, then twice as long each time, an hour at most", async ({
    expect,
  }) => {
    const { lab, gateway } = await connected();
    for (let index = 0; index < 16; index += 1) gateway.next.push({ kind: "retry" });
    await lab.pass(12 * hour);
    const gaps = gateway.asked
      .slice(0, 16)
      .map(({ at }, index) => (gateway.asked[index + 1]?.at ?? 0) - at);
    expect(gaps.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(gaps.slice(-3)).toEqual([hour, hour, hour]);
  });

  it("of a day's quota is waited for until the next day in Beijing", async ({ expect }) => {
    const { lab, gateway, shown } = await connected();
    gateway.next.push({ kind: "quota" });
    await lab.pass(minute);
    expect(shown().error).toMatchObject({ code: "toy_quota" });
    await lab.pass(day);
    const second = gateway.asked[1]?.at ?? 0;
    expect(second).toBeGreaterThanOrEqual(Date.parse("2026-11-26T00:00:00+08:00"));
    expect(second).toBeLessThan(Date.parse("2026-11-26T00:10:00+08:00"));
  });

  it("that no time mends stops it with its reason, until somebody acts; and no secret is in that", async ({
    expect,
  }) => {
    const { lab, gateway, id, shown, pulled, fill } = await connected({
      credentials: { appSecret: "another secret" },
    });
    const all = fill(3);
    await lab.pass(day);
    expect(gateway.asked).toHaveLength(1);
    expect(shown()).toMatchObject({
      error: { code: "toy_denied", detail: "wrong …" },
      nextPullAt: null,
    });
    expect(shown().stoppedAt).not.toBe(null);
    await lab.service.change(id, { credentials: { appSecret: gateway.secret } });
    await lab.pass(minute);
    expect(pulled()).toEqual(all);
    expect(shown()).toMatchObject({ error: null, stoppedAt: null });
  });

  it.for([
    ["a page of HTML", { status: 200, body: "<html><body>Bad gateway</body></html>" }, "not_json"],
    ["an error of a proxy's", { status: 502, body: "<html>502</html>" }, "http_502"],
    ["half an answer", { status: 200, body: '{"rows":[{"id":"1"' }, "not_json"],
    ["too many requests", { status: 429, body: "" }, "http_429"],
    ["a redirect", { status: 302, body: "" }, "redirected"],
  ] as const)("is %s, which passes", async ([, answer, code], { expect }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    const all = fill(5);
    gateway.next.push(answer);
    await lab.pass(31_000);
    expect(shown().error?.code).toBe(code);
    await lab.pass(minute);
    expect(pulled()).toEqual(all);
    expect(shown().error).toBe(null);
  });

  it("of a clock that is wrong is mended by the gateway's own, which it tells with each answer", async ({
    expect,
  }) => {
    const { lab, gateway, pulled, fill } = await connected({ behindMs: 25 * minute });
    const all = fill(5);
    await lab.pass(2 * minute);
    expect(gateway.asked.length).toBeGreaterThanOrEqual(2);
    expect(pulled()).toEqual(all);
  });
});

describe("a feed beside the orders", () => {
  const [orders] = toyAdapter().feeds;
  const refunds = orders && {
    ...orders,
    name: "refunds",
    call: () => ({ method: "refunds", params: {} }),
  };

  it.for(["denied", "refused", "retry"] as const)(
    "that is %s is left out of the round, and said so, and the orders come on time",
    async (kind, { expect }) => {
      const { lab, gateway, shown, pulled, fill } = await connected({
        adapter: { feeds: [orders, refunds].filter((feed) => feed !== undefined) },
      });
      gateway.fails.set("refunds", kind);
      const all = fill(5);
      await lab.pass(2 * minute);
      expect(pulled()).toEqual(all);
      expect(shown()).toMatchObject({
        error: { code: `toy_${kind}`, detail: expect.stringContaining("refunds: ") },
        stoppedAt: null,
      });
      gateway.put({ id: "later", amount: 1, updatedAt: noon + 5 * minute });
      await lab.pass(30 * minute);
      expect(pulled()).toContain("later");
      gateway.fails.clear();
      await lab.pass(30 * minute);
      expect(shown().error).toBe(null);
    },
  );
});

describe("in the middle of a window", () => {
  it("a process that begins anew goes on at the page where it was", async ({ expect }) => {
    const { lab, gateway, pulled, fill } = await connected();
    const all = fill(60);
    for (let index = 0; index < 4; index += 1) gateway.next.push(null);
    gateway.next.push({ kind: "retry" });
    await lab.pass(31_000);
    const asked = gateway.asked.length;
    lab.restart();
    await lab.pass(minute);
    expect(gateway.asked[asked]).toMatchObject({ page: gateway.asked[asked - 1]?.page });
    expect(pulled()).toEqual(all);
  });

  it("orders that were not taken are asked for again, and nothing is left out", async ({
    expect,
  }) => {
    let fails = 2;
    const taken: string[] = [];
    const { lab, shown, fill } = await connected({
      book: async (events) => {
        if (fails-- > 0) throw new Error("the disk is full");
        taken.push(...events.map(({ orderId }) => orderId));
        return { accepted: events.length, updated: 0, duplicates: 0 };
      },
    });
    const all = fill(30);
    await lab.pass(31_000);
    expect(shown().error?.code).toBe("not_booked");
    await lab.pass(minute);
    expect([...new Set(taken)].sort()).toEqual(all);
  });
});

describe("orders that a list names by their ids alone", () => {
  it("come one by one; none is lost to a fault, and it is not said that all are here before they are", async ({
    expect,
  }) => {
    const { lab, gateway, shown, pulled, fill } = await connected();
    gateway.namesAlone = true;
    const all = fill(24);
    // Three pages of the list in the first window, then the orders: the fifth of them fails.
    for (let index = 0; index < 8; index += 1) gateway.next.push(null);
    gateway.next.push({ kind: "throttled", waitMs: 60_000 });
    await lab.pass(40_000);
    expect(pulled().length).toBeGreaterThan(0);
    expect(pulled().length).toBeLessThan(24);
    expect(shown().through ?? 0).toBeLessThan(noon - 50 * minute);
    lab.restart();
    await lab.pass(5 * minute);
    expect(pulled()).toEqual(all);
    expect(shown().through).toBeGreaterThan(noon - 2 * minute);
  });

  it("that the platform does not know are refused, and hold up nothing", async ({ expect }) => {
    const { lab, gateway, shown, fill } = await connected();
    gateway.namesAlone = true;
    fill(3);
    for (const one of [null, null, null]) gateway.next.push(one);
    gateway.next.push({ kind: "refused" });
    await lab.pass(minute);
    expect(shown().lastPull).toMatchObject({ rows: 3, refused: 1, accepted: 2 });
    expect(shown().error).toBe(null);
  });
});

describe("many connections", () => {
  it("take their turns: one that is slow, throttled or full holds up no other", async ({
    expect,
  }) => {
    const gateways = new Map(
      [0, 1, 2].map((index) => [`https://toy${index}.example`, new ToyGateway()]),
    );
    const names = ["jd-union", "kuaishou", "pinduoduo"] as const;
    const adapters = names.map((name, index) =>
      toyAdapter({ name, base: `https://toy${index}.example` }),
    );
    const lab = labOf({
      adapters,
      gatewayOf: (name) =>
        gateways.get(`https://toy${names.indexOf(name as "jd-union")}.example`) as ToyGateway,
      now: noon,
    });
    for (const [index, name] of names.entries()) {
      const gateway = gateways.get(`https://toy${index}.example`) as ToyGateway;
      const rows = index === 0 ? 5_000 : 20;
      for (let row = 0; row < rows; row += 1) {
        gateway.put({ id: `${index}-${row}`, amount: 1, updatedAt: noon - hour + row });
      }
      if (index === 1) gateway.next.push({ kind: "throttled", waitMs: 5_000 });
      await lab.service.create({
        alliance: name,
        name,
        apiBase: null,
        since: noon - 2 * hour,
        credentials: { appKey: "key-1234", appSecret: gateway.secret },
      });
    }
    await lab.pass(30_000);
    const { step } = await import("./pull.ts");
    const ids = lab.service.list().map(({ id }) => id);
    lab.now = noon + 30_000;
    for (let round = 0; round < 12; round += 1) {
      for (const id of ids)
        if ((lab.ports.store.dueAt(id) ?? Infinity) <= lab.now) await step(lab.ports, id);
      lab.now += 1_000;
    }
    const count = (index: number) =>
      new Set(lab.events.map(({ orderId }) => orderId).filter((id) => id.startsWith(`${index}-`)))
        .size;
    expect([count(1), count(2)]).toEqual([20, 20]);
    await lab.pass(hour);
    expect(count(0)).toBe(5_000);
  });
});

describe("whatever the gateway does", () => {
  it("every row is pulled in the end, as it was last", async ({ expect }) => {
    const fault = fc.constantFrom(
      null,
      null,
      null,
      { kind: "retry" as const },
      { kind: "throttled" as const, waitMs: 3_000 },
      { kind: "window" as const },
      { kind: "shrink" as const },
      { status: 200, body: "<html>" },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 20 }),
        fc.array(
          fc.record({
            id: fc.integer({ min: 0, max: 30 }),
            minute: fc.integer({ min: 0, max: 300 }),
          }),
          { maxLength: 80 },
        ),
        fc.boolean(),
        async (faults, edits, namesAlone) => {
          const { lab, gateway } = await connected();
          gateway.next.push(...faults);
          gateway.pageSize = 3;
          gateway.namesAlone = namesAlone;
          const sorted = edits.toSorted((a, b) => a.minute - b.minute);
          let version = 0;
          for (const { id, minute: after } of sorted) {
            await lab.pass(Math.max(0, noon + after * minute - lab.now));
            version += 1;
            gateway.put({ id: `o${id}`, amount: version, updatedAt: noon + after * minute });
            if (version % 7 === 0) lab.restart();
          }
          // Longer than every fault could be waited for.
          await lab.pass(12 * hour);
          const last = new Map<string, number>();
          for (const { orderId, amount } of lab.events) last.set(orderId, amount ?? 0);
          expect([...last].sort()).toEqual(
            [...gateway.rows.values()].map(({ id, amount }) => [id, amount]).sort(),
          );
        },
      ),
      {
        numRuns: 25,
        examples: [[[null, null, null, null, { kind: "shrink" }], [{ id: 0, minute: 0 }], true]],
      },
    );
  });
});
