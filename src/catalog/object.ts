/**
 * @module The Catalog: the one Durable Object that is the authority on streams and links.
 *
 * Every change writes its row and an outbox row in one transaction, then puts the edge copy to KV. A put
 * that fails stays in the outbox and is repaired by the alarm, so a link that the API shows is never
 * left unknown to the edge. At most one put of a key is under way, and two are 1.1 s apart, since KV
 * takes one write a second and orders nothing.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import type { Claim } from "./idempotency.ts";
import type {
  Link,
  LinkChange,
  LinkFilter,
  NewLink,
  NewStream,
  Page,
  Result,
  Stream,
  StreamChange,
  StreamFilter,
} from "./model.ts";
import { linkKey, streamKey } from "./records.ts";
import type { Store } from "./store.ts";

const betweenPuts = 1_100;
const putsAtOnce = 32;
const putsPerAlarm = 500;

export interface StatsContext {
  stream: Stream;
  /** Changes whenever the stream or one of its links does. */
  rev: string;
  promoters: Pick<Link, "slug" | "creator" | "channel">[];
}

export class Catalog extends DurableObject<Env> {
  #opened: { store: Store; idempotency: typeof import("./idempotency.ts") } | null = null;
  /** When the last put of a key began; only the last second's matter. */
  #lastPut = new Map<string, number>();
  #putting = new Set<string>();

  async #open() {
    if (!this.#opened) {
      const [{ Store }, idempotency] = await Promise.all([
        import("./store.ts"),
        import("./idempotency.ts"),
      ]);
      this.#opened ??= { store: new Store(this.ctx.storage), idempotency };
    }
    return this.#opened;
  }

  async #store(): Promise<Store> {
    return (await this.#open()).store;
  }

  async createStream(input: NewStream): Promise<Stream> {
    const stream = (await this.#store()).createStream(input, Date.now());
    await this.#flush([streamKey(stream.id)]);
    return stream;
  }

  async createStreamWithLinks(
    input: NewStream,
    links: NewLink[],
  ): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const result = (await this.#store()).createStreamWithLinks(input, links, Date.now());
    if (result.ok) {
      const { stream, links: made } = result.value;
      await this.#flush([streamKey(stream.id), ...made.map(({ slug }) => linkKey(slug))]);
    }
    return result;
  }

  async stream(id: string): Promise<Result<Stream>> {
    return (await this.#store()).stream(id);
  }

  async listStreams(
    filter: StreamFilter,
    limit: number,
    cursor: number | null,
  ): Promise<Page<Stream>> {
    return (await this.#store()).listStreams(filter, limit, cursor, Date.now());
  }

  async changeStream(id: string, change: StreamChange): Promise<Result<Stream>> {
    const result = (await this.#store()).changeStream(id, change, Date.now());
    if (result.ok) await this.#flush([streamKey(id)]);
    return result;
  }

  async deleteStream(id: string): Promise<Result<{ stream: Stream; links: Link[] }>> {
    const result = (await this.#store()).deleteStream(id, Date.now());
    if (result.ok) {
      const { links } = result.value;
      await this.#flush([streamKey(id), ...links.map(({ slug }) => linkKey(slug))]);
    }
    return result;
  }

  async createLinks(streamId: string, input: NewLink[]): Promise<Result<Link[]>> {
    const result = (await this.#store()).createLinks(streamId, input, Date.now());
    if (result.ok) await this.#flush(result.value.map(({ slug }) => linkKey(slug)));
    return result;
  }

  async link(slug: string): Promise<Result<Link>> {
    return (await this.#store()).link(slug);
  }

  async listLinks(filter: LinkFilter, limit: number, cursor: number | null): Promise<Page<Link>> {
    return (await this.#store()).listLinks(filter, limit, cursor);
  }

  async changeLink(slug: string, change: LinkChange): Promise<Result<Link>> {
    const result = (await this.#store()).changeLink(slug, change, Date.now());
    if (result.ok) await this.#flush([linkKey(slug)]);
    return result;
  }

  async deleteLink(slug: string): Promise<Result<Link>> {
    const result = (await this.#store()).deleteLink(slug, Date.now());
    if (result.ok) await this.#flush([linkKey(slug)]);
    return result;
  }

  /**
   * What the stats need beside the counts.
   *
   * @param knownRev when it is still this one, the promoters are left out
   */
  async statsContext(streamId: string, knownRev?: string): Promise<Result<StatsContext>> {
    const store = await this.#store();
    const found = store.stream(streamId);
    if (!found.ok) return found;
    const stream = found.value;
    const rev = store.revOf(stream);
    const promoters = rev === knownRev ? [] : store.promotersOf(streamId);
    return { ok: true, value: { stream, rev, promoters } };
  }

  async claimIdempotencyKey(key: string, fingerprint: string): Promise<Claim> {
    const { store, idempotency } = await this.#open();
    return idempotency.claim(store.db, key, fingerprint, Date.now());
  }

  async settleIdempotencyKey(
    key: string,
    answer: { status: number; body: string } | null,
  ): Promise<void> {
    const { store, idempotency } = await this.#open();
    idempotency.settle(store.db, key, answer);
  }

  async ping(): Promise<"ok"> {
    await this.#store();
    return "ok";
  }

  /** Puts what the outbox holds. Never throws: after six throws an alarm is dropped for good. */
  override async alarm(): Promise<void> {
    try {
      const store = await this.#store();
      await this.#flush(store.dueKeys(Date.now(), putsPerAlarm));
    } catch (error) {
      log("catalog_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + 5_000);
    }
  }

  /** Puts these keys now, as far as they may be, and leaves the rest to the alarm. Never rejects. */
  async #flush(keys: readonly string[]): Promise<void> {
    const store = await this.#store();
    const queue = [...keys];
    const worker = async () => {
      for (let key = queue.pop(); key !== undefined; key = queue.pop()) await this.#put(store, key);
    };
    await Promise.all(Array.from({ length: Math.min(putsAtOnce, keys.length) }, worker));
    await this.#arm(store);
    if (this.#lastPut.size > 2_000) this.#forgetPuts();
  }

  async #put(store: Store, key: string): Promise<void> {
    const now = Date.now();
    const mayPutAt = (this.#lastPut.get(key) ?? 0) + betweenPuts;
    if (this.#putting.has(key) || now < mayPutAt) {
      store.postpone(key, Math.max(now + 100, mayPutAt), false);
      return;
    }
    const record = store.record(key);
    if (!record) return;
    this.#putting.add(key);
    this.#lastPut.set(key, now);
    try {
      await this.env.LINKS.put(key, JSON.stringify(record), {
        metadata: { version: record.version },
      });
      store.delivered(key, record.version, this.#lastPut.get(key) ?? now);
    } catch (error) {
      const attempts = store.attempts(key);
      store.postpone(key, Date.now() + Math.min(1_000 * 2 ** attempts, 60_000), true);
      log("edge_copy_failed", { key, attempts: attempts + 1, error: String(error) });
    } finally {
      this.#putting.delete(key);
    }
  }

  /** One alarm for the earliest due key; each `setAlarm` is a billed row. */
  async #arm(store: Store): Promise<void> {
    const due = store.nextDue();
    if (due === null) return;
    const at = Math.max(due, Date.now() + 1_000);
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }

  #forgetPuts(): void {
    const before = Date.now() - betweenPuts;
    for (const [key, at] of this.#lastPut) if (at < before) this.#lastPut.delete(key);
  }
}
