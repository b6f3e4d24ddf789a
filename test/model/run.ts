/**
 * Runs schedules of the fault model: node test/model/run.ts <src folder> <first seed> <schedules> [stop at first].
 * Prints one JSON object: how many were run, and the seeds that went wrong.
 */
import { runSchedule } from "./schedule.ts";
import { loadSources } from "./sources.ts";

const [root = "", first = "1", count = "100", stop = ""] = process.argv.slice(2);
console.log = () => undefined;
const sources = await loadSources(root);
const failed: { seed: number; wrong: string[] }[] = [];
let run = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const wrong = await runSchedule(sources, seed);
  run += 1;
  if (wrong.length > 0) failed.push({ seed, wrong });
  if (stop !== "" && failed.length > 0) break;
}
process.stdout.write(JSON.stringify({ run, failed: failed.length, examples: failed.slice(0, 5) }));
