/**
 * @module The sweep: what isolates left in KV goes to its Counter. Spilled batches are delivered and then
 * deleted; cumulative states (places without Durable Objects) are collected and stay. Everything may
 * happen twice: both ends know what they have. It resumes where it stopped.
 */
import type { StreamRecord } from "../catalog/records.ts";
import type { Env } from "../env.ts";
import { type Keyed, mapOf, recordOf } from "../lib/records.ts";
import { log } from "../log.ts";
import type { Ack, Batch } from "./batch.ts";
import { epochOf, saltGrace } from "./epoch.ts";
import { counterOf } from "./read.ts";
import { lanePrefix, type SaltMetadata, saltKey, spillPrefix } from "./transport.ts";

/** A salt is there this long, in ms, before its epoch begins. */
const saltAhead = 600_000;
/** KV operations of one run; Cloudflare allows 1,000 an invocation. */
const keysAtOnce = 300;
/** A gap that lasts this long, in ms, was made by a restored backup, not by a batch that is still to come. */
const gapIsFinalAfter = 3_600_000;

export interface SweepState {
  /** KV list cursors to go on from. */
  spillCursor?: string;
  laneCursor?: string;
  /** Spilled batches left, by stream. */
  pending: Keyed<number>;
  /** Producer → highest seq collected, so that unchanged states are not read again. */
  collected: Keyed<number>;
  /** The last run found something. */
  foundSpills: boolean;
  foundStates: boolean;
  /** Streams whose states the last run saw: their isolates wait for salts in KV. */
  streams: string[];
  /** Salts that stand in KV, by key → UTC ms of their end. */
  salted: Keyed<number>;
}

export const noSweep: SweepState = {
  pending: {},
  collected: {},
  foundSpills: false,
  foundStates: false,
  streams: [],
  salted: {},
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
  const pending = mapOf(state.spillCursor === undefined ? {} : state.pending);
  // In the order of their producers' sequence; keys are sorted as text.
  const names = page.keys.map(({ name }) => name).sort(bySequence);
  for (const name of names) {
    const isDone = await deliverSpill(env, name, now).catch((error) => {
      log("spill_not_delivered", { key: name, error: String(error) });
      return false;
    });
    if (!isDone) pending.set(streamOf(name), (pending.get(streamOf(name)) ?? 0) + 1);
  }
  const { spillCursor: _, ...rest } = state;
  return {
    ...rest,
    ...(page.list_complete ? {} : { spillCursor: page.cursor }),
    pending: recordOf(pending),
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
  const collected = mapOf(state.collected);
  let found = false;
  for (const { name, seq } of newestStates(page.keys)) {
    const producer = producerOf(name);
    if ((collected.get(producer) ?? 0) >= seq) continue;
    found = true;
    try {
      const value = await env.COUNTS.get<Batch>(name, "json");
      if (value) await counterOf(env, value.streamId, value.shard).collect(value);
      collected.set(producer, value?.seq ?? 0);
    } catch (error) {
      log("state_not_collected", { key: name, error: String(error) });
    }
  }
  const { laneCursor: _, ...rest } = state;
  return {
    ...rest,
    ...(page.list_complete ? {} : { laneCursor: page.cursor }),
    // Producers that KV has forgotten are forgotten too, once a whole round is done.
    collected: recordOf(
      page.list_complete && state.laneCursor === undefined ? only(collected, page.keys) : collected,
    ),
    foundStates: found,
    streams: [...new Set(page.keys.map(({ name }) => streamOf(name)))],
  };
}

/**
 * Gives the isolates of places without Durable Objects the salt of a stream's running epoch, and of the
 * next one in time. KV destroys it when shard 0 does.
 */
export async function provideSalts(
  env: Env,
  stream: Pick<StreamRecord, "id" | "startsAt" | "endsAt" | "timezone">,
  state: SweepState,
  now: number,
): Promise<SweepState> {
  const salted = new Map(Object.entries(state.salted).filter(([, endsAt]) => endsAt > now));
  for (const at of [now, now + saltAhead]) {
    const { id, endsAt } = epochOf(stream, at);
    const key = saltKey(stream.id, id);
    if (salted.has(key)) continue;
    const salt = await counterOf(env, stream.id, 0).saltFor(id, endsAt);
    if (!salt) continue;
    const metadata: SaltMetadata = { epoch: salt.epoch };
    await env.COUNTS.put(key, Buffer.from(salt.value).toString("base64"), {
      expiration: Math.ceil((endsAt + saltGrace) / 1_000),
      metadata,
    });
    salted.set(key, endsAt);
  }
  return { ...state, salted: recordOf(salted) };
}

const producerOf = (key: string): string => key.split(":")[2] ?? "";

/** Of each producer's keys the one with the newest state. */
function newestStates(
  keys: readonly { name: string; metadata?: { seq: number } }[],
): { name: string; seq: number }[] {
  const newest = new Map<string, { name: string; seq: number }>();
  for (const { name, metadata } of keys) {
    const seq = metadata?.seq ?? 0;
    const known = newest.get(producerOf(name));
    if (!known || seq > known.seq) newest.set(producerOf(name), { name, seq });
  }
  return [...newest.values()];
}

function only(collected: ReadonlyMap<string, number>, keys: readonly { name: string }[]) {
  const producers = new Set(keys.map(({ name }) => producerOf(name)));
  return [...collected].filter(([name]) => producers.has(name));
}
