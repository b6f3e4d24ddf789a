/** @module The short link's QR code, as SVG. */
import { renderSVG } from "uqr";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";

export interface QrOptions {
  /** Width and height in CSS pixels; without it the picture fills its frame. */
  size?: number | undefined;
  /** The moon gate in the middle, at the code's highest error correction. */
  withLogo?: boolean;
}

/** How wide the logo is, of the code: 30 % of it may be unreadable, and 22 % squared is 5 %. */
export const logoShare = 0.22;

/** Codes as they were drawn, without size and logo: drawing one takes milliseconds, and anybody can ask. */
const drawn = new BoundedMap<string, string>({
  bytes: 2 * 1_048_576,
  weigh: (text, code) => textBytes(text) + textBytes(code),
});

function codeOf(text: string, ecc: "H" | "M"): string {
  const key = `${ecc} ${text}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const code = renderSVG(text, { border: 2, ecc });
  drawn.set(key, code);
  return code;
}

export function qrCode(text: string, { size, withLogo = false }: QrOptions = {}): string {
  const code = codeOf(text, withLogo ? "H" : "M");
  const sized =
    size === undefined ? code : code.replace("<svg ", `<svg width="${size}" height="${size}" `);
  if (!withLogo) return sized;
  const side = Number(/viewBox="0 0 ([\d.]+)/.exec(code)?.[1]);
  return sized.replace("</svg>", `${logo(side / 2, (side * logoShare) / 2)}</svg>`);
}

/** A gate in a wall: brand red around a moon. */
function logo(middle: number, half: number): string {
  const at = middle - half;
  return `<g shape-rendering="auto"><rect x="${at}" y="${at}" width="${2 * half}" height="${2 * half}" rx="${half * 0.36}" fill="#fff"/><rect x="${at + half * 0.12}" y="${at + half * 0.12}" width="${half * 1.76}" height="${half * 1.76}" rx="${half * 0.3}" fill="#b23b26"/><circle cx="${middle}" cy="${middle}" r="${half * 0.52}" fill="#fdf1d3"/></g>`;
}
