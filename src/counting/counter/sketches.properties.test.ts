/** Sketches of many links and of real hashes; `sketches.test.ts` has what is exact of them. */
import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { fc } from "../../../test/properties.ts";
import { own } from "../../lib/records.ts";
import type { Sql } from "../../lib/sql.ts";
import { withoutView } from "../clicks-without-view.ts";
import {
  addPair,
  emptySketch,
  estimate,
  folded,
  linkPrecision,
  pairFrom,
  pairOf,
  type SketchPair,
  streamPrecision,
  union,
} from "../hyperloglog.ts";
import type { Sighting } from "../isolate/visitors.ts";
import { countVisitors } from "../snapshot.ts";
import { Sketches } from "./sketches.ts";

const day = 86_400_000;
const pairs = (from: number, count: number): SketchPair[] =>
  Array.from({ length: count }, (_, index) =>
    pairOf(
      createHash("sha256")
        .update(`visitor ${from + index}`)
        .digest(),
    ),
  );

/** A store, and how many sketches were read from it. */
function opened() {
  const database = Database.ofCounter();
  const loads = { count: 0 };
  const sql: Sql = {
    exec: (query, ...bindings) => {
      if (query.startsWith("SELECT registers")) loads.count += 1;
      return database.sql.exec(query, ...bindings);
    },
  };
  const sketches = new Sketches(sql, "sketch");
  const see = (sightings: readonly Sighting[], at: number) => {
    sketches.see(sightings, at);
    database.transaction(() => sketches.write());
    sketches.written();
  };
  return { database, sql, loads, sketches, see };
}

const slugOf = (index: number) => `link-${String(index).padStart(5, "0")}`;

describe("reading the visitors of many links", () => {
  it("makes each estimate once, above what registers fit in memory too", ({ expect }) => {
    for (const links of [500, 9_000]) {
      const { database, sketches, loads, see } = opened();
      const sightings = Array.from(
        { length: links },
        (_, index): Sighting => [slugOf(index), "live", [pairFrom(index % 16_384, 3)]],
      );
      see(sightings, 1);
      sketches.estimatesOfLinks();
      loads.count = 0;
      for (let turn = 0; turn < 3; turn += 1) {
        expect(Object.keys(sketches.estimatesOfLinks() ?? {})).toHaveLength(links);
      }
      expect(loads.count).toBe(0);
      see([[slugOf(7), "live", [pairFrom(9, 9)]]], 2);
      expect(own(own(sketches.estimatesOfLinks() ?? {}, slugOf(7)) ?? {}, "live")).toBe(2);
      expect(loads.count).toBeLessThanOrEqual(2);
      database.close();
    }
  });

  it("is left alone by what is published", ({ expect }) => {
    const { database, sql, sketches, loads, see } = opened();
    const sightings = Array.from(
      { length: 50 },
      (_, index): Sighting => [slugOf(index), "live", pairs(index, 1)],
    );
    see(sightings, 1);
    const again = new Sketches(sql, "sketch");
    loads.count = 0;
    expect(countVisitors(again.textsOf("", 1))).toBe(own(sketches.estimatesOf(""), "live"));
    expect(loads.count).toBe(1);
    again.textsOf("", 1);
    expect(loads.count).toBe(1);
    database.close();
  });
});

describe("a sketch of a lower precision", () => {
  it("is what the same hashes would have made, whatever is merged first", ({ expect }) => {
    const hash = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 60 }), fc.array(hash, { maxLength: 60 }), (a, b) => {
        const made = (hashes: Uint8Array[], precision: number) => {
          const sketch = emptySketch(precision);
          for (const one of hashes) addPair(sketch, pairOf(one));
          return sketch;
        };
        const fine = made(a, streamPrecision);
        expect(folded(fine, linkPrecision)).toEqual(made(a, linkPrecision));
        const both = made([...a, ...b], linkPrecision);
        expect(union(fine, made(b, linkPrecision))).toEqual(both);
        expect(union(made(b, linkPrecision), fine)).toEqual(both);
        expect(union(fine, fine)).toEqual(fine);
      }),
      { numRuns: 50 },
    );
  });

  it("is what a stream's older epochs are published as, so that years of days fit in KV", ({
    expect,
  }) => {
    const { database, sketches, see } = opened();
    const days = 60;
    const seen = pairs(0, 12_000);
    for (let index = 0; index < days; index += 1) {
      const epoch = new Date(index * day).toISOString().slice(0, 10);
      see([["abc", epoch, seen]], index * day);
    }
    const texts = sketches.textsOf("", days * day);
    const bytes = Object.values(texts).map((text) => String(text).length);
    expect(Math.max(...bytes.slice(0, 29))).toBeLessThan(5_500);
    // KV takes 25 MiB: more than twelve years of days.
    expect((25 * 1_048_576 - 30 * 22_000) / Math.max(...bytes.slice(0, 29)) / 365).toBeGreaterThan(
      12,
    );
    const first = own(texts, "1970-01-01");
    expect(countVisitors({ first: String(first) } as never) / 12_000).toBeCloseTo(1, 1);
    expect(estimate(sketches.registersOf("", "1970-01-01")) / 12_000).toBeCloseTo(1, 1);
    database.close();
  });

  it("is compared with a finer one of the same people as equal", ({ expect }) => {
    const viewers = emptySketch(streamPrecision);
    for (const pair of pairs(0, 5_000)) addPair(viewers, pair);
    expect(withoutView(viewers, folded(viewers, linkPrecision)).estimate).toBe(0);
    expect(withoutView(folded(viewers, linkPrecision), viewers).estimate).toBe(0);
  });
});

it("a batch of hundreds of thousands of pairs, as older isolates sealed them, is taken", ({
  expect,
}) => {
  const { database, sketches, see } = opened();
  const many = Array.from({ length: 300_000 }, (_, index) =>
    pairFrom(index % 16_384, 1 + (index % 20)),
  );
  see([["abc", "live", many]], 1);
  expect(own(sketches.estimatesOf(""), "live")).toBeGreaterThan(16_384);
  database.close();
});
