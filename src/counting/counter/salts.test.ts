import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import type { Sql } from "../../lib/sql.ts";
import { dueSaltAt, forgetSalts, saltOf as saltWhere } from "./salts.ts";
import { Sketches } from "./sketches.ts";

const saltOf = (sql: Sql, epoch: string, endsAt: number, now: number) => {
  const sketches = new Sketches(sql, "sketch");
  return saltWhere(sql, (name) => sketches.epochsOf("").includes(name), epoch, endsAt, now);
};

const hour = 3_600_000;
const day = 24 * hour;
const end = Date.parse("2026-11-20T18:00:00Z");

describe("an epoch's salt", () => {
  it("is 32 random bytes, the same for whoever asks, until an hour after the epoch", ({
    expect,
  }) => {
    const { sql } = Database.ofCounter();
    expect(dueSaltAt(sql)).toBe(null);
    const salt = saltOf(sql, "live", end, end - 1);
    expect(salt?.epoch).toBe("live");
    expect(salt?.value).toHaveLength(32);
    expect(saltOf(sql, "live", end, end + hour - 1)).toEqual(salt);
    expect(saltOf(sql, "live", end, end + hour)).toBe(null);
    expect(saltOf(sql, "2026-11-21", end + hour, end - 1)?.value).not.toEqual(salt?.value);
    expect(saltOf(Database.ofCounter().sql, "live", end, end - 1)?.value).not.toEqual(salt?.value);
    expect(dueSaltAt(sql)).toBe(end + hour);
  });

  it("is destroyed when its hour is over, and the next one's is due then", ({ expect }) => {
    const { sql } = Database.ofCounter();
    saltOf(sql, "live", end, end - 1);
    const next = saltOf(sql, "2026-11-21", end + 5, end - 1);
    forgetSalts(sql, end + hour - 1);
    expect(dueSaltAt(sql)).toBe(end + hour);
    forgetSalts(sql, end + hour);
    expect(dueSaltAt(sql)).toBe(end + 5 + hour);
    expect(saltOf(sql, "2026-11-21", end + 5, end)).toEqual(next);
  });

  it("stays the same when the epoch's end is moved later, and ends later", ({ expect }) => {
    const { sql } = Database.ofCounter();
    const salt = saltOf(sql, "live", end, end - 1);
    expect(saltOf(sql, "live", end + 2 * hour, end - 1)).toEqual(salt);
    expect(dueSaltAt(sql)).toBe(end + 3 * hour);
    forgetSalts(sql, end + hour);
    expect(saltOf(sql, "live", end + 2 * hour, end + hour)).toEqual(salt);
    // An isolate that has not heard of it moves nothing back.
    expect(saltOf(sql, "live", end, end + 1)).toEqual(salt);
    expect(dueSaltAt(sql)).toBe(end + 3 * hour);
  });

  it("is destroyed for good: an epoch that comes back after it is another, each time", ({
    expect,
  }) => {
    const { sql } = Database.ofCounter();
    const values: unknown[] = [];
    for (const [turn, name] of ["live", "live.2", "live.3"].entries()) {
      const until = end + turn * 2 * day;
      const salt = saltOf(sql, "live", until, until - 1);
      expect(salt?.epoch).toBe(name);
      expect(salt?.value).toHaveLength(32);
      expect(values).not.toContainEqual(salt?.value);
      expect(saltOf(sql, "live", until, until - 1)).toEqual(salt);
      expect(dueSaltAt(sql)).toBe(until + hour);
      values.push(salt?.value);
      forgetSalts(sql, until + hour);
      expect(dueSaltAt(sql)).toBeNull();
    }
    const left = sql.exec<{ bytes: number }>("SELECT length(value) AS bytes FROM salt").toArray();
    expect(left.map(({ bytes }) => bytes)).toEqual([0, 0, 0]);
    const later = end + 9 * day;
    expect(saltOf(sql, "2026-11-29", later, later - 1)?.epoch).toBe("2026-11-29");
  });

  it("is given to nobody from the moment that it is to be destroyed, though it is there still", ({
    expect,
  }) => {
    for (const [now, name] of [
      [end + hour - 1, "live"],
      [end + hour, "live.2"],
    ] as const) {
      const { sql } = Database.ofCounter();
      saltOf(sql, "live", end, end - 1);
      expect(saltOf(sql, "live", end + day, now)?.epoch).toBe(name);
    }
  });

  it("stays destroyed when the clock is set back", ({ expect }) => {
    const { sql } = Database.ofCounter();
    saltOf(sql, "live", end, end - 1);
    forgetSalts(sql, end + hour);
    const salt = saltOf(sql, "live", end, end - 1);
    expect([salt?.epoch, salt?.value.length]).toEqual(["live.2", 32]);
  });

  it("is not made anew for a sketch whose salt an earlier release, or an export, left out", ({
    expect,
  }) => {
    for (const [slug, name] of [
      ["", "live.2"],
      ["abc", "live"],
    ] as const) {
      const { sql } = Database.ofCounter();
      sql.exec(
        "INSERT INTO sketch (slug, epoch, registers, at) VALUES (?, 'live', zeroblob(1), 0)",
        slug,
      );
      expect(saltOf(sql, "live", end, end - 1)?.epoch).toBe(name);
      expect(saltOf(sql, "2026-11-21", end, end - 1)?.epoch).toBe("2026-11-21");
    }
  });
});
