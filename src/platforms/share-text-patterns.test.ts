/** A share text's title is the one that the expression meant that took the square of the text's length. */
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { titleBehind } from "./share-text-patterns.ts";

describe("a share text's title", () => {
  it("is the one that the expression found", ({ expect }) => {
    const { exec } = titleBehind("【京东】");
    const before = /【京东】.*?「(?<title>[^」]+)」/s;
    const pieces = fc.constantFrom("【京东】", "「", "」", "a", "b", "\n", "【");
    const texts = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        expect(exec(text)?.groups?.title).toBe(before.exec(text)?.groups?.title);
      }),
      { numRuns: 5_000 },
    );
  });
});
