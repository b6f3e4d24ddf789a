/** @module What a shard tells of who viewed its links, to be merged with what other shards tell. */

/** Whose sketch it is: a link's, or the whole stream's (`""`), in an epoch. */
export interface SketchOwner {
  slug: string;
  epoch: string;
}

export const sketchKey = (slug: string, epoch: string): string => `${slug}\t${epoch}`;

/** As SQLite compares texts of ASCII, which slugs and epochs are. */
const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order of pages. */
export const bySlugAndEpoch = (a: SketchOwner, b: SketchOwner): number =>
  compared(a.slug, b.slug) || compared(a.epoch, b.epoch);

/** A link's registers in an epoch. */
export interface LinkSketch extends SketchOwner {
  registers: ArrayBuffer;
}

/** A link's sketch on its way to be merged with other shards', as `encodeSketch` writes it. */
export interface LinkSketchText extends SketchOwner {
  text: string;
}

/**
 * Sketches of links that one answer tells the estimates of: ten thousand links of three weeks. With more, who wants a
 * link's visitors asks for that link: a Counter would be busy for seconds, and an answer between objects has 32 MiB.
 */
export const linkSketchesAtMost = 200_000;

/** Of a link whose registers are all set, in characters, about. */
export const longestText = 5_500;

/** Links' sketches by slug and epoch, on their way to be merged. */
export interface SketchPage {
  sketches: LinkSketchText[];
  /** None follow. */
  isLast: boolean;
}
