import { describe, it } from "vitest";
import { capnp, Embed } from "./capnp.ts";

describe("a configuration's text", () => {
  it("has every kind of value, and no field that is not given", ({ expect }) => {
    const value = { name: "a", list: [{ n: 1 }, { n: 2 }], is: true, not: undefined, none: [] };
    expect(capnp(value)).toBe('(name = "a", list = [(n = 1), (n = 2)], is = true, none = [])');
    expect(capnp(Uint8Array.of(0, 10, 255))).toBe('0x"000aff"');
    expect(capnp({ a: new Embed('/a "b"/c.js') })).toBe('(a = embed "/a \\"b\\"/c.js")');
  });

  it("ends no text before its end", ({ expect }) => {
    expect(capnp('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"');
    expect(capnp("\u0000\u001b\u007f\r")).toBe('"\\x00\\x1b\\x7f\\x0d"');
    expect(capnp("月门")).toBe('"月门"');
  });
});
