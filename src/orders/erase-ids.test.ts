/** A promoter's ids on their way out of order lines, step by step. */
import { describe, it } from "vitest";
import { keyed } from "../../test/keyed.ts";
import { Database } from "../../test/model/database.ts";
import { recordOf } from "../lib/records.ts";
import type { Promotion } from "../model/promotion.ts";
import { applyEvents } from "./apply-events.ts";
import { eraseIds } from "./erase-ids.ts";
import { migrateOrders } from "./migrations.ts";
import type { OrderEvent } from "./order-line.ts";
import { PromoterStore } from "./promoter-store.ts";
import { OrdersStore } from "./store.ts";

const odd = 'b"1\\猫';
const ids = { douyin: { authorBuyinId: odd, authorAccount: "dy1" } } as unknown as Promotion;

function world() {
  const database = new Database();
  database.transaction(() => migrateOrders(database.sql, 0));
  const store = new OrdersStore(database.sql);
  const promoters = new PromoterStore(database.sql);
  const event = (
    orderId: string,
    told: Record<string, string>,
    more: Partial<OrderEvent> = {},
  ) => ({
    ...{ platform: "douyin", orderId, subOrderId: "", at: 10, state: "paid" as const },
    ...{ amount: 100, currency: "CNY", paidAt: 10 },
    evidence: { ids: told },
    ...more,
  });
  const apply = (events: readonly OrderEvent[]) => {
    const done = applyEvents(store.linesOf(events), events, promoters.finder());
    database.transaction(() => store.write(done, () => 1));
    return done;
  };
  const step = (afterLine: number) =>
    database.transaction(() => eraseIds(store, { ids, afterLine, find: promoters.finder() }));
  const said = (orderId: string) =>
    store.linesOf([{ platform: "douyin", orderId }])[0]?.evidence?.value;
  return { database, store, promoters, event, apply, step, said };
}

describe("ids that are erased", () => {
  it("go out of lines wherever those stand, some thousand places at a time", ({ expect }) => {
    const { database, event, apply, step, said } = world();
    const told = { "douyin.authorBuyinId": odd, "douyin.pid": "p1" };
    apply(["1", "2", "3"].map((orderId) => event(orderId, told)));
    for (const table of ["conversion", "unmatched"]) {
      database.sql.exec(`UPDATE ${table} SET id = id + 30000 WHERE id > 1`);
    }
    const places = [];
    for (let at: number | null = 0; at !== null; at = step(at)) places.push(at);
    expect(places).toEqual([0, 20_000]);
    expect(["1", "2", "3"].map(said)).toEqual(
      Array.from({ length: 3 }, () => '{"ids":{"douyin.pid":"p1"}}'),
    );
    expect(database.dump()).not.toContain("猫");
    // What waits still waits, by what is left.
    const waiting = database.sql.exec("SELECT DISTINCT key FROM unmatched").toArray();
    expect(waiting).toEqual([{ key: "id:douyin.pid=p1" }]);
  });

  it("are those of their field alone, by whichever of a file's names, and nobody else's", ({
    expect,
  }) => {
    const { promoters, event, apply, step, said } = world();
    apply([
      event("1", { "douyin.authorId": "dy1", "douyin.pid": "dy1" }),
      event("2", { "douyin.authorBuyinId": "dy1" }),
      event("3", { "douyin.authorBuyinId": `${odd}2` }),
    ]);
    expect(step(0)).toBe(null);
    expect(["1", "2", "3"].map(said)).toEqual([
      '{"ids":{"douyin.pid":"dy1"}}',
      '{"ids":{"douyin.authorBuyinId":"dy1"}}',
      JSON.stringify({ ids: { "douyin.authorBuyinId": `${odd}2` } }),
    ]);
    // Somebody else has it.
    promoters.learnCreator({ id: "bob", ids: keyed({ "douyin.authorAccount": "dy1" }), names: [] });
    promoters.learnLink({ slug: "bob", streamId: "st_1", ids: recordOf([]), names: ["bob"] });
    apply([event("4", { "douyin.authorAccount": "dy1", "douyin.authorBuyinId": odd })]);
    step(0);
    expect(said("4")).toBe('{"ids":{"douyin.authorAccount":"dy1"}}');
  });

  it("do not come back with the same row, and leave each line where it is and what it was", ({
    expect,
  }) => {
    const { store, promoters, event, apply, step, said } = world();
    const link = { slug: "ann", streamId: "st_1", names: ["ann"] };
    promoters.learnLink({ ...link, ids: keyed({ "douyin.authorBuyinId": odd }) });
    const full = { "douyin.authorAccount": "dy1", "douyin.authorBuyinId": odd, "douyin.pid": "p1" };
    const events = [
      event("1", full),
      event("2", { "douyin.authorBuyinId": odd }),
      event("3", full, { slug: "ann" }),
    ];
    apply(events);
    promoters.learnLink({ ...link, ids: recordOf([]) });
    const sums = store.totals({ streamId: "st_1" });
    step(0);
    const lineOf = (orderId: string) => store.linesOf([{ platform: "douyin", orderId }])[0];
    expect(["1", "2", "3"].map((id) => [lineOf(id)?.link, lineOf(id)?.by])).toEqual([
      ["ann", "hand"],
      ["ann", "hand"],
      ["ann", "slug"],
    ]);
    expect(["1", "2"].map(said)).toEqual(['{"ids":{"douyin.pid":"p1"}}', '{"ids":{}}']);
    expect(store.totals({ streamId: "st_1" })).toEqual(sums);
    expect(apply(events).changed).toEqual([]);
    expect(said("1")).toBe('{"ids":{"douyin.pid":"p1"}}');
    expect(step(0)).toBe(null);
  });
});
