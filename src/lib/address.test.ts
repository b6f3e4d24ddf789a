import fc from "fast-check";
import { describe, it } from "vitest";
import { addressPrefix, entryFromEnd } from "./address.ts";

describe("an address", () => {
  it.for([
    ["203.0.113.9", "203.0.113.9"],
    [" 203.0.113.9 ", "203.0.113.9"],
    ["203.0.113.9:4711", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:0DB8:0001:2::1", "2001:db8:1:2"],
    ["2001:db8::", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["[2001:db8:1:2::1]:443", "2001:db8:1:2"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["0:0:0:0:0:ffff:203.0.113.9", "203.0.113.9"],
    ["64:ff9b::203.0.113.9", "64:ff9b:0:0"],
  ] as const)("%s is the household %s", ([text, prefix], { expect }) => {
    expect(addressPrefix(text)).toBe(prefix);
  });

  it.for([
    "",
    "unknown",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.09",
    "1.2.3.4.5",
    "2001:db8",
    "1::2::3",
    "1:2:3:4:5:6:7:8:9",
    "g::1",
    "12345::1",
    "::ffff:999.0.0.1",
    "a".repeat(200_000),
    ":".repeat(64),
  ])("%s is none", (text, { expect }) => {
    expect(addressPrefix(text)).toBe("");
  });

  it("is never anything but an address, whatever comes", () => {
    const shape = /^(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3})?$/;
    const text = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: fc.constantFrom(..."0123456789abcf:.%[]"), maxLength: 50 }),
      fc.ipV4(),
      fc.ipV6(),
    );
    fc.assert(fc.property(text, (one) => shape.test(addressPrefix(one))));
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (one) => addressPrefix(one) !== ""));
  });
});

describe("a list of addresses", () => {
  it("is read from its end, which the own proxies wrote", ({ expect }) => {
    expect(entryFromEnd("9.9.9.9, 203.0.113.9", 1)).toBe(" 203.0.113.9");
    expect(entryFromEnd("9.9.9.9, 203.0.113.9, 10.0.0.1", 2)).toBe(" 203.0.113.9");
    expect(entryFromEnd("203.0.113.9", 1)).toBe("203.0.113.9");
    expect(entryFromEnd("203.0.113.9", 2)).toBe("");
    expect(entryFromEnd("", 1)).toBe("");
    expect(entryFromEnd(",", 2)).toBe("");
  });
});
