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

describe("sketches of visitors", () => {
  it("are kept by epoch for the stream and for each link, in its table alone", ({ expect }) => {
    for (const table of ["sketch", "clicker"] as const) {
      const { sql, sketches } = storeOf(table);
      sketches.add(
        [
          ["abc", "live", pairs(4)],
          ["def", "live", pairs(4, 8)],
          ["abc", "live", pairs(12)],
          ["abc", "2026-11-21", pairs(16)],
        ],
        1,
      );
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
    sketches.add([["abc", "live", pairs(4)]], 1);
    expect(count("INSERT")).toBe(2);
    sketches.add([["abc", "live", pairs(4)]], 1);
    sketches.add([["abc", "live", []]], 1);
    expect(count("INSERT")).toBe(2);
    sketches.add([["def", "live", pairs(4)]], 1);
    expect(count("INSERT")).toBe(3);
    // One register of several is enough, whichever it is.
    sketches.add([["def", "live", pairs(4, 8)]], 1);
    expect(count("INSERT")).toBe(5);
    sketches.add([["def", "live", pairs(12, 8)]], 1);
    expect(count("INSERT")).toBe(7);
  });

  it("leave what they were given as it is", ({ expect }) => {
    const { sketches } = storeOf();
    const given = pairs(4);
    sketches.add(
      [
        ["abc", "live", given],
        ["abc", "live", pairs(8)],
      ],
      1,
    );
    expect(given).toEqual(pairs(4));
  });

  it("are read as estimates, or as texts to be merged, as they are by now", ({ expect }) => {
    const { sketches } = storeOf();
    sketches.add(
      [
        ["abc", "live", pairs(4)],
        ["def", "live", pairs(8)],
        ["def", "2026-11-21", pairs(8)],
      ],
      1,
    );
    expect(sketches.estimatesOf("")).toEqual({ live: 2, "2026-11-21": 1 });
    expect(sketches.estimatesOf("none")).toEqual({});
    expect(sketches.estimatesOfLinks()).toEqual({
      abc: { live: 1 },
      def: { live: 1, "2026-11-21": 1 },
    });
    expect(sketches.textsOf("abc", 1)).toEqual({ live: encodeSketch(sketchOf(12, 4)) });
    expect(sketches.textsOf("none", 1)).toEqual({});
    sketches.add([["abc", "live", pairs(12)]], 1);
    expect(sketches.estimatesOf("abc")).toEqual({ live: 2 });
    expect(sketches.textsOf("abc", 1)).toEqual({ live: encodeSketch(sketchOf(12, 4, 12)) });
    expect(decodeSketch(String(own(sketches.textsOf("", 1), "live")))).toEqual(
      sketchOf(14, 4, 8, 12),
    );
  });

  it("are folded as texts once they were not added to for thirty days", ({ expect }) => {
    const { sketches } = storeOf();
    const day = 86_400_000;
    sketches.add([["abc", "live", pairs(4)]], day);
    const text = (now: number) => String(own(sketches.textsOf("", now), "live"));
    expect([text(31 * day), text(31 * day + 1)].map((one) => one.slice(0, 4))).toEqual([
      "s14:",
      "s12:",
    ]);
    sketches.add([["abc", "live", pairs(8)]], 31 * day);
    expect(text(31 * day + 1)).toBe(encodeSketch(sketchOf(14, 4, 8)));
    expect(text(62 * day)).toBe(encodeSketch(sketchOf(12, 4, 8)));
  });

  it("are remembered until they are forgotten", ({ expect }) => {
    const { sql, sketches, count } = storeOf();
    sketches.add([["abc", "live", pairs(4)]], 1);
    const before = count("SELECT");
    sketches.add([["abc", "live", pairs(8)]], 1);
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
    sketches.add([["abc", "live", pairs(4)]], 1);
    const [row] = sql
      .exec<{ registers: ArrayBuffer }>("SELECT registers FROM sketch WHERE slug = 'abc'")
      .toArray();
    expect(new Uint8Array(row?.registers ?? new ArrayBuffer(0))).toEqual(sketchOf(12, 4));
  });

  it("that are only read take no room from those that are added to", ({ expect }) => {
    const { sketches, count } = storeOf();
    sketches.add([["abc", "live", pairs(4)]], 1);
    const again = () => {
      const before = count("SELECT");
      sketches.registersOf("def", "live");
      return count("SELECT") - before;
    };
    expect([again(), again()]).toEqual([1, 1]);
  });
});
