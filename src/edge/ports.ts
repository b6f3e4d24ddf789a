/** @module What opening one link needs of this isolate and of its surroundings. */
import { type Env, type Settings, settings } from "../config/env.ts";
import type { Edit } from "../counting/batch.ts";
import type { Ticket } from "../counting/isolate/lane.ts";
import { type RecorderPorts, record, settled } from "../counting/isolate/recorder.ts";
import type { Transport } from "../counting/isolate/transport.ts";
import { type AddressLimit, isAddressWithin } from "../http/limits.ts";
import { provincesOf } from "../http/provinces.ts";
import type { Background } from "../lib/background.ts";
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { linkCache } from "./link-cache.ts";
import type { OpenPorts } from "./opening.ts";
import { type Store, StoreAway } from "./store-port.ts";

/** How long a visitor of a `strict` stream waits for the count to be durable, in ms. */
const strictWithin = 5_000;
/**
 * How long a visitor waits for the copies of a link, and again as long for the authority, in ms. On a server of one's own, who
 * asks a store that is beginning again waits until it has begun; who asks one that does not begin must not wait for ever.
 */
const lookupWithin = 4_000;

/** One object a request, its methods shared by all. */
export class Ports implements OpenPorts, RecorderPorts {
  readonly origin: string;
  readonly settings: Settings;
  readonly background: Background;
  readonly #env: Env;
  readonly #store: Store;

  constructor(env: Env, store: Store, background: Background, origin: string) {
    this.#env = env;
    this.#store = store;
    this.background = background;
    this.origin = origin;
    this.settings = settings(env);
  }

  now(): number {
    return Date.now();
  }

  provinceOf(address: string) {
    return provincesOf(this.#env.PROVINCES, this.settings)?.of(address) ?? null;
  }

  find(slug: string, now: number) {
    const found = linkCache.find(slug, this.#store, now, this.background);
    return found instanceof Promise
      ? within(found, lookupWithin, "the copies").catch((error: unknown) =>
          this.#findAtAuthority(slug, now, error),
        )
      : found;
  }

  /** While the edge copies can't be read, so that a link which this isolate doesn't know opens too. */
  async #findAtAuthority(slug: string, now: number, error: unknown) {
    log("records_not_read", { error: String(error) });
    const records = await answered(this.#store.newest(slug));
    if (!records) return null;
    linkCache.learn({ links: [records.link], streams: [records.stream] }, now);
    return answered(Promise.resolve(linkCache.find(slug, this.#store, now, this.background)));
  }

  record(...[stream, keys, visitor, now]: Parameters<OpenPorts["record"]>) {
    return record(this, stream, keys, visitor, now);
  }

  transport(streamId: string, isStrict: () => boolean): Transport {
    return this.#store.transport(streamId, isStrict);
  }

  learn(this: void, edits: readonly Edit[]): void {
    learnEdits(edits);
  }

  isWithin(limit: AddressLimit, request: Request) {
    return isAddressWithin(this.#env, limit, request);
  }

  settled(ticket: Ticket) {
    return settled(ticket, strictWithin);
  }

  readCover(key: string) {
    return answered(this.#store.cover(key));
  }
}

/** @throws {StoreAway} where it throws */
function answered<T>(asked: Promise<T>): Promise<T> {
  return within(asked, lookupWithin, "the store").catch((error: unknown) => {
    throw new StoreAway("the store does not answer", { cause: error });
  });
}

/** Takes into this isolate's memory what came with an acknowledgement of counts. */
function learnEdits(edits: readonly Edit[]): void {
  linkCache.learn(
    {
      links: edits.flatMap((edit) => ("link" in edit ? edit.link : [])),
      streams: edits.flatMap((edit) => ("stream" in edit ? edit.stream : [])),
    },
    Date.now(),
  );
}
