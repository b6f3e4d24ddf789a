import { describe, it } from "vitest";
import {
  addressOf,
  boundsOf,
  type Call,
  curlOf,
  exampleOf,
  groupsOf,
  isMeant,
  type OpenApi,
  scopesOf,
  typeOf,
} from "./document.ts";

/** As it comes: parsed JSON. */
const document = {
  info: { title: "x", version: "1" },
  paths: {
    "/api/cats/{id}": {
      get: { operationId: "getCat", summary: "Reads a cat", tags: ["cats"], responses: {} },
      delete: {
        operationId: "deleteCat",
        tags: ["cats"],
        security: [{ key: ["admin"] }],
        responses: {},
      },
    },
    "/healthz": { get: { operationId: "health", security: [], responses: {} } },
  },
  components: {
    schemas: {
      Cat: {
        type: "object",
        properties: {
          name: { type: "string", example: "布偶" },
          bornAt: { type: "string", format: "date-time" },
          mother: { $ref: "#/components/schemas/Cat" },
          weight: { anyOf: [{ type: "number", minimum: 1 }, { type: "null" }] },
        },
        required: ["name", "bornAt", "weight"],
      },
    },
  },
} as unknown as OpenApi;
const cat = { $ref: "#/components/schemas/Cat" };

describe("the document of the API", () => {
  it("is grouped by tags, found by words in any order, and says whose key is needed", ({
    expect,
  }) => {
    const groups = groupsOf(document);
    expect([...groups].map(([name, calls]) => [name, calls.map(({ id }) => id)])).toEqual([
      ["cats", ["getCat", "deleteCat"]],
      ["other", ["health"]],
    ]);
    const [read, remove] = groups.get("cats") ?? [];
    expect(isMeant(read as Call, "cat reads GET")).toBe(true);
    expect(isMeant(remove as Call, "reads")).toBe(false);
    expect(scopesOf(remove as Call)).toEqual(["admin"]);
    expect(scopesOf(read as Call)).toEqual([]);
    expect(scopesOf(groups.get("other")?.[0] as Call)).toBeNull();
  });

  it("has types in words, bounds, and an example of what has to be there", ({ expect }) => {
    expect(typeOf(document, cat)).toBe("Cat");
    expect(typeOf(document, { type: "array", items: cat })).toBe("Cat[]");
    expect(typeOf(document, { anyOf: [cat, { type: "null" }] })).toBe("Cat | null");
    expect(boundsOf({ minLength: 3, maxLength: 32, enum: ["a", "b"] })).toEqual([
      "3–32 characters",
      '"a" | "b"',
    ]);
    expect(boundsOf({ maximum: 64, default: 1 })).toEqual(["≤ 64", "default 1"]);
    expect(exampleOf(document, cat)).toEqual({
      name: "布偶",
      bornAt: "2026-11-20T20:00:00+08:00",
      weight: 1,
    });
    // One that has itself inside comes to an end.
    const endless = {
      components: {
        schemas: { Cat: { properties: { mother: cat }, required: ["mother"] } },
      },
    } as unknown as OpenApi;
    expect(JSON.stringify(exampleOf(endless, cat))).toBe(
      '{"mother":{"mother":{"mother":{"mother":{}}}}}',
    );
  });

  it("becomes an address and a command, whatever is filled in", ({ expect }) => {
    const parameters = [
      { name: "id", in: "path" as const },
      { name: "q", in: "query" as const },
      { name: "empty", in: "query" as const },
    ];
    const values = new Map([
      ["id", "a/b?c"],
      ["q", "布偶 猫"],
      ["empty", ""],
    ]);
    const address = addressOf("/api/cats/{id}", parameters, values);
    expect(address).toBe("/api/cats/a%2Fb%3Fc?q=%E5%B8%83%E5%81%B6+%E7%8C%AB");
    expect(curlOf("https://x/api", "post", [["Content-Type", "application/json"]], "it's")).toBe(
      `curl -X POST 'https://x/api' \\\n  -H "Authorization: Bearer $MOONGATE_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d 'it'\\''s'`,
    );
  });
});
