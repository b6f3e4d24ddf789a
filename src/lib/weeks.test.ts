import { describe, it } from "vitest";
import { weekOf } from "./weeks.ts";

describe("the week of a moment", () => {
  it("begins on Monday, and is named by the year of its Thursday", ({ expect }) => {
    const weeks: [string, string][] = [
      ["2026-11-20T12:00:00+08:00", "2026-W47"],
      ["2026-11-22T23:59:59+08:00", "2026-W47"],
      ["2026-11-23T00:00:00+08:00", "2026-W48"],
      ["2027-01-03T12:00:00+08:00", "2026-W53"],
      ["2027-01-04T12:00:00+08:00", "2027-W01"],
      ["2024-12-30T00:00:00+08:00", "2025-W01"],
      ["2023-01-01T12:00:00+08:00", "2022-W52"],
      ["1969-12-31T12:00:00+08:00", "1970-W01"],
    ];
    expect(weeks.map(([at]) => weekOf(Date.parse(at), "Asia/Shanghai"))).toEqual(
      weeks.map(([, week]) => week),
    );
    // The same moment is another week elsewhere.
    expect(weekOf(Date.parse("2026-11-23T00:00:00+08:00"), "UTC")).toBe("2026-W47");
  });
});
