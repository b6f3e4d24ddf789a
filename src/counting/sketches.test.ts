import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { own } from "../lib/records.ts";
import { addPair, decodeSketch, emptySketch, encodeSketch, pairFrom } from "./hyperloglog.ts";
import { Sketches, type SketchTable } from "./sketches.ts";
import type { Sql } from "./sql.ts";

/** A Counter's store that notes its statements. */
function storeOf(table: SketchTable = "sketch") {
  const { sql: inner } = Database.ofCounter();
  const asked: string[] = [];
  const sql: Sql = {
    exec: (query, ...bindings) => {
      asked.push(query.slice(0, 6));
      return inner.exec(query, ...bindings);
    },
  };
  const count = (what: string) => asked.filter((one) => one === what).length;
  return { sql, sketches: new Sketches(sql, table), count };
}
const sketchOf = (precision: number, ...indices: number[]) => {
  const sketch = emptySketch(precision);
  for (const index of indices) addPair(sketch, pairFrom(index, 2));
  return sketch;
};
const pairs = (...indices: number[]) => indices.map((index) => pairFrom(index, 2));
const plain = (found: ReturnType<Sketches["read"]>) =>
  [...found].map(([slug, epochs]) => [slug, { ...epochs }]);

describe("sketches of visitors", () => {
  it("are kept by epoch for the stream and for each link, in its table alone", ({ expect }) => {
    for (const table of ["sketch", "clicker"] as const) {
      const { sql, sketches } = storeOf(table);
      sketches.add([
        ["abc", "live", pairs(4)],
        ["def", "live", pairs(4, 8)],
        ["abc", "live", pairs(12)],
        ["abc", "2026-11-21", pairs(16)],
      ]);
      for (const one of [sketches, new Sketches(sql, table)]) {
        expect(one.registersOf("", "live")).toEqual(sketchOf(14, 4, 8, 12));
        expect(one.registersOf("", "2026-11-21")).toEqual(sketchOf(14, 16));
        expect(one.registersOf("abc", "live")).toEqual(sketchOf(12, 4, 12));
        expect(one.registersOf("none", "live")).toEqual(emptySketch(12));
        expect(one.registersOf("", "none")).toEqual(emptySketch(14));
        expect(one.epochsOf("def")).toEqual(["live"]);
        expect(one.epochsOf("").sort()).toEqual(["2026-11-21", "live"]);
        expect(one.epochsOf("none")).toEqual([]);
      }
      const other = new Sketches(sql, table === "sketch" ? "clicker" : "sketch");
      expect(other.epochsOf("")).toEqual([]);
    }
  });

  it("are written only where a register rose", ({ expect }) => {
    const { sketches, count } = storeOf();
    sketches.add([["abc", "live", pairs(4)]]);
    expect(count("INSERT")).toBe(2);
    sketches.add([["abc", "live", pairs(4)]]);
    sketches.add([["abc", "live", []]]);
    expect(count("INSERT")).toBe(2);
    sketches.add([["def", "live", pairs(4)]]);
    expect(count("INSERT")).toBe(3);
    // One register of several is enough, whichever it is.
    sketches.add([["def", "live", pairs(4, 8)]]);
    expect(count("INSERT")).toBe(5);
    sketches.add([["def", "live", pairs(12, 8)]]);
    expect(count("INSERT")).toBe(7);
  });

  it("leave what they were given as it is", ({ expect }) => {
    const { sketches } = storeOf();
    const given = pairs(4);
    sketches.add([
      ["abc", "live", given],
      ["abc", "live", pairs(8)],
    ]);
    expect(given).toEqual(pairs(4));
  });

  it("are read as estimates or as texts, of all or of some, as they are by now", ({ expect }) => {
    const { sketches } = storeOf();
    sketches.add([
      ["abc", "live", pairs(4)],
      ["def", "live", pairs(8)],
      ["def", "2026-11-21", pairs(8)],
    ]);
    expect(Object.fromEntries(plain(sketches.read("all", false)))).toEqual({
      "": { live: 2, "2026-11-21": 1 },
      abc: { live: 1 },
      def: { live: 1, "2026-11-21": 1 },
    });
    expect(plain(sketches.read(["def", "none"], false))).toEqual([
      ["def", { live: 1, "2026-11-21": 1 }],
    ]);
    expect(plain(sketches.read(["abc"], true))).toEqual([
      ["abc", { live: encodeSketch(sketchOf(12, 4)) }],
    ]);
    sketches.add([["abc", "live", pairs(12)]]);
    expect(plain(sketches.read(["abc"], false))).toEqual([["abc", { live: 2 }]]);
    expect(plain(sketches.read(["abc"], true))).toEqual([
      ["abc", { live: encodeSketch(sketchOf(12, 4, 12)) }],
    ]);
    const whole = sketches.read([""], true).get("") ?? {};
    expect(decodeSketch(String(own(whole, "live")))).toEqual(sketchOf(14, 4, 8, 12));
  });

  it("are remembered until they are forgotten", ({ expect }) => {
    const { sql, sketches, count } = storeOf();
    sketches.add([["abc", "live", pairs(4)]]);
    const before = count("SELECT");
    sketches.add([["abc", "live", pairs(8)]]);
    sketches.registersOf("abc", "live");
    expect(count("SELECT")).toBe(before);
    sql.exec("DELETE FROM sketch");
    expect(sketches.registersOf("abc", "live")).toEqual(sketchOf(12, 4, 8));
    sketches.forget();
    expect(sketches.registersOf("abc", "live")).toEqual(emptySketch(12));
  });

  it("that are written are no part of the memory: what comes later changes no row", ({
    expect,
  }) => {
    const { sql, sketches } = storeOf();
    sketches.add([["abc", "live", pairs(4)]]);
    const [row] = sql
      .exec<{ registers: ArrayBuffer }>("SELECT registers FROM sketch WHERE slug = 'abc'")
      .toArray();
    expect(new Uint8Array(row?.registers ?? new ArrayBuffer(0))).toEqual(sketchOf(12, 4));
  });

  it("are remembered in 24 MiB: registers, key and text", ({ expect }) => {
    const { sql, sketches, count } = storeOf();
    const asks = (index: number) => {
      const before = count("SELECT");
      sketches.registersOf(`s${10_000 + index}`, "live");
      return count("SELECT") - before;
    };
    // 4,096 of registers, 22 of the key and 128 of the entry: 5,926 fit.
    for (let index = 0; index < 5_926; index += 1) asks(index);
    expect(asks(0)).toBe(0);
    for (let index = 5_926; index < 6_000; index += 1) asks(index);
    expect(asks(5_999)).toBe(0);
    // One that was read since was given a second chance; its neighbours were not.
    expect([asks(0), asks(1)]).toEqual([0, 1]);

    // As text all registers are 5,468 more: 2,600 are too many.
    sketches.forget();
    sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2599)
       INSERT INTO sketch (slug, epoch, registers) SELECT 's' || (10000 + i), 'live', ? FROM n`,
      new Uint8Array(4_096).fill(1).buffer,
    );
    const slugs = Array.from({ length: 2_600 }, (_, index) => `s${10_000 + index}`);
    sketches.read(slugs, true);
    expect([asks(2_599), asks(0)]).toEqual([0, 1]);
  });
});
