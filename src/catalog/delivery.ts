/**
 * @module Delivers what the outbox holds: edge copies to KV, edits to Counters. At most one put of a key is under way,
 * and two are 1.1 s apart, since KV takes one write a second and orders nothing.
 */
import type { Env } from "../config/env.ts";
import type { Edit } from "../counting/batch.ts";
import { betweenPuts } from "../counting/counter/publisher.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { TimeLimit, within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isFresh, waitUntil } from "../lib/moments.ts";
import { workThrough } from "../lib/pool.ts";
import type { Due, NewestEdit } from "./outbox.ts";
import type { Store } from "./store.ts";

const atOnce = 32;
/** How long a Counter may take to learn of a change, in ms, before the alarm tries again. */
const tellWithin = 2_000;
/** How long KV may take for a put, in ms. */
const putWithin = 5_000;
/** Deliveries begin for so long, in ms; whoever made a change waits for them, and the alarm takes the rest. */
const beginWithin = 5_000;
/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const deliveriesAtOnce = 600;

export class Delivery {
  /** When the last put of a key began; only the last second's matter. */
  readonly #lastPut = new Map<string, number>();
  readonly #underWay = new Set<string>();

  /** What is due; what fails is left to the next run. */
  async run(env: Env, store: Store): Promise<void> {
    const due = store.outbox.due(Date.now(), deliveriesAtOnce);
    const limit = new TimeLimit(beginWithin);
    const deliverOne = (one: Due) => this.#deliverOne(env, store, one);
    try {
      await workThrough(due, atOnce, deliverOne, () => limit.isOver);
    } finally {
      limit.end();
    }
    if (this.#lastPut.size > 2_000) this.#forgetPuts();
  }

  async #deliverOne(env: Env, store: Store, due: Due): Promise<void> {
    const { key, target } = due;
    const now = Date.now();
    const lane = `${target} ${key}`;
    const lastPut = target === "kv" ? this.#lastPut.get(key) : undefined;
    const mayPutAt =
      lastPut === undefined ? now : waitUntil(lastPut + betweenPuts, now, betweenPuts);
    if (this.#underWay.has(lane) || now < mayPutAt) {
      store.outbox.postpone(due, Math.max(now + 100, mayPutAt));
      return;
    }
    const found = store.outbox.edit(key);
    const delivery = found && store.outbox.begin(due, now);
    if (!delivery) return;
    this.#underWay.add(lane);
    try {
      await (target === "kv" ? this.#put(env, found.edit, now) : tellCounters(env, found));
      store.outbox.delivered(delivery, found.edit.version, Date.now());
    } catch (error) {
      store.outbox.failed(delivery, Date.now());
      const attempts = delivery.attempts + 1;
      log("record_not_delivered", { key, target, attempts, error: String(error) });
    } finally {
      this.#underWay.delete(lane);
    }
  }

  /** One that is given up may land all the same: the outbox knows. */
  async #put(env: Env, edit: Edit, now: number): Promise<void> {
    const { key, version } = edit;
    this.#lastPut.set(key, now);
    const record = JSON.stringify("link" in edit ? edit.link : edit.stream);
    const put = env.LINKS.put(key, record, { metadata: { version } });
    await within(put, putWithin, "KV");
  }

  #forgetPuts(): void {
    const now = Date.now();
    for (const [key, at] of this.#lastPut) {
      if (!isFresh(at, now, betweenPuts)) this.#lastPut.delete(key);
    }
  }
}

async function tellCounters(env: Env, { edit, streamId, shards }: NewestEdit): Promise<void> {
  const told = Array.from({ length: shards }, (_, shard) =>
    counterOf(env, streamId, shard).learn([edit]),
  );
  await within(Promise.all(told), tellWithin, "a Counter");
}
