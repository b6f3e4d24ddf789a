import { it } from "vitest";
import type { Returned } from "./store.ts";
import { returnsOf } from "./told.ts";

const asOf = Date.parse("2026-11-25T12:00:00Z");
const row = (more: Partial<Returned>): Returned => ({
  slug: "abc",
  stream: "st_1",
  day: "2026-11-25",
  source: "taobao",
  connection: "cn_1",
  key: "￥AbCd12EfGh￥",
  pv: 10,
  uv: 8,
  asOf,
  ...more,
});
const link = { slug: "abc", creator: "mao", channel: "wechat-group", copies: 30 };

it("days are summed, and the codes of a link; of what two accounts were told the larger is taken", ({
  expect,
}) => {
  const told = [
    row({}),
    row({ connection: "cn_2", pv: 0, uv: 0 }),
    row({ key: "￥NeWc0de00￥", pv: 5, uv: 4, asOf: asOf + 1_000 }),
    row({ day: "2026-11-24", pv: 3, uv: 3, asOf: asOf - 86_400_000 }),
  ];
  expect(returnsOf([link], told)).toEqual([
    {
      ...link,
      source: "taobao",
      pv: 18,
      uv: 15,
      asOf: "2026-11-25T12:00:01.000Z",
      days: [
        { day: "2026-11-24", pv: 3, uv: 3 },
        { day: "2026-11-25", pv: 15, uv: 12 },
      ],
    },
  ]);
});

it("a link of which nothing is known has null, the most copied first", ({ expect }) => {
  const other = { slug: "def", creator: null, channel: null, copies: 40 };
  expect(returnsOf([link, other], []).map(({ slug, source, pv }) => [slug, source, pv])).toEqual([
    ["def", null, null],
    ["abc", null, null],
  ]);
});

it("who entered WeChat's room stands in a row of its own, without copies", ({ expect }) => {
  const rows = returnsOf([link], [row({ source: "wechat", key: "wx1/live", pv: 7, uv: 5 })]);
  expect(rows.map(({ source, copies, pv }) => [source, copies, pv])).toEqual([
    [null, 30, null],
    ["wechat", null, 7],
  ]);
});
