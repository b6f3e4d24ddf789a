import { describe, it } from "vitest";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import { own } from "../../lib/records.ts";
import { readMeta, type Sql, type SqlValue } from "../../lib/sql.ts";
import type { Batch } from "../batch.ts";
import { withoutView } from "../clicks-without-view.ts";
import { type CountEvent, metrics, noTotals } from "../event.ts";
import { addPair, decodeSketch, emptySketch, linkPrecision, pairFrom } from "../hyperloglog.ts";
import { Ledger } from "./ledger.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at = Date.parse("2026-03-01T10:30:00Z");

const key = (more: Partial<CountEvent> = {}) => cellOf(at, { destination: "jd", ...more });
const batch = (cells: Batch["cells"], more: Partial<Batch> = {}) =>
  batchOf(cells, { shard: 3, ...more });
function ledgerOf(...groups: (readonly Batch[])[]) {
  const database = Database.ofCounter();
  const { sql } = database;
  const ledger = new Ledger(database);
  for (const group of groups) ledger.commit(group, at);
  /** The same store, read by an object that remembers nothing. */
  const again = () => new Ledger(database);
  return { sql, ledger, again };
}
const read = (
  ledger: Ledger,
  ...rest: Parameters<Ledger["read"]> extends [number, ...infer R] ? R : never
) => {
  const snapshot = ledger.read(at + 5, ...rest);
  if (!snapshot) throw new Error("nothing was counted");
  return snapshot;
};

describe("a group of batches", () => {
  it("of none changes nothing, and a new store knows nothing", ({ expect }) => {
    const { sql, ledger } = ledgerOf([]);
    expect([ledger.rev, ledger.changedAt, ledger.committedSeq("p")]).toEqual([0, 0, 0]);
    expect(ledger.read(at)).toBe(null);
    expect(ledger.totals()).toEqual(noTotals());
    expect(ledger.prefetches()).toEqual({});
    expect(readMeta(sql, "stream")).toBeUndefined();
  });

  it("is one revision, in which the last batch of a producer is the one that counts", ({
    expect,
  }) => {
    const { ledger } = ledgerOf([
      batch([[key(), 1]], { seq: 4 }),
      batch([[key(), 1]], { seq: 5 }),
      batch([[key(), 1]], { producer: "q", seq: 9 }),
    ]);
    expect([ledger.rev, ledger.changedAt]).toEqual([1, at]);
    expect(["p", "q", "r"].map((one) => ledger.committedSeq(one))).toEqual([5, 9, 0]);
    ledger.commit([batch([], { seq: 6 })], at + 1);
    expect([ledger.rev, ledger.changedAt, ledger.committedSeq("p")]).toEqual([2, at + 1, 6]);
  });

  it("names the stream and shard once, its zone whenever that changes", ({ expect }) => {
    const { sql, ledger } = ledgerOf([batch([]), batch([], { streamId: "other", shard: 9 })]);
    ledger.commit([batch([], { streamId: "other", shard: 9, timezone: "UTC" })], at);
    expect(read(ledger)).toMatchObject({ v: 1, streamId: "st", shard: 3, asOf: at + 5, rev: 2 });
    ledger.commit([batch([], { timezone: "Asia/Tokyo" }), batch([])], at);
    expect(readMeta(sql, "timezone")).toBe("Asia/Tokyo");
  });

  it("writes no row that says what is there already: each is billed", ({ expect }) => {
    const database = Database.ofCounter();
    const written: SqlValue[] = [];
    const sql: Sql = {
      exec: (query, ...bindings) => {
        if (query.startsWith("INSERT INTO meta")) written.push(bindings[0] ?? null);
        else if (query.startsWith("INSERT")) written.push(query.split(" ")[2] ?? null);
        return database.sql.exec(query, ...bindings);
      },
    };
    const ledger = new Ledger({ sql, transaction: (run) => database.transaction(run) });
    ledger.commit([batch([], { timezone: "UTC" })], at);
    const first = ["producer", "round_at", "stream", "shard", "timezone", "rev", "changed_at"];
    expect(written).toEqual(first);
    written.length = 0;
    ledger.commit([batch([], { timezone: "UTC", seq: 2 })], at);
    ledger.commit([batch([], { timezone: "UTC", seq: 3 })], at);
    expect(written).toEqual(["ring", "ring"]);
    written.length = 0;
    ledger.fold(at);
    ledger.fold(at);
    expect(written).toEqual(["producer", "rev", "changed_at"]);
  });

  it("sums what isolates lost", ({ expect }) => {
    const { ledger } = ledgerOf([batch([], { lost: 2 }), batch([]), batch([], { lost: 3 })]);
    expect(read(ledger).lost).toBe(5);
    ledger.commit([batch([], { lost: 4 })], at);
    ledger.commit([batch([])], at);
    expect(read(ledger).lost).toBe(9);
  });
});

