/**
 * Mutation tests: `npm run mutants`, or `npm run mutants -- src/counting/isolate/lane.ts …` for some of the files.
 * What was found stays in `.mutants/`, so that the next run tries only what changed; `--anew` forgets it.
 * A run of all files writes the score and the survivors into docs/testing.md; `--table` writes the survivors
 * alone, as test/mutants/equivalent.ts has them, and runs nothing.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { equivalent } from "./equivalent.ts";
import { type Found, judged, scoresOf, withEquivalents, withScores } from "./report.ts";
import { mutated } from "./scope.ts";

const folder = ".mutants";
const docs = "docs/testing.md";
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    anew: { type: "boolean", default: false },
    table: { type: "boolean", default: false },
    workers: { type: "string", default: "1" },
  },
});
if (values.table) {
  writeFileSync(docs, withEquivalents(readFileSync(docs, "utf8"), equivalent));
  process.exit();
}
if (values.anew) rmSync(folder, { recursive: true, force: true });
const isWhole = positionals.length === 0;
const files = isWhole ? [...mutated] : positionals;

const startedAt = Date.now();
const results = await new Stryker({
  mutate: files,
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutants/vitest.config.ts" },
  coverageAnalysis: "perTest",
  concurrency: Number(values.workers),
  incremental: true,
  incrementalFile: `${folder}/results.json`,
  tempDirName: `${folder}/copy`,
  // Without tsconfig.json, which Stryker reads by an interface that TypeScript 7 no longer has.
  ignorePatterns: [
    "**",
    ...["src/**", "test/**", "scripts/**", "docs/**", "*.json", "*.ts"].map((path) => `!${path}`),
    "tsconfig*.json",
  ],
  reporters: [process.stdout.isTTY ? "progress" : "progress-append-only"],
  allowConsoleColors: process.stdout.isTTY === true,
}).runMutationTest();

const texts = new Map<string, string>();
const textOf = (file: string): string => {
  const text = texts.get(file) ?? readFileSync(file, "utf8");
  texts.set(file, text);
  return text;
};
// What earlier runs found of the other files comes along.
const own = results.filter(({ fileName }) => files.includes(relative(process.cwd(), fileName)));
const found = own.map(({ fileName, location, replacement, mutatorName, status }): Found => {
  const file = relative(process.cwd(), fileName);
  return { file, text: textOf(file), location, replacement, mutatorName, status };
});

const { unexplained, killed } = judged(found, equivalent, files);
const scores = scoresOf(found);
for (const { file, line, mutants } of killed) {
  console.log(
    `killed, though it is said to be equivalent: ${file}: ${line}\n  ${mutants.join("\n  ")}`,
  );
}
for (const { file, row, line, from, to, status } of unexplained) {
  console.log(`${status}: ${file}:${row}: ${line}\n  ${from} → ${to}`);
}
for (const { name, killed: dead, total } of scores) {
  console.log(`${((100 * dead) / total).toFixed(1)} %  ${dead} of ${total}  ${name}`);
}
const minutes = Math.ceil((Date.now() - startedAt) / 60_000);
console.log(`${found.length} mutants in ${minutes} min`);
if (isWhole) {
  const page = withScores(readFileSync(docs, "utf8"), scores, new Date());
  writeFileSync(docs, withEquivalents(page, equivalent));
}
process.exitCode = unexplained.length + killed.length > 0 ? 1 : 0;
