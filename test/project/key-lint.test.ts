import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, it } from "vitest";

/** What the linter says of a file in `src/`, by line: with the project's own rules, in a folder of its own. */
function refusedLines(lines: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), "key-lint-"));
  try {
    cpSync("biome.json", join(folder, "biome.json"));
    cpSync("biome", join(folder, "biome"), { recursive: true });
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src", "planted.ts"), `${lines.join("\n")}\n`);
    const { stdout } = spawnSync(
      process.execPath,
      [
        resolve("node_modules/@biomejs/biome/bin/biome"),
        ...["lint", "--vcs-enabled=false", "--reporter=github", "--only=plugin", "src"],
      ],
      { cwd: folder, encoding: "utf8" },
    );
    return [...stdout.matchAll(/title=plugin,.*?line=(\d+)/g)].map(([, line]) => Number(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const refused = [
  "export const sums: Record<string, number> = {};",
  "export const maybe: Partial<Record<string, number>> = {};",
  "export const both: Record<string | number, number> = {};",
  "export let said = {} as Record<string, number>;",
  "export interface Open { [slug: string]: number }",
  "export class Sums { #bySlug: Readonly<Record<string, number>> = {}; }",
  "export const take = (links: Record<string, number>) => links;",
  "export type Nested = Map<string, Record<string, number>>;",
  "export const made = Object.fromEntries([['a', 1]]);",
  "export const set = (given: object) => Object.assign({}, given);",
  "export const has = (key: string, of: object) => key in of;",
  "export const cast = (of: { a: 1 }, key: string) => of[key as 'a'];",
  "export function each(of: object) { for (const key in of) return key; }",
];
const allowed = [
  "export const closed: Record<'a' | 'b', number> = { a: 1, b: 2 };",
  "export const byNumber: Record<number, number> = {};",
  "export const table = { a: 1 } satisfies Record<string, number>;",
  "export function rows<T extends Record<string, number>>(of: T) { return of; }",
  "export const named = (of: object) => 'a' in of;",
  "export const map = new Map<string, number>();",
  "// biome-ignore lint/plugin: with a reason",
  "export const told: Record<string, number> = {};",
];

describe("the linter", () => {
  it("refuses each way to make any text a key of a plain object", ({ expect }) => {
    const lines = refusedLines(refused);
    expect(refused.filter((_, index) => !lines.includes(index + 1))).toEqual([]);
  });

  it("allows names of our own, constraints, and what gives a reason", ({ expect }) => {
    const lines = [...allowed, refused[0] ?? ""];
    expect(refusedLines(lines).map((line) => lines[line - 1])).toEqual([refused[0]]);
  });
});
