/** @module Readers of settings: from a text to what it says, or `null` where it says nothing of the kind. */

/** What a text says. Of a list, `leftOut` are the entries that are wrong, counted from 1. */
export interface Said<T> {
  value: T;
  leftOut?: readonly number[];
}

/** `null`: the text is wrong as a whole, and has no effect. */
export type Reader<T> = (text: string) => Said<T> | null;

const said = <T>(value: T | null): Said<T> | null => (value === null ? null : { value });

/** What a function makes of a text, which gives `null` for a wrong one. */
export const made =
  <T>(make: (text: string) => T | null): Reader<T> =>
  (text) =>
    said(make(text));

/** A text of a shape. */
export const shaped =
  (shape: RegExp): Reader<string> =>
  (text) =>
    said(shape.test(text) ? text : null);

/** One line of at most so many characters, for people. */
export const lineOf = (most: number): Reader<string> =>
  made((text) => (text.length <= most && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) ? text : null));

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Reader<T> =>
  (text) =>
    said(allowed.find((value) => value === text) ?? null);

interface Range {
  from?: number;
  above?: number;
  to?: number;
  isWhole?: boolean;
  /** What the number is multiplied by: its unit in ms. */
  unit?: number;
}

export const numberIn =
  ({ from, above, to, isWhole = false, unit = 1 }: Range): Reader<number> =>
  (text) => {
    const number = Number(text);
    const isIn =
      Number.isFinite(number) &&
      number >= (from ?? Number.NEGATIVE_INFINITY) &&
      number > (above ?? Number.NEGATIVE_INFINITY) &&
      number <= (to ?? Number.POSITIVE_INFINITY) &&
      (!isWhole || Number.isInteger(number));
    return said(isIn ? number * unit : null);
  };

/** Entries separated by commas: a wrong one is left out, the others count. */
export const listOf =
  <T>(readEntry: (entry: string) => T | null): Reader<readonly T[]> =>
  (text) => {
    const entries = text
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
    const read = entries.map(readEntry);
    return {
      value: read.flatMap((entry) => (entry === null ? [] : [entry])),
      leftOut: read.flatMap((entry, index) => (entry === null ? [index + 1] : [])),
    };
  };

/** An origin and nothing beside it, as browsers write it: in small letters, without a port that goes without saying. */
export function originOf(text: string): string | null {
  if (!/^https?:\/\/[^/?#@\s]+\/*$/i.test(text) || !URL.canParse(text)) return null;
  return new URL(text).origin;
}

export function hostName(text: string): string | null {
  const name = text.toLowerCase();
  const isName = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name) && !/^[\d.]+$/.test(name);
  return isName && name.length <= 253 ? name : null;
}

/** Where a webhook may go: a host name stands for https on its own port, an origin for itself. */
export function receiver(text: string): string | null {
  return originOf(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text) ? `https://${text}` : text);
}

/** An edge elsewhere, and the secret that it signs with. */
export interface EdgeSecret {
  name: string;
  secret: string;
}

/** `shanghai-1=…`: 20 characters of secret at least; the same text on both sides. */
export function edgeSecret(text: string): EdgeSecret | null {
  const [, name, secret] =
    /^([a-z0-9][a-z0-9-]{0,39})=([\x21-\x2b\x2d-\x7e]{20,256})$/.exec(text) ?? [];
  return name && secret ? { name, secret } : null;
}

/** Addresses of one's own networks (RFC 1918, 4193, 6598) and of this machine, as a URL has them. */
const ownNetwork =
  /^(?:localhost|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.[\d.]+|\[::1\]|\[f[cd][0-9a-f]{2}:[0-9a-f:]*\])$/;

/** An origin whose answers nobody on the way can read or write: https, or an address of one's own network. */
export function safeOrigin(text: string): string | null {
  const origin = originOf(text);
  if (origin === null) return null;
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || ownNetwork.test(hostname) ? origin : null;
}

/** A URL that more path is written after: without query, fragment and slashes at its end. */
export function baseUrl(text: string): string | null {
  if (!/^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/i.test(text) || !URL.canParse(text)) return null;
  let end = text.length;
  while (text[end - 1] === "/") end -= 1;
  return text.slice(0, end);
}

const proofShape = /^((?:MP|WW)_verify_([A-Za-z0-9_-]{1,64})\.txt)(?:=([\x21-\x7e]{1,256}))?$/;

/** A proof file and what it holds: the code in its name, unless the entry says otherwise. */
export function proofFile(text: string): readonly [name: string, content: string] | null {
  const [, name, code, content = code] = proofShape.exec(text) ?? [];
  return name && content ? [name, content] : null;
}
