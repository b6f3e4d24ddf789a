import { describe, it } from "vitest";
import { mapOf, own, recordBy, recordOf } from "./records.ts";

const inherited = Object.getOwnPropertyNames(Object.prototype);

describe("a record by outside keys", () => {
  it("has what it was given, under every name that objects inherit too", ({ expect }) => {
    const record = recordOf(inherited.map((name, index) => [name, index]));
    expect(Object.keys(record)).toEqual(inherited);
    for (const [index, name] of inherited.entries()) expect(own(record, name)).toBe(index);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(mapOf(record).size).toBe(inherited.length);
  });

  it("has no index: the types hold that it is read through `own`", ({ expect }) => {
    const record = recordOf([["a", 1]]);
    const read = (key: string): unknown =>
      // @ts-expect-error no text is an index of it
      record[key];
    expect(read("a")).toBe(own(record, "a"));
  });

  it("has nothing that it only inherits", ({ expect }) => {
    for (const name of inherited) {
      expect(own({}, name)).toBeUndefined();
      expect(mapOf({}).get(name)).toBeUndefined();
    }
  });

  it("is the same after JSON and a structured clone", ({ expect }) => {
    const record = recordOf([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
    expect(JSON.stringify(record)).toBe('{"__proto__":1,"constructor":2}');
    for (const copy of [
      JSON.parse(JSON.stringify(record)) as typeof record,
      structuredClone(record),
    ]) {
      expect([own(copy, "__proto__"), own(copy, "constructor")]).toEqual([1, 2]);
    }
  });
});

describe("a record by names of our own", () => {
  it("has each", ({ expect }) => {
    expect(recordBy(["a", "b"], (name, index) => `${name}${index}`)).toEqual({ a: "a0", b: "b1" });
  });
});
