import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { readMeta } from "../../lib/sql.ts";
import {
  betweenPuts,
  nextPutAt,
  type PublisherStore,
  publish,
  publisherStore,
  settleAfter,
  settleClock,
} from "./publisher.ts";

const start = Date.parse("2026-11-20T12:00:00Z");
const every = 10_000;

/** A store whose rows are real, and whose ledger is what a test says it is. */
function storeOf(ledger: { rev: number; changedAt: number }): PublisherStore {
  return publisherStore(Database.ofCounter().sql, ledger);
}

describe("when a state is put to KV", () => {
  it("is never while nothing was counted", ({ expect }) => {
    expect(nextPutAt(storeOf({ rev: 0, changedAt: 0 }), every)).toBe(null);
  });

  it("is at once for the first, then as often as wanted, and never twice in 1.1 s", ({
    expect,
  }) => {
    expect([betweenPuts, settleAfter]).toEqual([1_100, 90_000]);
    const store = storeOf({ rev: 2, changedAt: start });
    expect(nextPutAt(store, every)).toBe(every);
    store.rememberPut({ rev: 1, startedAt: start });
    expect(store.lastPut()).toEqual({ rev: 1, startedAt: start });
    expect(nextPutAt(store, every)).toBe(start + every);
    expect(nextPutAt(store, 0)).toBe(start + 1_100);
  });

  it("is once more 90 s after the last change, however soon KV had it, and then no more", ({
    expect,
  }) => {
    const store = storeOf({ rev: 2, changedAt: start });
    store.rememberPut({ rev: 2, startedAt: start + 5_000 });
    expect(nextPutAt(store, every)).toBe(start + 90_000);
    store.rememberPut({ rev: 2, startedAt: start + 89_999 });
    expect(nextPutAt(store, every)).toBe(start + 89_999 + 1_100);
    store.rememberPut({ rev: 2, startedAt: start + 90_000 });
    expect(nextPutAt(store, every)).toBe(null);
  });
});

describe("publishing", () => {
  it("puts the committed state when that is due, and remembers it before the put", async ({
    expect,
  }) => {
    const store = storeOf({ rev: 3, changedAt: start });
    store.rememberPut({ rev: 1, startedAt: start });
    const put: number[] = [];
    const put3 = async (rev: number) => {
      expect(store.lastPut()).toEqual({ rev: 3, startedAt: start + every });
      put.push(rev);
    };
    await publish(store, every, start + every - 1, put3);
    expect(put).toEqual([]);
    await publish(store, every, start + every, put3);
    expect(put).toEqual([3]);
    expect(store.lastPut()).toEqual({ rev: 3, startedAt: start + every });
    // At rest: once more, then never again.
    await publish(store, every, start + 89_999, put3);
    expect(put).toEqual([3]);
    await publish(store, every, start + 90_000, async (rev) => void put.push(rev));
    await publish(store, every, start + 900_000, async (rev) => void put.push(rev));
    expect(put).toEqual([3, 3]);
  });

  it("that fails stays due, after the pause", async ({ expect }) => {
    const store = storeOf({ rev: 3, changedAt: start });
    store.rememberPut({ rev: 1, startedAt: start });
    const now = start + every;
    const failing = publish(store, every, now, () => Promise.reject(new Error("KV is down")));
    await expect(failing).rejects.toThrow("KV is down");
    expect(store.lastPut()).toEqual({ rev: 1, startedAt: now });
    expect(nextPutAt(store, every)).toBe(now + every);
  });
});

describe("a clock that was set back", () => {
  it("takes the last put for now, where it lies ahead", ({ expect }) => {
    const { sql } = Database.ofCounter();
    const store = publisherStore(sql, { rev: 4, changedAt: start });
    settleClock(store, start);
    expect(store.lastPut()).toEqual({ rev: 0, startedAt: 0 });
    store.rememberPut({ rev: 3, startedAt: start + 9 });
    settleClock(store, start + 9);
    expect(store.lastPut()).toEqual({ rev: 3, startedAt: start + 9 });
    settleClock(store, start + 7);
    expect(store.lastPut()).toEqual({ rev: 3, startedAt: start + 7 });
    // It is remembered across a restart, in one row.
    expect(publisherStore(sql, { rev: 4, changedAt: start }).lastPut()).toEqual({
      rev: 3,
      startedAt: start + 7,
    });
    expect(readMeta(sql, "put")).toBe(`3 ${start + 7}`);
  });
});
