/**
 * @module Links and streams as this isolate knows them: a cache over the edge copies, bounded in bytes, in which
 * unknown slugs have a place of their own. A record of a lower version never replaces one of a higher. No
 * request ever waits for another's read: workerd cancels requests that do.
 */

import type { Background } from "../lib/background.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { isFresh } from "../lib/moments.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import type { RecordReader } from "./store-port.ts";
import type { Target } from "./target.ts";

interface Entry<T> {
  record: T;
  loadedAt: number;
  bytes: number;
}

/** Served without a look at KV for this long, in ms: edits come with the acknowledgements of counts. */
const freshForMs = 60_000;
/** Then served while it is read again behind the answer, for this long, in ms. */
const usableForMs = 600_000;
/** An unknown slug, or one that is gone, is looked up again after this, in ms. */
const absentFor = 2_000;
/** A reading that began so long ago is taken for ended, in ms. */
const refreshWithin = 10_000;

const mebibyte = 1_048_576;
/** Bytes: of records, of what was decided about them, of one link's part in that, of slugs that nobody has. */
const room = {
  links: 12 * mebibyte,
  streams: 6 * mebibyte,
  decided: 12 * mebibyte,
  decidedOfLink: mebibyte / 4,
  absent: mebibyte,
  refreshing: mebibyte / 4,
};
/** What a decision weighs: its ways and texts, and the keys of its counts. */
const decisionBytes = 4_096;

const weighEntry = (key: string, { bytes }: { bytes: number }) => textBytes(key) + bytes;

export class LinkCache {
  readonly #links = new BoundedMap<string, Entry<LinkRecord>>({
    bytes: room.links,
    weigh: weighEntry,
  });
  readonly #streams = new BoundedMap<string, Entry<StreamRecord>>({
    bytes: room.streams,
    weigh: weighEntry,
  });
  readonly #targets = new BoundedMap<string, Target>({
    bytes: room.decided,
    weigh: (slug, { decided }) => textBytes(slug) + decided.bytes,
  });
  /** Slugs that KV did not know → when that was. */
  readonly #absent = new BoundedMap<string, number>({ bytes: room.absent });
  /** Slugs that are being read again → since when: a request's reading may end with it, and never be done. */
  readonly #refreshing = new BoundedMap<string, number>({ bytes: room.refreshing });

  /**
   * Finds a slug's link and stream.
   *
   * @param background takes work that goes on behind the answer
   * @returns at once when known, else after reading KV; `null` when there is no such link
   */
  find(
    slug: string,
    records: RecordReader,
    now: number,
    background: Background,
  ): Target | null | Promise<Target | null> {
    const link = this.#links.get(slug);
    if (!link) {
      const absentSince = this.#absent.get(slug);
      const isAbsent = absentSince !== undefined && isFresh(absentSince, now, absentFor);
      if (isAbsent || records.absence?.isAbsent(slug, now, background)) return null;
      return this.#load(slug, records, now, background);
    }
    if (!isFresh(link.loadedAt, now, usableForMs)) {
      return this.#load(slug, records, now, background);
    }
    const { disabled, deleted, streamId } = link.record;
    if ((disabled || deleted) && !isFresh(link.loadedAt, now, absentFor)) {
      return this.#load(slug, records, now, background);
    }
    const stream = this.#streams.get(streamId);
    if (!stream || !isFresh(stream.loadedAt, now, usableForMs)) {
      return this.#load(slug, records, now, background);
    }
    if (!isFresh(link.loadedAt, now, freshForMs) || !isFresh(stream.loadedAt, now, freshForMs)) {
      const since = this.#refreshing.get(slug);
      if (since === undefined || !isFresh(since, now, refreshWithin)) {
        this.#refreshing.set(slug, now);
        background.waitUntil(
          this.#load(slug, records, now, background).then(
            () => this.#refreshing.delete(slug),
            () => this.#refreshing.delete(slug),
          ),
        );
      }
    }
    return this.#target(link.record, stream.record);
  }

  /** The same object while neither record changes. */
  #target(link: LinkRecord, stream: StreamRecord): Target {
    const known = this.#targets.get(link.slug);
    if (known && known.link === link && known.stream === stream) return known;
    const { slug } = link;
    const target: Target = {
      link,
      stream,
      decided: new BoundedMap({ bytes: room.decidedOfLink, weigh: () => decisionBytes }),
      hasGrown: () => {
        if (this.#targets.get(slug) === target) this.#targets.set(slug, target);
      },
    };
    this.#targets.set(slug, target);
    return target;
  }

  /** Takes in records that this isolate learnt elsewhere: from its own writes, or with an acknowledgement of counts. */
  learn(
    records: { links?: readonly LinkRecord[]; streams?: readonly StreamRecord[] },
    now: number,
  ): void {
    for (const record of records.links ?? []) {
      this.#absent.delete(record.slug);
      keep(this.#links, record.slug, record, now);
    }
    for (const record of records.streams ?? []) keep(this.#streams, record.id, record, now);
  }

  async #load(
    slug: string,
    records: RecordReader,
    now: number,
    background: Background,
  ): Promise<Target | null> {
    const read = await records.link(slug, background);
    const link = keep(this.#links, slug, read, now);
    if (!link) {
      this.#absent.set(slug, now);
      records.absence?.wasAbsent(now, background);
      return null;
    }
    this.#absent.delete(slug);
    const known = this.#streams.get(link.streamId);
    if (known && isFresh(known.loadedAt, now, freshForMs)) return this.#target(link, known.record);
    const stream = keep(this.#streams, link.streamId, await records.stream(link.streamId), now);
    return stream && this.#target(link, stream);
  }
}

/** Keeps the newer of what was known and what was read, and says which that is. */
function keep<T extends { version: number }>(
  entries: BoundedMap<string, Entry<T>>,
  key: string,
  read: T | null,
  now: number,
): T | null {
  const known = entries.get(key);
  const isKnownNewer = known && (read === null || read.version <= known.record.version);
  if (isKnownNewer) {
    known.loadedAt = now;
    return known.record;
  }
  if (read === null) return null;
  entries.set(key, { record: read, loadedAt: now, bytes: textBytes(JSON.stringify(read)) });
  return read;
}

export const linkCache = new LinkCache();
