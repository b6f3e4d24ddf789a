import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { dueSaltAt, forgetSalts, saltOf } from "./salts.ts";

const hour = 3_600_000;
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
    expect(saltOf(sql, "2026-11-21", end + hour, end - 1)).not.toEqual(salt);
    expect(saltOf(Database.ofCounter().sql, "live", end, end - 1)).not.toEqual(salt);
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
});
