/**
 * @module How a lane's batches reach a Counter: by a call (`do`), or through KV alone (`kv`), for places
 * without Durable Objects. Both are the same protocol to the lane: one batch in flight, named
 * (producer, seq), sent again until it is acknowledged.
 *
 * Through KV each producer owns its keys, to which it puts its *cumulative* state, so the collector adds
 * the difference to what it saw last and nothing is deleted per batch. Keys by turns: a put that timed out
 * and lands late may only bring back a state that a later key has already surpassed.
 */

import { type Env, settings } from "../../config/env.ts";
import { within } from "../../lib/deadline.ts";
import { fromBase64 } from "../../lib/hash.ts";
import { log } from "../../lib/log.ts";
import { randomId } from "../../model/slug.ts";
import { type Ack, type Batch, type Edit, eventsIn } from "../batch.ts";
import { counterOf } from "../counter/stub.ts";
import { Cumulative } from "../cumulative.ts";
import type { Epoch } from "../epoch.ts";
import { keptForSeconds, putSpill } from "../spill.ts";
import { isolateMetrics } from "./isolate-metrics.ts";
import type { LanePorts } from "./lane.ts";
import { forgetRefusal, noteRefusal } from "./refused-stores.ts";

/** ms. */
const noteWithin = 300;

/** The least pause between two puts of a producer, in ms: each put is billed. */
export const kvWindow = 3_000;
/** With that pause, a late put would have to land 45 s after it was given up to hide the newest state. */
const laneKeys = 16;

export const lanePrefix = "lane:";

const laneKey = ({ streamId, producer, seq }: Batch): string =>
  `${lanePrefix}${streamId}:${producer}:${seq % laneKeys}`;
/** In the producer of a strict batch that went through KV: ids have none. */
export const strictMark = ".";
export const saltPrefix = "salt:";
/** With a salt in KV: the epoch that its visitors are counted in. */
export interface SaltMetadata {
  epoch?: string;
}
export const saltKey = (streamId: string, epoch: string): string =>
  `${saltPrefix}${streamId}:${epoch}`;

export type Transport = Pick<
  LanePorts,
  "deliver" | "spill" | "offer" | "salt" | "isFull" | "attemptWhileAway" | "callsAtMost"
>;

/** Where a batch goes that no Counter took in time. */
export interface Spills {
  put(batch: Batch): Promise<void>;
  /** Hastens the sweep. */
  note(streamId: string): Promise<void>;
  /** They are on this process's own disk (lane.ts). */
  attemptWhileAway?: number;
}

/** In KV, where the sweep finds them. */
export const spillsInKv = (env: Env, note: Spills["note"]): Spills => ({
  put: (batch) => putSpill(env.COUNTS, batch, Date.now()),
  note,
});

/** Where lanes deliver, and who is told what they bring back. */
export interface WaysOut {
  /** @param isStrict asked once for each batch, since a stream's durability can change */
  transport(streamId: string, isStrict: () => boolean): Transport;
  /** Takes records that came with an acknowledgement; called for itself, without `this`. */
  learn(this: void, edits: readonly Edit[]): void;
}

/** The transport of a Worker with bindings, by COUNT_TRANSPORT. */
export function transportOver(env: Env, spills: Spills): WaysOut["transport"] {
  return settings(env).transport === "kv"
    ? (streamId, isStrict) => kvTransport(env, streamId, isStrict, spills.put)
    : (streamId) => objectTransport(env, streamId, spills);
}

/** Holds nothing of the request that gave `ways`: a lane outlives it. */
export function lanePorts(ways: WaysOut, streamId: string, isStrict: () => boolean): LanePorts {
  return {
    ...noted(ways.transport(streamId, isStrict)),
    learn: ways.learn,
    wait: (milliseconds) => scheduler.wait(milliseconds),
    now: Date.now,
    random: Math.random,
    newProducer: randomId,
    log,
  };
}

