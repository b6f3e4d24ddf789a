/**
 * @module Which Counters refused their stores lately, as this isolate saw it: there are too many of them for
 * `/healthz` to ask each.
 */
import { refusalIn } from "../../lib/migrations.ts";

/** How long a refusal is told of, in ms; a lane meets it again within seconds. */
const toldFor = 60_000;
const toldAtMost = 20;

const refusals = new Map<string, { words: string; at: number }>();

/** @param error that a call of the object ended with; any but a refusal is left */
export function noteRefusal(object: string, error: unknown, now: number): void {
  const words = refusalIn(error);
  if (words === null || (refusals.size >= toldAtMost && !refusals.has(object))) return;
  refusals.set(object, { words, at: now });
}

/** The object takes what it is given again. */
export function forgetRefusal(object: string): void {
  if (refusals.size > 0) refusals.delete(object);
}

export function refusalsSeen(now: number): string[] {
  for (const [object, { at }] of refusals) if (now - at > toldFor) refusals.delete(object);
  return [...refusals].map(([object, { words }]) => `${object}: ${words}`);
}
