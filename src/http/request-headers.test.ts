import { describe, it } from "vitest";
import { headerEndOf, headerOf } from "./request-headers.ts";

describe("a header of a request", () => {
  it("is cut to its bound, a list to its end", ({ expect }) => {
    const headers = new Headers({
      "User-Agent": "a".repeat(200_000),
      "Accept-Language": "z".repeat(200_000),
      "X-Forwarded-For": `${"9".repeat(200_000)}, 203.0.113.9`,
    });
    expect(headerOf(headers, "User-Agent")).toHaveLength(1_024);
    expect(headerOf(headers, "Accept-Language")).toHaveLength(256);
    expect(headerOf(headers, "X-Forwarded-For")).toHaveLength(1_024);
    expect(headerEndOf(headers, "X-Forwarded-For")).toMatch(/, 203\.0\.113\.9$/);
    expect(headerOf(headers, "Accept")).toBeNull();
  });
});
