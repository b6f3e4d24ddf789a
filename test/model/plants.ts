/**
 * Runs schedules with each planted fault until one goes wrong:
 * node test/model/plants.ts <src folder> <schedules at most> [part of a fault's name].
 * Prints one JSON array: each fault's name, how often it was reached, and the schedules until it was found. A
 * schedule that the real code does not pass either finds nothing.
 */
import { resolve } from "node:path";
import { counterFaults } from "./faults/counter.ts";
import { edgeFaults } from "./faults/edge.ts";
import { laneFaults } from "./faults/lane.ts";
import { readingFaults } from "./faults/reading.ts";
import { firstSeeds } from "./faults/seeds.ts";
import { timeFaults } from "./faults/time.ts";
import { type Code, loadCode, registerIsolates } from "./isolates.ts";
import { takeOver } from "./place.ts";
import { type Fault, Planted } from "./planted.ts";
import { runSchedule } from "./schedule.ts";

const [root = "src", most = "40", part = ""] = process.argv.slice(2);
const src = resolve(root);
registerIsolates(src);
takeOver();
console.log = () => undefined;
const faults = [...readingFaults, ...laneFaults, ...counterFaults, ...edgeFaults, ...timeFaults];
const told: object[] = [];
async function wrongIn(code: Code, seed: number, { seenBy }: Fault): Promise<string[]> {
  try {
    return (await runSchedule(code, seed, seenBy)).wrong;
  } catch (error) {
    return [String(error)];
  }
}

/**
 * Other seeds of the same kinds are run by the model itself: only a weather of its own has to be tried. In isolates
 * of its own: a seed makes the same streams each time, which would be known there already. */
async function isPassedByReal(seed: number, fault: Fault): Promise<boolean> {
  if (!fault.seenBy?.weather) return true;
  const real = await loadCode(src, 5, new Planted({ name: "nothing", in: [] }));
  return (await wrongIn(real, seed, fault)).length === 0;
}

for (const fault of faults.filter(({ name }) => name.includes(part))) {
  const planted = new Planted(fault);
  const code = await loadCode(src, 5, planted);
  const began = performance.now();
  let run = 0;
  let wrong: string[] = [];
  const first = firstSeeds.get(fault.name) ?? 1;
  while (run < Number(most) && wrong.length === 0) {
    const seed = first + run;
    run += 1;
    wrong = await wrongIn(code, seed, fault);
    if (wrong.length > 0 && !(await isPassedByReal(seed, fault))) {
      planted.reached = 0;
      wrong = [];
    }
  }
  const { reached } = planted;
  const ms = Math.round(performance.now() - began);
  told.push({
    name: fault.name,
    reached,
    run,
    found: wrong.length > 0,
    wrong: wrong.slice(0, 2),
    ms,
  });
  process.stderr.write(`${JSON.stringify(told.at(-1))}\n`);
}
process.stdout.write(`${JSON.stringify(told)}\n`);
