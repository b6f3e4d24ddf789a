/** @module The way to a Counter: the one of a stream's shard. */
import type { Env } from "../../config/env.ts";
import { stubOf } from "../../config/objects.ts";
import type { Counter } from "./object.ts";

export type CounterStub = DurableObjectStub<Counter>;

export function counterOf(env: Pick<Env, "COUNTER">, streamId: string, shard: number): CounterStub {
  return stubOf(env.COUNTER, `${streamId}:${shard}`);
}
