import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { own } from "../../lib/records.ts";
import type { Sql } from "../../lib/sql.ts";
import { addPair, emptySketch, encodeSketch, folded, pairFrom } from "../hyperloglog.ts";
import type { Sighting } from "../isolate/visitors.ts";
import { longestText, type SketchOwner } from "../link-sketches.ts";
import { textPage } from "./sketch-pages.ts";
import { Sketches, type SketchTable } from "./sketches.ts";

const day = 86_400_000;
const now = Date.parse("2026-11-21T10:00:00Z");

/** A Counter's store that notes its statements. */
function storeOf(table: SketchTable = "sketch") {
  const { sql: inner } = Database.ofCounter();
  const asked: string[] = [];
  const sql: Sql = {
    exec: (query, ...bindings) => {
      asked.push(query);
      return inner.exec(query, ...bindings);
    },
  };
  const count = (what: string) => asked.filter((query) => query.startsWith(what)).length;
  /** How often registers were read. */
  const loads = () => count("SELECT registers");
  const sketches = new Sketches(sql, table);
  /** As a fold does. */
  const fold = () => {
    sketches.write();
    sketches.written();
  };
  const see = (sightings: readonly Sighting[], at: number) => {
    sketches.see(sightings, at);
    fold();
  };
  return { sql, sketches, count, loads, see, fold };
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
      const { sql, sketches, fold } = storeOf(table);
      const seen: Sighting[] = [
        ["abc", "live", pairs(4)],
        ["def", "live", pairs(4, 8)],
        ["abc", "live", pairs(12)],
        ["abc", "2026-11-21", pairs(16)],
      ];
      sketches.see(seen, now);
      for (const read of [
        () => sketches,
        () => {
          fold();
          return sketches;
        },
        () => new Sketches(sql, table),
      ]) {
        const one = read();
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
      expect([other.estimatesOfLinks(), other.textsOf("", now)]).toEqual([{}, {}]);
      expect([...other.page(null, 9)]).toEqual([]);
    }
  });

  it("are written only where a register rose, with when that was", ({ expect }) => {
    const { sql, sketches, count, see, fold } = storeOf();
    see([["abc", "live", pairs(4)]], now);
    expect(count("INSERT")).toBe(2);
    see([["abc", "live", pairs(4)]], now + 1);
    see([["abc", "live", []]], now + 1);
    expect(count("INSERT")).toBe(2);
    see([["def", "live", pairs(4)]], now + 2);
    expect(count("INSERT")).toBe(3);
    // One register of several is enough, whichever it is, and each row is written once.
    sketches.see([["def", "live", pairs(4, 8)]], now + 3);
    sketches.see([["def", "live", pairs(12, 8)]], now + 4);
    expect(count("INSERT")).toBe(3);
    fold();
    expect(count("INSERT")).toBe(5);
    fold();
    expect(count("INSERT")).toBe(5);
    const rows = sql.exec("SELECT slug, at FROM sketch ORDER BY slug").toArray();
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["", now + 4],
      ["abc", now],
      ["def", now + 4],
    ]);
  });

  it("leave what they were given as it is", ({ expect }) => {
    const { sketches } = storeOf();
    const given = pairs(4);
    const both: Sighting[] = [
      ["abc", "live", given],
      ["abc", "live", pairs(8)],
    ];
    sketches.see(both, now);
    expect(given).toEqual(pairs(4));
  });

  it("are answered as estimates, of one owner or of each link, as they are by now", ({
    expect,
  }) => {
    const { sketches } = storeOf();
    const seen: Sighting[] = [
      ["abc", "live", pairs(4)],
      ["def", "live", pairs(8)],
      ["def", "2026-11-21", pairs(8)],
    ];
    sketches.see(seen, now);
    expect(sketches.estimatesOf("")).toEqual({ live: 2, "2026-11-21": 1 });
    expect(sketches.estimatesOf("def")).toEqual({ live: 1, "2026-11-21": 1 });
    expect(sketches.estimatesOf("none")).toEqual({});
    const ofLinks = { abc: { live: 1 }, def: { live: 1, "2026-11-21": 1 } };
    expect(sketches.estimatesOfLinks()).toEqual(ofLinks);
    sketches.see([["abc", "live", pairs(12)]], now);
    expect(sketches.estimatesOf("")).toEqual({ live: 3, "2026-11-21": 1 });
    expect(sketches.estimatesOfLinks()).toEqual({ ...ofLinks, abc: { live: 2 } });
    sketches.write();
    sketches.written();
    // One that rose since is the same one.
    sketches.see([["abc", "live", [pairFrom(12, 3)]]], now);
    expect(sketches.estimatesOfLinks(3)).toEqual({ ...ofLinks, abc: { live: 2 } });
    expect(sketches.estimatesOfLinks(2)).toBeNull();
    // They only become more, until some are forgotten.
    expect(sketches.estimatesOfLinks(3)).toBeNull();
    sketches.forget();
    expect(sketches.estimatesOfLinks(3)).toEqual({ ...ofLinks, abc: { live: 2 } });
  });

  it("are estimated once until they rise, however often they are asked for", ({ expect }) => {
    const { sql, see, loads } = storeOf();
    see([["abc", "live", pairs(4)]], now);
    const reader = new Sketches(sql, "sketch");
    const before = loads();
    for (let turn = 0; turn < 3; turn += 1) {
      expect(reader.estimatesOfLinks()).toEqual({ abc: { live: 1 } });
    }
    expect(loads() - before).toBe(1);
  });

  it("are answered as texts to be merged, as they are by now", ({ expect }) => {
    const { sql, sketches, fold } = storeOf();
    const seen: Sighting[] = [
      ["abc", "live", pairs(4)],
      ["def", "2026-11-21", pairs(8)],
    ];
    sketches.see(seen, now);
    const text = (precision: number, ...indices: number[]) =>
      encodeSketch(sketchOf(precision, ...indices));
    expect(sketches.textsOf("abc", now)).toEqual({ live: text(12, 4) });
    expect(sketches.textsOf("", now)).toEqual({ live: text(14, 4), "2026-11-21": text(14, 8) });
    expect(sketches.textsOf("none", now)).toEqual({});
    sketches.see([["abc", "live", pairs(12)]], now);
    expect(sketches.textsOf("abc", now)).toEqual({ live: text(12, 4, 12) });
    expect(own(sketches.textsOf("", now), "live")).toBe(text(14, 4, 12));
    // A text that is remembered is not made again.
    fold();
    const reader = new Sketches(sql, "sketch");
    expect(reader.textsOf("abc", now)).toEqual({ live: text(12, 4, 12) });
    sql.exec("UPDATE sketch SET registers = zeroblob(4096)");
    expect(reader.textsOf("abc", now)).toEqual({ live: text(12, 4, 12) });
  });

  it("are folded as texts once they were not added to for thirty days, and no longer when they are", ({
    expect,
  }) => {
    const { sketches } = storeOf();
    const fine = (...indices: number[]) => encodeSketch(sketchOf(14, ...indices));
    const coarse = (...indices: number[]) => encodeSketch(folded(sketchOf(14, ...indices), 12));
    const live = (at: number) => own(sketches.textsOf("", at), "live");
    sketches.see([["abc", "live", pairs(4)]], now);
    expect(live(now + 30 * day)).toBe(fine(4));
    expect(live(now + 30 * day + 1)).toBe(coarse(4));
    expect(live(now + 30 * day)).toBe(fine(4));
    sketches.see([["abc", "live", pairs(8)]], now + 40 * day);
    expect(live(now + 40 * day)).toBe(fine(4, 8));
    expect(live(now + 80 * day)).toBe(coarse(4, 8));
    sketches.see([["abc", "2026-11-21", pairs(12)]], now + 40 * day);
    expect(sketches.textsOf("", now + 80 * day)).toEqual({
      live: coarse(4, 8),
      "2026-11-21": coarse(12),
    });
  });

  it("of links come in pages, by slug and epoch, and without the stream's own", ({ expect }) => {
    const { sketches, see, fold } = storeOf();
    const seenBy = (...slugs: string[]) =>
      slugs.flatMap((slug) =>
        ["live", "2026-11-21"].map((epoch): Sighting => [slug, epoch, pairs(4)]),
      );
    see(seenBy("b"), now);
    // Some are written and some are not, and one rose since.
    sketches.see([...seenBy("A", "c"), ["b", "live", pairs(8)]], now);
    const all = sketches.page(null, 9);
    fold();
    expect([...sketches.page(null, 9)]).toEqual(all);
    sketches.see(
      [
        ["c", "live", pairs(8)],
        ["b", "live", pairs(12)],
      ],
      now,
    );
    expect(sketches.page(null, 9).map(({ slug }) => slug)).toEqual(all.map(({ slug }) => slug));
    const [, , , b] = sketches.page(null, 9);
    expect(new Uint8Array(b?.registers ?? new ArrayBuffer(0))).toEqual(sketchOf(12, 4, 8, 12));
    fold();
    expect(all.map(({ slug, epoch }) => [slug, epoch])).toEqual([
      ["A", "2026-11-21"],
      ["A", "live"],
      ["b", "2026-11-21"],
      ["b", "live"],
      ["c", "2026-11-21"],
      ["c", "live"],
    ]);
    expect(new Uint8Array(all[0]?.registers ?? new ArrayBuffer(0))).toEqual(sketchOf(12, 4));
    expect([...sketches.page({ slug: "A", epoch: "2026-11-21" }, 3)].slice(0, 2)).toEqual(
      all.slice(1, 3),
    );
    expect([...sketches.page({ slug: "c", epoch: "live" }, 3)]).toEqual([]);
  });

  it("of links come as text in pages of about so many characters", ({ expect }) => {
    const { sketches, see, count } = storeOf();
    const slugs = Array.from({ length: 30 }, (_, index) => `l${10 + index}`);
    see(
      slugs.map((slug): Sighting => [slug, "live", pairs(4)]),
      now,
    );
    sketches.see([["l15", "live", pairs(8)]], now);
    const textOf = (slug: string) => encodeSketch(sketchOf(12, ...(slug === "l15" ? [4, 8] : [4])));
    const all = slugs.map((slug) => ({ slug, epoch: "live", text: textOf(slug) }));
    expect(textPage(sketches, null, 1_000_000)).toEqual({ sketches: all, isLast: true });
    expect(sketches.textsFor(all.slice(4, 7))).toEqual(all.slice(4, 7));
    expect(sketches.textsFor([{ slug: "none", epoch: "live" }])).toEqual([
      { slug: "none", epoch: "live", text: encodeSketch(emptySketch(12)) },
    ]);
    const paged = [];
    let pages = 0;
    for (let last = null, isLast = false; !isLast; pages += 1) {
      const page = textPage(sketches, last, 40);
      expect(page.sketches.length).toBeLessThanOrEqual(6);
      paged.push(...page.sketches);
      last = page.sketches.at(-1) ?? null;
      isLast = page.isLast;
    }
    // The last is empty: five have as many characters as are wanted.
    expect([paged, pages]).toEqual([all, 7]);
    // No more rows are read than the longest texts would take.
    const before = count("SELECT slug, epoch, registers");
    textPage(sketches, null, 1_000_000);
    expect(count("SELECT slug, epoch, registers") - before).toBe(1);
  });

  it("of links are read no more at once than the longest texts leave room for", ({ expect }) => {
    /** What is read of links without end, whose registers are like these. */
    const asked = (registers: Uint8Array, characters: number) => {
      const limits: number[] = [];
      const page = (_: SketchOwner | null, limit: number) => {
        limits.push(limit);
        const one = { slug: "abc", epoch: "live", registers: registers.buffer as ArrayBuffer };
        return Array.from({ length: limit }, () => one);
      };
      return { page: textPage({ page }, null, characters), limits };
    };
    const dense = new Uint8Array(4_096).fill(9);
    // A little shorter than the longest: there is room for one more.
    const full = asked(dense, 3 * longestText);
    expect([full.limits, full.page.sketches.length, full.page.isLast]).toEqual([[3, 1], 4, false]);
    // However short they are, a thousand.
    expect(asked(sketchOf(12, 4), 700 * longestText).limits).toEqual([700, 300]);
  });

  it("are remembered until they are forgotten", ({ expect }) => {
    const { sql, sketches, loads, see } = storeOf();
    see([["abc", "live", pairs(4)]], now);
    const before = loads();
    see([["abc", "live", pairs(8)]], now);
    sketches.registersOf("abc", "live");
    expect([sketches.estimatesOf("abc"), loads()]).toEqual([{ live: 2 }, before]);
    const text = encodeSketch(sketchOf(12, 4, 8));
    expect(sketches.textsOf("abc", now)).toEqual({ live: text });
    sql.exec("UPDATE sketch SET registers = zeroblob(4096)");
    expect(sketches.registersOf("abc", "live")).toEqual(sketchOf(12, 4, 8));
    sketches.forget();
    expect(sketches.registersOf("abc", "live")).toEqual(emptySketch(12));
    expect(sketches.estimatesOf("abc")).toEqual({ live: 0 });
    expect(sketches.textsOf("abc", now)).toEqual({ live: encodeSketch(emptySketch(12)) });
  });

  it("are read for those alone who are asked for", ({ expect }) => {
    const { sketches, see, loads } = storeOf();
    see(
      [
        ["abc", "live", pairs(4)],
        ["def", "live", pairs(4)],
      ],
      now,
    );
    sketches.forget();
    sketches.see(
      [
        ["abc", "live", pairs(8)],
        ["def", "live", pairs(8)],
      ],
      now,
    );
    const before = loads();
    expect(sketches.estimatesOf("abc")).toEqual({ live: 2 });
    expect(loads() - before).toBe(1);
    expect(sketches.estimatesOf("")).toEqual({ live: 2 });
    expect(loads() - before).toBe(2);
  });

  it("are as new as what was seen last, in the table or not", ({ expect }) => {
    const { sketches, see } = storeOf();
    const old = now - 31 * 86_400_000;
    see([["abc", "live", pairs(4)]], old);
    expect(sketches.textsOf("", now)).toEqual({
      live: encodeSketch(folded(sketchOf(14, 4), 12)),
    });
    sketches.see([["abc", "live", pairs(8)]], now);
    expect(sketches.textsOf("", now)).toEqual({ live: encodeSketch(sketchOf(14, 4, 8)) });
  });

  it("have what was seen since their text was made", ({ expect }) => {
    const { sql, see } = storeOf();
    see([["abc", "live", pairs(4)]], now);
    const reader = new Sketches(sql, "sketch");
    const owner = { slug: "abc", epoch: "live" };
    const text = () => reader.textsFor([owner])[0]?.text;
    expect(text()).toBe(encodeSketch(sketchOf(12, 4)));
    reader.see([["abc", "live", pairs(8)]], now);
    expect(text()).toBe(encodeSketch(sketchOf(12, 4, 8)));
  });

  it("come in pages of so many, each once, whether they are written or not", ({ expect }) => {
    const { sketches } = storeOf();
    const seen = (index: number) =>
      sketches.see(
        ["a", "b", "c"].map((slug): Sighting => [slug, "live", pairs(index)]),
        now,
      );
    seen(4);
    const [first, ...none] = sketches.page(null, 1);
    expect([first?.slug, none]).toEqual(["a", []]);
    expect(sketches.page({ slug: "b", epoch: "live" }, 9).map(({ slug }) => slug)).toEqual(["c"]);
    // What was handed out stays as it was.
    seen(8);
    expect(new Uint8Array(first?.registers ?? new ArrayBuffer(0))).toEqual(sketchOf(12, 4));
  });

  it("are read by who asks for them, not by who adds to them", ({ expect }) => {
    for (const asks of [
      ({ sketches }) => sketches.registersOf("abc", "live"),
      ({ sketches }) => sketches.estimatesOf("abc"),
      ({ sketches }) => sketches.estimatesOfLinks(),
      ({ sketches }) => sketches.textsOf("abc", now),
      ({ sketches }) => sketches.epochsOf("abc"),
      ({ sketches }) => sketches.page(null, 10),
      ({ sketches }) => textPage(sketches, null, 10),
      ({ sketches }) => sketches.textsFor([{ slug: "abc", epoch: "live" }]),
      ({ fold }) => fold(),
    ] satisfies ((store: ReturnType<typeof storeOf>) => unknown)[]) {
      const store = storeOf();
      const { sketches, loads, count, fold } = store;
      store.see([["abc", "live", pairs(4)]], now);
      sketches.forget();
      const [before, written] = [loads(), count("INSERT")];
      sketches.see([["abc", "live", pairs(4)]], now + 1);
      sketches.see([["abc", "live", pairs(8)]], now + 2);
      sketches.see([["abc", "live", pairs(8)]], now + 3);
      expect(loads()).toBe(before);
      asks(store);
      expect(loads()).toBeGreaterThan(before);
      fold();
      // The link's and the stream's, once each.
      expect(count("INSERT") - written).toBe(2);
      expect(sketches.registersOf("abc", "live")).toEqual(sketchOf(12, 4, 8));
      const rows = store.sql.exec("SELECT at FROM sketch").toArray();
      expect(rows).toEqual([{ at: now + 2 }, { at: now + 2 }]);
    }
  });

  it("that are only read are not remembered", ({ expect }) => {
    const { sketches, loads } = storeOf();
    for (let turn = 0; turn < 2; turn += 1) sketches.registersOf("abc", "live");
    expect(loads()).toBe(2);
  });

  it("are remembered in 24 MiB of registers and keys", ({ expect }) => {
    const { see, loads } = storeOf();
    // Nothing rises, so nothing is written: 4,096 of registers, 22 of the key and 128 of the entry, and
    // 16,384, 10 and 128 of the stream's, beside which 5,923 links fit.
    const asks = (from: number, to = from + 1) => {
      const before = loads();
      const links = Array.from(
        { length: to - from },
        (_, index): Sighting => [`s${10_000 + from + index}`, "live", []],
      );
      see(links, now);
      return loads() - before;
    };
    expect(asks(0, 5_923)).toBe(5_924);
    expect(asks(0)).toBe(0);
    // One more, and the first that was not read since has to go: the stream's and s10000 were.
    expect([asks(5_923), asks(5_923), asks(0), asks(1)]).toEqual([1, 0, 0, 1]);
  });

  it("are remembered in 8 MiB of texts and keys", ({ expect }) => {
    const { sql, sketches, loads } = storeOf();
    // A whole sketch is 21,852 as text, its key 12 and the entry 128: 381 fit.
    const keep = (from: number, to: number) =>
      sql.exec(
        `WITH RECURSIVE n (i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to - 1})
         INSERT INTO sketch (slug, epoch, registers, at) SELECT '', 'e' || (1000 + i), ?, ${now} FROM n`,
        new Uint8Array(16_384).fill(1).buffer,
      );
    const reads = () => {
      const before = loads();
      sketches.textsOf("", now);
      return loads() - before;
    };
    keep(0, 381);
    expect([reads(), reads()]).toEqual([381, 0]);
    keep(381, 382);
    expect(reads()).toBe(1);
    expect(reads()).toBeGreaterThan(0);
  });
});
