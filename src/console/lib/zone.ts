/** @module From a `datetime-local` field to an instant and back, in the stream's time zone. Pure. */

/** Minutes that a zone is ahead of UTC at an instant. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return Math.round((local - Math.floor(at / 1_000) * 1_000) / 60_000);
}

/** `2026-11-20T20:00` in a zone, as RFC 3339; `undefined` for an empty field. */
export function instantOf(local: string, timeZone: string): string | undefined {
  if (local === "") return undefined;
  const asUtc = Date.parse(`${local}Z`);
  const guess = asUtc - offsetAt(asUtc, timeZone) * 60_000;
  return new Date(asUtc - offsetAt(guess, timeZone) * 60_000).toISOString();
}

/** An instant as a `datetime-local` field shows it. */
export function localOf(at: string | null, timeZone: string): string {
  if (at === null) return "";
  const ms = Date.parse(at);
  return new Date(ms + offsetAt(ms, timeZone) * 60_000).toISOString().slice(0, 16);
}
