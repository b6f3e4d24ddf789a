/**
 * @module Gives the isolates of places without Durable Objects the salt of a stream's running epoch, of the next
 * one in time, and of the last one if that failed until its end. KV destroys it when shard 0 does.
 */

import type { Env } from "../../config/env.ts";
import { within } from "../../lib/deadline.ts";
import { toBase64 } from "../../lib/hash.ts";
import { log } from "../../lib/log.ts";
import { workThrough } from "../../lib/pool.ts";
import { recordOf } from "../../lib/records.ts";
import type { StreamRecord } from "../../model/edge-records.ts";
import { counterOf } from "../counter/stub.ts";
import { epochOf, saltGrace } from "../epoch.ts";
import { type SaltMetadata, saltKey } from "../isolate/transport.ts";
import type { SweepState } from "./state.ts";

/** A salt is there this long, in ms, before its epoch begins. */
const saltAhead = 600_000;
const callWithin = 2_000;
const atOnce = 16;

type Salted = Pick<StreamRecord, "id" | "startsAt" | "endsAt" | "timezone">;

/** Never rejects: a stream whose Counter or key fails gets its salt at the next run, and holds up no other. */
export async function provideSalts(
  env: Env,
  streams: readonly Salted[],
  state: SweepState,
  now: number,
): Promise<SweepState> {
  const salted = new Map(
    Object.entries(state.salted).filter(([, endsAt]) => endsAt + saltGrace > now),
  );
  await workThrough(streams, atOnce, (stream) =>
    provide(env, stream, salted, now).catch((error: unknown) =>
      log("salt_not_provided", { streamId: stream.id, error: String(error) }),
    ),
  );
  return { ...state, salted: recordOf(salted) };
}

async function provide(
  env: Env,
  stream: Salted,
  salted: Map<string, number>,
  now: number,
): Promise<void> {
  for (const at of [now - saltGrace, now, now + saltAhead]) {
    const { id, endsAt } = epochOf(stream, at);
    const key = saltKey(stream.id, id);
    // An epoch whose end was moved keeps its salt, which KV then has to keep for longer.
    if (salted.get(key) === endsAt) continue;
    const asked = counterOf(env, stream.id, 0).saltFor(id, endsAt);
    const salt = await within(asked, callWithin, "the Counter");
    if (!salt) continue;
    const expiration = Math.ceil((endsAt + saltGrace) / 1_000);
    const value = toBase64(salt.value);
    const metadata: SaltMetadata = { epoch: salt.epoch };
    await within(env.COUNTS.put(key, value, { expiration, metadata }), callWithin, "KV");
    salted.set(key, endsAt);
  }
}
