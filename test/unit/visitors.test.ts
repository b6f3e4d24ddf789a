import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { type Epoch, epochOf } from "../../src/counting/epoch.ts";
import {
  addPair,
  decodeSketch,
  emptySketch,
  encodeSketch,
  estimate,
  linkPrecision,
  mergeSketch,
  pairOf,
  streamPrecision,
} from "../../src/counting/hyperloglog.ts";
import { type Role, Visitors } from "../../src/counting/visitors.ts";
import { fc } from "../properties.ts";

const hash = (text: string) => createHash("sha256").update(text).digest();

function sketchOf(names: Iterable<string>, precision = streamPrecision): Uint8Array {
  const sketch = emptySketch(precision);
  for (const name of names) addPair(sketch, pairOf(hash(name)));
  return sketch;
}
const people = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `visitor ${from + index}`);

describe("HyperLogLog", () => {
  for (const count of [0, 1, 2, 10, 100, 1_000, 10_000, 100_000]) {
    it(`estimates ${count} within four standard errors`, ({ expect }) => {
      for (const precision of [streamPrecision, linkPrecision]) {
        const error = (4 * 1.04) / Math.sqrt(2 ** precision);
        const estimated = estimate(sketchOf(people(count), precision));
        expect(Math.abs(estimated - count)).toBeLessThanOrEqual(Math.max(count * error, 0.5));
      }
    });
  }

  it("counts who comes twice once", ({ expect }) => {
    expect(estimate(sketchOf([...people(500), ...people(500)]))).toBe(
      estimate(sketchOf(people(500))),
    );
  });

  it("merges in any order and any number of times to the same sketch", ({ expect }) => {
    const all = sketchOf(people(3_000));
    const parts = [
      sketchOf(people(1_500)),
      sketchOf(people(2_000, 1_000)),
      sketchOf(people(1_500)),
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0, 1],
    ]) {
      const merged = emptySketch(streamPrecision);
      for (const index of order) mergeSketch(merged, parts[index] ?? new Uint8Array());
      expect(merged).toEqual(all);
    }
  });

  it("derives a link's register from the stream's pair as from the hash itself", ({ expect }) => {
    // By definition: the first p bits are the index, the rank is that of the first one bit after them.
    const directly = (bytes: Uint8Array, precision: number): [number, number] => {
      const bits = [...bytes.subarray(0, 8)]
        .map((byte) => byte.toString(2).padStart(8, "0"))
        .join("");
      const after = bits.slice(precision);
      const one = after.indexOf("1");
      return [
        Number.parseInt(bits.slice(0, precision), 2),
        one === -1 ? after.length + 1 : one + 1,
      ];
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(8), (bytes, zeros) => {
        bytes.fill(0, 1, 1 + Math.min(zeros, 7));
        for (const precision of [streamPrecision, linkPrecision]) {
          const sketch = emptySketch(precision);
          addPair(sketch, pairOf(bytes));
          const [index, rank] = directly(bytes, precision);
          expect([...sketch.entries()].filter(([, value]) => value > 0)).toEqual([[index, rank]]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is written and read back, sparse or dense", ({ expect }) => {
    for (const count of [0, 3, 40_000]) {
      const sketch = sketchOf(people(count));
      expect(decodeSketch(encodeSketch(sketch))).toEqual(sketch);
    }
    expect(encodeSketch(sketchOf(people(3))).length).toBeLessThan(30);
  });
});

describe("an epoch", () => {
  const at = (text: string) => Date.parse(text);
  const timezone = "Asia/Shanghai";
  it("is the broadcast, from a day before to its end, over midnight", ({ expect }) => {
    const stream = {
      startsAt: at("2026-11-20T12:00:00Z"),
      endsAt: at("2026-11-20T18:00:00Z"),
      timezone,
    };
    expect(epochOf(stream, at("2026-11-19T13:00:00Z")).id).toBe("live");
    expect(epochOf(stream, at("2026-11-20T17:59:59Z"))).toEqual({
      id: "live",
      endsAt: stream.endsAt,
    });
    expect(epochOf(stream, at("2026-11-20T18:00:00Z")).id).toBe("2026-11-21");
  });
  it("is never longer than 48 hours", ({ expect }) => {
    const startsAt = at("2026-11-20T12:00:00Z");
    const { endsAt } = epochOf(
      { startsAt, endsAt: startsAt + 30 * 86_400_000, timezone },
      startsAt,
    );
    expect(endsAt - (startsAt - 86_400_000)).toBe(48 * 3_600_000);
  });
  it("without times is the local day", ({ expect }) => {
    expect(epochOf({ timezone }, at("2026-11-20T15:59:59Z"))).toEqual({
      id: "2026-11-20",
      endsAt: at("2026-11-20T16:00:00Z"),
    });
    expect(epochOf({ timezone }, at("2026-11-20T16:00:00Z")).id).toBe("2026-11-21");
  });
});

describe("visitors of an isolate", () => {
  const epoch = { id: "live", endsAt: 10_000 };
  const saltOf = async ({ id }: Epoch) => ({ epoch: id, value: new Uint8Array(32).fill(7) });
  const who = (address: string, role: Role = "viewer") => ({
    role,
    slug: "abc",
    address,
    userAgent: "UA",
    languages: "zh",
  });

  it("wait for the salt, and leave as index and rank only", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("1.2.3.4"), epoch);
    visitors.note(who("1.2.3.4"), epoch);
    visitors.note(who("1.2.3.5"), epoch);
    expect(visitors.take("viewer")).toEqual([]);
    await visitors.resolve(saltOf, 0);
    const [sighting, ...others] = visitors.take("viewer");
    expect(others).toEqual([]);
    expect(sighting?.[2]).toHaveLength(2);
    expect(JSON.stringify(sighting)).not.toContain("1.2.3");
    expect(visitors.take("viewer")).toEqual([]);
  });

  it("are kept while the salt cannot be had, and dropped once it is destroyed", async ({
    expect,
  }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    await visitors.resolve(() => Promise.reject(new Error("down")), 0).catch(() => undefined);
    expect(visitors.areWaiting).toBe(true);
    await visitors.resolve(async () => null, 0);
    expect(visitors.areWaiting).toBe(false);
    expect(visitors.take("viewer")).toEqual([]);
  });

  it("are viewers and clickers, each once", async ({ expect }) => {
    const visitors = new Visitors();
    for (const role of ["viewer", "clicker", "clicker"] as const)
      visitors.note(who("x", role), epoch);
    await visitors.resolve(saltOf, 0);
    const [viewer, clicker] = [visitors.take("viewer"), visitors.take("clicker")];
    expect(viewer).toEqual(clicker);
    expect(viewer[0]?.[2]).toHaveLength(1);
    visitors.note(who("x", "clicker"), epoch);
    expect(visitors.take("clicker")).toEqual([]);
  });

  it("weigh no more than a sketch, however many come before a batch leaves", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    await visitors.resolve(saltOf, 0);
    for (let index = 0; index < 20_000; index += 1) visitors.note(who(`10.${index}`), epoch);
    const [sighting] = visitors.take("viewer");
    expect(sighting?.[2].length).toBeLessThanOrEqual(2 ** streamPrecision);
    const sketch = emptySketch(streamPrecision);
    for (const pair of sighting?.[2] ?? []) addPair(sketch, pair);
    expect(Math.abs(estimate(sketch) / 20_001 - 1)).toBeLessThan(0.04);
  });

  it("are told apart by another salt's hash in another epoch", async ({ expect }) => {
    const visitors = new Visitors();
    visitors.note(who("x"), epoch);
    visitors.note(who("x"), { id: "2026-11-21", endsAt: 20_000 });
    await visitors.resolve(
      async ({ id }) => ({ epoch: id, value: new Uint8Array(32).fill(id === "live" ? 1 : 2) }),
      0,
    );
    const [first, second] = visitors.take("viewer");
    expect(first?.[2]).not.toEqual(second?.[2]);
  });
});
