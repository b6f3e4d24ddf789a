import { describe, it } from "vitest";
import { keyedHash } from "./keyed-hash.ts";

describe("the keyed hash", () => {
  it("is the same for the same text, and another for another", ({ expect }) => {
    const seen = new Set<number>();
    for (let index = 0; index < 200_000; index += 1) seen.add(keyedHash(`agent ${index}`));
    expect(seen.size).toBe(200_000);
    expect(keyedHash("agent 7")).toBe(keyedHash("agent 7"));
    expect(Number.isSafeInteger(keyedHash("agent 7"))).toBe(true);
  });

  it("goes on from another hash, so that the border between texts counts", ({ expect }) => {
    expect(keyedHash("b", keyedHash("a"))).not.toBe(keyedHash("ab"));
    expect(keyedHash("c", keyedHash("ab"))).not.toBe(keyedHash("bc", keyedHash("a")));
  });
});
