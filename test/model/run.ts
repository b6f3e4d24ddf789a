/**
 * Runs schedules of the fault model: node test/model/run.ts <src folder> <first seed> <schedules> [stop | tell].
 * Prints one JSON object: how many were run, and the seeds that went wrong. `stop` ends at the first of them,
 * `tell` prints the whole story of each.
 */
import { resolve } from "node:path";
import { loadCode, registerIsolates } from "./isolates.ts";
import { takeOver } from "./place.ts";
import { runSchedule } from "./schedule.ts";

const [root = "src", first = "1", count = "100", how = ""] = process.argv.slice(2);
const src = resolve(root);
registerIsolates(src);
const code = await loadCode(src, 5);
takeOver();
console.log = () => undefined;
const failed: { seed: number; wrong: string[] }[] = [];
const digests: string[] = [];
let run = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const { wrong, digest, story } = await runSchedule(code, seed, { tells: how === "tell" }).catch(
    (error: Error) => ({ wrong: [error.stack ?? String(error)], digest: "", story: [] }),
  );
  run += 1;
  digests.push(digest);
  if (how === "tell") process.stderr.write(`${story.join("\n")}\n`);
  if (wrong.length > 0) failed.push({ seed, wrong });
  if (how === "stop" && failed.length > 0) break;
}
process.stdout.write(
  `${JSON.stringify({ run, failed: failed.length, examples: failed.slice(0, 5), digests })}\n`,
);
