/**
 * @module The sweep: what isolates left in KV goes to its Counter. Spilled batches are delivered and then
 * deleted; cumulative states (places without Durable Objects) are collected and stay. Everything may
 * happen twice: both ends know what they have. It resumes where it stopped; what fails holds up nothing else
 * (run.ts), and what can't be taken is set aside (set-aside.ts).
 */
import type { Env } from "../../config/env.ts";
import { log } from "../../lib/log.ts";
import { isFresh } from "../../lib/moments.ts";
import { mapOf, recordOf } from "../../lib/records.ts";
import { alone, type Batch } from "../batch.ts";
import type { counterOf } from "../counter/stub.ts";
import { lanePrefix, strictMark } from "../isolate/transport.ts";
import { asidePrefix, keptForSeconds, spillPrefix } from "../spill.ts";
import { type KeptMetadata, readKept } from "./kept-batch.ts";
import { type Fared, keysAtOnce, SweepRun } from "./run.ts";
import { offerAside, setAside } from "./set-aside.ts";
import { noRound, type SweepState } from "./state.ts";

/** A gap that lasts this long, in ms, was made by a restored backup, not by a batch that is still to come. */
const gapIsFinalAfter = 3_600_000;
const day = 86_400_000;
/** KV forgets a spill after seven days: before that it is moved to where it stays. */
const movedAfter = 6 * day;
/** A spill that waits for longer is told in the log, each round. */
const longAfter = day / 4;

type Counter = ReturnType<typeof counterOf>;

/** Never rejects for what KV or a Counter does: the part that fails is as it was before. */
export async function sweep(env: Env, state: SweepState, now: number): Promise<SweepState> {
  const run = new SweepRun(env, state, now);
  let swept = state;
  // States first: what a state of its producer has too, a spill must not add again.
  for (const part of [collectStates, sweepSpills, offerAgain]) {
    try {
      swept = await part(run, swept);
    } catch (error) {
      log("sweep_failed", { part: part.name, error: String(error) });
      // Nobody knows what is there, so it is looked at again soon.
      swept = { ...swept, foundSpills: true };
    }
  }
  return { ...swept, ...run.end() };
}

const streamOf = (key: string): string => key.split(":")[1] ?? "";

