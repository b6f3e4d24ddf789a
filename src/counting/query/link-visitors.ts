/**
 * @module The visitors of links that several shards saw. A link's sketch is 4 KiB an epoch where many saw it, and a call
 * between objects carries 32 MiB, so shards are asked in pages, whose rows come in one order and are merged as they come:
 * nothing but the estimates is kept. Who has them asks for what rose since.
 */
import { BoundedMap, textBytes } from "../../lib/bounded-map.ts";
import { keyedHash } from "../../lib/keyed-hash.ts";
import { type Keyed, mapOf, recordOf } from "../../lib/records.ts";
import { partsOf } from "../../lib/sql.ts";
import {
  emptySketch,
  encodeSketch,
  estimate,
  linkPrecision,
  mergeEncoded,
} from "../hyperloglog.ts";
import {
  bySlugAndEpoch,
  type LinkSketchText,
  longestText,
  type SketchOwner,
  type SketchPage,
  sketchKey,
} from "../link-sketches.ts";
import type { VisitorsByEpoch } from "../snapshot.ts";

/** Of all shards' pages together, of the 128 MiB of an isolate. */
const charactersAtOnce = 16 * 1_048_576;
/** Sketches that rose and are merged again; of more, all are. */
export const risenAtMost = 1_000;
/** Sketches of all shards that are told in one answer: two seconds' worth of merging. */
const toldAtMost = 64_000;

/** How many links' sketches are told of a stream that ever had so many shards. */
export const linksAtMost = (shards: number): number => Math.floor(toldAtMost / shards);

type ReadPage = (after: SketchOwner | null, characters: number) => Promise<SketchPage>;
export type ReadThese = (owners: readonly SketchOwner[]) => Promise<LinkSketchText[]>;

/** By link and epoch; or there are more than are told. */
export type LinkVisitors = Keyed<VisitorsByEpoch> | "too many";

/** A shard's rows, one page ahead of who takes them. */
class Rows {
  readonly #read: ReadPage;
  readonly #characters: number;
  #page: LinkSketchText[] = [];
  #at = 0;
  #last: SketchOwner | null = null;
  #isDone = false;

  constructor(read: ReadPage, characters: number) {
    this.#read = read;
    this.#characters = characters;
  }

  /** Whether the next row, if there is any, can be had by {@link next}. */
  get isAtHand(): boolean {
    return this.#at < this.#page.length || this.#isDone;
  }

  async fetch(): Promise<void> {
    const { sketches, isLast } = await this.#read(this.#last, this.#characters);
    const last = sketches.at(-1);
    this.#page = sketches;
    this.#at = 0;
    this.#last = last ? { slug: last.slug, epoch: last.epoch } : null;
    this.#isDone = isLast;
  }

  /** The next row, which stays the next until {@link take}. */
  get next(): LinkSketchText | undefined {
    return this.#page[this.#at];
  }

  take(): void {
    this.#at += 1;
  }
}

function merged(texts: readonly string[]): Uint8Array {
  const sketch = emptySketch(linkPrecision);
  for (const text of texts) mergeEncoded(sketch, text);
  return sketch;
}

/**
 * @param shards how to read each shard's pages
 * @param atMost links and epochs that are told
 */
export async function mergedLinkVisitors(
  shards: readonly ReadPage[],
  atMost = linksAtMost(shards.length),
): Promise<LinkVisitors> {
  const characters = Math.floor(charactersAtOnce / shards.length);
  const sources = shards.map((read) => new Rows(read, characters));
  const visitors = new Map<string, Map<string, number>>();
  for (let told = 0; ; told += 1) {
    const empty = sources.filter((rows) => !rows.isAtHand);
    if (empty.length > 0) await Promise.all(empty.map((rows) => rows.fetch()));
    let first: SketchOwner | undefined;
    for (const { next } of sources) {
      if (next && (!first || bySlugAndEpoch(next, first) < 0)) first = next;
    }
    if (!first) break;
    if (told >= atMost) return "too many";
    const { slug, epoch } = first;
    const ours = sources.filter(({ next }) => next?.slug === slug && next.epoch === epoch);
    const texts = ours.flatMap(({ next }) => next?.text ?? []);
    const epochs = visitors.get(slug) ?? new Map<string, number>();
    visitors.set(slug, epochs.set(epoch, estimate(merged(texts))));
    for (const rows of ours) rows.take();
  }
  return recordOf([...visitors].map(([slug, epochs]) => [slug, recordOf(epochs)] as const));
}

/**
 * What is known, with the visitors of some links merged anew.
 *
 * @param shards how to read these of each shard
 * @param atMost links and epochs that are told
 */
export async function remergedLinkVisitors(
  known: Keyed<VisitorsByEpoch>,
  owners: readonly SketchOwner[],
  shards: readonly ReadThese[],
  atMost: number,
): Promise<LinkVisitors> {
  const visitors = mapOf(known);
  for (const { owner, sketch } of await mergedSketches(owners, shards)) {
    const epochs = mapOf(visitors.get(owner.slug)).set(owner.epoch, estimate(sketch));
    visitors.set(owner.slug, recordOf(epochs));
  }
  let told = 0;
  for (const epochs of visitors.values()) told += Object.keys(epochs).length;
  return told > atMost ? "too many" : recordOf(visitors);
}

interface MergedSketch {
  owner: SketchOwner;
  sketch: Uint8Array;
}

/** In parts, so that the texts of all shards have room. */
async function mergedSketches(
  owners: readonly SketchOwner[],
  shards: readonly ReadThese[],
): Promise<MergedSketch[]> {
  const sketches: MergedSketch[] = [];
  const atOnce = Math.max(1, Math.floor(charactersAtOnce / longestText / shards.length));
  for (const some of partsOf(owners, atOnce)) {
    const found = await Promise.all(shards.map((read) => read(some)));
    for (const [index, owner] of some.entries()) {
      sketches.push({ owner, sketch: merged(found.flatMap((rows) => rows[index]?.text ?? [])) });
    }
  }
  return sketches;
}

/** Merged sketches of shards that stand still, of all streams: some ten thousand links of a hundred visitors each. */
const standing = new BoundedMap<string, string>({
  bytes: 4 * 1_048_576,
  weigh: (key, text) => textBytes(key) + text.length,
});

/**
 * Reads of shards that stand still as of one, and remembers what it read.
 *
 * @param state names the shards and their states
 */
export function readStanding(state: string, shards: readonly ReadThese[]): ReadThese {
  const named = keyedHash(state);
  const keyOf = ({ slug, epoch }: SketchOwner) => `${named}\t${sketchKey(slug, epoch)}`;
  return async (owners) => {
    const texts = new Map<SketchOwner, string>();
    for (const owner of owners) {
      const text = standing.get(keyOf(owner));
      if (text !== undefined) texts.set(owner, text);
    }
    const unknown = owners.filter((owner) => !texts.has(owner));
    for (const { owner, sketch } of await mergedSketches(unknown, shards)) {
      const text = encodeSketch(sketch);
      texts.set(owner, text);
      standing.set(keyOf(owner), text);
    }
    return owners.flatMap((owner) => {
      const text = texts.get(owner);
      return text === undefined ? [] : { ...owner, text };
    });
  };
}
