/** When a ledger folds, and what a fold is: all or nothing. */
import { describe, it } from "vitest";
import { allOfLedger } from "../../../test/all-of-ledger.ts";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { Database } from "../../../test/model/database.ts";
import type { Batch } from "../batch.ts";
import { pairFrom } from "../hyperloglog.ts";
import { foldTimes, Ledger, linksAtMost } from "./ledger.ts";
import { ringBounds } from "./ring.ts";

const minute = 60_000;
const hour = 60 * minute;
const at = Date.parse("2026-03-01T10:30:00Z");

const count = ({ sql }: Database, table: string): number =>
  Number(Object.values(sql.exec(`SELECT count(*) FROM ${table}`).toArray()[0] ?? {})[0]);
const revOnDisk = ({ sql }: Database): unknown =>
  Object.values(sql.exec("SELECT value FROM meta WHERE name = 'rev'").toArray()[0] ?? {})[0];

const batch = (seq: number, more: Partial<Batch> = {}, name = "abc"): Batch =>
  batchOf([[cellOf(at, { slug: name }), 1]], {
    seq,
    visitors: [[name, "live", [pairFrom(seq * 4, 1)]]],
    ...more,
  });

/** One whose first commit is in the tables, and `more` in the ring. */
function begun(more = 3) {
  const database = Database.ofCounter();
  const ledger = new Ledger(database);
  for (let seq = 1; seq <= 1 + more; seq += 1) ledger.commit([batch(seq)], at + seq);
  return { database, ledger };
}

describe("a commit", () => {
  it("is one row of the ring; the first ever, which says whose counts they are, is in the tables", ({
    expect,
  }) => {
    const { database, ledger } = begun(0);
    expect([revOnDisk(database), count(database, "ring"), count(database, "link")]).toEqual([
      1, 0, 1,
    ]);
    ledger.commit([batch(2), batch(1, { producer: "q" }, "def")], at);
    expect([revOnDisk(database), count(database, "ring"), count(database, "link")]).toEqual([
      1, 1, 1,
    ]);
    expect(Object.keys(ledger.read(at)?.links ?? {})).toEqual(["abc", "def"]);
  });

  it("that fails has added nothing, in memory as on disk", ({ expect }) => {
    const { database, ledger } = begun();
    const before = allOfLedger(ledger);
    // It asks for what it knows of the stream first.
    for (const failIn of [0, 1]) {
      database.failIn = failIn;
      expect(() => ledger.commit([batch(5)], at + 9)).toThrow("the disk is full");
      expect(allOfLedger(ledger)).toEqual(before);
    }
    ledger.commit([batch(5)], at + 9);
    expect(ledger.totals().views).toBe(5);
  });

  it("of more than a slot takes goes into the tables at once, with what was there before", ({
    expect,
  }) => {
    const { database, ledger } = begun();
    const many = Array.from({ length: 300_000 }, (_, index) => pairFrom(index % 16_384, 1));
    ledger.commit([batch(5, { visitors: [["abc", "live", many]] })], at);
    expect([revOnDisk(database), ledger.rev, ledger.foldDueAt()]).toEqual([5, 5, null]);
    expect(allOfLedger(new Ledger(database))).toEqual(allOfLedger(ledger));
  });

  it("takes a zone that changed into the tables at once", ({ expect }) => {
    const { database, ledger } = begun();
    ledger.commit([batch(5, { timezone: "Asia/Tokyo" })], at);
    expect(revOnDisk(database)).toBe(5);
    ledger.commit([batch(6, { timezone: "Asia/Tokyo" })], at);
    expect(revOnDisk(database)).toBe(5);
  });
});

describe("the ring that is full is folded before the next commit", () => {
  it("by its slots, which are not more afterwards", ({ expect }) => {
    const { database, ledger } = begun(ringBounds.slots);
    expect([revOnDisk(database), count(database, "ring")]).toEqual([1, ringBounds.slots]);
    const next = 2 + ringBounds.slots;
    ledger.commit([batch(next)], at);
    expect([revOnDisk(database), ledger.rev]).toEqual([next - 1, next]);
    expect(count(database, "ring")).toBe(ringBounds.slots);
    expect(allOfLedger(new Ledger(database))).toEqual(allOfLedger(ledger));
    expect(ledger.totals().views).toBe(next);
  });

  it("by what it holds", ({ expect }) => {
    const { database, ledger } = begun(0);
    const many = Array.from({ length: 120_000 }, (_, index) => pairFrom(index % 16_384, 1));
    const large = (seq: number) => batch(seq, { visitors: [["abc", "live", many]] });
    const fits = Math.floor(ringBounds.characters / JSON.stringify(many).length);
    for (let seq = 2; seq <= 1 + fits; seq += 1) ledger.commit([large(seq)], at);
    expect(revOnDisk(database)).toBe(1);
    ledger.commit([large(2 + fits)], at);
    expect([revOnDisk(database), ledger.rev]).toEqual([1 + fits, 2 + fits]);
    expect(allOfLedger(new Ledger(database))).toEqual(allOfLedger(ledger));
  });

  it("by links, of which a fold writes each", ({ expect }) => {
    const { database, ledger } = begun(0);
    const links = Array.from({ length: linksAtMost }, (_, index) =>
      cellOf(at, { slug: `s${index}` }),
    );
    ledger.commit(
      [
        batchOf(
          links.map((key): [string, number] => [key, 1]),
          { seq: 2 },
        ),
      ],
      at,
    );
    expect(revOnDisk(database)).toBe(1);
    ledger.commit([batch(3)], at);
    expect([revOnDisk(database), count(database, "link")]).toEqual([2, linksAtMost + 1]);
  });
});

