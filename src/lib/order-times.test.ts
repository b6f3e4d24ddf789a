import { describe, it } from "vitest";
import { parseTime } from "./order-times.ts";

describe("times", () => {
  it("are Beijing time unless they say otherwise", ({ expect }) => {
    const at = Date.UTC(2026, 10, 20, 12, 1, 2);
    for (const text of [
      "2026-11-20 20:01:02",
      "2026/11/20 20:01:02",
      "2026-11-20T20:01:02",
      "2026-11-20T12:01:02Z",
      "2026-11-20T13:01:02+01:00",
      String(at),
      String(at / 1_000),
    ]) {
      expect([text, parseTime(text)]).toEqual([text, at]);
    }
    expect(parseTime("2026-11-20")).toBe(Date.UTC(2026, 10, 19, 16));
    expect(parseTime("2026/1/2 3:04")).toBe(Date.UTC(2026, 0, 1, 19, 4));
    expect(parseTime("2028-02-29 00:00:00")).toBe(Date.UTC(2028, 1, 28, 16));
    for (const text of [
      "2026-02-31 10:00:00",
      "2026-11-20 25:00:00",
      "20:01",
      "",
      "昨天",
      "45981.83",
    ]) {
      expect([text, parseTime(text)]).toEqual([text, null]);
    }
  });
});
