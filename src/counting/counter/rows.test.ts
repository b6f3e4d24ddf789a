import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { own } from "../../lib/records.ts";
import type { Sql, SqlValue } from "../../lib/sql.ts";
import { keysPerDimension } from "../event.ts";
import type { Pair } from "../snapshot.ts";
import {
  type Added,
  addPair,
  noBreakdown,
  packBreakdown,
  readBreakdown,
  upsert,
  writeAdded,
} from "./rows.ts";

/** A Counter's store that notes its statements. */
function storeOf() {
  const { sql: inner } = Database.ofCounter();
  const asked: { query: string; bindings: SqlValue[] }[] = [];
  const sql: Sql = {
    exec: (query, ...bindings) => {
      asked.push({ query, bindings });
      return inner.exec(query, ...bindings);
    },
  };
  const all = (query: string) =>
    inner
      .exec(query)
      .toArray()
      .map((row) => Object.values(row));
  return { sql, asked, all };
}
function added(countries: readonly string[], minutes: readonly number[]): Added {
  const made: Added = { breakdown: noBreakdown(), minutes: new Map() };
  for (const country of countries) addPair(made.breakdown.country, country, [1, 0]);
  for (const minute of minutes) addPair(made.minutes, minute, [1, 2]);
  return made;
}
const one = (slug: string, what: Added) => new Map([[slug, what]]);
const breakdownOf = (sql: Sql, slug: string, more?: Added) =>
  packBreakdown(readBreakdown(sql, slug, more));

it("pairs under a key are added up", ({ expect }) => {
  const into = new Map<string, Pair>();
  addPair(into, "a", [1, 2]);
  addPair(into, "a", [3, 5]);
  addPair(into, "b", [1, 0]);
  expect([...into]).toEqual([
    ["a", [4, 7]],
    ["b", [1, 0]],
  ]);
});

describe("a breakdown's row", () => {
  it("holds 256 keys at most, the last of which is other; keys that are known stay", ({
    expect,
  }) => {
    const { sql } = storeOf();
    const names = Array.from({ length: 300 }, (_, index) => `k${index}`);
    writeAdded(sql, one("abc", added(names.slice(0, 200), [1])));
    // Before it is written it reads as after.
    const ahead = breakdownOf(sql, "abc", added(names, [1]));
    writeAdded(sql, one("abc", added(names, [1])));
    const { country, app } = breakdownOf(sql, "abc");
    expect(country).toEqual(ahead.country);
    expect(keysPerDimension).toBe(256);
    expect(Object.keys(country)).toHaveLength(256);
    expect(["k0", "k254", "k255", "other"].map((key) => own(country, key))).toEqual([
      [2, 0],
      [1, 0],
      undefined,
      [45, 0],
    ]);
    expect(app).toEqual({});
    writeAdded(sql, one("abc", added(["k299", "k0"], [1])));
    expect(breakdownOf(sql, "abc").country).toMatchObject({ k0: [3, 0], other: [46, 0] });
  });

  it("of before a dimension came has all that was counted as other in it, and counts on", ({
    expect,
  }) => {
    const { sql } = storeOf();
    sql.exec("INSERT INTO breakdown VALUES ('abc', ?)", '{"app":{"wechat":[3,1],"jd":[2,4]}}');
    expect(breakdownOf(sql, "abc")).toMatchObject({
      app: { wechat: [3, 1], jd: [2, 4] },
      country: { other: [5, 5] },
      method: { other: [5, 5] },
    });
    writeAdded(sql, one("abc", added(["CN"], [1])));
    expect(breakdownOf(sql, "abc").country).toEqual({ other: [5, 5], CN: [1, 0] });
  });

  it("is empty where there is none", ({ expect }) => {
    const { sql } = storeOf();
    expect(breakdownOf(sql, "none")).toEqual({
      app: {},
      os: {},
      country: {},
      region: {},
      destination: {},
      method: {},
    });
  });
});

describe("an hour's row", () => {
  it("holds its sums and its minutes, which begin at 0 in each hour", ({ expect }) => {
    const { sql, all } = storeOf();
    writeAdded(sql, one("abc", added(["CN"], [59, 60, 61, 119, 120])));
    writeAdded(sql, one("abc", added(["CN"], [61, 62])));
    expect(all("SELECT hour, views, clicks, minutes FROM hour ORDER BY hour")).toEqual([
      [0, 1, 2, '{"59":[1,2]}'],
      [1, 5, 10, '{"0":[1,2],"1":[2,4],"2":[1,2],"59":[1,2]}'],
      [2, 1, 2, '{"0":[1,2]}'],
    ]);
  });

  it("that lost its minutes begins them anew, and keeps its sums", ({ expect }) => {
    const { sql, all } = storeOf();
    writeAdded(sql, one("abc", added(["CN"], [1])));
    sql.exec("UPDATE hour SET minutes = NULL");
    writeAdded(sql, one("abc", added(["CN"], [2])));
    expect(all("SELECT views, clicks, minutes FROM hour")).toEqual([[2, 4, '{"2":[1,2]}']]);
  });

  it("of one link is not another's", ({ expect }) => {
    const { sql, all } = storeOf();
    writeAdded(
      sql,
      new Map([
        ["", added(["CN"], [1])],
        ["abc", added(["US"], [1])],
      ]),
    );
    expect(all("SELECT slug, hour, views FROM hour ORDER BY slug")).toEqual([
      ["", 0, 1],
      ["abc", 0, 1],
    ]);
    expect(breakdownOf(sql, "").country).toEqual({ CN: [1, 0] });
    expect(breakdownOf(sql, "abc").country).toEqual({ US: [1, 0] });
  });
});

it("nothing is written where nothing was viewed or clicked", ({ expect }) => {
  const { sql, asked } = storeOf();
  writeAdded(sql, new Map());
  expect(asked).toEqual([]);
});

describe("rows of one statement", () => {
  it("are as many as a hundred parameters allow", ({ expect }) => {
    const { sql, asked, all } = storeOf();
    const day = {
      into: "day (slug, day, views, clicks)",
      onConflict: "(slug, day) DO UPDATE SET views = excluded.views",
      columns: 4,
    };
    const rows = Array.from({ length: 51 }, (_, index): SqlValue[] => [`s${index}`, 1, index, 0]);
    upsert(sql, day, rows);
    expect(asked.map(({ bindings }) => bindings.length)).toEqual([100, 100, 4]);
    expect(all("SELECT count(*) FROM day")).toEqual([[51]]);
    upsert(sql, day, []);
    expect(asked).toHaveLength(4 - 1);
  });
});
