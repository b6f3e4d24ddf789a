import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import * as builtIn from "./hash.ts";
import * as anywhere from "./hash-anywhere.ts";

const text = fc.string({ unit: "grapheme", maxLength: 300 });
const bytes = fc.uint8Array({ maxLength: 300 });

describe("hashes without Node's built-ins", () => {
  it("are all that those with them are, by the same names", ({ expect }) => {
    expect(Object.keys(anywhere).sort()).toEqual(Object.keys(builtIn).sort());
  });

  it("say the same of any text and any bytes", ({ expect }) => {
    fc.assert(
      fc.property(text, text, bytes, fc.nat(40), fc.nat(40), (a, b, data, from, to) => {
        const of = (hash: typeof builtIn) => [
          [hash.sha256(a), hash.sha256(a, "hex"), hash.sha256(data), hash.sha256Bytes(a)],
          [...hash.hmac("sha256", b, a), ...hash.hmac("sha512", data, a)],
          [hash.toBase64(data), hash.toBase64(data.slice().buffer), hash.toBase64Url(data)],
          [hash.toBase64Url(data, from, to), hash.fromBase64(hash.toBase64(data))],
          [hash.isSame(a, a), hash.isSame(a, b), hash.isSameSecret(a, b), hash.isSameSecret(b, b)],
        ];
        expect(of(anywhere)).toEqual(of(builtIn));
      }),
    );
  });

  it("take more bytes than a call has arguments", ({ expect }) => {
    const large = anywhere.randomBytes(60_000);
    expect(anywhere.fromBase64(anywhere.toBase64(large))).toEqual(large);
    expect(anywhere.toBase64(large)).toBe(builtIn.toBase64(large));
  });

  it("have memory of their own, where they are bytes to be given on", ({ expect }) => {
    for (const own of [
      anywhere.sha256Bytes("abc"),
      anywhere.randomBytes(32),
      anywhere.fromBase64("AAAA"),
    ]) {
      expect([own.byteOffset, own.buffer.byteLength]).toEqual([0, own.length]);
    }
  });
});
