/** @module Text to paste into a chat: title, time, short link, and the platform's own 口令 when there is one. */

import { primaryOf } from "../decision/decide.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { isEarly, type Phase, phaseOf } from "../model/phase.ts";
import { platformOf } from "../platforms/registry/edge.ts";
import { momentIn, texts } from "./text.ts";

/**
 * @param shortUrl the link that the text carries
 * @param now UTC ms
 */
export function shareText(
  stream: StreamRecord,
  link: LinkRecord,
  shortUrl: string,
  now: number,
): string {
  const text = texts["zh-CN"];
  const { title, host, startsAt, timezone } = stream;
  const moment: Record<Phase, string | undefined> = {
    upcoming:
      startsAt === undefined ? text.upcoming : `${momentIn("zh-CN", startsAt, timezone)} 开播`,
    live: isEarly(stream, now) ? text.early : text.shareLive,
    ended: text.ended,
  };
  const phase = phaseOf(stream, now);
  const about = [host && !title.includes(host) ? host : undefined, moment[phase]];
  const destination = primaryOf(stream, link);
  // What a platform's app reads from the clipboard is of no use once the room is closed.
  const code = phase === "ended" ? undefined : destination.shareText;
  return [
    `${link.adLabel ? `【${text.ad}】` : ""}【${title}】`,
    about.filter(Boolean).join(" · "),
    text.shareOpen(shortUrl),
    ...(code ? [text.shareCode(platformOf(destination.platform).label.zh), code] : []),
  ]
    .filter((line) => line !== "")
    .join("\n");
}
