/**
 * @module `node test/load/hostile/each.ts [part of a kind's name] [JSON of settings]`: each kind of hostile
 * requests alone, on a service of its own with the bundle as it is, in a table: what hurts, and how. Sends
 * to 127.0.0.1 only; a kind takes some fifteen seconds.
 */
import { join } from "node:path";
import { forms } from "../amounts.ts";
import { Lab } from "../lab.ts";
import { kinds } from "./kinds.ts";
import { besiege, p99Of } from "./siege.ts";

process.chdir(join(import.meta.dirname, "../../.."));
const [part = "", given = "{}"] = process.argv.slice(2);
const settings = {
  ...forms.quick.hostile,
  requests: 500,
  aside: 500,
  perSecond: 250,
  within: 5,
  alone: 2.5,
  push: 1_500,
  ...(JSON.parse(given) as object),
};

for (const [name] of kinds.filter(([kind]) => kind.includes(part))) {
  const service = await new Lab({ isShared: false }).ownService({
    isInspected: true,
    edges: 1,
  });
  try {
    const { memory, phases, attacked, recovered } = await besiege(service, settings, [name]);
    const [alone, meanwhile] = [p99Of(phases, "before", "after"), p99Of(phases, "meanwhile")];
    const figures = [
      `memory +${(memory.after - memory.before).toFixed(0)} (peak +${(memory.peak - memory.before).toFixed(0)}) MiB`,
      `p99 ${meanwhile.toFixed(0)} ÷ ${alone.toFixed(0)} ms = ${(meanwhile / alone).toFixed(1)}`,
      `sent ${attacked.sent} of ${settings.requests} in ${attacked.seconds.toFixed(1)} s`,
      `recovered ${recovered.toFixed(1)} s`,
      JSON.stringify(attacked.outcomes[name]),
    ];
    console.log(`${name.padEnd(40)} ${figures.join("; ")}`);
  } catch (error) {
    console.log(`${name.padEnd(40)} ${String(error)}`);
  }
  service.process.kill("SIGKILL");
}
process.exit(0);
