import { describe, it } from "vitest";
import type { StreamRecord } from "../../src/catalog/records.ts";
import { issueToken, Replays, tokenIsGood } from "../../src/edge/token.ts";

const stream = { secret: "s3cret" } as StreamRecord;
const now = Date.parse("2026-11-20T12:00:00Z");

describe("a page's token", () => {
  it("is good for its link, for ten minutes", ({ expect }) => {
    const token = issueToken(stream, "abc", now);
    expect(tokenIsGood(stream, "abc", token, now)).toBe(true);
    expect(tokenIsGood(stream, "abc", token, now + 599_999)).toBe(true);
    expect(tokenIsGood(stream, "abc", token, now + 600_000)).toBe(false);
    expect(tokenIsGood(stream, "xyz", token, now)).toBe(false);
    expect(tokenIsGood({ secret: "other" } as StreamRecord, "abc", token, now)).toBe(false);
  });

  it("is never the same twice, and none is good with another's signature or index", ({
    expect,
  }) => {
    const tokens = Array.from({ length: 100 }, () => issueToken(stream, "abc", now));
    expect(new Set(tokens).size).toBe(100);
    expect(tokens.every((token) => tokenIsGood(stream, "abc", token, now))).toBe(true);
    const [first = "", second = ""] = tokens;
    const parts = first.split(".");
    const swapped = [...parts.slice(0, 3), second.split(".")[3]].join(".");
    expect(tokenIsGood(stream, "abc", swapped, now)).toBe(false);
    const moved = [parts[0], parts[1], (Number(parts[2]) + 1) % 8, parts[3]].join(".");
    expect(tokenIsGood(stream, "abc", moved, now)).toBe(false);
    const later = [(now + 9e8).toString(36), ...parts.slice(1)].join(".");
    expect(tokenIsGood(stream, "abc", later, now)).toBe(false);
  });

  it("is never anything else", ({ expect }) => {
    for (const text of ["", ".", "a.b.c.d", "a.b.0.AAAAAAAAAAA", "x".repeat(500)]) {
      expect(tokenIsGood(stream, "abc", text, now)).toBe(false);
    }
  });
});

describe("replays", () => {
  it("are seen for as long as a token lives, in bounded memory", ({ expect }) => {
    const replays = new Replays();
    expect(replays.first("a", now)).toBe(true);
    expect(replays.first("a", now + 1)).toBe(false);
    expect(replays.first("a", now + 600_001)).toBe(true);
    for (let index = 0; index < 60_000; index += 1) replays.first(`k${index}`, now);
    expect(replays.first("k59999", now)).toBe(false);
    expect(replays.first("k0", now)).toBe(true);
  });
});
