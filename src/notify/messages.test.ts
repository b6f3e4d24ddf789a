import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { robots } from "./channels/index.ts";
import type { NotifyEvent } from "./events.ts";
import { blockOf, oneLine, withKeyword } from "./messages.ts";

describe("what a robot says", () => {
  const about = { streamId: "st_1", title: "双11", host: "薇*安", timezone: "Asia/Shanghai" };
  const milestone: NotifyEvent = {
    id: "evt_1",
    type: "views.milestone",
    at: Date.parse("2026-11-20T12:00:00Z"),
    stream: about,
    details: { milestone: 10_000, views: 10_003 },
  };

  it("names stream, time on its clock and figures, in both languages", ({ expect }) => {
    expect(blockOf(milestone, "zh-CN")).toEqual({
      title: "【浏览突破 10,000】双11",
      lines: ["时间：2026-11-20 20:00", "主播：薇*安", "浏览已达 10,003 次（里程碑 10,000）"],
    });
    expect(blockOf(milestone, "en").title).toBe("【10,000 views reached】双11");
  });

  it("has the keyword once", ({ expect }) => {
    const block = blockOf(milestone, "zh-CN");
    expect(withKeyword([block], "浏览")[0]?.title).toBe(block.title);
    expect(withKeyword([block], "战报")[0]?.title).toBe(`战报 ${block.title}`);
    expect(withKeyword([block], null)).toEqual([block]);
  });

  it("takes out of others' words what would break or bend a line", ({ expect }) => {
    expect(oneLine("a\n\u202eb\u200bc\u0000d")).toBe("a b c d");
    expect([...oneLine("长".repeat(100))]).toHaveLength(60);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it("escapes Markdown, and no mention of a person comes through", ({ expect }) => {
    const blocks = [{ title: "**x** <@all>", lines: ["[a](b) `c` <at user_id=all>"] }];
    for (const robot of [robots.dingtalk, robots.wecom]) {
      const { markdown } = robot.write(blocks) as { markdown: { text?: string; content?: string } };
      const body = markdown.text ?? markdown.content;
      expect(body).toContain("＜@all＞");
      expect(body).not.toMatch(/<@|<at|\*\*x\*\*|\[a\]\(/);
    }
    expect(JSON.stringify(robots.feishu.write(blocks))).toContain('"tag":"text"');
  });
});
