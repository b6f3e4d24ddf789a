/** @module The OpenAPI document as the tests use it: values made from its schemas, and answers checked by them. */

import { z } from "zod";
import { inheritedNames } from "../names.ts";
import { fc } from "../properties.ts";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
  [key: string]: unknown;
}

interface Media {
  schema?: Schema;
}
export interface Operation {
  parameters?: { name: string; in: string; schema?: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media> }>;
  security?: Record<string, string[]>[];
}
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** The schema with its references replaced by what they name. None of ours is recursive. */
export function inlined(schema: Schema, { components }: OpenApi): Schema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const { $ref } = value as Schema;
    const named = $ref?.split("/").at(-1);
    if (named !== undefined) return walk(components.schemas[named]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(schema) as Schema;
}

/** Whether a value is what a schema says; each mistake in words. */
export function mistakes(schema: Schema, document: OpenApi, value: unknown): string[] {
  const parsed = z.fromJSONSchema(inlined(schema, document) as never).safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join("/")}: ${message}`);
}

const deep = (levels: number): unknown =>
  JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

/** What nobody means well with. */
export const hostileTexts = [
  "",
  " ",
  "\u0000",
  "\u202Egnp.exe\u202C",
  "a\u200Bb\u2060c\uFEFF",
  "\uD800",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE stream; --",
  '=HYPERLINK("http://evil.test")',
  "../../etc/passwd",
  "%2e%2e%2f",
  "\r\nSet-Cookie: a=b",
  ...inheritedNames,
  "1e999",
  "9".repeat(400),
  "x".repeat(5_000),
  "🐱".repeat(200),
  "http://127.0.0.1/",
  "http://[::1]:8787/api/keys",
  "https://tbzb.taobao.com/live?liveId=1",
];
const hostile = fc.oneof(
  fc.constantFrom<unknown>(...hostileTexts),
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    0.1,
    1e308,
    -1e308,
    Number.MAX_SAFE_INTEGER + 2,
    [],
    {},
    { toString: 1 },
    deep(60),
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);

/** Fields of a schema with texts that pass, of which a third are names that objects inherit. */
export function freeTexts(
  schema: Schema,
  document: OpenApi,
  fields: readonly string[],
): fc.Arbitrary<object> {
  const { properties = {} } = inlined(schema, document);
  const drawn = fields.map((name) => [name, passing(properties[name] ?? {}, name)]);
  return fc.record(Object.fromEntries(drawn), { requiredKeys: [] });
}

function passing(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const { properties, required = [], items } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (properties) {
    const fields = Object.entries(properties).map(([key, inner]) => [key, passing(inner, key)]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required as never[] });
  }
  if (items) return fc.array(passing(items, name), { maxLength: 3 });
  if (name === "slug") return named(fc.stringMatching(/^[a-z0-9-]{3,32}$/), slugs);
  return named(fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== ""));
}
const slugs = inheritedNames
  .map((name) => name.toLowerCase())
  .filter((name) => /^[a-z]+$/.test(name));

/** Mostly what the schema asks for, so that requests get beyond its check; now and then anything. */
export function valuesOf(schema: Schema, name = ""): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: good(schema, name) }, { weight: 1, arbitrary: hostile });
}

/** What the schemas can't say of a field: values that pass. */
const sane: Record<string, readonly string[]> = {
  customParameters: ['{"uid":"cats"}', '{"uid":"constructor","sid":"__proto__"}'],
  text: ["https://tbzb.taobao.com/live?liveId=532359023188"],
  url: ["https://lives.jd.com/#/48378944?origin=0"],
  replay: ["https://tbzb.taobao.com/live?liveId=1"],
  after: ["https://tbzb.taobao.com/live?liveId=1"],
  timezone: ["Asia/Shanghai", "UTC"],
  groupBy: ["link", "creator", "link,app"],
  compare: ["st_none"],
  cursor: ["1", "1-1"],
  limit: ["1", "200"],
};

function good(schema: Schema, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => valuesOf(choice, name)));
  if (schema.allOf) {
    return fc
      .tuple(...schema.allOf.map((part) => good(part, name)))
      .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  }
  const [type] = [schema.type].flat();
  switch (type) {
    case "object":
      return objects(schema);
    case "array":
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case "integer":
      return fc.integer({
        min: Math.max(schema.minimum ?? -10, -1e9),
        max: Math.min(schema.maximum ?? 1e6, 1e9),
      });
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "string":
      return texts(schema, name);
    default:
      return fc.oneof(fc.constant({}), hostile);
  }
}

function objects({ properties = {}, required = [] }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, name)]),
  );
  const optional = Object.keys(fields).filter((name) => !required.includes(name));
  // A few of the optional fields: of many, two always exclude each other.
  const record = fc
    .tuple(fc.record(fields), fc.subarray(optional, { maxLength: Math.min(4, optional.length) }))
    .map(([whole, taken]) =>
      Object.fromEntries(
        Object.entries(whole).filter(([name]) => required.includes(name) || taken.includes(name)),
      ),
    );
  return fc.oneof(
    { weight: 40, arbitrary: record },
    {
      weight: 1,
      arbitrary: fc
        .tuple(record, fc.constantFrom("unknownField", ...inheritedNames))
        // A computed key is the object's own, `__proto__` too.
        .map(([value, unknown]) => ({ ...value, [unknown]: 1 })),
    },
  );
}

/** A name that every object inherits, a third of the time: what is keyed by it must not find that. */
const named = (texts: fc.Arbitrary<unknown>, names: readonly string[] = inheritedNames) =>
  names.length === 0
    ? texts
    : fc.oneof(
        { weight: 2, arbitrary: texts },
        { weight: 1, arbitrary: fc.constantFrom(...names) },
      );

function texts({ format, pattern }: Schema, name: string): fc.Arbitrary<unknown> {
  const known = sane[name];
  if (known) return fc.constantFrom(...known);
  if (format === "date-time" || format === "date") {
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString());
  }
  if (pattern && pattern.length < 80) {
    try {
      const shape = new RegExp(pattern);
      return named(
        fc.stringMatching(shape),
        inheritedNames.filter((text) => shape.test(text)),
      );
    } catch {
      // A pattern that fast-check can't make texts of: plain ones, then.
    }
  }
  return named(
    fc.oneof(
      fc.constantFrom("cats", "布偶猫舍"),
      fc.string({ maxLength: 30 }),
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.constantFrom(...hostileTexts.filter((text) => text.length < 60)),
    ),
  );
}
