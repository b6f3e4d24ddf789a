/** @module A logo out of any picture: drawn small enough to stand in every page of its brand. */
import { logoAtMost, logoShape } from "../../lib/brand-shapes.ts";

/** Pixels, tried in turn: a page shows it 24 high, on screens of up to three pixels for one. */
const heights = [72, 48, 36, 24];
/** As wide as the page has room for. */
const widest = 140 / 24;

/** @returns a `data:` URL, or `null` where the file is no picture, or is too large even when small */
export async function logoOf(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  for (const height of heights) {
    const canvas = document.createElement("canvas");
    const scale = Math.min(height / picture.height, (height * widest) / picture.width, 1);
    canvas.width = Math.max(Math.round(picture.width * scale), 1);
    canvas.height = Math.max(Math.round(picture.height * scale), 1);
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    // Without loss where there is room for it; what a browser can't write as WebP it writes as PNG.
    for (const type of ["image/png", "image/webp"]) {
      const url = canvas.toDataURL(type, 0.9);
      if (url.length <= logoAtMost && logoShape.test(url)) return url;
    }
  }
  return null;
}
