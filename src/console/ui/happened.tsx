/** @module What happened during a broadcast: in a few letters on its curve, and in words beneath it. */
import type { JSX } from "preact";
import { clock, short, whole } from "../lib/format.ts";
import type { Mark, StreamEvent } from "../lib/marks.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { boardTexts } from "../pages/board.text.ts";

const texts = {
  "zh-CN": {
    marks: {
      "stream.live": "开播",
      "stream.ended": "结束",
      "destination.changed": "改去向",
      "order.first": "首单",
      "views.milestone": "里程碑",
      "clicks.fell": "点击骤降",
      "destination.error": "去向异常",
    },
    byHand: "（手动）",
    changed: (of: string, before: string, after: string) => `${of}改为${after}（原为${before}）`,
    ofStream: "直播的去向",
    ofLink: (slug: string) => `/${slug} 的专用去向`,
    nothing: "无",
    first: "这一小时的首单",
    milestone: (views: string) => `浏览达到 ${views}`,
    fell: (last: string, previous: string) => `点击骤降：10 分钟 ${last} 次，之前 ${previous} 次`,
    failing: (platform: string, status: number | undefined) =>
      `${platform}去向打不开：返回 ${status ?? ""}`,
  },
  en: {
    marks: {
      "stream.live": "start",
      "stream.ended": "end",
      "destination.changed": "destination",
      "order.first": "first order",
      "views.milestone": "milestone",
      "clicks.fell": "clicks fell",
      "destination.error": "fails",
    },
    byHand: " (by hand)",
    changed: (of: string, before: string, after: string) => `${of}: ${after} (was ${before})`,
    ofStream: "Destination",
    ofLink: (slug: string) => `Destination of /${slug}`,
    nothing: "none",
    first: "First order of the hour",
    milestone: (views: string) => `${views} views`,
    fell: (last: string, previous: string) =>
      `Clicks fell: ${last} in ten minutes, ${previous} before`,
    failing: (platform: string, status: number | undefined) =>
      `The ${platform} destination fails: it answers ${status ?? ""}`,
  },
};

/** What a mark says on the curve: each kind once. */
export const markText = ({ events }: Mark): string => {
  const { marks } = inLanguage(texts);
  return [...new Set(events.map(({ type }) => marks[type]))].join(" ");
};

function eventText(event: StreamEvent): string {
  const t = inLanguage(texts);
  const { type, slug, platforms, platform = "", status, milestone = 0, clicks } = event;
  const names = (all: readonly string[]) =>
    all.map((one) => nameOf("destination", one)).join(" · ") || t.nothing;
  switch (type) {
    case "stream.live":
    case "stream.ended":
      return `${t.marks[type]}${event.cause === "hand" ? t.byHand : ""}`;
    case "destination.changed":
      return t.changed(
        slug ? t.ofLink(slug) : t.ofStream,
        names(platforms?.before ?? []),
        names(platforms?.after ?? []),
      );
    case "order.first":
      return t.first;
    case "views.milestone":
      return t.milestone(short(milestone));
    case "clicks.fell":
      return t.fell(whole(clicks?.last), whole(clicks?.previous));
    case "destination.error":
      return t.failing(nameOf("destination", platform), status);
  }
}

interface HappenedProps {
  events: readonly StreamEvent[];
  timeZone: string;
}

/** The newest first. */
export function Happened({ events, timeZone }: HappenedProps): JSX.Element | null {
  if (events.length === 0) return null;
  return (
    <details class="happened">
      <summary>
        {inLanguage(boardTexts).happened} <span class="soft figures">{events.length}</span>
      </summary>
      <ol>
        {events.toReversed().map((event) => (
          <li key={`${event.at} ${event.type} ${event.slug}`} data-event={event.type}>
            <span class="soft figures">{clock(Date.parse(event.at), timeZone)}</span>{" "}
            {eventText(event)}
          </li>
        ))}
      </ol>
    </details>
  );
}
