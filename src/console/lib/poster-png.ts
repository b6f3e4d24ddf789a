/**
 * @module A link's poster as PNG, drawn in this browser from the same SVG that the service draws: with the device's fonts, and
 * the cover that the SVG has inside it.
 */
import { send } from "./client.ts";

/** @throws {ApiProblem} where the drawing can't be had */
export async function posterPng(slug: string): Promise<Blob> {
  const drawing = await (await send(`/${slug}/poster.svg`)).text();
  const image = new Image();
  // A picture from elsewhere would keep the canvas from being read.
  image.src = await asDataUrl(new Blob([drawing], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  // What is drawn is kept by some browsers as long as its canvas has a size.
  canvas.width = 0;
  canvas.height = 0;
  if (!png) throw new Error("the canvas gave no picture");
  return png;
}

/** As an address that a phone's long press saves: pages in chats take no `blob:`. */
export const asDataUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/** A file's name on any system. */
export const fileName = (text: string, atMost: number): string =>
  text
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, "_")
    .trim()
    .slice(0, atMost);

/** Saves a file as if somebody had followed a link to it. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
