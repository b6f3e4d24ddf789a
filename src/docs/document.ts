/** @module The OpenAPI document as this page reads it: what is used of it, references followed, examples made. Pure. */
import { type Keyed, own, recordOf } from "../lib/records.ts";

export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  example?: unknown;
  items?: Schema;
  properties?: Keyed<Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  schema?: Schema;
}

type Content = Keyed<{ schema?: Schema }>;

export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Keyed<string[]>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Keyed<{ description: string; content?: Content }>;
}

export interface OpenApi {
  info: { title: string; version: string; description?: string };
  paths: Keyed<Keyed<Operation>>;
  components: {
    schemas?: Keyed<Schema>;
    parameters?: Keyed<Parameter>;
  };
}

/** One operation with where it is. */
export interface Call extends Operation {
  method: string;
  path: string;
  /** Names it in the address. */
  id: string;
}

const methods = ["get", "post", "put", "patch", "delete"];

/** All operations, by their first tag, in the document's order. */
export function groupsOf({ paths }: OpenApi): Map<string, Call[]> {
  const calls = Object.entries(paths).flatMap(([path, byMethod]) =>
    methods.flatMap((method): Call[] => {
      const operation = own(byMethod, method);
      return operation ? [{ ...operation, method, path, id: operation.operationId }] : [];
    }),
  );
  return Map.groupBy(calls, ({ tags }) => tags?.[0] ?? "other");
}

/** Whether an operation is meant by some words, in any order. */
export function isMeant({ method, path, summary = "" }: Call, words: string): boolean {
  const text = `${method} ${path} ${summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const named = <T>(all: Keyed<T> | undefined, reference: string): T | undefined =>
  Object.entries(all ?? {}).find(([name]) => reference.endsWith(`/${name}`))?.[1];

/** A schema itself, and its name where it has one. */
export function followed(document: OpenApi, schema: Schema): { schema: Schema; name?: string } {
  if (schema.$ref === undefined) return { schema };
  const found = named(document.components.schemas, schema.$ref);
  const name = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  return { schema: found ?? {}, name };
}

export const parameterOf = (document: OpenApi, parameter: Parameter): Parameter =>
  parameter.$ref === undefined
    ? parameter
    : (named(document.components.parameters, parameter.$ref) ?? parameter);

/** The schemas that a schema is one of; itself where it is one alone. */
export const choicesOf = ({ anyOf, oneOf }: Schema): Schema[] | undefined => anyOf ?? oneOf;

/** What a schema asks for beyond its type, as short texts. */
export function boundsOf(schema: Schema): string[] {
  const { format, pattern, enum: values, default: usual } = schema;
  const range = (least: number | undefined, most: number | undefined, of: string) => {
    if (least === undefined && most === undefined) return [];
    if (least === undefined) return [`≤ ${most}${of}`];
    return [most === undefined ? `≥ ${least}${of}` : `${least}–${most}${of}`];
  };
  return [
    ...(format ? [format] : []),
    ...range(schema.minimum, schema.maximum, ""),
    ...range(schema.minLength, schema.maxLength, " characters"),
    ...range(schema.minItems, schema.maxItems, " items"),
    ...(pattern ? [`/${pattern}/`] : []),
    ...(values ? [values.map((value) => JSON.stringify(value)).join(" | ")] : []),
    ...(usual === undefined ? [] : [`default ${JSON.stringify(usual)}`]),
  ];
}

/** The type in a few words: `string`, `Stream`, `Link[]`, `number | null`. */
export function typeOf(document: OpenApi, given: Schema): string {
  const { schema, name } = followed(document, given);
  if (name) return name;
  const choices = choicesOf(schema);
  if (choices) return choices.map((one) => typeOf(document, one)).join(" | ");
  if (schema.items) return `${typeOf(document, schema.items)}[]`;
  if (schema.allOf) return schema.allOf.map((one) => typeOf(document, one)).join(" & ");
  const { type = "any" } = schema;
  return Array.isArray(type) ? type.join(" | ") : type;
}

const deepest = 4;

/** A value that a body may begin as: what has to be there, and what has an example. */
export function exampleOf(document: OpenApi, given: Schema, depth = 0): unknown {
  const { schema } = followed(document, given);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [choice] = choicesOf(schema) ?? schema.allOf ?? [];
  if (choice) return exampleOf(document, choice, depth);
  if (schema.items) return depth < deepest ? [exampleOf(document, schema.items, depth + 1)] : [];
  if (schema.properties) {
    const wanted = schema.required ?? Object.keys(schema.properties).slice(0, 3);
    return recordOf(
      wanted.flatMap((name) => {
        const property = schema.properties && own(schema.properties, name);
        return property && depth < deepest
          ? [[name, exampleOf(document, property, depth + 1)]]
          : [];
      }),
    );
  }
  const { type, format } = schema;
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type === "boolean") return true;
  if (type === "string") return format === "date-time" ? "2026-11-20T20:00:00+08:00" : "";
  return {};
}

/** The scopes that a key needs; `null`: no key is needed. */
export function scopesOf({ security }: Operation): string[] | null {
  if (security === undefined) return [];
  const [first] = security;
  return first ? Object.values(first).flat() : null;
}

/** The address of a call with its parameters filled in, those that are empty left out. */
export function addressOf(
  path: string,
  parameters: readonly Parameter[],
  values: ReadonlyMap<string, string>,
): string {
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where } of parameters) {
    const value = values.get(name) ?? "";
    if (where === "path") filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    else if (where === "query" && value !== "") query.append(name, value);
  }
  const text = query.toString();
  return text === "" ? filled : `${filled}?${text}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The same as a command, with the key as a variable. */
export function curlOf(
  url: string,
  method: string,
  headers: readonly (readonly [string, string])[],
  body: string | undefined,
): string {
  const lines = [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${quoted(url)}`,
    `-H "Authorization: Bearer $MOONGATE_KEY"`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted(body)}`]),
  ];
  return lines.join(" \\\n  ");
}
