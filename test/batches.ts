/** @module What isolates count and send, for tests: somebody in WeChat on an iPhone in Zhejiang, where a test does not say otherwise. */
import { type Batch, cellKey } from "../src/counting/batch.ts";
import type { CountEvent } from "../src/counting/event.ts";

/** A view of the landing page; a test says when. */
export const aView = {
  slug: "abc",
  metric: "views",
  app: "wechat",
  os: "ios",
  country: "CN",
  region: "ZJ",
  destination: "taobao",
  method: "page",
} as const satisfies Omit<CountEvent, "at">;

/** The key of a cell of {@link aView}, changed by `more`. */
export const cellOf = (at: number, more: Partial<CountEvent> = {}): string =>
  cellKey({ ...aView, at, ...more });

export const batchOf = (cells: Batch["cells"], more: Partial<Batch> = {}): Batch => ({
  v: 1,
  streamId: "st",
  shard: 0,
  producer: "p",
  seq: 1,
  cells,
  ...more,
});