describe("a fold", () => {
  it("that fails at any statement has changed nothing, and the next one writes all", ({
    expect,
  }) => {
    const { database, ledger } = begun();
    const before = allOfLedger(ledger);
    let failures = 0;
    for (;;) {
      database.failIn = failures;
      try {
        ledger.fold(at);
        break;
      } catch {
        failures += 1;
      }
      expect(revOnDisk(database)).toBe(1);
      expect(allOfLedger(ledger)).toEqual(before);
      expect(allOfLedger(new Ledger(database))).toEqual(before);
    }
    expect(failures).toBeGreaterThan(5);
    expect(revOnDisk(database)).toBe(4);
    expect(allOfLedger(ledger)).toEqual(before);
    expect(allOfLedger(new Ledger(database))).toEqual(before);
  });

  it("leaves the ring as it is: its rows are overwritten, from the first on", ({ expect }) => {
    const { database, ledger } = begun();
    ledger.fold(at);
    expect(count(database, "ring")).toBe(3);
    ledger.commit([batch(5)], at + 5);
    const slots = database.sql.exec("SELECT slot, n FROM ring ORDER BY slot").toArray();
    expect(slots.map((row) => Object.values(row))).toEqual([
      [0, 5],
      [1, 3],
      [2, 4],
    ]);
  });

  it("is due a minute after the first commit, or ten seconds after the last", ({ expect }) => {
    expect(foldTimes).toEqual({ every: 60_000, atRest: 10_000 });
    const { ledger } = begun(0);
    expect(ledger.foldDueAt()).toBe(null);
    ledger.commit([batch(2)], at);
    expect(ledger.foldDueAt()).toBe(at + 10_000);
    ledger.commit([batch(3)], at + 45_000);
    expect(ledger.foldDueAt()).toBe(at + 55_000);
    ledger.commit([batch(4)], at + 54_000);
    expect(ledger.foldDueAt()).toBe(at + 60_000);
    // Of a clock that was set back, or by another one, it is not waited for.
    ledger.settleClock(at - hour);
    expect(ledger.foldDueAt()).toBe(at - hour + 10_000);
    // The first of it is of now, too.
    ledger.commit([batch(60)], at - hour + 55_000);
    expect(ledger.foldDueAt()).toBe(at - hour + 60_000);
    ledger.fold(at);
    expect(ledger.foldDueAt()).toBe(null);
  });

  it("is welcome when the last is a minute ago, and to who does not know", ({ expect }) => {
    const { database, ledger } = begun();
    const now = at + 2 * minute;
    expect(ledger.isFoldWelcome(now)).toBe(true);
    ledger.fold(now);
    expect(ledger.isFoldWelcome(now + hour)).toBe(false);
    ledger.commit([batch(5)], now);
    expect(ledger.isFoldWelcome(now + minute - 1)).toBe(false);
    expect(ledger.isFoldWelcome(now + minute)).toBe(true);
    expect(new Ledger(database).isFoldWelcome(now)).toBe(true);
    // The clock is set back behind the last fold.
    ledger.settleClock(now - hour);
    expect(ledger.isFoldWelcome(now - hour + minute - 1)).toBe(false);
    expect(ledger.isFoldWelcome(now - hour + minute)).toBe(true);
  });
});

describe("what works on the tables", () => {
  it("finds in them all that was committed, and is read afterwards", ({ expect }) => {
    const { database, ledger } = begun();
    const found = ledger.onTables(at, (sql) => {
      const [row] = sql.exec<{ views: number }>("SELECT views FROM link").toArray();
      sql.exec("UPDATE link SET views = 40");
      sql.exec("UPDATE meta SET value = 9 WHERE name = 'rev'");
      return row?.views;
    });
    expect([found, ledger.totals().views, ledger.rev]).toEqual([4, 40, 9]);
    ledger.commit([batch(5)], at);
    expect([ledger.rev, ledger.totals().views]).toEqual([10, 41]);
    expect(allOfLedger(new Ledger(database))).toEqual(allOfLedger(ledger));
  });
});
