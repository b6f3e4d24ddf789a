/** @module Pages of links' sketches as text. */
import { encodeSketch } from "../hyperloglog.ts";
import {
  type LinkSketchText,
  longestText,
  type SketchOwner,
  type SketchPage,
} from "../link-sketches.ts";
import type { Sketches } from "./sketches.ts";

/** Of a page, however short their texts are. */
const rowsOfPage = 1_000;

/**
 * Reads no more rows than their texts can take.
 *
 * @param after the last of the page before
 * @param characters about as many
 */
export function textPage(
  sketches: Pick<Sketches, "page">,
  after: SketchOwner | null,
  characters: number,
): SketchPage {
  const texts: LinkSketchText[] = [];
  let length = 0;
  let last = after;
  while (length < characters && texts.length < rowsOfPage) {
    const most = Math.ceil((characters - length) / longestText);
    const limit = Math.min(most, rowsOfPage - texts.length);
    const rows = sketches.page(last, limit);
    for (const { slug, epoch, registers } of rows) {
      const text = encodeSketch(new Uint8Array(registers));
      texts.push({ slug, epoch, text });
      length += text.length;
      last = { slug, epoch };
    }
    if (rows.length < limit) return { sketches: texts, isLast: true };
  }
  return { sketches: texts, isLast: false };
}
