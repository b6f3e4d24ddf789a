import { describe, it } from "vitest";
import { isAhead, isFresh, waitUntil } from "./moments.ts";

const day = 86_400_000;
const now = 1_800_000_000_000;

describe("a moment that was written down", () => {
  it("is waited for, unless it is further ahead than it can have been", ({ expect }) => {
    expect(waitUntil(now + 300, now, 300)).toBe(now + 300);
    expect(waitUntil(now - 5, now, 300)).toBe(now - 5);
    expect(waitUntil(now + 300, now - day, 300)).toBe(now - day);
    expect(isAhead(now + 300, now, 300)).toBe(true);
    expect(isAhead(now, now, 300)).toBe(false);
    expect(isAhead(now + 300, now - day, 300)).toBe(false);
  });

  it("makes what is known fresh for a while, and not for the day that a clock was set back by", ({
    expect,
  }) => {
    expect(isFresh(now, now, 400)).toBe(true);
    expect(isFresh(now - 400, now, 400)).toBe(true);
    expect(isFresh(now - 401, now, 400)).toBe(false);
    expect(isFresh(now, now - day, 400)).toBe(false);
  });
});
