import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import type { SqlValue } from "../../lib/sql.ts";
import { forget, nextRoundAt, noteCounted, roundIsDue } from "./forgetting.ts";

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse("2026-03-01T10:30:00Z");
const thisHour = Math.floor(now / hour);

type Row = readonly [into: string, ...values: SqlValue[]];
/** A Counter's store with these rows. */
function storeOf(...rows: Row[]) {
  const { sql } = Database.ofCounter();
  for (const [into, ...values] of rows) {
    sql.exec(`INSERT INTO ${into} VALUES (${values.map(() => "?").join(", ")})`, ...values);
  }
  const count = (table: string): number => sql.exec(`SELECT 1 FROM ${table}`).toArray().length;
  const all = (query: string) => [...sql.exec(query)].map((row) => Object.values(row));
  return { sql, count, all };
}
const hourRow = (at: number, minutes: string | null = null, slug = "abc"): Row => [
  "hour (slug, hour, views, clicks, minutes)",
  slug,
  at,
  5,
  2,
  minutes,
];
const producer = (seenAt: number): Row => ["producer (id, seq, seen_at)", "p", 1, seenAt];
const collected = (at: number): Row => ["collected (producer, state, at)", "p", "{}", at];
const sketch = (table: "sketch" | "clicker", epoch: string, at = now): Row => [
  `${table} (slug, epoch, registers, at)`,
  "abc",
  epoch,
  new ArrayBuffer(0),
  at,
];
const zone = (name: string): Row => ["meta (name, value)", "timezone", name];

describe("the next round", () => {
  it("is not due before anything was counted, and at once when old rows came", ({ expect }) => {
    const { sql } = storeOf();
    expect(nextRoundAt(sql)).toBeUndefined();
    roundIsDue(sql);
    expect(nextRoundAt(sql)).toBe(0);
  });

  it("is due when the first hour of minutes is, whatever is counted after it", ({ expect }) => {
    const { sql } = storeOf();
    noteCounted(sql, now);
    expect(nextRoundAt(sql)).toBe(now + 49 * hour);
    noteCounted(sql, now + hour);
    expect(nextRoundAt(sql)).toBe(now + 49 * hour);
    // A clock that was set back counts too.
    noteCounted(sql, now - hour);
    expect(nextRoundAt(sql)).toBe(now + 48 * hour);
  });

  it("is written only when it moves: each row is billed", ({ expect }) => {
    const { sql } = storeOf();
    noteCounted(sql, now);
    const queries: string[] = [];
    const noted = {
      exec: ((query, ...bindings) => {
        queries.push(query);
        return sql.exec(query, ...bindings);
      }) as typeof sql.exec,
    };
    noteCounted(noted, now);
    expect(queries.filter((query) => query.startsWith("INSERT"))).toEqual([]);
  });

  const first = thisHour + 100;
  const later = 1_000 * day;
  // Each alone in a store, with when it is due; of `kept` days of visitors where that is asked for.
  it.for<[what: string, rows: Row[], at: number, kept?: number]>([
    ["minutes, 48 hours after their hour", [hourRow(first, "{}")], (first + 49) * hour],
    [
      "the first of several hours' minutes",
      [hourRow(first + 3, "{}"), hourRow(first, "{}"), hourRow(first + 1, null, "def")],
      (first + 49) * hour,
    ],
    [
      "an hour, 90 days after its local day",
      [hourRow(20_600 * 24 + 20), zone("Asia/Shanghai")],
      // 20:00 UTC is the next day in Shanghai, which ends at 16:00 UTC.
      20_601 * day + 16 * hour + 90 * day,
    ],
    ["an hour of a stream without a zone", [hourRow(20_600 * 24 + 23)], 20_601 * day + 90 * day],
    ["a producer, a moment after eight days", [producer(now + later)], now + later + 8 * day + 1],
    ["what was collected, as a producer", [collected(now + later)], now + later + 8 * day + 1],
    [
      "a day's sketch, after its day, two more and those it is kept",
      [sketch("sketch", "2026-03-05")],
      Date.parse("2026-03-07") + 3 * day + 1,
      3 * day,
    ],
    [
      "clickers' sketch of an epoch that came again",
      [sketch("clicker", "2026-03-05.2")],
      Date.parse("2026-03-07") + 3 * day + 1,
      3 * day,
    ],
    [
      "a broadcast's sketch, by when it was added to last",
      [
        sketch("sketch", "live", now + hour),
        ["sketch (slug, epoch, registers, at)", "def", "live", new ArrayBuffer(0), 5],
      ],
      now + hour + 5 * day + 1,
      3 * day,
    ],
  ])("is that of %s", ([, rows, at, kept], { expect }) => {
    const { sql } = storeOf(...rows);
    expect(forget(sql, now, kept)).toBe(false);
    expect(nextRoundAt(sql)).toBe(at);
  });

  it("is none where nothing is left, and none for sketches that are kept for good", ({
    expect,
  }) => {
    const { sql } = storeOf(sketch("sketch", "2026-01-01"), sketch("clicker", "2026-01-01"));
    roundIsDue(sql);
    expect([forget(sql, now), nextRoundAt(sql)]).toEqual([false, undefined]);
    sql.exec("INSERT INTO producer VALUES ('p', 1, ?)", now);
    expect([forget(sql, now), nextRoundAt(sql)]).toEqual([false, now + 8 * day + 1]);
  });

  it("is an hour away at least", ({ expect }) => {
    const { sql } = storeOf(producer(now - 8 * day));
    forget(sql, now);
    expect(nextRoundAt(sql)).toBe(now + hour);
  });
});

