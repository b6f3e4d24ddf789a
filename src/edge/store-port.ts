/**
 * @module What the data plane takes of its surroundings, and all of it: a link's records, a way for counts, a cover.
 * Over bindings it is store-over-bindings.ts, elsewhere/store-over-https.ts where there are none. Both keep to the
 * same promises: a record of a lower version may come after one of a higher, a batch may be delivered twice.
 */
import type { WaysOut } from "../counting/isolate/transport.ts";
import type { Background } from "../lib/background.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";

/** Edge copies: read everywhere in milliseconds, and up to a minute old. */
export interface RecordReader {
  /** Where links that are not there may be known without a read. */
  absence?: Absence;
  /** @param background takes what goes on behind the answer */
  link(slug: string, background: Background): Promise<LinkRecord | null>;
  /** Of a link that was just read. */
  stream(id: string): Promise<StreamRecord | null>;
}

/** Which links are not there. All of it is synchronous. */
export interface Absence {
  /** Whether there was no such link within the last second; `false` where that is not known. */
  isAbsent(slug: string, now: number, background: Background): boolean;
  /** A read found none. */
  wasAbsent(now: number, background: Background): void;
}

/** A link and its stream. */
export interface LinkRecords {
  link: LinkRecord;
  stream: StreamRecord;
}

export interface Cover {
  body: ReadableStream | ArrayBuffer;
  /** Its media type. */
  type: string;
}

export interface Store extends RecordReader, Pick<WaysOut, "transport"> {
  /** Asks the authority, or what else there is, for when the edge copies can't be read. */
  newest(slug: string): Promise<LinkRecords | null>;
  cover(key: string): Promise<Cover | null>;
}

/** Neither the copies nor the authority answered: nothing can be said of what was asked, and soon it may be. `cause` says why. */
export class StoreAway extends Error {}
