/** Stores that earlier releases wrote, under this code: the same tables as a new one has, the same figures. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { migrateCatalog } from "../../src/catalog/migrate.ts";
import { clicksWithoutView } from "../../src/counting/clicks-without-view.ts";
import { Ledger } from "../../src/counting/counter/ledger.ts";
import { migrateCounter } from "../../src/counting/counter/migrations.ts";
import { metrics } from "../../src/counting/event.ts";
import { countVisitors, mergeSnapshots } from "../../src/counting/snapshot.ts";
import type { MigratedSql } from "../../src/lib/migrations.ts";
import { recordOf } from "../../src/lib/records.ts";
import { migrateNotifier } from "../../src/notify/migrations.ts";
import { NotifyStore } from "../../src/notify/store.ts";
import { applyEvents } from "../../src/orders/apply-events.ts";
import { CostStore } from "../../src/orders/cost-store.ts";
import { migrateOrders } from "../../src/orders/migrations.ts";
import { PromoterStore } from "../../src/orders/promoter-store.ts";
import { OrdersStore } from "../../src/orders/store.ts";
import { batchOf, cellOf } from "../batches.ts";
import { notConserved } from "../model/conserved.ts";
import { Database } from "../model/database.ts";
import { asked, close, ledgerOn } from "../settling.ts";
import { commits, counterFile, type OldStore, objectFile, oldStore, schemaOf } from "../stores.ts";

/** After every store was written. */
const now = Date.parse("2026-11-27T00:00:00Z");

type Migrate = (sql: MigratedSql, now: number) => void;

function migrated(migrate: Migrate, file?: string): Database {
  const database = new Database(file);
  database.transaction(() => migrate(database.sql, now));
  return database;
}

/** Every row of every table but the numbers', by its table. */
function rowsOf({ sql }: Database): Map<string, number> {
  const tables = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'migration' ORDER BY name",
  );
  return new Map(
    [...tables].map(({ name }) => {
      const [row] = sql.exec<{ rows: number }>(`SELECT count(*) AS rows FROM "${name}"`).toArray();
      return [name, row?.rows ?? 0];
    }),
  );
}

