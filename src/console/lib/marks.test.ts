import { describe, it } from "vitest";
import { marksOf, type StreamEvent } from "./marks.ts";

const start = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;
const at = [0, 5, 10].map((minutes) => start + minutes * minute);
const event = (minutes: number, type: StreamEvent["type"] = "order.first"): StreamEvent => ({
  at: new Date(start + minutes * minute).toISOString(),
  type,
});

describe("marks of a curve", () => {
  it("stand at the step in which it happened, one a step, in order", ({ expect }) => {
    const events = [event(0, "stream.live"), event(7), event(9, "clicks.fell"), event(10)];
    const marks = marksOf(events, { at });
    expect(marks.map(({ index, events: own }) => [index, own.map(({ type }) => type)])).toEqual([
      [0, ["stream.live"]],
      [1, ["order.first", "clicks.fell"]],
      [2, ["order.first"]],
    ]);
  });

  it("stand at the first step for what was just before, and nowhere for what is far from it", ({
    expect,
  }) => {
    const marks = marksOf([event(-60), event(-4), event(14), event(16)], { at });
    expect(marks.map(({ index }) => index)).toEqual([0, 2]);
    expect(marksOf([event(-60, "stream.live")], { at }).map(({ index }) => index)).toEqual([0]);
    expect(marksOf([event(1)], { at: [] })).toEqual([]);
  });
});
