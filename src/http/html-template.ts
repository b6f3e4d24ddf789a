/**
 * @module A page that is made once and sent to many: bytes, with holes for what is each answer's own.
 * A hole's mark begins with `<`, which no stored text shows unescaped.
 */
import { raw } from "hono/html";

export type Hole = "nonce" | "live" | "token";

const mark = (hole: Hole): string => `<@${hole}@>`;
const marks = /<@(nonce|live|token)@>/;

/** Stands in markup for what {@link fill} puts there. */
export const holes = {
  nonce: raw(mark("nonce")),
  live: raw(mark("live")),
  token: raw(mark("token")),
};

export interface Template {
  /** Text between the holes, as UTF-8. */
  parts: readonly Uint8Array[];
  /** Between the parts, one fewer. */
  holes: readonly Hole[];
  size: number;
}

const encoder = new TextEncoder();

export function template(markup: string): Template {
  const pieces = markup.split(marks);
  const parts = pieces.filter((_, index) => index % 2 === 0).map((text) => encoder.encode(text));
  const between = pieces.filter((_, index) => index % 2 === 1) as Hole[];
  return { parts, holes: between, size: parts.reduce((sum, { length }) => sum + length, 0) };
}

/** @param values ASCII */
export function fill(
  { parts, holes: between, size }: Template,
  values: Record<Hole, string>,
): Uint8Array {
  const length = between.reduce((sum, hole) => sum + values[hole].length, size);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    whole.set(part, at);
    at += part.length;
    const hole = between[index];
    if (hole === undefined) continue;
    encoder.encodeInto(values[hole], whole.subarray(at));
    at += values[hole].length;
  }
  return whole;
}
