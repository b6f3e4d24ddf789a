import { createHmac } from "node:crypto";
import { describe, it } from "vitest";
import type { Epoch } from "../epoch.ts";
import { pairOf } from "../hyperloglog.ts";
import { Visitors, type Who } from "./visitors.ts";

const epoch: Epoch = { id: "live", endsAt: 10_000 };
const salt = new Uint8Array(32).fill(7);
const who = (address: string, more: Partial<Who> = {}): Who => ({
  role: "viewer",
  slug: "abc",
  address,
  userAgent: "UA",
  languages: "zh",
  ...more,
});
const pairFor = (identity: string, by = salt) =>
  pairOf(createHmac("sha256", by).update(identity).digest());
const salted = (visitors: Visitors, by: Uint8Array | null = salt, now = 0) =>
  visitors.resolve(async ({ id }) => by && { epoch: id, value: by }, now);

describe("visitors of a lane", () => {
  it("are noted once a link, a role and an epoch, by address, user agent and languages", async ({
    expect,
  }) => {
    const visitors = new Visitors();
    expect(visitors.areWaiting).toBe(false);
    for (const more of [
      {},
      {},
      { userAgent: "UB" },
      { languages: "en" },
      { address: "y" },
      { slug: "def" },
      { role: "clicker" },
    ] as const) {
      visitors.note(who("x", more), epoch);
    }
    expect(visitors.areWaiting).toBe(true);
    await salted(visitors);
    expect(visitors.areWaiting).toBe(false);
    const own = ["x\nUA\nzh", "x\nUB\nzh", "x\nUA\nen", "y\nUA\nzh"].map((one) => pairFor(one));
    expect(visitors.take("viewer")).toEqual([
      ["abc", "live", own],
      ["def", "live", [pairFor("x\nUA\nzh")]],
    ]);
    expect(visitors.take("viewer")).toEqual([]);
    expect(visitors.take("clicker")).toEqual([["abc", "live", [pairFor("x\nUA\nzh")]]]);
    visitors.note(who("x"), epoch);
    visitors.note(who("z"), epoch);
    expect(visitors.take("viewer")).toEqual([["abc", "live", [pairFor("z\nUA\nzh")]]]);
  });

  it("of another lane are its own", async ({ expect }) => {
    const [one, two] = [new Visitors(), new Visitors()];
    one.note(who("x"), epoch);
    two.note(who("x"), epoch);
    await salted(one);
    await salted(two);
    expect([one.take("viewer").length, two.take("viewer").length]).toEqual([1, 1]);
  });

  it("have the salt of their epoch, asked for once", async ({ expect }) => {
    const visitors = new Visitors();
    const next: Epoch = { id: "2026-11-21", endsAt: 20_000 };
    const asked: Epoch[] = [];
    const saltOf = async (of: Epoch) => {
      asked.push(of);
      return { epoch: of.id, value: new Uint8Array(32).fill(of.id === "live" ? 1 : 2) };
    };
    visitors.note(who("x"), epoch);
    visitors.note(who("y"), epoch);
    visitors.note(who("x"), next);
    await visitors.resolve(saltOf, 0);
    await visitors.resolve(saltOf, 0);
    expect(asked).toEqual([epoch, next]);
    const hashed = (identity: string, fill: number) =>
      pairFor(identity, new Uint8Array(32).fill(fill));
    expect(visitors.take("viewer")).toEqual([
      ["abc", "live", [hashed("x\nUA\nzh", 1), hashed("y\nUA\nzh", 1)]],
      ["abc", "2026-11-21", [hashed("x\nUA\nzh", 2)]],
    ]);
  });

  it("wait while their salt can't be had, and those of another epoch beside them", async ({
    expect,
  }) => {
    const visitors = new Visitors();
    const next: Epoch = { id: "2026-11-21", endsAt: 20_000 };
    visitors.note(who("x"), epoch);
    visitors.note(who("y"), next);
    const failing = visitors.resolve(({ id }) => {
      if (id === next.id) return Promise.reject(new Error("down"));
      return Promise.resolve({ epoch: id, value: salt });
    }, 0);
    await expect(failing).rejects.toThrow("down");
    expect(visitors.areWaiting).toBe(true);
    expect(visitors.take("viewer")).toEqual([["abc", "live", [pairFor("x\nUA\nzh")]]]);
    await salted(visitors);
    expect(visitors.take("viewer")).toEqual([["abc", "2026-11-21", [pairFor("y\nUA\nzh")]]]);
  });

  it("are forgotten once the salt is destroyed", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    await salted(visitors, null);
    expect([visitors.areWaiting, visitors.take("viewer")]).toEqual([false, []]);
    // Not even with a salt that comes after all.
    visitors.note(who("y"), epoch);
    await salted(visitors);
    expect(visitors.take("viewer")).toEqual([["abc", "live", [pairFor("y\nUA\nzh")]]]);
  });

  it("need the salt again once their epoch is over", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    await salted(visitors);
    await salted(visitors, salt, epoch.endsAt - 1);
    visitors.note(who("y"), epoch);
    expect(visitors.areWaiting).toBe(false);
    await salted(visitors, salt, epoch.endsAt);
    visitors.note(who("z"), epoch);
    expect(visitors.areWaiting).toBe(true);
  });

  it("ask for their salt once more when their epoch is to end later, and keep it as long", async ({
    expect,
  }) => {
    const visitors = new Visitors();
    const later: Epoch = { ...epoch, endsAt: 20_000 };
    const asked: Epoch[] = [];
    const saltOf = async (of: Epoch) => {
      asked.push(of);
      return { epoch: of.id, value: salt };
    };
    visitors.note(who("x"), epoch);
    await visitors.resolve(saltOf, 0);
    visitors.note(who("y"), later);
    await visitors.resolve(saltOf, 0);
    await visitors.resolve(saltOf, later.endsAt - 1);
    visitors.note(who("z"), later);
    expect(visitors.areWaiting).toBe(false);
    expect(asked).toEqual([epoch, later]);
    // Whose isolate has not heard of it yet asks for nothing.
    visitors.note(who("w"), epoch);
    expect(visitors.areWaiting).toBe(false);
    expect(visitors.take("viewer")[0]?.[2]).toHaveLength(4);
  });

  it("are counted in the epoch that their salt names", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    await visitors.resolve(async () => ({ epoch: "live.2", value: salt }), 0);
    visitors.note(who("y"), epoch);
    const pairs = [pairFor("x\nUA\nzh"), pairFor("y\nUA\nzh")];
    expect(visitors.take("viewer")).toEqual([["abc", "live.2", pairs]]);
  });

  it("have no salt asked for once it is destroyed, and wait no longer", async ({ expect }) => {
    const destroyedAt = epoch.endsAt + 3_600_000;
    for (const [now, asks] of [
      [destroyedAt - 1, 1],
      [destroyedAt, 0],
    ] as const) {
      const visitors = new Visitors();
      let asked = 0;
      visitors.note(who("x"), epoch);
      const resolved = visitors.resolve(() => {
        asked += 1;
        return Promise.reject(new Error("down"));
      }, now);
      await resolved.catch(() => undefined);
      expect([now, asked, visitors.areWaiting]).toEqual([now, asks, asks === 1]);
    }
  });

  it("of one register leave as its highest rank", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("first"), epoch);
    await salted(visitors);
    for (let index = 0; index < 1_000; index += 1) visitors.note(who(String(index)), epoch);
    const expected = new Map<number, number>();
    const names = ["first", ...Array.from({ length: 1_000 }, (_, index) => String(index))];
    for (const name of names) {
      const pair = pairFor(`${name}\nUA\nzh`);
      expected.set(pair >>> 6, Math.max(expected.get(pair >>> 6) ?? 0, pair & 63));
    }
    const [[, , pairs] = []] = visitors.take("viewer");
    expect(pairs).toEqual(Array.from(expected, ([index, rank]) => (index << 6) | rank));
  });

  it("wait in a megabyte at most", async ({ expect }) => {
    const visitors = new Visitors();
    const long = "u".repeat(500);
    for (let index = 0; index < 1_000; index += 1) {
      visitors.note(who(String(index), { userAgent: long, slug: long }), { ...epoch, id: long });
    }
    await salted(visitors);
    const [[, , pairs] = []] = visitors.take("viewer");
    // Three texts of 500 characters, two bytes each, and what an entry weighs: some 330 fit, a few share a register.
    expect(pairs?.length).toBeGreaterThan(290);
    expect(pairs?.length).toBeLessThanOrEqual(336);
  });

  it("are remembered in 8 MiB, and noted again once they are forgotten", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("first"), epoch);
    await salted(visitors);
    const first = visitors.take("viewer");
    expect(first).toHaveLength(1);
    // By all lanes together: 65,536 entries of 128 bytes fit.
    for (let lane = 0; lane < 11; lane += 1) {
      const others = new Visitors();
      for (let index = 0; index < 6_000; index += 1) others.note(who(String(index)), epoch);
    }
    visitors.note(who("first"), epoch);
    expect(visitors.take("viewer")).toEqual(first);
  });
});
