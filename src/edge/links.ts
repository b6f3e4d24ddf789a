/**
 * @module Links and streams as this isolate knows them: a bounded cache over KV `LINKS`.
 * A record of a lower version never replaces one of a higher. No request ever waits for another's read:
 * workerd cancels requests that do.
 */
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "../catalog/records.ts";
import type { Decided } from "./decided.ts";
import type { Visitor } from "./visitor.ts";

/** A request's context, as far as work behind its answer goes. */
export interface Background {
  waitUntil(work: Promise<unknown>): void;
}

export interface Target {
  link: LinkRecord;
  stream: StreamRecord;
  /** What was decided for a kind of visitor; as old as the two records. */
  decided: Map<Visitor, Decided>;
}

interface Entry<T> {
  /** `null`: KV does not know it. */
  record: T | null;
  loadedAt: number;
}

/** Served without a look at KV for this long, in ms: edits come with the acknowledgements of counts. */
const freshFor = 60_000;
/** Then served while it is read again behind the answer, for this long, in ms. */
const usableFor = 600_000;
/** An unknown slug, or one that is gone, is looked up again after this, in ms. */
const absentFor = 2_000;
const entriesAtMost = 20_000;
/** The least that KV allows, in seconds. */
const kvCacheTtl = 30;

export class LinkCache {
  #links = new Map<string, Entry<LinkRecord>>();
  #streams = new Map<string, Entry<StreamRecord>>();
  #targets = new Map<string, Target>();
  #refreshing = new Set<string>();

  /**
   * Finds a slug's link and stream.
   *
   * @param background takes work that goes on behind the answer
   * @returns at once when known, else after reading KV; `null` when there is no such link
   */
  find(
    slug: string,
    kv: KVNamespace,
    now: number,
    background: Background,
  ): Target | null | Promise<Target | null> {
    const link = this.#links.get(slug);
    if (!link || now - link.loadedAt > usableFor) return this.#load(slug, kv, now);
    if (link.record === null || link.record.disabled || link.record.deleted) {
      if (now - link.loadedAt > absentFor) return this.#load(slug, kv, now);
      if (link.record === null) return null;
    }
    const stream = this.#streams.get(link.record.streamId);
    if (!stream?.record || now - stream.loadedAt > usableFor) return this.#load(slug, kv, now);
    if (now - link.loadedAt > freshFor || now - stream.loadedAt > freshFor) {
      if (!this.#refreshing.has(slug)) {
        this.#refreshing.add(slug);
        background.waitUntil(
          this.#load(slug, kv, now).then(
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
    const target = { link, stream, decided: new Map() };
    bounded(this.#targets, link.slug);
    this.#targets.set(link.slug, target);
    return target;
  }

  /** Takes in records that this isolate learnt elsewhere: from its own writes. */
  learn(
    records: { links?: readonly LinkRecord[]; streams?: readonly StreamRecord[] },
    now: number,
  ): void {
    for (const record of records.links ?? []) keep(this.#links, record.slug, record, now);
    for (const record of records.streams ?? []) keep(this.#streams, record.id, record, now);
  }

  async #load(slug: string, kv: KVNamespace, now: number): Promise<Target | null> {
    const read = await kv.get<LinkRecord>(linkKey(slug), { type: "json", cacheTtl: kvCacheTtl });
    const link = keep(this.#links, slug, read, now);
    if (!link) return null;
    const known = this.#streams.get(link.streamId);
    if (known?.record && now - known.loadedAt <= freshFor) return this.#target(link, known.record);
    const stream = keep(
      this.#streams,
      link.streamId,
      await kv.get<StreamRecord>(streamKey(link.streamId), { type: "json", cacheTtl: kvCacheTtl }),
      now,
    );
    return stream && this.#target(link, stream);
  }
}

/** Keeps the newer of what was known and what was read, and says which that is. */
function keep<T extends { version: number }>(
  entries: Map<string, Entry<T>>,
  key: string,
  read: T | null,
  now: number,
): T | null {
  const known = entries.get(key)?.record ?? null;
  const record = known && (read === null || read.version <= known.version) ? known : read;
  bounded(entries, key);
  entries.set(key, { record, loadedAt: now });
  return record;
}

/** Makes room for one more key: the oldest entry goes. */
function bounded<T>(entries: Map<string, T>, key: string): void {
  if (entries.size < entriesAtMost || entries.has(key)) return;
  const [oldest] = entries.keys();
  if (oldest !== undefined) entries.delete(oldest);
}

export const linkCache = new LinkCache();
