import { describe, it } from "vitest";
import { readPromoters, unknownChannels, withAnswers, withRefusals } from "./promoters.ts";

describe("promoters pasted as a table", () => {
  it("are read with tabs or commas, without heads and empty rows, channels by their key", ({
    expect,
  }) => {
    const { rows } = readPromoters(
      "姓名\t渠道\t短链接\n李主播\t微信群\tLi-1\n\n王小美，小红书\nTeam  wecom",
    );
    expect(rows.map(({ line, name, channel, slug }) => [line, name, channel, slug])).toEqual([
      [2, "李主播", "wechat-group", "li-1"],
      [4, "王小美", "xiaohongshu", ""],
      [5, "Team", "wecom", ""],
    ]);
    expect(rows.every(({ errors }) => errors.length === 0)).toBe(true);
    expect(rows.map(({ link }) => link)).toEqual([
      { creator: { id: "李主播", name: "李主播" }, channel: "wechat-group", slug: "li-1" },
      { creator: { id: "王小美", name: "王小美" }, channel: "xiaohongshu" },
      { creator: { id: "Team", name: "Team" }, channel: "wecom" },
    ]);
  });

  it("with heads carry tiers and the ids that orders bring back", ({ expect }) => {
    const { rows } = readPromoters("达人\t层级\t渠道关系ID\n李主播\t达人\t77");
    expect(rows[0]?.link).toEqual({
      creator: { id: "李主播", name: "李主播", tier: "KOL" },
      promotion: { taobao: { relationId: "77" } },
    });
  });

  it("say by row what is wrong", ({ expect }) => {
    const codes = (text: string) =>
      readPromoters(text).rows.map(({ line, errors }) => [line, ...errors.map(({ code }) => code)]);
    expect(codes("A,,x\nB,,api\nC,,same\nD,,same")).toEqual([
      [1, "bad_slug"],
      [2, "reserved_slug"],
      [3],
      [4, "slug_twice"],
    ]);
    expect(readPromoters("姓名,颜色\nA,红")).toMatchObject({
      rows: [{ line: 2, name: "A", errors: [] }],
      unknown: ["颜色"],
    });
    expect(codes("姓名,层级\n,KOL\nB,KOC")).toEqual([[2, "no_name"], [3]]);
    expect(readPromoters("Ann,,ｌｖ８８").rows[0]?.slug).toBe("lv88");
    expect(codes("A,weibo,a-1,more")).toEqual([[1, "no_column"]]);
    expect(codes("")).toEqual([]);
  });

  it("ask about a channel that nobody knows, once, unless its class is said", ({ expect }) => {
    const { rows } = readPromoters(
      "姓名\t渠道\t渠道类别\nA\t微信裙\nB\t视频号\nC\t微信裙\nD\t门店海报\t自有\nE\t楼宇",
    );
    expect([...unknownChannels(rows)]).toEqual([
      ["微信裙", 2],
      ["楼宇", 1],
    ]);
    const answered = withAnswers(
      rows,
      new Map([
        ["微信裙", { channel: "wechat-group" }],
        ["楼宇", { channelClass: "paid" }],
        ["门店海报", { channelClass: "paid" }],
      ]),
    );
    expect(unknownChannels(answered).size).toBe(0);
    expect(answered.map(({ link }) => link)).toMatchObject([
      { channel: "wechat-group" },
      { channel: "wechat-channels" },
      { channel: "wechat-group" },
      { channel: "门店海报", channelClass: "owned" },
      { channel: "楼宇", channelClass: "paid" },
    ]);
  });

  it("take what the API refused to the row that it names", ({ expect }) => {
    const { rows } = readPromoters("A,,aaa\nB,,bbb");
    const refused = withRefusals(rows, [{ pointer: "/1/slug", message: "x" }], "slug_taken");
    expect(refused.map(({ errors }) => errors.map(({ code }) => code))).toEqual([
      [],
      ["slug_taken"],
    ]);
  });
});
