import { describe, it } from "vitest";
import { cut } from "./cut.ts";

describe("a text that is repeated", () => {
  it("is whole up to its length, else cut there with a mark", ({ expect }) => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("ab…");
    expect(cut("", 3)).toBe("");
    expect(cut("x".repeat(1_000_000), 100)).toHaveLength(100);
  });

  it("never ends in half a character", ({ expect }) => {
    for (let length = 2; length < 12; length += 1) {
      expect(cut("😀".repeat(10), length).isWellFormed()).toBe(true);
    }
  });
});
