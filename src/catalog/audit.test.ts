import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { migrateOrders } from "../orders/migrations.ts";
import { AuditLog } from "./audit.ts";

const newest = Number.MAX_SAFE_INTEGER;

function newLog() {
  const { sql } = new Database();
  migrateOrders(sql, 0);
  return { sql, log: new AuditLog(sql) };
}

function filled() {
  const { log } = newLog();
  log.note("admin", 1_000, [{ action: "link.created", target: "abc", after: { slug: "abc" } }]);
  log.note("key_1", 2_000, [
    { action: "link.changed", target: "abc", before: { note: "a" }, after: { note: "b" } },
    { action: "link.deleted", target: "xyz", before: { slug: "xyz" } },
  ]);
  return log;
}
const targets = (entries: readonly { action: string }[]) => entries.map(({ action }) => action);

describe("an audit log", () => {
  it("keeps what differs, under an id of its own unless one is given", ({ expect }) => {
    const { log } = newLog();
    const change = { action: "stream.changed", target: "st", before: { a: 1, b: 2 } } as const;
    log.note("admin", 1_000, [{ ...change, id: "given", after: { a: 1, b: 3 } }]);
    expect(log.after(0, 10)).toEqual([
      {
        seq: 1,
        id: "given",
        at: 1_000,
        actor: "admin",
        action: "stream.changed",
        target: "st",
        before: { b: 2 },
        after: { b: 3 },
        importId: null,
      },
    ]);
    log.note("admin", 1_000, [change, change]);
    const ids = log.after(1, 10).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it("is read from its end, by target, by who changed, by both, a page at a time", ({ expect }) => {
    const log = filled();
    const all = ["link.deleted", "link.changed", "link.created"];
    expect(targets(log.list({}, 10, newest))).toEqual(all);
    expect(targets(log.list({}, 2, newest))).toEqual(all.slice(0, 2));
    expect(targets(log.list({}, 2, 2))).toEqual(all.slice(2));
    expect(targets(log.list({ target: "abc" }, 10, newest))).toEqual(all.slice(1));
    expect(targets(log.list({ actor: "key_1" }, 10, newest))).toEqual(all.slice(0, 2));
    expect(targets(log.list({ target: "abc", actor: "key_1" }, 10, newest))).toEqual([all[1]]);
  });

  it("is read from its beginning, and forgets what is older than a moment", ({ expect }) => {
    const log = filled();
    expect(targets(log.after(1, 1))).toEqual(["link.changed"]);
    log.forgetBefore(2_000);
    expect(targets(log.after(0, 10))).toEqual(["link.changed", "link.deleted"]);
  });

  it("finds a target by its index", ({ expect }) => {
    const { sql } = newLog();
    const plan = sql
      .exec<{ detail: string }>(
        "EXPLAIN QUERY PLAN SELECT * FROM audit WHERE seq < 9 AND target = 'abc' ORDER BY seq DESC LIMIT 5",
      )
      .toArray();
    expect(plan.map(({ detail }) => detail).join()).toContain("audit_target");
  });

  it("names the import that brought an entry, where the table has a column for it", ({
    expect,
  }) => {
    const { sql, log } = newLog();
    sql.exec("ALTER TABLE audit ADD COLUMN import_id TEXT");
    sql.exec(
      "INSERT INTO audit (id, at, actor, action, target, import_id) VALUES ('a', 1, 'k', 'imported', 't', 'imp')",
    );
    expect(log.after(0, 10).map(({ importId }) => importId)).toEqual(["imp"]);
  });
});
