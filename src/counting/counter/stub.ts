/** @module The way to a Counter: the one of a stream's shard. */
import type { Env } from "../../config/env.ts";
import { stubOf } from "../../config/objects.ts";
import type { Counter } from "./object.ts";

export function counterOf(env: Env, streamId: string, shard: number): DurableObjectStub<Counter> {
  return stubOf(env.COUNTER, `${streamId}:${shard}`);
}
