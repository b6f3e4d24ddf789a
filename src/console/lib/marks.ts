/** @module Marks on a curve: which step each event stands at, and what it is called there. Pure. */
import type { InferResponseType } from "hono/client";
import type { Curve } from "./board.ts";
import type { client } from "./client.ts";

export type StreamEvent = InferResponseType<
  (typeof client.api.streams)[":id"]["events"]["$get"],
  200
>["data"][number];

export interface Mark {
  /** Place among the curve's steps. */
  index: number;
  events: StreamEvent[];
}

/** Events of one step are one mark. The start stands at the first step, however long nobody came; what else is far from the curve, nowhere. */
export function marksOf(events: readonly StreamEvent[], { at }: Pick<Curve, "at">): Mark[] {
  const [first, second] = at;
  if (first === undefined) return [];
  const step = second === undefined ? 60_000 : second - first;
  const end = (at.at(-1) ?? first) + step;
  const byStep = new Map<number, StreamEvent[]>();
  for (const event of events) {
    const time = Date.parse(event.at);
    const isBefore = time < first - step && event.type !== "stream.live";
    if (isBefore || time > end) continue;
    const index = Math.max(
      at.findLastIndex((began) => began <= time),
      0,
    );
    byStep.set(index, [...(byStep.get(index) ?? []), event]);
  }
  return [...byStep]
    .map(([index, own]) => ({ index, events: own }))
    .sort((a, b) => a.index - b.index);
}
