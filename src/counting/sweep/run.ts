/**
 * @module One run of the sweep. Nothing that hangs or fails holds up the rest of it: each call has a bound, a
 * Counter that does not answer rests, the longer the more often, and what a Counter that answers does not take
 * is set aside after some tries (set-aside.ts).
 */
import type { Env } from "../../config/env.ts";
import { TimedOut, TimeLimit, within } from "../../lib/deadline.ts";
import { log } from "../../lib/log.ts";
import { isAhead } from "../../lib/moments.ts";
import { workThrough } from "../../lib/pool.ts";
import { mapOf, recordOf } from "../../lib/records.ts";
import type { Batch } from "../batch.ts";
import { counterOf } from "../counter/stub.ts";
import type { Refused, Rest, SweepState } from "./state.ts";

/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
export const keysAtOnce = 300;
/** ms. */
const callWithin = 5_000;
const pingWithin = 2_000;
const kvWithin = 5_000;
const runFor = 20_000;
/** Streams at a time; those of one stream go in order. */
const streamsAtOnce = 16;
/** Below the pause between two runs, so that one failure costs a Counter one run. */
const rest = { first: 30_000, longest: 300_000 };
/** Times that a Counter which answers may refuse a batch, a run apart. */
const triesAtMost = 5;
/** Refusals that are remembered. */
const refusedAtMost = 2_000;

/** How a batch fared: `left` is for a later run, `unfit` for none. */
export type Fared = "taken" | "left" | { unfit: string };

export class SweepRun {
  readonly env: Env;
  readonly now: number;
  readonly #resting: Map<string, Rest>;
  readonly #refused: Map<string, Refused>;
  readonly #limit = new TimeLimit(runFor);
  readonly #behind = new Set<string>();
  #hasSeenAllStates = false;

  constructor(env: Env, { resting, refused }: SweepState, now: number) {
    this.env = env;
    this.now = now;
    this.#resting = mapOf(resting);
    this.#refused = mapOf(refused);
  }

  /** No new batch is begun: the rest waits for the next run. */
  get isOver(): boolean {
    return this.#limit.isOver;
  }

  /** What is remembered of this run. */
  end(): Pick<SweepState, "resting" | "refused"> {
    this.#limit.end();
    return {
      resting: recordOf(this.#resting),
      refused: recordOf([...this.#refused].slice(-refusedAtMost)),
    };
  }

  kv<T>(work: Promise<T>): Promise<T> {
    return within(work, kvWithin, "KV");
  }

  /** A producer has a state in KV that its Counter has not taken. */
  noteBehind(producer: string): void {
    this.#behind.add(producer);
  }

  noteCollected(producer: string): void {
    this.#behind.delete(producer);
  }

  /** No producer has a state that this run has not seen. */
  noteAllStates(): void {
    this.#hasSeenAllStates = true;
  }

  /** Whether the Counter knows all that KV has of a producer's states. */
  isCollected(producer: string): boolean {
    return this.#hasSeenAllStates && !this.#behind.has(producer);
  }

  /** Whether a key is known to be for a Counter that rests. */
  waits(key: string, streamId: string): boolean {
    const known = this.#refused.get(key);
    return known !== undefined && this.#rests(streamId, known.shard);
  }

  /** Offers a batch to its Counter. Never rejects. */
  async offer(
    key: string,
    batch: Batch,
    take: (counter: ReturnType<typeof counterOf>) => Promise<boolean>,
  ): Promise<Fared> {
    const { streamId, shard } = batch;
    if (this.#rests(streamId, shard)) {
      this.#note(key, shard, 0);
      return "left";
    }
    try {
      const counter = counterOf(this.env, streamId, shard);
      const isTaken = await within(take(counter), callWithin, "the Counter");
      this.#resting.delete(nameOf(streamId, shard));
      if (!isTaken) return "left";
      this.#refused.delete(key);
      return "taken";
    } catch (error) {
      log("batch_not_taken", { key, error: String(error) });
      if (error instanceof TimedOut || !(await this.#answers(streamId, shard))) {
        this.#rest(streamId, shard);
        this.#note(key, shard, 0);
        return "left";
      }
      return this.#note(key, shard, 1) < triesAtMost ? "left" : { unfit: String(error) };
    }
  }

  /** Whether it is the batch, not the Counter, that is at fault. */
  async #answers(streamId: string, shard: number): Promise<boolean> {
    try {
      await within(counterOf(this.env, streamId, shard).ping(), pingWithin, "the Counter");
      return true;
    } catch {
      return false;
    }
  }

  #rests(streamId: string, shard: number): boolean {
    const known = this.#resting.get(nameOf(streamId, shard));
    return known !== undefined && isAhead(known.until, this.now, rest.longest);
  }

  #rest(streamId: string, shard: number): void {
    const name = nameOf(streamId, shard);
    const failures = (this.#resting.get(name)?.failures ?? 0) + 1;
    const pause = Math.min(rest.first * 2 ** (failures - 1), rest.longest);
    this.#resting.set(name, { until: this.now + pause, failures });
  }

  #note(key: string, shard: number, more: number): number {
    const tries = (this.#refused.get(key)?.tries ?? 0) + more;
    // The newest at the end: the oldest are forgotten first.
    this.#refused.delete(key);
    this.#refused.set(key, { shard, tries });
    return tries;
  }

  /** A key that is offered no more. */
  forget(key: string): void {
    this.#refused.delete(key);
  }

  /** Goes through keys, those of one stream in their order, several streams at a time. */
  async eachStream<T extends { streamId: string }>(
    items: readonly T[],
    each: (item: T) => Promise<void>,
  ): Promise<void> {
    const queues = [...Map.groupBy(items, ({ streamId }) => streamId).values()];
    await workThrough(queues, streamsAtOnce, async (queue) => {
      for (const item of queue) await each(item);
    });
  }
}

const nameOf = (streamId: string, shard: number): string => `${streamId}:${shard}`;
