/** Every string that the API takes has a length before a pattern, a refinement or a transformation sees it. */
import { describe, it } from "vitest";
import type { z } from "zod";
import { threadTime } from "../../test/thread-time.ts";
import { createApp } from "../api/app.ts";
import { rowSchemas } from "../backup/lines.ts";
import { line, moment, words } from "./bounded.ts";
import { ConversionInput } from "./order.ts";

interface Definition {
  type: string;
  checks?: readonly { _zod: { def: { check: string; abort?: boolean } } }[];
  [part: string]: unknown;
}

const definitionOf = (schema: unknown): Definition | undefined =>
  (schema as { _zod?: { def?: Definition } } | undefined)?._zod?.def;

/** Where strings without a length are, by the path to them; what a bounded one is piped into has one. */
function* unbounded(schema: unknown, path: string, isBounded = false): Generator<string> {
  const definition = definitionOf(schema);
  if (!definition) return;
  const { type, checks = [] } = definition;
  if (type === "string" && !isBounded) {
    const first = checks[0]?._zod.def;
    if (first?.check !== "max_length" || !first.abort) yield path;
  }
  if (type === "pipe") {
    yield* unbounded(definition.in, path, isBounded);
    yield* unbounded(definition.out, path, true);
    return;
  }
  for (const [name, part] of Object.entries(definition)) {
    // Keys of records are seen by no pattern.
    if (name === "checks" || name === "keyType") continue;
    const inner = name === "shape" ? Object.entries(part as object) : [[name, part] as const];
    for (const [key, value] of inner) {
      for (const each of [value].flat()) {
        yield* unbounded(each, name === "shape" ? `${path}/${key}` : path, isBounded);
      }
    }
  }
}

/** Of every route: the schemas of its path, its query and its JSON body. */
function taken(): (readonly [string, unknown])[] {
  const routes = createApp().openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? [definition.route] : [],
  );
  return routes.flatMap(({ method, path, request }) => {
    const json = request?.body?.content["application/json"];
    const body = json && "schema" in json ? json.schema : undefined;
    return Object.entries({ params: request?.params, query: request?.query, body })
      .filter(([, schema]) => schema !== undefined)
      .map(([where, schema]) => [`${method} ${path} ${where}`, schema] as const);
  });
}

describe("every string that the API takes", () => {
  const schemas = [
    ...taken(),
    ...Object.entries(rowSchemas).map(([type, schema]) => [`import ${type}`, schema] as const),
    ["an order", ConversionInput] as const,
  ];

  it("is among those looked at", ({ expect }) => {
    expect(schemas.length).toBeGreaterThan(40);
  });

  it.for(schemas)("has a length before all else: %s", ([, schema], { expect }) => {
    expect([...unbounded(schema, "")]).toEqual([]);
  });
});

describe("a string that is too long", () => {
  const messages = (schema: z.ZodType, text: string) =>
    schema.safeParse(text).error?.issues.map(({ message }) => message);

  it("is refused by its length alone, in no time", ({ expect }) => {
    for (const schema of [words(200), line(200), moment]) {
      for (const text of [`${" ".repeat(500_000)}x`, "\n ".repeat(250_000), "\ud800".repeat(1e6)]) {
        let told: string[] | undefined;
        const took = threadTime(() => {
          told = messages(schema, text);
        });
        expect(told).toEqual([expect.stringContaining("Too big")]);
        expect(took).toBeLessThan(100);
      }
    }
  });

  it("may have white space around it, and breaks between its words", ({ expect }) => {
    expect(line(5).parse("  a \r\n\t b \u2028\n ")).toBe("a b");
    expect(line(5).parse("a   b")).toBe("a   b");
    expect(words(5).parse(`${" ".repeat(100)}abcde${" ".repeat(100)}`)).toBe("abcde");
    expect(messages(words(5), "abcdef")).toEqual([expect.stringContaining("Too big")]);
  });

  it("joins lines as the expression did that was too slow", ({ expect }) => {
    const before = (text: string) => text.replace(/\s*[\r\n\u2028\u2029]\s*/g, " ").trim();
    for (const text of [
      "a\nb",
      "a \n\n b",
      "a\t\tb",
      "\na\n",
      "a \u2029b\u00a0\nc",
      "a b  \r\n  c",
    ]) {
      expect(line(50).parse(text)).toBe(before(text));
    }
  });
});
