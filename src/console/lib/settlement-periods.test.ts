import { describe, it } from "vitest";
import { periodOf, usualSpans } from "./settlement-periods.ts";

describe("periods of settlements", () => {
  it("are last month, this month and last week by Beijing's days", ({ expect }) => {
    // It is the first of December there already, a Tuesday.
    expect(usualSpans(Date.parse("2026-11-30T16:30:00Z"))).toEqual([
      { from: "2026-11-01", to: "2026-11-30" },
      { from: "2026-12-01", to: "2026-12-01" },
      { from: "2026-11-23", to: "2026-11-29" },
    ]);
    expect(usualSpans(Date.parse("2027-01-04T00:00:00Z")).map(({ from }) => from)).toEqual([
      "2026-12-01",
      "2027-01-01",
      "2026-12-28",
    ]);
  });

  it("are told with their last day, and by the minute where they are not whole days", ({
    expect,
  }) => {
    const from = "2026-10-31T16:00:00Z";
    expect(periodOf({ from, to: "2026-11-30T16:00:00Z" })).toBe("2026-11-01 – 2026-11-30");
    expect(periodOf({ from, to: "2026-11-30T00:00:00Z" })).toBe(
      "2026-11-01 00:00 – 2026-11-30 08:00",
    );
  });
});
