import { describe, it } from "vitest";
import {
  fromBase64,
  hmac,
  isSame,
  isSameSecret,
  randomBytes,
  sha256,
  sha256Bytes,
  toBase64,
  toBase64Url,
} from "./hash.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("hashes", () => {
  it("are those of FIPS 180-2 and RFC 4231", ({ expect }) => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect([sha256("abc", "hex"), sha256(bytesOf("abc"), "hex"), hex(sha256Bytes("abc"))]).toEqual([
      abc,
      abc,
      abc,
    ]);
    expect(sha256("abc")).toBe("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    const text = "what do ya want for nothing?";
    expect(hex(hmac("sha256", "Jefe", text))).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
    expect(hmac("sha512", bytesOf("Jefe"), text)).toEqual(hmac("sha512", "Jefe", text));
    expect(hmac("sha512", "Jefe", text)).toHaveLength(64);
  });

  it("have memory of their own, where they are bytes to be given on", ({ expect }) => {
    for (const bytes of [sha256Bytes("abc"), randomBytes(32), fromBase64("AAAA")]) {
      expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, bytes.length]);
    }
    expect(randomBytes(32)).not.toEqual(randomBytes(32));
  });
});

describe("base64", () => {
  it("is written in both alphabets, of a part too, and read in either", ({ expect }) => {
    const bytes = new Uint8Array([251, 255, 254]);
    expect([toBase64(bytes), toBase64Url(bytes)]).toEqual(["+//+", "-__-"]);
    expect(toBase64(bytes.buffer)).toBe("+//+");
    expect([toBase64(bytes.subarray(1)), toBase64Url(bytes, 1, 2)]).toEqual(["//4=", "_w"]);
    expect([fromBase64("+//+"), fromBase64("-__-")]).toEqual([bytes, bytes]);
  });
});

describe("secrets", () => {
  it("are the same or not, whatever their lengths", ({ expect }) => {
    for (const same of [isSame, isSameSecret]) {
      expect([same("abc", "abc"), same("", "")]).toEqual([true, true]);
      const wrong = [same("abc", "abd"), same("abc", "ab"), same("", "a"), same("月", "门")];
      expect(wrong).toEqual([false, false, false, false]);
    }
  });
});
