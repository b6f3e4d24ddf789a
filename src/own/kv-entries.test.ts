import { beforeEach, describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { type Entry, KvEntries, migrateKv } from "./kv-entries.ts";

const now = 1_800_000_000;
const MiB = 1_048_576;
let database: Database;
let entries: KvEntries;

beforeEach(() => {
  database = new Database();
  database.transaction(() => migrateKv(database.sql, 0));
  entries = new KvEntries(database.sql);
});

const entry = (value: string | Uint8Array, more: Partial<Entry> = {}): Entry => ({
  value: typeof value === "string" ? new TextEncoder().encode(value) : value,
  metadata: null,
  expiration: null,
  ...more,
});
const put = (key: string, expiration: number | null = null) =>
  entries.put(key, entry("v", { expiration }));
const rows = (table: string): number =>
  database.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).toArray()[0]?.n ?? -1;
const all = { prefix: "", after: null, limit: 100 };

describe("a namespace of KV", () => {
  it("tells names alone, by their index, from one on and within a prefix", ({ expect }) => {
    for (const key of ["k", "link:b", "link:a", "link:c", "link;", "stream:a"]) put(key, now - 1);
    expect(entries.namesAfter("link:", "link:", 2)).toEqual(["link:a", "link:b"]);
    expect(entries.namesAfter("link:b", "link:", 2)).toEqual(["link:c"]);
    const plan = database.sql
      .exec<{ detail: string }>(
        "EXPLAIN QUERY PLAN SELECT key FROM entry WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
        ...["link:", "link;", 2],
      )
      .toArray();
    expect(plan.map(({ detail }) => detail).join()).toMatch(/^SEARCH entry USING COVERING INDEX/);
  });

  it("has what was put last, its metadata and end with it", ({ expect }) => {
    expect(entries.get("a", now)).toBe(null);
    const first = entry("one", { metadata: '{"a":1}', expiration: now + 1 });
    entries.put("a", first);
    expect(entries.get("a", now)).toEqual(first);
    entries.put("a", entry("two"));
    expect(entries.get("a", now)).toEqual(entry("two"));
    entries.delete("a");
    expect(entries.get("a", now)).toBe(null);
  });

  it("keeps a value of any length in pieces of 1 MiB, and nothing of one that was there", ({
    expect,
  }) => {
    for (const [length, pieces] of [
      [3 * MiB + 1, 3],
      [2 * MiB, 1],
      [MiB + 1, 1],
      [MiB, 0],
      [0, 0],
    ] as const) {
      const value = Uint8Array.from({ length }, (_, index) => index % 251);
      entries.put("large", entry(value));
      expect(Buffer.compare(entries.get("large", now)?.value ?? Buffer.of(1), value)).toBe(0);
      expect([length, rows("piece")]).toEqual([length, pieces]);
    }
    entries.put("large", entry(new Uint8Array(2 * MiB)));
    entries.delete("large");
    expect([rows("entry"), rows("piece")]).toEqual([0, 0]);
  });

  it("does not have what has ended, and deletes it when told to", ({ expect }) => {
    put("stays");
    put("later", now + 10);
    put("now", now);
    entries.put("before", entry(new Uint8Array(2 * MiB), { expiration: now - 5 }));
    expect([entries.get("now", now), entries.get("before", now)]).toEqual([null, null]);
    expect(entries.list(all, now).map(({ key }) => key)).toEqual(["later", "stays"]);
    expect([rows("entry"), entries.nextEnd()]).toEqual([4, now - 5]);
    entries.forgetEnded(now);
    expect([rows("entry"), rows("piece"), entries.nextEnd()]).toEqual([2, 0, now + 10]);
    entries.delete("later");
    expect(entries.nextEnd()).toBe(null);
  });

  it("lists keys by a prefix, in the order of their bytes, page by page", ({ expect }) => {
    const keys = ["a", "a:", "a:1", "a:Z", "a:z", "a:\ud7ff", "a:月", "a:😀", "a:\u{10ffff}", "a;"];
    for (const key of keys.toReversed()) put(key);
    const list = (prefix: string, after: string | null = null, limit = 100) =>
      entries.list({ prefix, after, limit }, now).map(({ key }) => key);
    const within = ["a:", "a:1", "a:Z", "a:z", "a:月", "a:\ud7ff", "a:😀", "a:\u{10ffff}"];
    expect(list("a:")).toEqual(within);
    expect(list("a:\ud7ff")).toEqual(["a:\ud7ff"]);
    expect(list("a:\u{10ffff}")).toEqual(["a:\u{10ffff}"]);
    expect(list("\u{10ffff}")).toEqual([]);
    expect(list("a:", "a:1", 2)).toEqual(["a:Z", "a:z"]);
    // What is deleted meanwhile moves no page.
    entries.delete("a:1");
    expect(list("a:", "a:1", 2)).toEqual(["a:Z", "a:z"]);
    expect(list("")).toHaveLength(keys.length - 1);
  });
});
