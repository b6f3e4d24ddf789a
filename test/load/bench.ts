/**
 * @module `npm run bench`: measures what docs/performance.md promises, on this machine, against workerd
 * driven directly, and writes bench/results.json. Starts and stops everything itself, on 127.0.0.1.
 *
 * `--quick` takes shorter rounds; `--full` makes all 100,000 links through the API (minutes);
 * `--only redirect,exact` measures these parts alone; `--smoke` runs every part in a second or two to see
 * that it runs, and writes no file unless `--out` names one.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWhereNeeded } from "../../scripts/start/build.ts";
import { type Amounts, forms } from "./amounts.ts";
import { connections } from "./drive.ts";
import { parts } from "./parts.ts";
import { machine, print, write } from "./report.ts";
import { run } from "./run.ts";

process.chdir(join(import.meta.dirname, "../.."));
const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    only: { type: "string" },
    out: { type: "string" },
  },
});
const { quick, full, smoke, out = smoke ? undefined : "bench/results.json" } = values;
const form = smoke ? "smoke" : quick ? "quick" : "whole";
const amounts: Amounts = full
  ? { ...forms[form], links: { ...forms[form].links, byApi: true } }
  : forms[form];

const wanted = values.only?.split(",") ?? parts.map(({ name }) => name);
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name));
if (unknown.length > 0) {
  const known = parts.map(({ name }) => name).join(", ");
  console.error(`bench: no part ${unknown.join(", ")}; there are ${known}`);
  process.exit(1);
}

const startedAt = performance.now();
const seconds = () => (performance.now() - startedAt) / 1_000;
buildWhereNeeded(process.cwd());
const results = await run(
  parts.filter(({ name }) => wanted.includes(name)),
  amounts,
  (name) => process.stderr.write(`${seconds().toFixed(0).padStart(4)} s  ${name}\n`),
);

const { cpu, cores, memoryGiB, kernel, node, workerd } = machine();
console.log(
  `\n${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, node ${node}, workerd ${workerd}`,
);
console.log(
  `${connections} connections; rates and CPU are over all rounds, in turn with the reference's.\n`,
);
print(results.rows);
for (const { part, error } of results.failed) console.error(`\n${part} failed: ${error}`);
if (out !== undefined) write(out, { form, full, ...results }, seconds());
const missed = results.rows.filter(({ met }) => met === false).length;
const failed = results.failed.map(({ part }) => part);
const ended = [
  ...(failed.length > 0 ? [`failed: ${failed.join(", ")}`] : []),
  missed === 0 ? "no goal missed" : `${missed} goals missed`,
  `${seconds().toFixed(0)} s`,
  ...(out === undefined ? [] : [out]),
];
console.log(`\n${ended.join("; ")}`);
process.exit(results.failed.length === 0 ? 0 : 1);
