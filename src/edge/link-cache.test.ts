import { describe, it } from "vitest";
import type { Visitor } from "../decision/visitor.ts";
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "../model/edge-records.ts";
import { LinkCache } from "./link-cache.ts";
import { recordsIn } from "./store-over-bindings.ts";
import type { Decided } from "./target.ts";

const now = 1_700_000_000_000;
const stream = { id: "st_1", version: 1, title: "T" } as StreamRecord;
const link = (slug: string): LinkRecord => ({ slug, version: 1, streamId: stream.id });
const background = { waitUntil: () => undefined };

/** KV with these links, which says how often it was asked. */
function kvWith(slugs: readonly string[]) {
  const records = new Map<string, unknown>([
    [streamKey(stream.id), stream],
    ...slugs.map((slug) => [linkKey(slug), link(slug)] as const),
  ]);
  let reads = 0;
  const kv = {
    get: async (key: string) => {
      reads += 1;
      return records.get(key) ?? null;
    },
  } as unknown as KVNamespace;
  return { kv, reads: () => reads };
}

describe("the links that an isolate knows", () => {
  it("stay while 25,000 unknown slugs are asked for, and the unknown are asked for once", async ({
    expect,
  }) => {
    const hot = Array.from({ length: 100 }, (_, index) => `hot${index}`);
    const { kv, reads } = kvWith(hot);
    const cache = new LinkCache();
    for (const slug of hot)
      expect(await cache.find(slug, recordsIn(kv), now, background)).not.toBeNull();
    for (let index = 0; index < 25_000; index += 1) {
      await cache.find(`unknown-${index}`, recordsIn(kv), now, background);
    }
    const asked = reads();
    for (const slug of hot) {
      // At once, and not by asking KV again.
      expect(cache.find(slug, recordsIn(kv), now, background)).not.toBeInstanceOf(Promise);
    }
    expect(cache.find("unknown-24999", recordsIn(kv), now, background)).toBeNull();
    expect(reads()).toBe(asked);
  });

  it("weigh no more for every kind of visitor that opens one", async ({ expect }) => {
    const { kv } = kvWith(["one"]);
    const cache = new LinkCache();
    const target = await cache.find("one", recordsIn(kv), now, background);
    if (!target) throw new Error("no link");
    for (let index = 0; index < 5_000; index += 1) {
      target.decided.set({ kind: "human" } as Visitor, {} as Decided);
      target.hasGrown();
    }
    expect(target.decided.bytes).toBeLessThanOrEqual(256 * 1_024);
    expect(await cache.find("one", recordsIn(kv), now, background)).toBe(target);
  });
});
