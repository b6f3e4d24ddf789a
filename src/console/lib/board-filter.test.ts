import "../../../test/browser.ts";
import { describe, it } from "vitest";
import {
  cuts,
  groupings,
  linksCut,
  mergedStats,
  partIn,
  partText,
  slugsOf,
} from "./board-filter.ts";
import type { Stats } from "./client.ts";

const totals = { views: 0, clicks: 0, visitors: 0, orders: 0, gmv: 0 };
const of = (slug: string, fields: object) =>
  ({ slug, totals, rates: {}, by: {}, ...fields }) as unknown as Stats;
const whole = of("", {
  totals: { ...totals, views: 60, clicks: 30, visitors: 50, orders: 4, gmv: 400 },
  recent: { change: { views: 1 } },
  series: { interval: "minute", start: "s", step: 60, views: [30, 30], clicks: [15, 15] },
  by: {
    link: [
      { key: "a", views: 30, clicks: 20, creator: "ann", channel: "wechat" },
      { key: "b", views: 20, clicks: 5, creator: "ann", channel: null },
      { key: "c", views: 10, clicks: 5, creator: null, channel: "wechat" },
    ],
    app: [{ key: "wechat", views: 40, clicks: 20 }],
  },
});
const parts = [
  of("a", {
    totals: { ...totals, views: 30, clicks: 20, visitors: 25, orders: 3, gmv: 300 },
    recent: { change: { views: 9 } },
    series: { interval: "minute", start: "s", step: 60, views: [10, 20], clicks: [5, 15] },
    by: { app: [{ key: "wechat", views: 25, clicks: 18 }] },
  }),
  of("b", {
    totals: { ...totals, views: 20, clicks: 5, visitors: null, orders: 1, gmv: 100 },
    series: { interval: "minute", start: "s", step: 60, views: [20, 0], clicks: [5, 0] },
    by: {
      app: [
        { key: "taobao", views: 15, clicks: 4 },
        { key: "wechat", views: 5, clicks: 1 },
      ],
    },
  }),
];

describe("the board of a part", () => {
  it("is named in the address, and nothing else is a part", ({ expect }) => {
    const part = partIn("creator:陈:大厨", groupings);
    expect(part).toEqual({ kind: "creator", key: "陈:大厨" });
    expect(part && partText(part)).toBe("creator:陈:大厨");
    for (const text of ["", "creator", "constructor:x", "app:x"]) {
      expect(partIn(text, groupings)).toBeUndefined();
    }
    expect(partIn("region:GD", cuts)).toEqual({ kind: "region", key: "GD" });
  });

  it("has the links of a promoter, a channel, nobody", ({ expect }) => {
    expect(slugsOf(whole, { kind: "creator", key: "ann" })).toEqual(["a", "b"]);
    expect(slugsOf(whole, { kind: "channel", key: "wechat" })).toEqual(["a", "c"]);
    expect(slugsOf(whole, { kind: "creator", key: "none" })).toEqual(["c"]);
    expect(slugsOf(whole, { kind: "link", key: "b" })).toEqual(["b"]);
    expect(slugsOf(whole, undefined)).toEqual(["a", "b", "c"]);
  });

  it("sums what its links have, and does not know what one of them does not", ({ expect }) => {
    const merged = mergedStats(whole, parts);
    expect(merged.totals).toMatchObject({
      ...{ views: 50, clicks: 25, visitors: null, orders: 4, gmv: 400 },
    });
    expect(merged.rates).toEqual({ clickThrough: 0.5, conversion: 0.16 });
    expect(merged.series).toMatchObject({ views: [30, 20], clicks: [10, 15] });
    expect(merged.by.app).toEqual([
      { key: "wechat", views: 30, clicks: 19 },
      { key: "taobao", views: 15, clicks: 4 },
    ]);
    expect(merged.by.link?.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(merged.recent?.change).toBeNull();
    expect(mergedStats(whole, parts.slice(0, 1)).recent?.change).toEqual({ views: 9 });
  });

  it("of an app has each link's share of it", ({ expect }) => {
    const cut = linksCut(whole, parts, { kind: "app", key: "wechat" });
    expect(cut.totals).toMatchObject({ views: 40, clicks: 20 });
    expect(cut.by.link).toMatchObject([
      { key: "a", views: 25, clicks: 18 },
      { key: "b", views: 5, clicks: 1 },
    ]);
    expect(linksCut(whole, parts, { kind: "app", key: "none" }).by.link).toMatchObject([
      { views: 0 },
      { views: 0 },
    ]);
  });
});
