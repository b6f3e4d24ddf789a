/**
 * @module The sweep: what isolates left in KV goes to its Counter. Spilled batches are delivered and then
 * deleted; cumulative states (places without Durable Objects) are collected and stay. Everything may
 * happen twice: both ends know what they have. It resumes where it stopped.
 */
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import type { Ack, Batch } from "./batch.ts";
import { counterOf } from "./read.ts";
import { lanePrefix, spillPrefix } from "./transport.ts";

/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const keysAtOnce = 300;
/** A gap that lasts this long, in ms, was made by a restored backup, not by a batch that is still to come. */
const gapIsFinalAfter = 3_600_000;

export interface SweepState {
  /** KV list cursors to go on from. */
  spillCursor?: string;
  laneCursor?: string;
  /** Spilled batches left, by stream. */
  pending: Record<string, number>;
  /** Stream → highest seq collected of each key, so that unchanged states are not read again. */
  collected: Record<string, number>;
  /** The last run found something. */
  foundSpills: boolean;
  foundStates: boolean;
}

export const noSweep: SweepState = {
  pending: {},
  collected: {},
  foundSpills: false,
  foundStates: false,
};

export async function sweep(env: Env, state: SweepState, now: number): Promise<SweepState> {
  const spills = await sweepSpills(env, state, now);
  return collectStates(env, spills);
}

const streamOf = (key: string): string => key.split(":")[1] ?? "";

async function sweepSpills(env: Env, state: SweepState, now: number): Promise<SweepState> {
  const page = await env.COUNTS.list({
    prefix: spillPrefix,
    limit: keysAtOnce,
    ...(state.spillCursor === undefined ? {} : { cursor: state.spillCursor }),
  });
  const pending: Record<string, number> =
    state.spillCursor === undefined ? {} : { ...state.pending };
  // In the order of their producers' sequence; keys are sorted as text.
  const names = page.keys.map(({ name }) => name).sort(bySequence);
  for (const name of names) {
    const isDone = await deliverSpill(env, name, now).catch((error) => {
      log("spill_not_delivered", { key: name, error: String(error) });
      return false;
    });
    if (!isDone) pending[streamOf(name)] = (pending[streamOf(name)] ?? 0) + 1;
  }
  const { spillCursor: _, ...rest } = state;
  return {
    ...rest,
    ...(page.list_complete ? {} : { spillCursor: page.cursor }),
    pending,
    foundSpills: page.keys.length > 0,
  };
}

function bySequence(a: string, b: string): number {
  const [, , producerA = "", seqA = ""] = a.split(":");
  const [, , producerB = "", seqB = ""] = b.split(":");
  return producerA === producerB ? Number(seqA) - Number(seqB) : producerA < producerB ? -1 : 1;
}

/** @returns whether the spill is in its Counter and deleted */
async function deliverSpill(env: Env, key: string, now: number): Promise<boolean> {
  const { value, metadata } = await env.COUNTS.getWithMetadata<Batch, { at?: number }>(key, "json");
  if (!value) return true;
  let status: Ack["status"] = (await counterOf(env, value.streamId, value.shard).add(value)).status;
  if (status === "gap" && now - (metadata?.at ?? now) > gapIsFinalAfter) {
    // Always the same new producer, so that this too is added once.
    const again = { ...value, producer: `${value.producer}~${value.seq}`, seq: 1 };
    status = (await counterOf(env, value.streamId, value.shard).add(again)).status;
  }
  if (status === "gap") return false;
  await env.COUNTS.delete(key);
  return true;
}

async function collectStates(env: Env, state: SweepState): Promise<SweepState> {
  const page = await env.COUNTS.list<{ seq: number }>({
    prefix: lanePrefix,
    limit: keysAtOnce,
    ...(state.laneCursor === undefined ? {} : { cursor: state.laneCursor }),
  });
  const collected = { ...state.collected };
  let found = false;
  for (const { name, metadata } of page.keys) {
    const seq = metadata?.seq ?? 0;
    if ((collected[name] ?? 0) >= seq) continue;
    found = true;
    try {
      const value = await env.COUNTS.get<Batch>(name, "json");
      if (value) await counterOf(env, value.streamId, value.shard).collect(value);
      collected[name] = seq;
    } catch (error) {
      log("state_not_collected", { key: name, error: String(error) });
    }
  }
  const { laneCursor: _, ...rest } = state;
  return {
    ...rest,
    ...(page.list_complete ? {} : { laneCursor: page.cursor }),
    // Keys that KV has forgotten are forgotten too, once a whole round is done.
    collected:
      page.list_complete && state.laneCursor === undefined ? only(collected, page.keys) : collected,
    foundStates: found,
  };
}

function only(collected: Record<string, number>, keys: readonly { name: string }[]) {
  return Object.fromEntries(
    keys.flatMap(({ name }) => (name in collected ? [[name, collected[name] ?? 0]] : [])),
  );
}
