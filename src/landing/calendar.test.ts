import ical from "ical-generator";
import { describe, it } from "vitest";
import type { StreamRecord } from "../model/edge-records.ts";
import { renderCalendar } from "./calendar.ts";

const start = Date.UTC(2026, 10, 20, 12);
const stream = (more: Partial<StreamRecord> = {}): StreamRecord => ({
  ...{ id: "st_1", version: 3, title: "双十一，开播", host: "李佳; 小王, 与\n友人\\" },
  ...{ timezone: "Asia/Shanghai", secret: "s", destinations: [], primary: "taobao" },
  ...{ landing: "auto", durability: "fast", shards: 1 },
  ...more,
});
const url = "https://go.example.cn/abc";
const linesOf = (text: string) => text.replaceAll("\r\n ", "").split("\r\n");

describe("a calendar entry", () => {
  it("says what a library of iCalendar says of the same", ({ expect }) => {
    const { title, host } = stream();
    const theirs = ical({ prodId: "-//Moongate//Moongate//ZH" });
    const description = `主播 · ${host}\n${url}`;
    theirs.createEvent({
      id: "st_1@go.example.cn",
      sequence: 3,
      start: new Date(start),
      end: new Date(start + 1),
      stamp: new Date(7),
      summary: title,
      description,
      url,
    });
    const known = new Set(linesOf(theirs.toString()));
    const ours = linesOf(renderCalendar(stream({ endsAt: start + 1 }), url, start, 7));
    const event = ours.slice(ours.indexOf("BEGIN:VEVENT"), ours.indexOf("BEGIN:VALARM"));
    expect(event.filter((line) => !known.has(line))).toEqual([]);
  });

  it("has lines of at most 75 octets that go on as they were, and no character cut", ({
    expect,
  }) => {
    const title = `${"a".repeat(63)}😀，${"直播".repeat(60)}`;
    const text = renderCalendar(stream({ title }), url, start, 0);
    for (const line of text.split("\r\n")) {
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
      expect(line.isWellFormed()).toBe(true);
    }
    expect(linesOf(text)).toContain(`SUMMARY:${title}`);
  });

  it("takes no line that a title would begin", ({ expect }) => {
    const text = renderCalendar(stream({ title: "a\r\nEND:VEVENT\rX:\u0000b" }), url, start, 0);
    expect(linesOf(text)).toContain("SUMMARY:a\\nEND:VEVENTX:b");
    expect(text.match(/END:VEVENT\r\n/g)).toHaveLength(1);
  });
});