describe("what is due", () => {
  it("is a producer, and what was collected, eight days after, to the millisecond", ({
    expect,
  }) => {
    const { sql, count } = storeOf(producer(now), collected(now));
    forget(sql, now + 8 * day);
    expect([count("producer"), count("collected")]).toEqual([1, 1]);
    // Nothing that is read: it is no other state.
    expect(forget(sql, now + 8 * day + 1)).toBe(false);
    expect([count("producer"), count("collected")]).toEqual([0, 0]);
  });

  it("is minutes once their whole hour is 48 hours old, which is another state, once", ({
    expect,
  }) => {
    const { sql, all } = storeOf(
      hourRow(thisHour - 49, '{"1":[5,2]}'),
      hourRow(thisHour - 48, '{"2":[5,2]}'),
    );
    expect(forget(sql, (thisHour + 1) * hour - 1)).toBe(true);
    expect(all("SELECT minutes FROM hour ORDER BY hour")).toEqual([[null], ['{"2":[5,2]}']]);
    expect(forget(sql, (thisHour + 1) * hour - 1)).toBe(false);
    expect(forget(sql, (thisHour + 1) * hour)).toBe(true);
    expect(all("SELECT views, clicks, minutes FROM hour ORDER BY hour")).toEqual([
      [5, 2, null],
      [5, 2, null],
    ]);
  });

  it("is hours of local days that began over 90 days ago, summed by owner and day", ({
    expect,
  }) => {
    // Midnight in Berlin, in summer: an hour earlier than in winter.
    const midnight = Date.parse("2026-06-10T22:00:00Z") / hour;
    const { sql, all } = storeOf(
      zone("Europe/Berlin"),
      hourRow(midnight - 25),
      hourRow(midnight - 24),
      hourRow(midnight - 1),
      hourRow(midnight - 1, null, ""),
      hourRow(midnight),
      ["day (slug, day, views, clicks)", "abc", (midnight + 2) / 24 - 1, 100, 10],
    );
    expect(forget(sql, midnight * hour + 90 * day)).toBe(true);
    const localDay = (midnight + 2) / 24;
    expect(all("SELECT slug, day, views, clicks FROM day ORDER BY slug, day")).toEqual([
      ["", localDay - 1, 5, 2],
      ["abc", localDay - 2, 5, 2],
      ["abc", localDay - 1, 110, 14],
    ]);
    expect(all("SELECT slug, hour FROM hour")).toEqual([["abc", midnight]]);
    expect(forget(sql, midnight * hour + 90 * day)).toBe(false);
  });

  it("is hours by days of UTC where the stream has no zone", ({ expect }) => {
    const { sql, all } = storeOf(hourRow(20_000 * 24), hourRow(19_999 * 24 + 23));
    forget(sql, now);
    expect(all("SELECT day FROM day ORDER BY day")).toEqual([[19_999], [20_000]]);
  });

  it("is sketches, of viewers and of clickers, after their epoch and the days they are kept", ({
    expect,
  }) => {
    const all = ["2026-02-01", "2026-02-02", "2026-02-02.2", "live"];
    const rows = all.flatMap((epoch) => [sketch("sketch", epoch), sketch("clicker", epoch)]);
    const { sql, count, all: read } = storeOf(...rows);
    const end = Date.parse("2026-02-03");
    const epochs = () =>
      (["sketch", "clicker"] as const).map((table) =>
        read(`SELECT epoch FROM ${table} ORDER BY epoch`).flat(),
      );
    expect(forget(sql, end + 28 * day, undefined)).toBe(false);
    expect(forget(sql, end + 28 * day, 28 * day)).toBe(false);
    expect(epochs()).toEqual([all, all]);
    expect(forget(sql, end + 28 * day + 1, 28 * day)).toBe(true);
    expect(epochs()).toEqual([all.slice(1), all.slice(1)]);
    expect(forget(sql, end + 29 * day + 1, 28 * day)).toBe(true);
    expect(epochs()).toEqual([["live"], ["live"]]);
    // Clickers alone are another state too.
    sql.exec("DELETE FROM sketch");
    expect(forget(sql, now + 30 * day, 28 * day)).toBe(false);
    expect(forget(sql, now + 30 * day + 1, 28 * day)).toBe(true);
    expect(count("clicker")).toBe(0);
  });

  it("is told once it is any of these, not all", ({ expect }) => {
    const { sql } = storeOf(hourRow(thisHour - 100, "{}"), sketch("sketch", "live"));
    expect(forget(sql, now, 28 * day)).toBe(true);
  });
});
