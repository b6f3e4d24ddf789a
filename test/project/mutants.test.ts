/** `npm run mutants` runs apart from these tests; that it forgets nothing is held here. */
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { equivalent } from "../mutants/equivalent.ts";
import {
  equivalentsTable,
  type Found,
  judged,
  scoresOf,
  withEquivalents,
  withScores,
} from "../mutants/report.ts";
import { leftOut, mutated, tests, wholeFolders } from "../mutants/scope.ts";

const textOf = (file: string) => readFileSync(file, "utf8");

describe("what is mutated", () => {
  it("is every file of counting, or left out with a reason", ({ expect }) => {
    const named = [...mutated, ...leftOut.map(([file]) => file)];
    expect(new Set(named).size).toBe(named.length);
    for (const folder of wholeFolders) {
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
        .map((name) => join(folder, name));
      expect(named.filter((file) => file.startsWith(`${folder}/`)).sort()).toEqual(files.sort());
    }
    for (const [, why] of leftOut) expect(why.length).toBeGreaterThan(10);
  });

  it("and the tests that notice it are there", ({ expect }) => {
    for (const file of mutated) expect(textOf(file)).not.toBe("");
    for (const pattern of tests)
      expect([pattern, globSync(pattern).length > 0]).toEqual([pattern, true]);
  });
});

describe("equivalent mutants", () => {
  it("are of lines that still stand there, each once, with a reason", ({ expect }) => {
    const keys = equivalent.map(({ file, line }) => `${file} ${line}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    for (const { file, line, mutants, why } of equivalent) {
      const lines = textOf(file)
        .split("\n")
        .map((one) => one.trim());
      expect([file, line, lines.includes(line)]).toEqual([file, line, true]);
      expect([line, mutants.length > 0, why.length > 10]).toEqual([line, true, true]);
    }
  });

  it("stand in docs/testing.md as they do here", ({ expect }) => {
    expect(textOf("docs/testing.md")).toContain(equivalentsTable(equivalent));
  });
});

describe("what a run found", () => {
  const text = "const a = 1;\nif (a > 0) stop(\n  a);\n";
  const found = (status: string, replacement: string): Found => ({
    file: "src/x/a.ts",
    text,
    location: { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } },
    replacement,
    mutatorName: "ConditionalExpression",
    status,
  });
  const known = {
    file: "src/x/a.ts",
    line: "if (a > 0) stop(",
    mutants: [["a > 0", "true"]] as [string, string][],
    why: "a is always above 0",
  };

  it("is wrong where a survivor is not explained, or what is said to survive was killed", ({
    expect,
  }) => {
    const files = ["src/x/a.ts"];
    expect(judged([found("Survived", "true")], [known], files)).toEqual({
      unexplained: [],
      killed: [],
    });
    expect(judged([found("Survived", "false")], [known], files)).toMatchObject({
      unexplained: [{ row: 2, line: "if (a > 0) stop(", from: "a > 0", to: "false" }],
      killed: [known],
    });
    expect(judged([found("NoCoverage", "true")], [], files).unexplained).toHaveLength(1);
    expect(judged([found("Killed", "true")], [known], []).killed).toEqual([]);
  });

  it("names a mutant of several lines by all it replaces", ({ expect }) => {
    const call: Found = {
      ...found("Survived", ""),
      location: { start: { line: 2, column: 12 }, end: { line: 3, column: 6 } },
    };
    expect(judged([call], [], []).unexplained[0]).toMatchObject({ from: "stop( a);", to: "" });
  });

  it("is scored by folder and by file, by what can be run", ({ expect }) => {
    const scores = scoresOf(
      ["Killed", "Timeout", "Survived", "NoCoverage", "RuntimeError"].map((status) =>
        found(status, "x"),
      ),
    );
    expect(scores).toEqual([
      { name: "src/x", killed: 2, total: 4 },
      { name: "src/x/a.ts", killed: 2, total: 4 },
    ]);
    const files = ["src/x/y/b.ts", "src/x/c.ts", "src/x/y/a.ts", "src/w.ts"];
    const places = scoresOf(files.map((file) => ({ ...found("Killed", "x"), file })));
    expect(places.map(({ name }) => name)).toEqual([
      ...["src", "src/w.ts", "src/x", "src/x/c.ts", "src/x/y", "src/x/y/a.ts", "src/x/y/b.ts"],
    ]);
    const page = `Above
<!-- Written by npm run mutants. -->
old
### Equivalent mutants
older
<!-- Until here. -->
Below
`;
    const written = withEquivalents(withScores(page, scores, new Date(0)), [known]);
    expect(written).toMatch(/^Above\n[\s\S]*\nBelow\n$/);
    expect(written).not.toContain("old");
    expect(written).toContain("| a.ts | 2 of 4 | 50.0 % |");
    expect(written).toContain("on 1970-01-01");
    expect(written).toContain(equivalentsTable([known]));
    expect(withEquivalents(withScores(written, scores, new Date(0)), [known])).toBe(written);
    expect(() => withScores("Above", scores, new Date(0))).toThrow("the page has no");
  });
});
