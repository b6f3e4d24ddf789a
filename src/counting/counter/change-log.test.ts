import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { editsSince, keepEdits } from "./change-log.ts";

const hour = 3_600_000;
const end = Date.parse("2026-11-20T18:00:00Z");

describe("records that changed", () => {
  const edit = (key: string, version: number) => ({
    key,
    version,
    link: { slug: key, version, streamId: "st" },
  });

  it("are told in the order of their changes, those after the newest that is known", ({
    expect,
  }) => {
    const { sql } = Database.ofCounter();
    expect(editsSince(sql, 0)).toBeUndefined();
    keepEdits(sql, [edit("b", 1), edit("a", 1)], end);
    expect(editsSince(sql, 0)).toEqual({ change: 2, records: [edit("b", 1), edit("a", 1)] });
    expect(editsSince(sql, 1)).toEqual({ change: 2, records: [edit("a", 1)] });
    expect(editsSince(sql, 2)).toBeUndefined();
    expect(editsSince(sql, 3)).toBeUndefined();
    keepEdits(sql, [edit("b", 2)], end);
    expect(editsSince(sql, 0)).toEqual({ change: 3, records: [edit("a", 1), edit("b", 2)] });
  });

  it("of a version that is no higher replace nothing", ({ expect }) => {
    const { sql } = Database.ofCounter();
    keepEdits(sql, [edit("a", 2)], end);
    keepEdits(sql, [edit("a", 1), { ...edit("a", 2), link: edit("a", 9).link }], end);
    expect(editsSince(sql, 0)?.records).toEqual([edit("a", 2)]);
  });

  it("are kept for an hour, to the millisecond", ({ expect }) => {
    const { sql } = Database.ofCounter();
    keepEdits(sql, [edit("a", 1)], end);
    keepEdits(sql, [], end + hour);
    expect(editsSince(sql, 0)?.records).toEqual([edit("a", 1)]);
    keepEdits(sql, [], end + hour + 1);
    expect(editsSince(sql, 0)).toEqual({ change: 1, records: [] });
  });
});

it("an edit is told once, and a lower version never replaces a higher", ({ expect }) => {
  const { sql } = Database.ofCounter();
  const edit = (version: number) => ({
    key: "link:abc",
    version,
    link: { slug: "abc", version, streamId: "st" },
  });
  expect(editsSince(sql, 0)).toBeUndefined();
  keepEdits(sql, [edit(2)], end);
  const first = editsSince(sql, 0);
  expect(first?.records).toEqual([edit(2)]);
  expect(editsSince(sql, first?.change ?? 0)).toBeUndefined();
  keepEdits(sql, [edit(3)], end);
  keepEdits(sql, [edit(2)], end);
  expect(editsSince(sql, first?.change ?? 0)?.records).toEqual([edit(3)]);
  keepEdits(sql, [], end + 2 * hour);
  expect(editsSince(sql, 0)?.records).toEqual([]);
});