describe("what is read", () => {
  it("are totals of each metric, by link and together", ({ expect }) => {
    const cells = metrics.map((metric, index): [string, number] => [key({ metric }), index + 1]);
    const { ledger, again } = ledgerOf([batch(cells), batch([[key({ slug: "def" }), 10]])]);
    ledger.commit([batch([[key({ metric: "clicks" }), 5]])], at);
    const abc = {
      ...Object.fromEntries(metrics.map((metric, index) => [metric, index + 1])),
      clicks: 7,
    };
    const def = { ...noTotals(), views: 10 };
    for (const one of [ledger, again()]) {
      expect(read(one).links).toEqual({ abc, def });
      expect(read(one).totals).toEqual({ ...abc, views: 11 });
      expect(one.totals()).toEqual({ ...abc, views: 11 });
      expect(read(one, { slug: "def" })).toMatchObject({ totals: def, links: { def } });
      expect(read(one, { slug: "none" })).toMatchObject({ totals: noTotals(), links: {} });
    }
  });

  it("are views and clicks by each dimension, of the stream and of each link, and nothing else", ({
    expect,
  }) => {
    const { ledger, again } = ledgerOf([
      batch([
        [key(), 3],
        [key({ metric: "clicks", method: "web" }), 2],
        [key({ slug: "def", app: "taobao" }), 4],
        [key({ metric: "bots", app: "jd" }), 9],
      ]),
    ]);
    ledger.commit([batch([[key(), 1]])], at);
    for (const one of [ledger, again()]) {
      const { dimensions } = read(one);
      expect(dimensions.app).toEqual({ wechat: [4, 2], taobao: [4, 0] });
      expect(dimensions.method).toEqual({ page: [8, 0], web: [0, 2] });
      expect(dimensions.region).toEqual({ ZJ: [8, 2] });
      expect(read(one, { slug: "abc" }).dimensions.app).toEqual({ wechat: [4, 2] });
      expect(read(one, { slug: "def" }).dimensions.destination).toEqual({ jd: [4, 0] });
      expect(read(one, { slug: "none" }).dimensions.app).toEqual({});
    }
  });

  it("are views and clicks by minute and hour, of the stream and of each link", ({ expect }) => {
    const { ledger, again } = ledgerOf([
      batch([
        [key(), 3],
        [key({ at: at + 59_999 }), 1],
        [key({ at: at + minute, metric: "clicks" }), 2],
        [key({ at: at + 30 * minute, slug: "def" }), 4],
        [key({ metric: "rendered" }), 9],
      ]),
    ]);
    ledger.commit([batch([[key(), 5]])], at);
    for (const one of [ledger, again()]) {
      const { series } = read(one);
      expect(series.minute).toEqual({
        [at / minute]: [9, 0],
        [at / minute + 1]: [0, 2],
        [at / minute + 30]: [4, 0],
      });
      expect(series.hour).toEqual({
        [Math.floor(at / hour)]: [9, 2],
        [Math.floor(at / hour) + 1]: [4, 0],
      });
      expect(series.day).toEqual({});
      expect(read(one, { slug: "def" }).series.hour).toEqual({
        [Math.floor(at / hour) + 1]: [4, 0],
      });
    }
  });

  it("are prefetches by the app that made them", ({ expect }) => {
    const { ledger } = ledgerOf([
      batch([
        [key({ metric: "prefetches" }), 3],
        [key({ metric: "prefetches", slug: "def" }), 4],
        [key({ metric: "prefetches", app: "taobao" }), 1],
        [key(), 9],
      ]),
    ]);
    ledger.commit([batch([[key({ metric: "prefetches", app: "taobao" }), 1]])], at);
    expect(ledger.prefetches()).toEqual({ wechat: 7, taobao: 2 });
  });

  it("are visitors by epoch, of the stream and of each link, as estimates or to be merged", ({
    expect,
  }) => {
    const pair = pairFrom(8, 1);
    const { ledger, again } = ledgerOf([
      batch([], {
        visitors: [
          ["abc", "live", [pair, pairFrom(16, 1)]],
          ["def", "live", [pair]],
          ["def", "2026-03-02", [pair]],
        ],
      }),
      batch([], { visitors: [["abc", "live", [pairFrom(24, 1)]]] }),
    ]);
    for (const one of [ledger, again()]) {
      const snapshot = read(one);
      expect(snapshot.visitors).toEqual({ live: 3, "2026-03-02": 1 });
      expect(snapshot.linkVisitors).toEqual({
        abc: { live: 3 },
        def: { live: 1, "2026-03-02": 1 },
      });
      const { visitors: ofDef, linkVisitors } = read(one, { slug: "def" });
      expect([ofDef, linkVisitors]).toEqual([{ live: 1, "2026-03-02": 1 }, {}]);
      const { visitors } = read(one, { mergeable: true });
      const sketch = emptySketch(14);
      for (const index of [8, 16, 24]) sketch[index] = 1;
      expect(decodeSketch(String(own(visitors, "live")))).toEqual(sketch);
    }
  });

  it("are clickers beside the viewers, or to be merged", ({ expect }) => {
    const { ledger } = ledgerOf([
      batch([], {
        visitors: [["abc", "live", [pairFrom(8, 1)]]],
        clickers: [
          ["abc", "live", [pairFrom(8, 1), pairFrom(16, 1)]],
          ["def", "live", [pairFrom(24, 1)]],
        ],
      }),
    ]);
    const sketch = (...indices: number[]) => {
      const made = emptySketch(14);
      for (const index of indices) addPair(made, pairFrom(index, 1));
      return made;
    };
    expect(read(ledger).clickers).toEqual({ live: withoutView(sketch(8), sketch(8, 16, 24)) });
    const clickers = read(ledger, { mergeable: true }).clickers;
    expect(decodeSketch(String(own(clickers ?? {}, "live")))).toEqual(sketch(8, 16, 24));
    const { clickers: ofDef } = read(ledger, { slug: "def" });
    expect(own(ofDef ?? {}, "live")).toMatchObject({ estimate: expect.closeTo(1, 2) });
    expect(own(read(ledger, { slug: "def", mergeable: true }).clickers ?? {}, "live")).toMatch(
      /^s12:/,
    );
    expect(read(ledger, { slug: "none", mergeable: true }).clickers).toEqual({});
    expect(read(ledger, { slug: "none" }).clickers).toEqual({});
    expect(emptySketch(linkPrecision)).toHaveLength(4_096);
  });

  it("is what each link had in whole hours, the last one left out", ({ expect }) => {
    const first = Math.floor(at / hour) * hour;
    const cells: Batch["cells"] = [
      [key({ at: first - 1 }), 1],
      [key({ at: first }), 2],
      [key({ at: first, metric: "clicks" }), 3],
      [key({ at: first + hour }), 4],
      [key({ at: first + 2 * hour }), 5],
      [key({ at: first + hour, slug: "def" }), 6],
    ];
    // The first group of a stream is in the tables, the next in the ring.
    for (const groups of [[[batch(cells)]], [[batch([])], [batch(cells, { seq: 2 })]]]) {
      const { ledger } = ledgerOf(...groups);
      expect(ledger.linksBetween(first, first + 2 * hour)).toEqual({ abc: [6, 3], def: [6, 0] });
      expect(ledger.linksBetween(first + 5 * hour, first + 9 * hour)).toEqual({});
    }
  });

  it("is what the tables and the ring have of a minute, together", ({ expect }) => {
    const visitors: Batch["visitors"] = [["abc", "live", [pairFrom(16, 1)]]];
    const cells: Batch["cells"] = [
      [key({}), 2],
      [key({ metric: "clicks" }), 3],
    ];
    const { ledger } = ledgerOf([batch(cells)], [batch(cells, { seq: 2, visitors })]);
    const { series } = read(ledger);
    expect(series.minute[Math.floor(at / 60_000)]).toEqual([4, 6]);
    expect(series.hour[Math.floor(at / hour)]).toEqual([4, 6]);
    expect([ledger.isSketched("live"), ledger.isSketched("none")]).toEqual([true, false]);
  });

  it("is what each link had in local days, where hours are summed to them", ({ expect }) => {
    const { sql, ledger } = ledgerOf([batch([], { timezone: "Asia/Shanghai" })]);
    const localDay = 20_000;
    const midnight = localDay * day - 8 * hour;
    for (const [slug, at, views] of [
      ["", localDay, 99],
      ["abc", localDay, 1],
      ["abc", localDay + 1, 2],
      ["def", localDay + 1, 4],
      ["abc", localDay + 2, 8],
    ] as const) {
      sql.exec("INSERT INTO day VALUES (?, ?, ?, ?)", slug, at, views, views * 10);
    }
    const views = (start: number, end: number) => {
      const { abc, def } = Object.fromEntries(Object.entries(ledger.linksBetween(start, end)));
      return [abc?.[0], def?.[0]];
    };
    expect(ledger.linksBetween(midnight, midnight + day)).toEqual({ abc: [1, 10] });
    expect(views(midnight, midnight + 2 * day)).toEqual([3, 4]);
    // A day counts to where it begins.
    expect(views(midnight + 1, midnight + 2 * day)).toEqual([2, 4]);
    expect(views(midnight + 1, midnight + 2 * day + 1)).toEqual([10, 4]);
    expect(views(midnight - 1, midnight + 1)).toEqual([1, undefined]);
    expect(views(0, Number.MAX_SAFE_INTEGER)).toEqual([11, 4]);
    expect(views(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual([11, 4]);
    // Hours that are kept are beside them.
    ledger.commit([batch([[key(), 16]])], at);
    expect(views(midnight, at + day)).toEqual([27, 4]);
  });

  it("is by days of UTC where the stream has no zone", ({ expect }) => {
    const { sql, ledger } = ledgerOf([batch([])]);
    sql.exec("INSERT INTO day VALUES ('abc', 20000, 5, 1)");
    expect(ledger.linksBetween(20_000 * day, 20_001 * day)).toEqual({ abc: [5, 1] });
    expect(ledger.linksBetween(20_000 * day + 1, 20_001 * day)).toEqual({});
  });

  it("is each link's visitors only where that is asked for, or nothing else is", ({ expect }) => {
    const { ledger } = ledgerOf([
      batch([], {
        visitors: [
          ["abc", "live", [pairFrom(8, 1)]],
          ["def", "live", [pairFrom(8, 1)]],
        ],
      }),
    ]);
    const all = { abc: { live: 1 }, def: { live: 1 } };
    expect(read(ledger).linkVisitors).toEqual(all);
    expect(read(ledger, { slug: "abc", byLink: true }).linkVisitors).toEqual(all);
    for (const options of [{ slug: "abc" }, { byLink: false }, { mergeable: true, byLink: true }]) {
      expect(read(ledger, options).linkVisitors).toEqual({});
    }
    // Of several shards they are read in pages.
    const pages = [null, { slug: "abc", epoch: "live" }].map((after) =>
      ledger.linkSketches(after, 1).map(({ slug, epoch }) => [slug, epoch]),
    );
    expect(pages).toEqual([[["abc", "live"]], [["def", "live"]]]);
  });
});

describe("what is forgotten", () => {
  it("makes another state, where anything of it is read", ({ expect }) => {
    const { ledger } = ledgerOf([batch([[key(), 1]])]);
    ledger.forget(at + 47 * hour);
    expect([ledger.rev, ledger.changedAt]).toEqual([1, at]);
    ledger.forget(at + 50 * hour);
    expect([ledger.rev, ledger.changedAt]).toEqual([2, at + 50 * hour]);
  });

  it("does not come back with what is counted later", ({ expect }) => {
    const { ledger } = ledgerOf([batch([[key(), 1]])]);
    ledger.forget(at + 50 * hour);
    ledger.commit([batch([[key({ at: at + minute }), 2]])], at + 50 * hour);
    const { series } = read(ledger);
    expect(series.minute).toEqual({ [at / minute + 1]: [2, 0] });
    expect(series.hour).toEqual({ [Math.floor(at / hour)]: [3, 0] });
  });

  it("are minutes of hours that were over 48 hours ago, whose hours stay", ({ expect }) => {
    const edge = Math.floor(at / hour) * hour;
    const { ledger, again } = ledgerOf([
      batch([
        [key({ at: edge - 1 }), 1],
        [key({ at: edge }), 2],
      ]),
    ]);
    ledger.forget(edge + 48 * hour);
    const { series } = read(again());
    expect(series.minute).toEqual({ [edge / minute]: [2, 0] });
    expect(series.hour).toEqual({ [edge / hour - 1]: [1, 0], [edge / hour]: [2, 0] });
    ledger.forget(edge + 49 * hour - 1);
    expect(Object.keys(read(again()).series.minute)).toHaveLength(1);
    ledger.forget(edge + 49 * hour);
    expect(read(again()).series.minute).toEqual({});
  });

  it("are hours before the local midnight of 90 days ago, summed to local days, once", ({
    expect,
  }) => {
    // Shanghai's midnight is 16:00 UTC.
    const midnight = Date.parse("2026-03-02T16:00:00Z");
    const { ledger, again } = ledgerOf([
      batch(
        [
          [key({ at: midnight - 25 * hour }), 1],
          [key({ at: midnight - 24 * hour }), 2],
          [key({ at: midnight - 1, metric: "clicks" }), 3],
          [key({ at: midnight - 1, slug: "def" }), 4],
          [key({ at: midnight }), 5],
        ],
        { timezone: "Asia/Shanghai" },
      ),
    ]);
    const localDay = (midnight + 8 * hour) / day;
    const days = { [localDay - 2]: [1, 0], [localDay - 1]: [6, 3] };
    ledger.forget(midnight + 90 * day - 1);
    expect(read(again()).series.day).toEqual({ [localDay - 2]: [1, 0] });
    for (let again = 0; again < 2; again += 1) ledger.forget(midnight + 90 * day);
    const { series } = read(again());
    expect(series.day).toEqual(days);
    expect(series.hour).toEqual({ [midnight / hour]: [5, 0] });
    expect(read(again(), { slug: "def" }).series.day).toEqual({ [localDay - 1]: [4, 0] });
    // What comes late is added to its day.
    ledger.commit([batch([[key({ at: midnight - hour }), 7]])], at);
    ledger.forget(midnight + 90 * day);
    expect(read(again()).series.day).toEqual({ ...days, [localDay - 1]: [13, 3] });
  });

  it("are producers eight days after their last batch, to the millisecond", ({ expect }) => {
    const { ledger } = ledgerOf([batch([])]);
    ledger.forget(at + 8 * day);
    expect(ledger.committedSeq("p")).toBe(1);
    ledger.forget(at + 8 * day + 1);
    expect(ledger.committedSeq("p")).toBe(0);
  });

  it("are sketches, of viewers and of clickers, once their rows are gone", ({ expect }) => {
    const { ledger } = ledgerOf([
      batch([], {
        visitors: [["abc", "2026-01-01", [pairFrom(8, 1)]]],
        clickers: [["abc", "2026-01-01", [pairFrom(8, 1)]]],
      }),
    ]);
    expect(read(ledger).visitors).toEqual({ "2026-01-01": 1 });
    ledger.forget(at, day);
    expect(read(ledger)).toMatchObject({ visitors: {}, clickers: {} });
    // The next are sketched anew, beside nobody of before.
    ledger.commit(
      [
        batch([], {
          visitors: [["abc", "2026-01-01", [pairFrom(16, 1)]]],
          clickers: [["abc", "2026-01-01", [pairFrom(24, 1)]]],
        }),
      ],
      at,
    );
    const { visitors, clickers } = read(ledger, { mergeable: true });
    expect(
      [visitors, clickers].map((by) =>
        decodeSketch(String(own(by ?? {}, "2026-01-01"))).reduce((a, b) => a + b),
      ),
    ).toEqual([1, 1]);
  });
});
