/** @module The way to the Connections object. */
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import type { Connections } from "./object.ts";

export function connectionsOf(env: Env): DurableObjectStub<Connections> {
  return stubOf(env.CONNECTIONS, "connections");
}
