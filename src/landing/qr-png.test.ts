import { crc32, inflateSync } from "node:zlib";
import { encode } from "uqr";
import { describe, it } from "vitest";
import { qrPng } from "./qr-png.ts";

/** Reads the picture as any reader would, chunk by chunk. @returns the palette's index of each pixel */
function read(png: Uint8Array) {
  const bytes = Buffer.from(png);
  if (bytes.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") throw new Error("no PNG");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    const wanted = crc32(bytes.subarray(at + 4, at + 8 + length));
    if (bytes.readUInt32BE(at + 8 + length) !== wanted) throw new Error(`${type}: checksum`);
    at += length + 12;
  }
  const [head = Buffer.alloc(13), data = Buffer.alloc(0), table = Buffer.alloc(0)] = [
    "IHDR",
    "IDAT",
    "PLTE",
  ].map((name) => chunks.get(name));
  const [side, bits] = [head.readUInt32BE(0), head.readUInt8(8)];
  const raw = inflateSync(data);
  const stride = Math.ceil((side * bits) / 8) + 1;
  if (raw.length !== stride * side) throw new Error("rows");
  const at = (x: number, y: number): number => {
    const byte = raw[y * stride + 1 + Math.floor((x * bits) / 8)] ?? 0;
    return (byte >> (8 - bits - ((x * bits) % 8))) & ((1 << bits) - 1);
  };
  const names = [...chunks.keys()];
  return { side, height: head.readUInt32BE(4), bits, names, colours: table.length / 3, at };
}

const url = "https://go.example.cn/k7xq2mp";

describe("a QR code as PNG", () => {
  it("has every module of the code, sharp, in the middle of its size", async ({ expect }) => {
    const { data } = encode(url, { ecc: "M", border: 2 });
    for (const size of [64, 300, 512, 1_000]) {
      const picture = read(await qrPng(url, { size }));
      expect([picture.side, picture.height, picture.bits]).toEqual([size, size, 1]);
      expect(picture.names).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
      const module = Math.floor(size / data.length);
      const offset = Math.floor((size - module * data.length) / 2);
      for (const [row, cells] of data.entries()) {
        for (const [column, isBlack] of cells.entries()) {
          const [x, y] = [offset + column * module, offset + row * module];
          const corners = [picture.at(x, y), picture.at(x + module - 1, y + module - 1)];
          if (corners.some((colour) => colour !== (isBlack ? 1 : 0))) {
            throw new Error(`${size}: module ${column}, ${row}`);
          }
        }
      }
      expect(picture.at(0, 0)).toBe(0);
    }
  });

  it("is as wide as its modules at least, and 512 pixels where no size is asked", async ({
    expect,
  }) => {
    const long = "https://a-very-long-name-of-a-brand.example.com/".padEnd(300, "x");
    const { data } = encode(long, { ecc: "M", border: 2 });
    expect(data.length).toBeGreaterThan(64);
    expect(read(await qrPng(long, { size: 64 })).side).toBe(data.length);
    expect(read(await qrPng(url)).side).toBe(512);
  });

  it("has the gate in its middle, over a share that the code can spare", async ({ expect }) => {
    const { data } = encode(url, { ecc: "H", border: 2 });
    const size = 600;
    const picture = read(await qrPng(url, { size, withLogo: true }));
    expect([picture.bits, picture.colours]).toEqual([4, 10]);
    const middle = size / 2;
    expect(picture.at(middle, middle)).toBe(3);
    const module = Math.floor(size / data.length);
    const half = (module * data.length * 0.22) / 2;
    expect(picture.at(Math.round(middle + half * 0.7), middle)).toBe(2);
    expect(picture.at(Math.round(middle + half * 0.95), middle)).toBe(0);
    const offset = Math.floor((size - module * data.length) / 2);
    let wrong = 0;
    for (const [row, cells] of data.entries()) {
      for (const [column, isBlack] of cells.entries()) {
        const [x, y] = [column, row].map((at) => offset + Math.floor((at + 0.5) * module));
        if (picture.at(x ?? 0, y ?? 0) !== (isBlack ? 1 : 0)) wrong += 1;
      }
    }
    // 30 % may be lost at this level.
    expect(wrong / data.length ** 2).toBeLessThan(0.07);
    for (let at = 0; at < size; at += 1) expect(picture.at(at, middle)).toBeLessThan(10);
  });
});
