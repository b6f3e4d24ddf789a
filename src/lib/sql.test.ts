import { describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { boundParameters, partsOf, readMeta, readNumber, writeMeta } from "./sql.ts";

describe("what a store says of itself", () => {
  it("is a number or a text by name, and 0 where it says nothing", ({ expect }) => {
    const { sql } = Database.ofCounter();
    expect([readMeta(sql, "rev"), readNumber(sql, "rev")]).toEqual([undefined, 0]);
    writeMeta(sql, "rev", 3);
    writeMeta(sql, "rev", 4);
    writeMeta(sql, "stream", "st_1");
    expect([readMeta(sql, "rev"), readNumber(sql, "rev"), readMeta(sql, "stream")]).toEqual([
      4,
      4,
      "st_1",
    ]);
  });

  it("is asked for ids in parts of a hundred", ({ expect }) => {
    expect(boundParameters).toBe(100);
    const ids = Array.from({ length: 201 }, (_, index) => String(index));
    expect([...partsOf(ids)]).toEqual([ids.slice(0, 100), ids.slice(100, 200), ["200"]]);
    expect([...partsOf(ids.slice(0, 100))]).toHaveLength(1);
    expect([...partsOf([])]).toEqual([]);
    expect([...partsOf([1, 2, 3], 2)]).toEqual([[1, 2], [3]]);
  });
});
