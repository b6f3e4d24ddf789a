/** @module The start of a broadcast as a calendar entry (RFC 5545). */
import ical, { ICalAlarmType } from "ical-generator";
import type { StreamRecord } from "../model/edge-records.ts";
import { texts } from "./text.ts";

/** A reminder this long before the start, seconds. */
const reminder = 600;

/**
 * @param shortUrl where the entry leads
 * @param startsAt UTC ms
 * @returns the file's text; the entry has no end when the stream has none
 */
export function renderCalendar(stream: StreamRecord, shortUrl: string, startsAt: number): string {
  const { title, host, endsAt, id, version } = stream;
  const calendar = ical({ prodId: { company: "Moongate", product: "Moongate", language: "ZH" } });
  calendar.createEvent({
    id: `${id}@${new URL(shortUrl).hostname}`,
    // A later version of the stream takes the entry's place.
    sequence: version,
    start: new Date(startsAt),
    ...(endsAt === undefined ? {} : { end: new Date(endsAt) }),
    summary: title,
    description: [host && `${texts["zh-CN"].host} · ${host}`, shortUrl].filter(Boolean).join("\n"),
    url: shortUrl,
    alarms: [{ type: ICalAlarmType.display, trigger: reminder }],
  });
  return calendar.toString();
}