/** Keeps account of what became of a lane's batches, each counted once however often it was sent. */
function noted({ deliver, spill, offer, ...rest }: Transport): Transport {
  let last: Batch | undefined;
  const noteAck = async (batch: Batch, delivery: Promise<Ack>): Promise<Ack> => {
    try {
      const ack = await delivery;
      if (ack.status !== "gap" && last !== batch) {
        last = batch;
        isolateMetrics.acknowledged += eventsIn(batch);
        isolateMetrics.lost += batch.lost ?? 0;
        isolateMetrics.batches += 1;
      }
      return ack;
    } catch (error) {
      isolateMetrics.failedDeliveries += 1;
      throw error;
    }
  };
  return {
    ...rest,
    deliver: (batch, known) => noteAck(batch, deliver(batch, known)),
    ...(offer ? { offer: (batch: Batch) => noteAck(batch, offer(batch)) } : {}),
    async spill(batch) {
      await spill(batch);
      isolateMetrics.spilled += eventsIn(batch);
    },
  };
}

function objectTransport(env: Env, streamId: string, spills: Spills): Transport {
  return {
    attemptWhileAway: spills.attemptWhileAway,
    // A stub that failed stays broken, so each attempt makes its own.
    async deliver(batch, known) {
      const name = `counter ${batch.streamId}:${batch.shard}`;
      try {
        const ack = await counterOf(env, batch.streamId, batch.shard).add(batch, known);
        forgetRefusal(name);
        return ack;
      } catch (error) {
        noteRefusal(name, error, Date.now());
        throw error;
      }
    },
    offer: (batch) => counterOf(env, batch.streamId, batch.shard).add(batch),
    async spill(batch) {
      await spills.put(batch);
      // Only hastens the sweep, and says so in the stats: the spill is kept already. Waited for a little, since
      // what nobody waits for ends with the request that began it.
      await within(spills.note(streamId), noteWithin, "the Catalog").catch(() => undefined);
    },
    salt: ({ id, endsAt }: Epoch) => counterOf(env, streamId, 0).saltFor(id, endsAt),
  };
}

/** Cells and registers of visitors in one state, which is put whole each time: some 200 KB. */
const stateAtMost = 4_000;

function kvTransport(
  env: Env,
  streamId: string,
  isStrict: () => boolean,
  putSpill: Spills["put"],
): Transport {
  let cumulative = new Cumulative();
  /** Every attempt of a batch goes the same way, whatever is sent in between: two ways could both arrive. */
  const decided = new WeakMap<Batch, Batch | null>();
  const aloneOf = (batch: Batch): Batch | null => {
    const known = decided.get(batch);
    if (known !== undefined) return known;
    // A strict batch is a key of its own at once, as its own producer, which the sweep collects.
    const alone = isStrict()
      ? { ...batch, producer: `${batch.producer}${strictMark}${batch.seq}`, seq: 1 }
      : null;
    decided.set(batch, alone);
    return alone;
  };
  return {
    async deliver(batch) {
      const alone = aloneOf(batch);
      if (alone) {
        await putSpill(alone);
        return { status: "added" };
      }
      if (batch.producer !== cumulative.producer) cumulative = new Cumulative(batch.producer);
      // This producer's own, also when the lane has rotated by the time the put is done.
      const mine = cumulative;
      await env.COUNTS.put(laneKey(batch), JSON.stringify(mine.with(batch)), {
        expirationTtl: keptForSeconds,
        metadata: { seq: batch.seq },
      });
      mine.keep(batch);
      return { status: "added" };
    },
    spill: (batch) => putSpill(aloneOf(batch) ?? batch),
    isFull: () => cumulative.size > stateAtMost,
    /** The collector makes it; until then visitors wait in memory. */
    async salt({ id }: Epoch) {
      const { value, metadata } = await env.COUNTS.getWithMetadata<SaltMetadata>(
        saltKey(streamId, id),
      );
      if (value === null) throw new Error("the collector has not made this epoch's salt yet");
      return { epoch: metadata?.epoch ?? id, value: fromBase64(value) };
    },
  };
}
