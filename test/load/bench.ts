/**
 * @module `npm run bench`: measures what docs/performance.md promises, on this machine, against workerd
 * driven directly, and writes bench/results.json. Starts and stops everything itself, on 127.0.0.1.
 *
 * `--quick` takes shorter rounds; `--full` makes all 100,000 links through the API (minutes);
 * `--only redirect,exact` measures these parts alone.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureColdStart } from "./cold.ts";
import { measureExactness } from "./exactness.ts";
import { measureLinkGrowth } from "./growth.ts";
import { measureImport } from "./import.ts";
import { measurePaint } from "./paint.ts";
import { ownFolder, runService, runWorker } from "./processes.ts";
import { machine, print, type Report, write } from "./report.ts";
import { measureSpeed, speedParts } from "./speed.ts";
import { measureStatsGrowth } from "./stats-growth.ts";
import { measureVisibility } from "./visibility.ts";

process.chdir(join(import.meta.dirname, "../.."));
const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
const { quick, full } = values;
const parts = [
  ...speedParts,
  "exact",
  "visible",
  "links",
  "stats-growth",
  "paint",
  "cold",
  "import",
];
const wanted = values.only?.split(",") ?? parts;
const unknown = wanted.filter((part) => !parts.includes(part));
if (unknown.length > 0) {
  console.error(`bench: no part ${unknown.join(", ")}; there are ${parts.join(", ")}`);
  process.exit(1);
}
const wants = (...names: string[]) => names.some((name) => wanted.includes(name));

const startedAt = performance.now();
const seconds = () => (performance.now() - startedAt) / 1_000;
const report: Report = { rows: [], details: { quick, full } };

/** Runs one part and keeps what it found. */
async function part(name: string, measure: () => Promise<Report>): Promise<void> {
  process.stderr.write(`${seconds().toFixed(0).padStart(4)} s  ${name}\n`);
  const { rows, details } = await measure();
  report.rows.push(...rows);
  Object.assign(report.details, details);
}

execFileSync(process.execPath, ["scripts/build.ts"], { stdio: "pipe" });
const rounds = quick ? 5 : 12;
/** s */
const length = 0.5;

if (wants(...speedParts, "visible", "stats-growth", "paint")) {
  const folder = ownFolder();
  const service = await runService(folder.path);
  if (wants(...speedParts)) {
    const [bare, naive] = [await runWorker("bare"), await runWorker("naive")];
    await part("speed", () => measureSpeed({ bare, naive, service }, wanted, rounds, length));
    await Promise.all([bare.stop(), naive.stop()]);
  }
  if (wants("stats-growth")) {
    await part("stats growth", () =>
      measureStatsGrowth(service, [10, 1_000], quick ? 4 : 8, length),
    );
  }
  if (wants("paint")) await part("paint", () => measurePaint(service, quick ? 5 : 15));
  if (wants("visible")) await part("visible", () => measureVisibility(service, quick ? 20 : 100));
  await service.stop();
  folder.remove();
}
if (wants("exact")) {
  const opens = quick ? 20_000 : 200_000;
  await part("exact, 1 shard", () => measureExactness(opens, 1, 1));
  await part("exact, 8 shards", () => measureExactness(opens, 8, 4));
}
if (wants("links")) {
  const counts = quick ? [10, 10_000] : [10, 10_000, 100_000];
  await part("links", () => measureLinkGrowth(counts, full, quick ? 3 : 6, length));
}
if (wants("import")) await part("import", () => measureImport(quick ? 20_000 : 100_000));
if (wants("cold")) await part("cold start", () => measureColdStart(quick ? 2 : 5));

const { cpu, cores, memoryGiB, kernel, node, workerd } = machine();
console.log(
  `\n${cpu}, ${cores} cores, ${memoryGiB} GiB, ${kernel}, node ${node}, workerd ${workerd}`,
);
console.log("32 connections; each figure is the median of alternating rounds.\n");
print(report.rows);
const file = "bench/results.json";
write(file, report, seconds());
const missed = report.rows.filter(({ met }) => met === false).length;
console.log(
  `\n${missed === 0 ? "Every goal met" : `${missed} goals missed`}, ${seconds().toFixed(0)} s, ${file}`,
);
process.exit(0);
