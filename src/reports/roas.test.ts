import { describe, it } from "vitest";
import { inheritedNames } from "../../test/names.ts";
import { fc } from "../../test/properties.ts";
import { facts, link } from "../../test/report-facts.ts";
import { costOf } from "../model/costs.ts";
import { entriesOf, type Facts, linkGroupings } from "./group.ts";
import { report } from "./roas.ts";

describe("a report", () => {
  it("has the figures that one gets by hand", ({ expect }) => {
    const { data, totals } = report(entriesOf(facts, "channelClass", "zh-CN"));
    // shop: 20 orders of 50 clicks; all came back; it cost nothing, so there is no ROAS.
    expect(data[0]).toMatchObject({
      key: "commerce",
      name: "电商平台",
      gmv: 400_001,
      netGmv: 0,
      cost: { total: 0 },
      roas: null,
      netRoas: null,
      conversionRate: 0.4,
      gpm: 4_000_010,
      uvValue: 400_001 / 80,
      small: false,
    });
    // ann: 100000 + 10 % of (300000 − 50000) + 5000 = 130000; bob: 3000 + 1000 + 2000 = 6000.
    expect(data[1]).toMatchObject({
      key: "social",
      name: "社交平台",
      views: 2_500,
      clicks: 129,
      visitors: 1_900,
      orders: 16,
      gmv: 360_000,
      refunds: 50_000,
      netGmv: 310_000,
      cost: {
        total: 136_000,
        slotFee: 100_000,
        commission: 28_000,
        adSpend: 2_000,
        coupons: 1_000,
        samples: 5_000,
      },
      roas: 360_000 / 136_000,
      netRoas: 310_000 / 136_000,
      conversionRate: 16 / 129,
      gpm: 144_000,
    });
    expect(totals).toMatchObject({
      views: 2_600,
      orders: 36,
      gmv: 760_001,
      cost: { total: 136_000 },
    });
    const [, , bob] = report(entriesOf(facts, "creator", "en")).data;
    expect(bob).toMatchObject({ key: "b", name: "b", small: true });
    expect(report(entriesOf(facts, "creator", "en")).data[0]).toMatchObject({
      key: "none",
      name: "Not given",
    });
  });

  it("books opens where they landed, orders where they were made, an alliance's on its room", ({
    expect,
  }) => {
    const { data } = report(entriesOf(facts, "destination", "zh-CN"));
    expect(data.map(({ key, views, gmv, visitors }) => [key, views, gmv, visitors])).toEqual([
      ["jd", 100, 400_001, null],
      ["taobao", 2_500, 360_000, null],
    ]);
  });

  it("has sums over its groups that equal the totals, however it is grouped", ({ expect }) => {
    const amount = fc.nat(1_000_000);
    const name = fc.constantFrom(null, "x", "y", "z", ...inheritedNames);
    const anyFacts = fc
      .array(
        fc.record({
          creator: name,
          channel: name,
          campaign: name,
          views: amount,
          gmv: amount,
          fee: amount,
          rate: fc.nat(10_000),
        }),
        { maxLength: 8 },
      )
      .map(
        (rows): Facts => ({
          links: rows.map(({ creator, channel, campaign }, index) =>
            link(`l${index}`, {
              creator: creator === null ? null : { id: creator },
              channel,
              channelClass: channel,
              campaign,
            }),
          ),
          opened: new Map(
            rows.map(({ views }, index) => [
              `l${index}`,
              { views, clicks: views >> 1, visitors: 1 },
            ]),
          ),
          landed: new Map([
            ["taobao", sumUp(rows.map(({ views }) => ({ views, clicks: views >> 1 })))],
          ]),
          sold: rows.map(({ gmv }, index) => ({
            link: `l${index}`,
            platform: index % 2 ? "jd" : "douyin",
            orders: 1,
            gmv,
            refunds: gmv >> 2,
            commission: 7,
          })),
          costs: rows.map(({ fee, rate }, index) => ({
            slug: `l${index}`,
            costs: index % 2 ? { slotFee: fee, commissionRate: rate } : { samples: fee },
            spent: index,
          })),
          names: new Map(),
        }),
      );
    fc.assert(
      fc.property(anyFacts, fc.constantFrom(...linkGroupings), (given, groupBy) => {
        const { data, totals } = report(entriesOf(given, groupBy, "en"));
        for (const field of ["views", "clicks", "orders", "gmv", "refunds", "netGmv"] as const) {
          expect(data.reduce((sum, row) => sum + row[field], 0)).toBe(totals[field]);
        }
        for (const part of Object.keys(totals.cost) as (keyof typeof totals.cost)[]) {
          expect(data.reduce((sum, row) => sum + row.cost[part], 0)).toBe(totals.cost[part]);
        }
        const byLink = report(entriesOf(given, "link", "en")).totals;
        expect([totals.views, totals.gmv, totals.cost]).toEqual([
          byLink.views,
          byLink.gmv,
          byLink.cost,
        ]);
      }),
    );
  });

  it("pays commission on what was kept, to the nearest 分", ({ expect }) => {
    const sold = { gmv: 10_005, refunds: 0, commission: 777 };
    expect(costOf({ commissionRate: 1_000 }, 0, sold).commission).toBe(1_001);
    expect(costOf({ commissionRate: 0 }, 0, sold).commission).toBe(0);
    expect(costOf({}, 0, sold)).toMatchObject({ commission: 777, total: 777 });
  });
});

function sumUp(rows: { views: number; clicks: number }[]) {
  return rows.reduce(
    (sum, row) => ({ views: sum.views + row.views, clicks: sum.clicks + row.clicks }),
    {
      views: 0,
      clicks: 0,
    },
  );
}
