/**
 * @module A workerd configuration as the text that workerd reads. Objects are structs, arrays lists; names are
 * those of workerd.capnp.
 */

export type Value =
  | string
  | number
  | boolean
  | Uint8Array
  | Embed
  | Enumerant
  | readonly Value[]
  | Struct;
export interface Struct {
  // biome-ignore lint/plugin: fields of workerd.capnp, gone through at once
  readonly [field: string]: Value | undefined;
}

/** The bytes of a file, which workerd reads itself. */
export class Embed {
  /** Absolute; workerd is given `/` as a place of imports. */
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

/** A name of the schema's own, which is no text. */
export class Enumerant {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const escapes = new Map([
  ["\\", "\\\\"],
  ['"', '\\"'],
  ["\n", "\\n"],
]);

/** Control characters, quotes and backslashes escaped; everything else is UTF-8 as it is. */
function quoted(text: string): string {
  const escaped = text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
    /[\\"\x00-\x1f\x7f]/g,
    (character) =>
      escapes.get(character) ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `"${escaped}"`;
}

/** @returns the value in Cap'n Proto's text form; fields that are `undefined` are left out */
export function capnp(value: Value): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  if (value instanceof Uint8Array) return `0x"${Buffer.from(value).toString("hex")}"`;
  if (value instanceof Embed) return `embed ${quoted(value.path)}`;
  if (value instanceof Enumerant) return value.name;
  if (Array.isArray(value)) return `[${value.map(capnp).join(", ")}]`;
  const fields = Object.entries(value as Struct).flatMap(([name, field]) =>
    field === undefined ? [] : [`${name} = ${capnp(field)}`],
  );
  return `(${fields.join(", ")})`;
}
