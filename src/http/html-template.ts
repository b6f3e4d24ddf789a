/**
 * @module A page that is made once and sent to many: bytes, with holes for what is each answer's own.
 * A hole's mark begins with `<`, which no stored text shows unescaped.
 */
import { raw } from "hono/html";

export type Hole = "live" | "token";

const mark = (hole: Hole): string => `<@${hole}@>`;
const marks = /<@(live|token)@>/;

/** Stands in markup for what {@link fill} puts there. */
export const holes = { live: raw(mark("live")), token: raw(mark("token")) };

/** A page whose holes are filled: whoever has values of the same lengths puts his in. */
interface Laid {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where holes are, from the first. */
  places: readonly { hole: Hole; at: number }[];
  /** What holes are filled with, of the length that they have here; written anew by each filling. */
  values: Record<Hole, Uint8Array>;
}

export interface Template {
  /** Text between the holes. */
  parts: readonly string[];
  /** Between the parts, one fewer. */
  holes: readonly Hole[];
  /** Bytes that it takes here. */
  bytes: number;
  laid?: Laid;
}

const encoder = new TextEncoder();

export function template(markup: string): Template {
  const pieces = markup.split(marks);
  const parts = pieces.filter((_, index) => index % 2 === 0);
  const between = pieces.filter((_, index) => index % 2 === 1) as Hole[];
  // As text, of two bytes a character, and laid out, of three a character at most.
  return { parts, holes: between, bytes: markup.length * 5 };
}

function layOut({ parts, holes: between }: Template, values: Record<Hole, string>): Laid {
  const encoded = { live: encoder.encode(values.live), token: encoder.encode(values.token) };
  const places: { hole: Hole; at: number }[] = [];
  let text = "";
  let at = 0;
  for (const [index, part] of parts.entries()) {
    text += part;
    at += encoder.encode(part).length;
    const hole = between[index];
    if (hole === undefined) continue;
    places.push({ hole, at });
    text += values[hole];
    at += encoded[hole].length;
  }
  return { bytes: new Uint8Array(encoder.encode(text)), places, values: encoded };
}

/**
 * @param values ASCII
 * @returns the page's own bytes, good until it is filled again
 */
export function fill(page: Template, values: Record<Hole, string>): Uint8Array<ArrayBuffer> {
  const { live, token } = values;
  let { laid } = page;
  if (laid?.values.live.length !== live.length || laid.values.token.length !== token.length) {
    laid = layOut(page, values);
    page.laid = laid;
  }
  write(live, laid.values.live);
  write(token, laid.values.token);
  for (const { hole, at } of laid.places) laid.bytes.set(laid.values[hole], at);
  return laid.bytes;
}

function write(text: string, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index);
}
