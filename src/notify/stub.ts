/** @module The way to the Notifier object. */
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import type { Notifier } from "./object.ts";

export function notifierOf(env: Env): DurableObjectStub<Notifier> {
  return stubOf(env.NOTIFIER, "notifier");
}
