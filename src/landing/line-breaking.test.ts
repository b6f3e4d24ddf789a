import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { breakLines } from "./line-breaking.ts";

describe("breaking a title into lines", () => {
  it("breaks between words, and counts Chinese as wide", ({ expect }) => {
    expect(breakLines("双十一大场布偶猫粮五折", 6, 3)).toEqual(["双十一大场", "布偶猫粮五折"]);
    expect(breakLines("Double Eleven cat food", 8, 3)).toEqual(["Double Eleven", "cat food"]);
  });

  it("begins no line with a mark that closes", ({ expect }) => {
    for (const most of [3, 4, 5, 6, 7]) {
      for (const line of breakLines("猫粮五折，前一百名送逗猫棒！还有（抽奖）。", most, 20)) {
        expect(line).not.toMatch(/^[，！）。]/);
      }
    }
  });

  it("ends in … what is too long, and breaks a word that is wider than a line", ({ expect }) => {
    expect(breakLines("大".repeat(50), 10, 2)).toEqual(["大".repeat(10), `${"大".repeat(9)}…`]);
    expect(breakLines("x".repeat(50), 10, 9).join("")).toBe("x".repeat(50));
  });

  it("cuts no character in two", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        for (const line of breakLines(text, 5, 2)) expect(line.isWellFormed()).toBe(true);
      }),
    );
  });

  it("loses nothing but spaces when there is room", ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const bare = (value: string) => value.replace(/\s/g, "");
        expect(bare(breakLines(text, 8, 1_000).join(""))).toBe(bare(text));
      }),
    );
  });
});
