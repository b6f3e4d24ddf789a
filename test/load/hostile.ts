/**
 * @module What strangers can do to a service that honest visitors use meanwhile: 20,000 hostile requests of
 * all kinds (hostile/kinds.ts) at a steady pace; memory before and after, and the visitors' wait beside
 * that of an honest-only load of the same run, by a client of its own.
 */
import type { Amounts } from "./amounts.ts";
import type { Attacked } from "./hostile/attacker.ts";
import { pushOutHotLinks } from "./hostile/hot-links.ts";
import type { Phases } from "./hostile/sides.ts";
import { besiege, p99Of, type Siege } from "./hostile/siege.ts";
import type { Lab } from "./lab.ts";
import { atLeast, atMost, type Report, type Row } from "./report.ts";
import { quantile } from "./rounds.ts";

/** MiB that the hostile requests may leave behind. */
const memoryAtMost = 32;
/** Times the wait of an honest-only load. */
const slowerAtMost = 5;

type Settings = Amounts["hostile"];

export async function measureHostile(lab: Lab, { hostile: settings }: Amounts): Promise<Report> {
  const service = await lab.ownService({ isInspected: true, edges: 1 });
  try {
    const { memory, phases, attacked } = await besiege(service, settings);
    const hot = await pushOutHotLinks(service, settings);
    return {
      rows: [
        memoryRow(memory, attacked.sent),
        ...waitRows(phases),
        sentRow(attacked, settings),
        hot.row,
      ],
      details: { hostile: { memory, phases: summed(phases), attacked, hot } },
    };
  } finally {
    await service.remove();
  }
}

function memoryRow({ before, after, peak }: Siege["memory"], sent: number): Row {
  const raised = after - before;
  const figures = `(${before.toFixed(0)} to ${after.toFixed(0)} MiB, at most ${peak.toFixed(0)})`;
  const name = `memory after ${sent.toLocaleString("en")} hostile requests, over before`;
  const row = atMost(name, raised, memoryAtMost, `${raised.toFixed(0)} MiB  ${figures}`);
  return { ...row, goal: `≤ ${memoryAtMost} MiB` };
}

function waitRows(phases: Phases): Row[] {
  const p99 = (...names: string[]) => p99Of(phases, ...names);
  const [alone, meanwhile] = [p99("before", "after"), p99("meanwhile")];
  const slower = meanwhile / alone;
  const figures = `(${meanwhile.toFixed(1)} ÷ ${alone.toFixed(1)} ms, of ${phases.meanwhile?.took.length}; before ${p99("before").toFixed(1)}, after ${p99("after").toFixed(1)})`;
  const wrong = Object.values(phases).flatMap((phase) => Object.values(phase.wrong));
  const all = Object.values(phases).reduce((sum, phase) => sum + phase.took.length, 0);
  const right = all - wrong.reduce((sum, count) => sum + count, 0);
  return [
    atMost(
      "honest visitors meanwhile, p99 ÷ that without",
      slower,
      slowerAtMost,
      `${slower.toFixed(1)}  ${figures}`,
    ),
    {
      ...atLeast("honest visitors answered", right / all, 1, `${right} of ${all}`),
      goal: "all",
    },
  ];
}

/** That the service kept up: what waits for it is not sent. */
function sentRow({ sent, seconds, outcomes }: Attacked, { requests }: Settings): Row {
  const cut = Object.values(outcomes).reduce((sum, of) => sum + (of.cut ?? 0), 0);
  const shown = `${sent} of ${requests}  (in ${seconds.toFixed(0)} s, ${cut} cut)`;
  return { ...atLeast("hostile requests sent", sent, requests, shown), goal: "all" };
}

/** What the JSON keeps of the visitors' waits. */
function summed(phases: Phases) {
  return Object.fromEntries(
    Object.entries(phases).map(([name, { took, wrong }]) => {
      const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(took, share));
      return [name, { visitors: took.length, p50, p99, most, wrong }];
    }),
  );
}
