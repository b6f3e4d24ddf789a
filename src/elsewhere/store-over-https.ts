/**
 * @module The store of an edge elsewhere: records are read through from the origin, by one request for a link with its
 * stream, and refreshed by the acknowledgements of counts; batches are posted to it.
 */
import { coverPath, linkPath } from "../edge/origin-calls.ts";
import type { Cover, LinkRecords, Store } from "../edge/store-port.ts";
import type { Background } from "../lib/background.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import type { Copies } from "./copies.ts";
import { noneOfMoongate, nothing, type Origin } from "./origin.ts";
import { recordsOf } from "./records.ts";
import { transportTo, type Ways } from "./transport.ts";

const mebibyte = 1_048_576;
const weigh = (key: string, record: object) => textBytes(key) + textBytes(JSON.stringify(record));

export interface Elsewhere {
  origin: Origin;
  /** Where the platform has a KV. */
  copies?: Copies | undefined;
  /** Of counts, beside the origin. */
  ways: Ways;
}

export class StoreOverHttps implements Store {
  readonly #of: Elsewhere;
  /** What the origin said last, for when it can't be reached: as long as this isolate lives. */
  readonly #links = new BoundedMap<string, LinkRecord>({ bytes: 6 * mebibyte, weigh });
  readonly #streams = new BoundedMap<string, StreamRecord>({ bytes: 4 * mebibyte, weigh });

  constructor(of: Elsewhere) {
    this.#of = of;
  }

  async link(slug: string, background: Background): Promise<LinkRecord | null> {
    const { origin, copies } = this.#of;
    const answer = await origin.get(linkPath(slug));
    if (answer === nothing) {
      this.#links.delete(slug);
      return null;
    }
    const found = recordsOf(answer, slug);
    if (!found) throw noneOfMoongate();
    this.#links.set(slug, found.link);
    this.#streams.set(found.stream.id, found.stream);
    if (copies) background.waitUntil(copies.keep(found));
    return found.link;
  }

  /** It came with its link. */
  async stream(id: string): Promise<StreamRecord | null> {
    return this.#streams.get(id) ?? null;
  }

  /** As this isolate knew it, or one before it: asked for when the origin does not answer. */
  async newest(slug: string): Promise<LinkRecords | null> {
    const link = this.#links.get(slug);
    const stream = link && this.#streams.get(link.streamId);
    if (link && stream) return { link, stream };
    const copy = await this.#of.copies?.read(slug);
    // Not null, which would say that there is no such link.
    if (!copy) throw new Error("the origin does not answer, and nothing is known of this link");
    return copy;
  }

  transport(streamId: string) {
    return transportTo(this.#of.origin, streamId, this.#of.ways);
  }

  async cover(key: string): Promise<Cover | null> {
    const found = await this.#of.origin.bytes(coverPath(key));
    return found === nothing ? null : { body: found.bytes, type: found.type };
  }
}
