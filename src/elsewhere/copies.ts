/**
 * @module Copies of links in the platform's own KV, for when the origin can't be reached and an isolate is too young to
 * know a link: nothing is asked of that KV but to get and to put a text by a name of letters, digits and `_`, since the
 * strictest has no expiry, no metadata, no list, and `undefined` for what is not there.
 */
import type { LinkRecords } from "../edge/store-port.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { log } from "../lib/log.ts";
import { recordsOf } from "./records.ts";

/** What of a platform's KV is used. */
export interface PlatformKv {
  get(name: string): Promise<string | null | undefined>;
  put(name: string, text: string): Promise<unknown>;
}

/** Characters; the strictest takes 128 KB. */
const longest = 100_000;

/** Bijective: a slug has letters, digits and `-`. */
const nameOf = (slug: string): string => `link_${slug.replaceAll("-", "_")}`;

const versionsOf = ({ link, stream }: LinkRecords): string => `${link.version} ${stream.version}`;

/** Whether one says more than another: a record of a lower version never takes the place of one of a higher. */
const isNewer = ({ link, stream }: LinkRecords, than: LinkRecords): boolean =>
  link.version >= than.link.version &&
  stream.version >= than.stream.version &&
  (link.version > than.link.version || stream.version > than.stream.version);

export class Copies {
  readonly #kv: PlatformKv;
  /** Slug → of which versions this isolate knows a copy to be there. */
  readonly #kept = new BoundedMap<string, string>({ bytes: 524_288 });

  constructor(kv: PlatformKv) {
    this.#kv = kv;
  }

  /** @returns `null` where there is none that can be read */
  async read(slug: string): Promise<LinkRecords | null> {
    const text = await this.#kv.get(nameOf(slug));
    if (text === null || text === undefined) return null;
    return recordsOf(JSON.parse(text), slug);
  }

  /** Keeps what the origin just said, unless that is there already. Never rejects. */
  async keep(records: LinkRecords): Promise<void> {
    const { slug } = records.link;
    const versions = versionsOf(records);
    if (this.#kept.get(slug) === versions) return;
    try {
      const known = await this.read(slug).catch(() => null);
      if (known === null || isNewer(records, known)) {
        const text = JSON.stringify(records);
        if (text.length <= longest) await this.#kv.put(nameOf(slug), text);
      }
      this.#kept.set(slug, versions);
    } catch (error) {
      log("copy_not_kept", { slug, error: String(error) });
    }
  }
}
