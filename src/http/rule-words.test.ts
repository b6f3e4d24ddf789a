import { globSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { StreamInput } from "../model/stream.ts";
import { ruleSaid } from "./rule-words.ts";

/** The files whose schemas are those of requests; those of an import's lines speak English, to an administrator. */
const files = ["src/model", "src/api", "src/notify"].flatMap((folder) =>
  globSync(`${folder}/**/*.ts`).filter((file) => !/\.test\.ts$|routes\/import\.ts$/.test(file)),
);
const rule = /(?<!said\(\s*)"((?:Expected|At most|This|A refund|endsAt|end) [^"]*\.)"/g;

describe("what a rule says", () => {
  const rules = files.flatMap((file) => {
    const source = readFileSync(file, "utf8");
    if (!source.includes("hono/zod-openapi")) return [];
    return [...source.matchAll(rule)].map(([, words = ""]) => words);
  });

  it("is found in the schemas", ({ expect }) => expect(rules.length).toBeGreaterThan(25));

  it.for([...new Set(rules)])("has its Chinese: %s", (message, { expect }) => {
    const { en, zh } = ruleSaid({ code: "custom", path: [], message, input: undefined });
    expect(en).toBe(message);
    expect(zh).toMatch(/\p{Script=Han}/u);
  });

  it("is the library's own in Chinese too", ({ expect }) => {
    const issues = StreamInput.safeParse({ title: 1, destinations: [], shards: 65, other: 1 }).error
      ?.issues;
    expect(issues?.length).toBeGreaterThan(3);
    for (const issue of issues ?? []) expect(ruleSaid(issue).zh).toMatch(/\p{Script=Han}{2}/u);
  });
});
