import { describe, it } from "vitest";
import { linksOfRows } from "./links-table.ts";

const links = (rows: string[][]) => {
  const read = linksOfRows(rows);
  const mistakes = [...read.unknown, ...read.errors];
  return mistakes.length > 0 ? mistakes : read.links.map(({ link }) => link);
};

describe("a pasted table of links", () => {
  it("is read by its headers, in Chinese or English", ({ expect }) => {
    expect(
      links([
        ["达人", "层级", "渠道", "短链", "标签", "渠道关系ID", "备注"],
        ["李主播", "达人", "wechat-group", "https://go.example.cn/li", "a，b", "\t77", "-"],
        ["", "", "", "", "", "", ""],
        ["Ann", "koc", "weibo", "", "", "", "x"],
      ]),
    ).toEqual([
      {
        creator: { name: "李主播", id: "李主播", tier: "KOL" },
        channel: "wechat-group",
        slug: "li",
        tags: ["a", "b"],
        promotion: { taobao: { relationId: "77" } },
      },
      { creator: { name: "Ann", id: "Ann", tier: "KOC" }, channel: "weibo", note: "x" },
    ]);
    expect(
      links([
        ["creatorId", "name", "expiresAt"],
        ["k1", "Ann", "2026-12-01T00:00:00Z"],
      ]),
    ).toEqual([{ creator: { id: "k1", name: "Ann" }, expiresAt: "2026-12-01T00:00:00Z" }]);
  });

  it("takes known channels in people's words", ({ expect }) => {
    expect(
      links([
        ["李主播", "视频号"],
        ["小红", "Ｂ站"],
        ["小明", "微信裙"],
      ]),
    ).toMatchObject([
      { channel: "wechat-channels" },
      { channel: "bilibili" },
      { channel: "微信裙" },
    ]);
  });

  it("without headers is name, channel, slug", ({ expect }) => {
    expect(links([["李主播", "wechat-group", "li"], ["小红"]])).toEqual([
      { creator: { name: "李主播", id: "李主播" }, channel: "wechat-group", slug: "li" },
      { creator: { name: "小红", id: "小红" } },
    ]);
  });

  it("names every mistake by its row and column, and makes nothing", ({ expect }) => {
    expect(
      links([
        ["name", "colour", "名称"],
        ["a", "red", "b"],
      ]),
    ).toMatchObject([
      { row: 1, column: "colour" },
      { row: 1, column: "名称" },
    ]);
    expect(
      links([
        ["name", "tier"],
        ["", "KOL"],
      ]),
    ).toMatchObject([{ row: 2, column: "creator.tier" }]);
    expect(links([["a", "b", "c", "d"]])).toMatchObject([{ row: 1, column: "4" }]);
    expect(links([])).toMatchObject([{ message: "The table is empty." }]);
    expect(links([["name"]])).toMatchObject([{ row: 1 }]);
    const many = Array.from({ length: 501 }, (_, index) => [`n${index}`]);
    expect(links(many)).toMatchObject([{ row: 501 }]);
  });
});
