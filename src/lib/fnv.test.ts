import { it } from "vitest";
import { fnv1a } from "./fnv.ts";

it("is FNV-1a of 32 bits: the vectors of its authors", ({ expect }) => {
  expect(fnv1a("")).toBe(0x811c9dc5);
  expect(fnv1a("a")).toBe(0xe40c292c);
  expect(fnv1a("foobar")).toBe(0xbf9cf968);
});
