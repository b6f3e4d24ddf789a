/**
 * @module The visitors of links that several shards saw. A link's sketch is 4 KiB an epoch, and a call between
 * objects carries 32 MiB, so shards are asked in pages, whose rows come in one order and are merged as they
 * come: nothing but the estimates is kept.
 */
import { type Keyed, recordOf } from "../../lib/records.ts";
import { type LinkSketch, linkSketchesAtMost } from "../counter/sketches.ts";
import { emptySketch, estimate, linkPrecision, mergeSketch } from "../hyperloglog.ts";
import type { VisitorsByEpoch } from "../snapshot.ts";

/** Rows of a page: 4 MiB. */
export const sketchesPerPage = 1_000;

type ReadPage = (after: LinkSketch | null) => Promise<LinkSketch[]>;

/** A shard's rows, one page ahead of who takes them. */
class Rows {
  readonly #read: ReadPage;
  #page: LinkSketch[] = [];
  #at = 0;
  #last: LinkSketch | null = null;
  #isDone = false;

  constructor(read: ReadPage) {
    this.#read = read;
  }

  /** The next row, which stays the next until {@link take}. */
  async next(): Promise<LinkSketch | undefined> {
    if (this.#at >= this.#page.length && !this.#isDone) {
      this.#page = await this.#read(this.#last);
      this.#at = 0;
      this.#last = this.#page.at(-1) ?? null;
      this.#isDone = this.#page.length < sketchesPerPage;
    }
    return this.#page[this.#at];
  }

  take(): void {
    this.#at += 1;
  }
}

/** SQLite's order of texts, by their bytes; slugs and epochs are ASCII. */
const isBefore = (a: LinkSketch, b: LinkSketch): boolean =>
  a.slug === b.slug ? a.epoch < b.epoch : a.slug < b.slug;

/**
 * @param shards how to read each shard's pages
 * @returns `null` where there are more than `atMost`
 */
export async function mergedLinkVisitors(
  shards: readonly ReadPage[],
  atMost = linkSketchesAtMost,
): Promise<Keyed<VisitorsByEpoch> | null> {
  const sources = shards.map((read) => new Rows(read));
  const visitors = new Map<string, Map<string, number>>();
  for (let found = 0; ; found += 1) {
    const heads = await Promise.all(sources.map((rows) => rows.next()));
    let first: LinkSketch | undefined;
    for (const head of heads) if (head && (!first || isBefore(head, first))) first = head;
    if (!first) break;
    if (found >= atMost) return null;
    const { slug, epoch } = first;
    const merged = emptySketch(linkPrecision);
    for (const [index, head] of heads.entries()) {
      if (head?.slug !== slug || head.epoch !== epoch) continue;
      mergeSketch(merged, new Uint8Array(head.registers));
      sources[index]?.take();
    }
    const epochs = visitors.get(slug) ?? new Map<string, number>();
    visitors.set(slug, epochs.set(epoch, estimate(merged)));
  }
  return recordOf([...visitors].map(([slug, epochs]) => [slug, recordOf(epochs)] as const));
}