async function sweepSpills(run: SweepRun, state: SweepState): Promise<SweepState> {
  const { spillCursor: cursor, ...rest } = state;
  const page = await run.kv(
    run.env.COUNTS.list<KeptMetadata>({
      prefix: spillPrefix,
      limit: keysAtOnce,
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
  const before = cursor === undefined ? noRound : state.round;
  const pending = mapOf(before.pending);
  const oldest = mapOf(before.oldest);
  const aside = mapOf(state.aside);
  const addTo = (counts: Map<string, number>, id: string) =>
    counts.set(id, (counts.get(id) ?? 0) + 1);
  const spills = page.keys
    .map(({ name, metadata }) => ({ name, streamId: streamOf(name), at: metadata?.at ?? run.now }))
    // In the order of their producers' sequence; keys are sorted as text.
    .sort((a, b) => bySequence(a.name, b.name));
  await run.eachStream(spills, async ({ name, streamId, at }) => {
    const fared = await deliverSpill(run, name, at);
    if (fared === "aside") addTo(aside, streamId);
    if (fared !== "left") return;
    addTo(pending, streamId);
    oldest.set(streamId, Math.min(at, oldest.get(streamId) ?? at));
  });
  const round = { pending: recordOf(pending), oldest: recordOf(oldest) };
  const isWhole = page.list_complete;
  if (isWhole) tellOld(round.oldest, run.now);
  return {
    ...rest,
    ...(isWhole ? round : { spillCursor: page.cursor }),
    round: isWhole ? noRound : round,
    aside: recordOf(aside),
    foundSpills: page.keys.length > 0,
    // A strict batch of a place without Durable Objects is a spill at once; who sent it waits for salts in KV.
    streams: [
      ...new Set([
        ...rest.streams,
        ...spills.filter(({ name }) => isOfKv(name)).map(({ streamId }) => streamId),
      ]),
    ],
  };
}

function bySequence(a: string, b: string): number {
  const [, , producerA = "", seqA = ""] = a.split(":");
  const [, , producerB = "", seqB = ""] = b.split(":");
  return producerA === producerB ? Number(seqA) - Number(seqB) : producerA < producerB ? -1 : 1;
}

function tellOld(oldest: SweepState["oldest"], now: number): void {
  for (const [streamId, at] of Object.entries(oldest)) {
    if (now - at < longAfter) continue;
    log("spills_wait", { streamId, hours: Math.round((now - at) / 3_600_000) });
  }
}

/** @returns `taken` once the spill is in its Counter and deleted */
async function deliverSpill(
  run: SweepRun,
  key: string,
  at: number,
): Promise<"taken" | "left" | "aside"> {
  const isOld = run.now - at > movedAfter;
  if (run.isOver || (!isOld && run.waits(key, streamOf(key)))) return "left";
  try {
    // It came late: what a Counter forgot meanwhile it would add twice.
    if (run.now - at > keptForSeconds * 1_000) return await moveAside(run, key, "it is too old");
    const fared = await deliver(run, key, at);
    if (fared === "taken") {
      await run.kv(run.env.COUNTS.delete(key));
      return fared;
    }
    if (fared !== "left") return await moveAside(run, key, fared.unfit);
    return isOld ? await moveAside(run, key, "no Counter has taken it for six days") : fared;
  } catch (error) {
    log("spill_not_delivered", { key, error: String(error) });
    return "left";
  }
}

/** Offers what is kept under a key to its Counter. */
async function deliver(run: SweepRun, key: string, at: number): Promise<Fared> {
  const kept = await readKept(run, key);
  // A list and a read may each be a minute old: what is not there yet, or no more, is for a later run to say.
  if (!kept) return "left";
  if (!kept.ok) return { unfit: kept.reason };
  const { batch } = kept;
  const isGapFinal = !isFresh(at, run.now, gapIsFinalAfter) && run.isCollected(batch.producer);
  return run.offer(key, batch, (counter) => addSpill(counter, batch, isGapFinal));
}

/** @returns whether it is added */
async function addSpill(counter: Counter, batch: Batch, isGapFinal: boolean): Promise<boolean> {
  // One after the other: each would wait for a group that gathers.
  const hurried: Batch = { ...batch, strict: true };
  const { status } = await counter.add(hurried);
  if (status !== "gap") return true;
  if (!isGapFinal) return false;
  return (await counter.add(alone(hurried))).status !== "gap";
}

async function moveAside(run: SweepRun, key: string, reason: string): Promise<"aside"> {
  await setAside(run, key, reason);
  await run.kv(run.env.COUNTS.delete(key));
  return "aside";
}

async function collectStates(run: SweepRun, state: SweepState): Promise<SweepState> {
  const { laneCursor: cursor, ...rest } = state;
  const page = await run.kv(
    run.env.COUNTS.list<{ seq: number }>({
      prefix: lanePrefix,
      limit: keysAtOnce,
      ...(cursor === undefined ? {} : { cursor }),
    }),
  );
  const collected = mapOf(state.collected);
  let found = false;
  const states = newestStates(page.keys).filter(
    ({ producer, seq }) => seq > (collected.get(producer) ?? 0),
  );
  for (const { producer } of states) run.noteBehind(producer);
  if (cursor === undefined && page.list_complete) run.noteAllStates();
  await run.eachStream(states, async ({ name, streamId, producer, seq }) => {
    found = true;
    if (run.isOver || run.waits(name, streamId)) return;
    try {
      const [fared, read] = await collect(run, name);
      if (fared === "left") return;
      // The isolate's own key is not ours to delete; its next state has all that this one has.
      if (fared !== "taken") await setAside(run, name, fared.unfit);
      // What was read may be an older state than the one that is listed.
      if (fared === "taken" && read >= seq) run.noteCollected(producer);
      collected.set(producer, fared === "taken" ? read : seq);
    } catch (error) {
      log("state_not_collected", { key: name, error: String(error) });
    }
  });
  return {
    ...rest,
    ...(page.list_complete ? {} : { laneCursor: page.cursor }),
    // Producers that KV has forgotten are forgotten too, once a whole round is done.
    collected: recordOf(
      page.list_complete && cursor === undefined ? only(collected, page.keys) : collected,
    ),
    foundStates: found,
    streams: [...new Set(page.keys.map(({ name }) => streamOf(name)))],
  };
}

/** Offers a producer's state to its Counter. @returns also the state's `seq` */
async function collect(run: SweepRun, key: string): Promise<[Fared, seq: number]> {
  const kept = await readKept(run, key);
  if (!kept) return ["left", 0];
  if (!kept.ok) return [{ unfit: kept.reason }, 0];
  const { batch } = kept;
  const take = (counter: Counter) => counter.collect(batch).then(() => true);
  return [await run.offer(key, batch, take), batch.seq];
}

/** What was set aside, once an hour: a later release may know what to do with it. */
async function offerAgain(run: SweepRun, state: SweepState): Promise<SweepState> {
  return offerAside(run, state, async (key, at) => {
    const isState = key.startsWith(`${asidePrefix}${lanePrefix}`);
    const fared = isState ? (await collect(run, key))[0] : await deliver(run, key, at);
    if (fared === "taken") await run.kv(run.env.COUNTS.delete(key));
    return fared;
  });
}

const isOfKv = (key: string): boolean => producerOf(key).includes(strictMark);

const producerOf = (key: string): string => key.split(":")[2] ?? "";

/** Of each producer's keys the one with the newest state. */
function newestStates(keys: readonly { name: string; metadata?: { seq: number } }[]) {
  const newest = new Map<
    string,
    { name: string; streamId: string; producer: string; seq: number }
  >();
  for (const { name, metadata } of keys) {
    const seq = metadata?.seq ?? 0;
    const producer = producerOf(name);
    const known = newest.get(producer);
    if (!known || seq > known.seq) {
      newest.set(producer, { name, streamId: streamOf(name), producer, seq });
    }
  }
  return [...newest.values()];
}

function only(collected: ReadonlyMap<string, number>, keys: readonly { name: string }[]) {
  const producers = new Set(keys.map(({ name }) => producerOf(name)));
  return [...collected].filter(([name]) => producers.has(name));
}
