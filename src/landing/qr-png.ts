/**
 * @module The short link's QR code as PNG, which chats and albums take where they take no SVG. The picture is of indexed
 * colours, a row at a time; whole modules alone are drawn, so that edges stay sharp, in a white frame.
 *
 * @see https://www.w3.org/TR/png-3/
 */
import { encode } from "uqr";
import { joined } from "../lib/bytes.ts";
import { logoShare } from "./qr.ts";

/** Modules of white around the code; ISO/IEC 18004 asks for four, and readers take two, as the SVG has. */
const border = 2;

/** Of a picture without a size: it is sharp on a phone's whole width. */
const usualSize = 512;

const white = 0;
const black = 1;
const red = 2;
const cream = 3;
/** Behind these, mixtures at a round edge: of red in white, and of cream in red. */
const steps = 4;
const palette: readonly (readonly [number, number, number])[] = [
  [255, 255, 255],
  [0, 0, 0],
  [178, 59, 38],
  [253, 241, 211],
];
const mixed = (from: number, to: number): number[][] =>
  Array.from({ length: steps - 1 }, (_, index) => {
    const share = (index + 1) / steps;
    return [0, 1, 2].map((part) =>
      Math.round((palette[from]?.[part] ?? 0) * (1 - share) + (palette[to]?.[part] ?? 0) * share),
    );
  });
const colours = [...palette, ...mixed(white, red), ...mixed(red, cream)];

/** @param size width and height in pixels */
export async function qrPng(
  text: string,
  { size = usualSize, withLogo = false }: { size?: number | undefined; withLogo?: boolean } = {},
): Promise<Uint8Array> {
  const { data } = encode(text, { ecc: withLogo ? "H" : "M", border });
  const module = Math.max(1, Math.floor(size / data.length));
  const side = Math.max(size, data.length);
  const offset = Math.floor((side - module * data.length) / 2);
  const picture = new Rows(side, withLogo ? 4 : 1);
  for (const [row, cells] of data.entries()) {
    const top = offset + row * module;
    for (const [column, isBlack] of cells.entries()) {
      if (!isBlack) continue;
      const left = offset + column * module;
      for (let x = left; x < left + module; x += 1) picture.set(x, top, black);
    }
    picture.repeat(top, module);
  }
  if (withLogo) drawLogo(picture, side / 2, (module * data.length * logoShare) / 2);
  return pngOf(picture, colours.slice(0, withLogo ? colours.length : 2));
}

/** Pixels of a few bits each, row by row, white at first; before each row its filter, which is none. */
class Rows {
  readonly side: number;
  readonly bits: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #stride: number;

  constructor(side: number, bits: number) {
    this.side = side;
    this.bits = bits;
    this.#stride = Math.ceil((side * bits) / 8) + 1;
    this.bytes = new Uint8Array(this.#stride * side);
  }

  set(x: number, y: number, colour: number): void {
    const { bits, bytes } = this;
    const at = y * this.#stride + 1 + Math.floor((x * bits) / 8);
    const shift = 8 - bits - ((x * bits) % 8);
    const others = (bytes[at] ?? 0) & ~(((1 << bits) - 1) << shift);
    bytes[at] = others | (colour << shift);
  }

  /** Draws a row again in those below it, so that there are `count` of it. */
  repeat(y: number, count: number): void {
    const start = y * this.#stride;
    const row = this.bytes.subarray(start, start + this.#stride);
    for (let below = 1; below < count; below += 1) {
      this.bytes.set(row, start + below * this.#stride);
    }
  }
}

/** The gate of the SVG: a white square with round corners, in it a red one, in that a moon. */
function drawLogo(picture: Rows, middle: number, half: number): void {
  const isInSquare = (x: number, y: number, reach: number, round: number): boolean => {
    const [dx, dy] = [Math.abs(x - middle), Math.abs(y - middle)];
    if (dx > reach || dy > reach) return false;
    const [cx, cy] = [dx - (reach - round), dy - (reach - round)];
    return cx <= 0 || cy <= 0 || Math.hypot(cx, cy) <= round;
  };
  const colourAt = (x: number, y: number): number | null => {
    if (Math.hypot(x - middle, y - middle) <= half * 0.52) return cream;
    if (isInSquare(x, y, half * 0.88, half * 0.3)) return red;
    return isInSquare(x, y, half, half * 0.36) ? white : null;
  };
  const last = picture.side - 1;
  const from = Math.floor(middle - half);
  // A quarter is drawn, and three more like it.
  for (let y = from; y < middle; y += 1) {
    for (let x = from; x < middle; x += 1) {
      const samples = [0.25, 0.75].flatMap((down) =>
        [0.25, 0.75].map((across) => colourAt(x + across, y + down)),
      );
      const colour = mixtureOf(samples);
      if (colour === null) continue;
      for (const down of [y, last - y]) {
        for (const across of [x, last - x]) picture.set(across, down, colour);
      }
    }
  }
}

/** @returns `null` where nothing of the logo is */
function mixtureOf(samples: readonly (number | null)[]): number | null {
  const [first = null] = samples;
  if (samples.every((one) => one === first)) return first;
  // Between the code and the white frame there is no mixture: white it is.
  if (samples.includes(null)) return white;
  const creams = samples.filter((one) => one === cream).length;
  const reds = samples.filter((one) => one === red).length;
  return creams > 0 ? palette.length + steps - 2 + creams : palette.length + reds - 1;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const indexed = 3;

async function pngOf(
  { side, bits, bytes }: Rows,
  table: readonly (readonly number[])[],
): Promise<Uint8Array> {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  head.set([bits, indexed, 0, 0, 0], 8);
  return joined([
    Uint8Array.from(signature),
    chunk("IHDR", head),
    chunk("PLTE", Uint8Array.from(table.flat())),
    chunk("IDAT", await deflated(bytes)),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** As zlib has it, by what every runtime brings along: a library would weigh more than all of this. */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { readable, writable } = new CompressionStream("deflate");
  const writer = writable.getWriter();
  const written = writer.write(bytes).then(() => writer.close());
  const [whole] = await Promise.all([new Response(readable).arrayBuffer(), written]);
  return new Uint8Array(whole);
}

/** Length, type, data, and the checksum of the two. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const whole = new Uint8Array(data.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  whole.set(new TextEncoder().encode(type), 4);
  whole.set(data, 8);
  view.setUint32(data.length + 8, crc32(whole.subarray(4, data.length + 8)));
  return whole;
}

const polynomial = 0xedb88320;
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? polynomial ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** Of ISO 3309, as PNG has it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (remainders[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
