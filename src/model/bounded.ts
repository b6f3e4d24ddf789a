/**
 * @module Strings that the API takes. Each has a length before a pattern, a refinement or a transformation
 * sees it: zod goes on with a string's checks after one has failed, unless that one aborts.
 */
import { z } from "@hono/zod-openapi";
import { cut } from "../lib/cut.ts";

/**
 * A string of at most so many characters. A longer one is refused by its length alone.
 *
 * @param error what is said when it is no string
 */
export const text = (most: number, error?: string) => z.string(error).max(most, { abort: true });

/** White space around and between the words of a field, which is taken off before its length counts. */
const spacesAtMost = 200;

/** The same without white space around it, of which there may be some. */
export const trimmed = (most: number) =>
  text(most + spacesAtMost)
    .trim()
    .min(1)
    .max(most, { abort: true });

/** Longer than whatever a pattern of ours takes, so that who is a little over it reads what is expected. */
const shapedAtMost = 100;

/** A string of one shape. */
export const shaped = (shape: RegExp, message?: string) => text(shapedAtMost).regex(shape, message);

/** What no text for people needs, and XML and calendars have no place for. */
const control = /[^\t\n\r\u0020-\u007e\u0080-\ufffd]/;

const controls = /[^\t\n\r\u0020-\u007e\u0080-\ufffd]/g;

/** Text for people. A lone surrogate would be stored as something else. */
export const words = (most: number) =>
  trimmed(most)
    .refine((given) => given.isWellFormed(), "Expected well-formed Unicode text.")
    .refine((given) => !control.test(given), "Expected text without control characters.");

const isBroken = (spaces: string) => /[\r\n\u2028\u2029]/.test(spaces);

/** The same in one line: a break in it, with the spaces around, becomes one space. */
export const line = (most: number) =>
  text(most + spacesAtMost)
    .transform((given) => given.replace(/\s+/g, (spaces) => (isBroken(spaces) ? " " : spaces)))
    .pipe(words(most))
    .openapi({ maxLength: most });

/** Made once for each length: making one takes a third of a millisecond, and files have 100,000 lines. */
const lines = new Map<number, ReturnType<typeof line>>();

/**
 * What of somebody else's text is a line of at most so many characters, for a field that a request left out.
 *
 * @returns `undefined` when nothing is left
 */
export function asLine(given: string | undefined, most: number): string | undefined {
  const plain = (given ?? "").toWellFormed().replace(controls, " ").trim();
  const schema = lines.get(most) ?? line(most);
  lines.set(most, schema);
  const read = schema.safeParse(cut(plain, most).trim());
  return read.success ? read.data : undefined;
}

const dayInMs = 86_400_000;

/** A time as it is kept, UTC ms: those that {@link moment} can name, with an offset of a day at most. */
export const instant = z
  .int("Expected a time, UTC in milliseconds.")
  .min(Date.parse("0000-01-01T00:00:00Z") - dayInMs)
  .max(Date.parse("9999-12-31T23:59:59.999Z") + dayInMs);

/** A clock that runs ahead writes times to come, but not of tomorrow. */
export const past = instant.min(0).refine(isOver, "Expected a time that is over.");

/** The same of what somebody planned, who may have planned it for any year. */
export const pastPlan = instant.refine(isOver, "Expected a time that is over.");

function isOver(at: number): boolean {
  return at <= Date.now() + dayInMs;
}

/** An RFC 3339 time, as UTC ms. */
export const moment = text(64)
  .check(
    z.iso.datetime({
      offset: true,
      error: "Expected an RFC 3339 time with an offset, such as 2026-11-20T20:00:00+08:00.",
    }),
  )
  .transform((given) => Date.parse(given));

/** An id in a path: a longer one is nobody's. */
export const IdParams = z.object({ id: text(200) });

/** A slug in a path, in any case. */
export const SlugParams = z.object({ slug: text(200).transform((given) => given.toLowerCase()) });