describe.for(commits)("a store that %s wrote", (commit) => {
  let store: OldStore;
  beforeAll(() => {
    store = oldStore(commit);
  });
  afterAll(() => store.remove());

  it.for([
    ["Catalog", migrateCatalog, ["stream", "link", "key", "audit", "outbox"]],
    ["Orders", migrateOrders, ["conversion", "total", "unmatched", "cost", "spend", "audit"]],
    ["Notifier", migrateNotifier, ["notifier", "watch", "delivery"]],
  ] as const)(
    "has the tables of a new %s, and each of its rows",
    ([name, migrate, filled], { expect }) => {
      const file = objectFile(store, name);
      const before = rowsOf(new Database(file));
      for (const table of filled) expect(before.get(table), table).toBeGreaterThan(0);
      const database = migrated(migrate, file);
      expect(schemaOf(database)).toEqual(schemaOf(migrated(migrate)));
      expect(rowsOf(database)).toEqual(new Map([...rowsOf(migrated(migrate)), ...before]));
      database.close();
    },
  );

  it("knows when a stream was ended by hand, by the log of that", ({ expect }) => {
    const { sql } = migrated(migrateCatalog, objectFile(store, "Catalog"));
    const ended = sql
      .exec<{ ended_at: number; at: number }>(
        `SELECT ended_at, (SELECT max(at) FROM audit WHERE target = stream.id AND json_extract(after, '$.phase') = 'ended') AS at
         FROM stream WHERE phase = 'ended'`,
      )
      .toArray();
    expect(ended.length).toBeGreaterThan(0);
    for (const { ended_at: endedAt, at } of ended) expect([endedAt, at]).toEqual([at, at]);
    const [others] = sql
      .exec<{ n: number }>(
        "SELECT count(*) AS n FROM stream WHERE phase IS NOT 'ended' AND ended_at IS NOT NULL",
      )
      .toArray();
    expect(others?.n).toBe(0);
  });

  it("tells its streams anew, by numbers of their own, to who followed it to the end", ({
    expect,
  }) => {
    const fresh = oldStore(commit);
    const file = objectFile(fresh, "Catalog");
    const changesOf = ({ sql }: Database) =>
      sql.exec<{ key: string; seq: number }>("SELECT key, seq FROM change ORDER BY seq").toArray();
    const before = changesOf(new Database(file));
    const followed = before.at(-1)?.seq ?? 0;
    const database = migrated(migrateCatalog, file);
    const own = database.sql
      .exec<{ key: string }>(
        "SELECT 'link:' || slug AS key FROM link WHERE destinations IS NOT NULL",
      )
      .toArray();
    const wanted = [...store.streams.map((id) => `stream:${id}`), ...own.map(({ key }) => key)];
    const after = changesOf(database);
    const anew = after.filter(({ seq }) => seq > followed).map(({ key }) => key);
    expect(anew).toEqual(expect.arrayContaining(wanted));
    expect(anew.filter((key) => key.startsWith("link:"))).toHaveLength(own.length);
    expect(new Set(after.map(({ seq }) => seq)).size).toBe(before.length);
    database.close();
    fresh.remove();
  });

  it("finds the links that it had learnt by what is set of their creators", ({ expect }) => {
    const { sql } = migrated(migrateOrders, objectFile(store, "Orders"));
    const promoters = new PromoterStore(sql);
    const [known] = sql
      .exec<{ slug: string; creator: string }>(
        "SELECT slug, record->>'$.names[#-1]' AS creator FROM promoter WHERE record->>'$.names' <> '[]'",
      )
      .toArray();
    if (!known) throw new Error("no link of a creator");
    promoters.learnCreator({
      id: known.creator,
      ids: recordOf([["douyin.authorBuyinId", "b-1"]]),
      names: [],
    });
    const found = promoters.finder()("id:douyin.authorBuyinId=b-1");
    expect(found.map(({ slug }) => slug)).toContain(known.slug);
    expect(found.every(({ names }) => names.at(-1) === known.creator)).toBe(true);
  });

  it("has the same orders, sums and costs", ({ expect }) => {
    const { sql } = migrated(migrateOrders, objectFile(store, "Orders"));
    const orders = new OrdersStore(sql);
    for (const id of store.streams) {
      const totals = orders.totals({ streamId: id });
      const sum = (name: "orders" | "gmv" | "refunds") =>
        totals.reduce((all, row) => all + row[name], 0);
      const said = store.pages[id].totals;
      expect([sum("orders"), sum("gmv"), sum("refunds")]).toEqual([
        said.orders,
        said.gmv,
        said.refunds,
      ]);
    }
    const listed = store.pages["/api/conversions"].data;
    expect(listed.length).toBeGreaterThan(4);
    expect(
      orders.list({}, 50, null).lines.map(({ orderId, link, state }) => [orderId, link, state]),
    ).toEqual(
      listed.map((row: Record<string, string | null>) => [row.orderId, row.slug ?? "", row.status]),
    );
    for (const { slug, costs, spent } of new CostStore(sql).costsOf(store.slugs)) {
      expect({ ...costs, importedAdSpend: spent }).toEqual(store.pages[`/api/links/${slug}/costs`]);
    }
    expect(store.pages["/api/links/one-shard/costs"]).toMatchObject({ importedAdSpend: 12_345 });
  });

  it("takes an order whose state is not known beside them, and no sum changes", ({ expect }) => {
    const database = migrated(migrateOrders, objectFile(store, "Orders"));
    const orders = new OrdersStore(database.sql);
    const [streamId = ""] = store.streams;
    const before = orders.totals({ streamId });
    const [old] = orders.list({ streamId }, 1, null).lines;
    expect(old).toMatchObject({ said: null, itemId: null, itemTitle: null, quantity: null });
    if (!old) throw new Error("no line");
    const event = {
      platform: old.platform,
      orderId: "kept",
      subOrderId: "",
      at: now,
      state: "unknown" as const,
      said: "审计中",
      amount: 500,
      currency: "CNY",
      paidAt: now,
      slug: old.link,
    };
    const apply = (change: object) => {
      const stored = orders.linesOf([event]);
      const find = new PromoterStore(database.sql).finder();
      const applied = applyEvents(stored, [{ ...event, ...change }], find);
      database.transaction(() => orders.write(applied, () => 1_000));
    };
    apply({});
    const { platform, link } = old;
    expect(orders.unknownOf([link], [streamId])).toEqual([
      { platform, status: "审计中", orders: 1 },
    ]);
    expect(orders.list({ streamId, isUnknown: true }, 9, null).lines).toMatchObject([
      { orderId: "kept", state: "unknown", said: { value: "审计中", at: now } },
    ]);
    expect(orders.totals({ streamId })).toEqual(before);
    apply({ state: "paid", said: undefined, at: now - 1 });
    expect(orders.unknownOf([link], [streamId])).toEqual([]);
    const sum = (rows: typeof before) => rows.reduce((all, { gmv }) => all + gmv, 0);
    expect(sum(orders.totals({ streamId }))).toBe(sum(before) + 500);
    database.close();
  });

  it("takes what was bought when an old order is told again, and no sum changes", ({ expect }) => {
    const database = migrated(migrateOrders, objectFile(store, "Orders"));
    const orders = new OrdersStore(database.sql);
    const [streamId = ""] = store.streams;
    const before = orders.totals({ streamId });
    const old = orders.list({ streamId }, 200, null).lines.find(({ state }) => state === "paid");
    if (!old?.amount) throw new Error("no paid line");
    const { platform, orderId, subOrderId, at, amount, currency, paidAt } = old;
    const bought = { itemId: "100", itemTitle: "猫粮 🐱", quantity: 3 };
    const event = { platform, orderId, subOrderId, at, amount, currency, paidAt, ...bought };
    const find = new PromoterStore(database.sql).finder();
    const applied = applyEvents(orders.linesOf([event]), [{ ...event, state: "paid" }], find);
    expect(applied).toMatchObject({ updated: 1, deltas: [] });
    database.transaction(() => orders.write(applied, () => 1_000));
    const again = orders.linesOf([event]).find((line) => line.subOrderId === subOrderId);
    expect(again).toMatchObject({
      itemId: { value: "100", at },
      itemTitle: { value: "猫粮 🐱", at },
      quantity: { value: 3, at },
      link: old.link,
    });
    expect(orders.totals({ streamId })).toEqual(before);
    database.close();
  });

  it("is settled like any other: all that its links sold, and then nothing more", async ({
    expect,
  }) => {
    const database = new Database(objectFile(store, "Orders"));
    const { ledger } = ledgerOn(database);
    const links = store.slugs.map((slug) => ({
      ...{ slug, streamId: store.streams[0] ?? "", title: "", startsAt: now - 1, isDeleted: false },
    }));
    const request = asked("ann", { links, from: 0, to: now + 1 });
    const { sheet, lines } = await close(ledger, request);
    const sales = (await ledger.salesOfLinks(store.slugs)).filter((row) => row.currency === "CNY");
    const sum = (of: "gmv" | "refunds") => sales.reduce((all, row) => all + row[of], 0);
    expect(lines.length).toBeGreaterThan(0);
    expect([sheet.sums.amount, sheet.sums.refunds]).toEqual([sum("gmv"), sum("refunds")]);
    const fees = ledger.costsOf(store.slugs).map(({ costs }) => costs.slotFee ?? 0);
    expect(sheet.sums.slotFee).toBe(fees.reduce((all, fee) => all + fee, 0));
    const next = await close(ledger, request);
    expect([next.lines, next.sheet.slotFees, next.sheet.number]).toEqual([[], [], 2]);
    database.close();
  });

  it("has the same notifiers, and what waits for them", ({ expect }) => {
    const notify = new NotifyStore(migrated(migrateNotifier, objectFile(store, "Notifier")).sql);
    const said = store.pages["/api/notifiers"].data;
    expect(notify.notifiers().map(({ id, name, kind }) => [id, name, kind])).toEqual(
      said.map(({ id, name, kind }: Record<string, string>) => [id, name, kind]),
    );
    const [one] = notify.notifiers();
    expect(notify.pending(one?.id ?? "")).toBeGreaterThan(0);
    expect(notify.dueDeliveries(one?.id ?? "", now, 50).map(({ event }) => event.type)).toContain(
      "stream.live",
    );
  });

  it("has a Counter with the tables of a new one, and the same figures", ({ expect }) => {
    const [one = "", two = ""] = store.streams;
    const database = migrated(migrateCounter, counterFile(store, one, 0));
    expect(schemaOf(database)).toEqual(schemaOf(Database.ofCounter()));
    const snapshot = new Ledger(database).read(now);
    const { totals, series, quality } = store.pages[one];
    for (const metric of metrics) expect(snapshot?.totals[metric]).toBe(totals[metric] ?? 0);
    expect(countVisitors(snapshot?.visitors)).toBe(totals.visitors);
    expect(Object.values(snapshot?.series.minute ?? {}).map(([views]) => views)).toEqual(
      series.views.filter((views: number) => views > 0),
    );
    expect(clicksWithoutView(snapshot?.visitors ?? {}, snapshot?.clickers).estimate).toBe(
      quality.clicksWithoutView ?? 0,
    );
    database.close();

    const shards = [0, 1].map((shard) => migrated(migrateCounter, counterFile(store, two, shard)));
    const parts = shards.flatMap((shard) => new Ledger(shard).read(now, { mergeable: true }) ?? []);
    expect(parts.map(({ totals: { views } }) => views > 0)).toEqual([true, true]);
    const merged = mergeSnapshots(parts, two, now);
    const said = store.pages[two].totals;
    for (const metric of metrics) expect(merged.totals[metric]).toBe(said[metric] ?? 0);
    expect(countVisitors(merged.visitors)).toBe(said.visitors);
  });

  it("has a Counter that counts on, old metrics and new ones", ({ expect }) => {
    const [one = ""] = store.streams;
    const database = migrated(migrateCounter, counterFile(store, one, 0));
    const ledger = new Ledger(database);
    const before = ledger.totals();
    const prefetches = new Map(Object.entries(ledger.prefetches()));
    const batch = batchOf(
      metrics.map((metric, index): [string, number] => [
        cellOf(now, { slug: "second", metric }),
        index + 1,
      ]),
      { streamId: one, producer: "after", clickers: [["second", "after", [(7 << 6) | 3]]] },
    );
    database.transaction(() => ledger.commit([batch], now));
    const after = ledger.totals();
    for (const [index, metric] of metrics.entries()) {
      expect(after[metric]).toBe(before[metric] + index + 1);
    }
    const added = metrics.indexOf("prefetches") + 1;
    expect(new Map(Object.entries(ledger.prefetches())).get("wechat")).toBe(
      (prefetches.get("wechat") ?? 0) + added,
    );
    const snapshot = ledger.read(now);
    expect(snapshot && notConserved(snapshot)).toEqual([]);
    expect(Object.keys(snapshot?.clickers ?? {})).toContain("after");
  });
});
