/**
 * @module The start of a broadcast as a calendar entry (RFC 5545), by hand: one event and one reminder are a dozen
 * lines, and a library of all of iCalendar weighs a quarter of the edge.
 */
import type { StreamRecord } from "../model/edge-records.ts";
import { texts } from "./text.ts";

/** RFC 5545 §3.3.5, form 2: `20261120T120000Z`. */
const moment = (at: number): string => new Date(at).toISOString().replace(/\.\d+|[-:]/g, "");

/** RFC 5545 §3.3.11; other control characters can't stand in a text. */
const escaped = (text: string): string =>
  text
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r?\n/g, "\\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "");

const octets = 75;

/** RFC 5545 §3.1: lines of at most 75 octets, cut between characters, a blank before each that goes on. */
function folded(line: string): string {
  const parts: string[] = [""];
  let room = octets;
  for (const character of line) {
    const size = new TextEncoder().encode(character).length;
    if (size > room) {
      parts.push("");
      room = octets - 1;
    }
    parts.push(parts.pop() + character);
    room -= size;
  }
  return parts.join("\r\n ");
}

/**
 * @param shortUrl where the entry leads
 * @param startsAt UTC ms
 * @param now UTC ms
 * @returns the file's text; the entry has no end when the stream has none
 */
export function renderCalendar(
  { title, host, endsAt, id, version }: StreamRecord,
  shortUrl: string,
  startsAt: number,
  now: number,
): string {
  const about = [host && `${texts["zh-CN"].host} · ${host}`, shortUrl].filter(Boolean).join("\n");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Moongate//Moongate//ZH",
    "BEGIN:VEVENT",
    `UID:${id}@${new URL(shortUrl).hostname}`,
    // A later version of the stream takes the entry's place.
    `SEQUENCE:${version}`,
    `DTSTAMP:${moment(now)}`,
    `DTSTART:${moment(startsAt)}`,
    ...(endsAt === undefined ? [] : [`DTEND:${moment(endsAt)}`]),
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(about)}`,
    `URL;VALUE=URI:${shortUrl}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    "TRIGGER:-PT10M",
    `DESCRIPTION:${escaped(title)}`,
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}
