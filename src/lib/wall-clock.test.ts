import { describe, it } from "vitest";
import { wallClock } from "./wall-clock.ts";

describe("a moment on a zone's clock", () => {
  const at = Date.parse("2026-11-20T20:01:59Z");
  it.for([
    ["UTC", "2026-11-20 20:01"],
    ["Asia/Shanghai", "2026-11-21 04:01"],
    ["America/New_York", "2026-11-20 15:01"],
    ["Asia/Kolkata", "2026-11-21 01:31"],
  ])("in %s", ([zone = "", text], { expect }) => {
    expect(wallClock(at, zone)).toBe(text);
  });

  it("follows clocks that change", ({ expect }) => {
    const shown = ["2026-03-29T00:59Z", "2026-03-29T01:00Z"].map((moment) =>
      wallClock(Date.parse(moment), "Europe/Berlin"),
    );
    expect(shown).toEqual(["2026-03-29 01:59", "2026-03-29 03:00"]);
  });
});
