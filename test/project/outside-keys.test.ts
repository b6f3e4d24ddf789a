import { describe, it } from "vitest";
import { noTotals } from "../../src/counting/event.ts";
import { emptySketch, encodeSketch, linkPrecision } from "../../src/counting/hyperloglog.ts";
import {
  mergedLinkVisitors,
  remergedLinkVisitors,
} from "../../src/counting/query/link-visitors.ts";
import { emptySnapshot, mergeSnapshots, type Snapshot } from "../../src/counting/snapshot.ts";
import { own, recordOf } from "../../src/lib/records.ts";
import { isTimeZone, zoneOffset } from "../../src/lib/zones.ts";
import { differing } from "../../src/model/audit-entry.ts";
import { classOfChannel } from "../../src/model/channel.ts";
import { linksOfRows } from "../../src/model/links-table.ts";
import { flatIds } from "../../src/model/promoter.ts";
import { match } from "../../src/orders/matching.ts";
import { applyEvent } from "../../src/orders/order-line.ts";
import { stateOf } from "../../src/orders/states.ts";
import { entriesOf, type Facts } from "../../src/reports/group.ts";
import { report } from "../../src/reports/roas.ts";
import { builtIns, inheritedNames as names } from "../names.ts";

const untouched = builtIns();
/** A shard that counted each name once, in everything that has keys. */
function shard(number: number): Snapshot {
  const totals = { ...noTotals(), views: names.length };
  const each = <V>(value: () => V) => recordOf(names.map((name) => [name, value()] as const));
  const pairs = each((): [number, number] => [1, 0]);
  return {
    ...emptySnapshot("st_1", number, 1),
    totals,
    dimensions: {
      ...{ app: pairs, os: pairs, country: pairs },
      ...{ region: pairs, destination: pairs, method: pairs },
    },
    links: each(() => ({ ...noTotals(), views: 1 })),
    visitors: each(() => 2),
  };
}

describe("names that every object inherits", () => {
  it("are added over shards as any key", async ({ expect }) => {
    const parts = [shard(0), shard(1), shard(2)];
    const sum = mergeSnapshots(JSON.parse(JSON.stringify(parts)) as Snapshot[], "st_1", 5);
    expect(sum.totals.views).toBe(3 * names.length);
    for (const name of names) {
      expect(own(sum.links, name)).toEqual({ ...noTotals(), views: 3 });
      expect(own(sum.dimensions.region, name)).toEqual([3, 0]);
      expect(own(sum.visitors, name)).toBe(2);
    }
    const text = encodeSketch(emptySketch(linkPrecision));
    const rows = names.toSorted().map((name) => ({ slug: name, epoch: name, text }));
    const page = async () => ({ sketches: rows, isLast: true });
    const visitors = await mergedLinkVisitors([page, page]);
    if (visitors === "too many") throw new Error("so few are told");
    const again = await remergedLinkVisitors(visitors, rows, [async () => rows], 1_000);
    for (const found of [visitors, again as typeof visitors]) {
      for (const name of names) expect(own(own(found, name) ?? {}, name)).toBe(0);
    }
    expect(own(parts[0]?.links ?? {}, "constructor")?.views).toBe(1);
  });

  it("are no channel, zone, status, tier or class that is known", ({ expect }) => {
    for (const name of names) {
      expect(classOfChannel(name)).toBe("other");
      expect(classOfChannel(`${name}-${name}`)).toBe("other");
      expect(isTimeZone(name)).toBe(false);
      expect(() => zoneOffset(name, 0)).toThrow(RangeError);
      for (const platform of [...names, "taobao"]) {
        expect([name, platform, stateOf(name, platform)]).toEqual([name, platform, null]);
      }
    }
  });

  it("are texts in a pasted table, and no columns", ({ expect }) => {
    const head = ["编号", "层级", "渠道类别", "渠道", "标签", "推广位ID"];
    const read = linksOfRows([head, ...names.map((name) => head.map(() => name))]);
    expect([read.errors, read.unknown, read.links.length]).toEqual([[], [], names.length]);
    for (const [index, { link }] of read.links.entries()) {
      const name = names[index];
      expect(link).toEqual({
        creator: { id: name, tier: name },
        channelClass: name,
        channel: name,
        tags: [name],
        promotion: { taobao: { adzoneId: name } },
      });
    }
    const refused = linksOfRows([["slug", ...names], ["a"]]);
    expect(refused.unknown.map(({ column }) => column)).toEqual([...names]);
  });

  it("match, group and sum in reports", ({ expect }) => {
    const promoters = names.map((name) => ({
      ...{ slug: name, streamId: "st_1", startsAt: 0, names: [name] },
      ids: flatIds(JSON.parse(`{"${name}":{"${name}":"${name}"}}`)),
    }));
    for (const name of names) {
      const line = applyEvent(undefined, {
        ...{ platform: name, orderId: name, subOrderId: name, at: 1, state: "paid" },
        ...{ amount: 1, currency: "CNY", paidAt: 1 },
        evidence: { ids: recordOf([[`${name}.${name}`, name]]), name },
      });
      const found = match(line, (key) =>
        promoters.filter(({ slug }) => key === `id:${slug}.${slug}=${slug}`),
      );
      expect(found).toEqual({ slug: name, streamId: "st_1", by: "promotion" });
    }
    const facts: Facts = {
      links: names.map((name) => ({
        ...{ slug: name, streamId: "st_1", creator: { id: name }, channel: name },
        ...{ channelClass: name, campaign: name, destination: name, destinations: [] },
        ...{ stream: name, week: name },
      })),
      opened: new Map(names.map((name) => [name, { views: 2, clicks: 1, visitors: 1 }])),
      landed: new Map(names.map((name) => [name, { views: 2, clicks: 1 }])),
      sold: names.map((name) => ({
        ...{ link: name, platform: name, orders: 1, gmv: 10, refunds: 0, commission: 0 },
      })),
      costs: names.map((name) => ({ slug: name, costs: { slotFee: 1 }, spent: 1 })),
      names: new Map(names.map((name) => [name, name])),
    };
    for (const by of ["creator", "link", "channel", "channelClass", "campaign"] as const) {
      const { data, totals } = report(entriesOf(facts, by, "en"));
      expect(data.map(({ key }) => key).toSorted()).toEqual(names.toSorted());
      expect(data.every(({ name }) => name === undefined || typeof name === "string")).toBe(true);
      expect([totals.views, totals.gmv, totals.cost.total]).toEqual(
        [2, 10, 2].map((each) => each * names.length),
      );
    }
    expect(report(entriesOf(facts, "destination", "en")).totals.gmv).toBe(10 * names.length);
  });

  it("are fields as any in the audit log", ({ expect }) => {
    const made = differing({ before: {}, after: recordOf(names.map((name) => [name, name])) });
    for (const name of names) expect(own(made.after ?? {}, name)).toBe(name);
    for (const name of names) expect(own(made.before ?? {}, name)).toBe(null);
  });

  it("leave the built-ins as they were", ({ expect }) => {
    expect(builtIns()).toEqual(untouched);
  });
});
