/** @module What opening one link needs of this isolate and of its surroundings. */
import { type Env, type Settings, settings } from "../config/env.ts";
import type { Edit } from "../counting/batch.ts";
import type { Ticket } from "../counting/isolate/lane.ts";
import { type RecorderPorts, record, settled } from "../counting/isolate/recorder.ts";
import type { Transport } from "../counting/isolate/transport.ts";
import { type AddressLimit, isAddressWithin } from "../http/limits.ts";
import { provincesOf } from "../http/provinces.ts";
import type { Background } from "../lib/background.ts";
import { log } from "../lib/log.ts";
import { linkCache } from "./link-cache.ts";
import type { OpenPorts } from "./opening.ts";
import type { Store } from "./store-port.ts";

/** How long a visitor of a `strict` stream waits for the count to be durable, in ms. */
const strictWithin = 5_000;

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
      ? found.catch((error: unknown) => this.#findAtAuthority(slug, now, error))
      : found;
  }

  /** While the edge copies can't be read, so that a link which this isolate doesn't know opens too. */
  async #findAtAuthority(slug: string, now: number, error: unknown) {
    log("records_not_read", { error: String(error) });
    const records = await this.#store.newest(slug);
    if (!records) return null;
    linkCache.learn({ links: [records.link], streams: [records.stream] }, now);
    return linkCache.find(slug, this.#store, now, this.background);
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
    return this.#store.cover(key);
  }
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
