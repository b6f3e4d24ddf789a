/**
 * @module What a server of one's own carries, with an edge beside its store: the memory of both at rest and after a
 * million opens, and how many slugs a second it can say of that it does not know them.
 */
import { readFileSync } from "node:fs";
import type { Amounts } from "./amounts.ts";
import { connections, load, pause } from "./drive.ts";
import { addressHeader, inTaobao, makeLinks } from "./fixture.ts";
import { openUnknown } from "./hostile/hot-links.ts";
import { seeded } from "./hostile/request.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { atLeast, atMost, type Report } from "./report.ts";

const links = 50;
/** MiB */
const atRestAtMost = 120;
/** ms */
const rests = 5_000;

/** MiB of both processes; a page that they share is counted once in all (Pss of proc_pid_smaps(5)). */
function sharedMemoryOf({ pids }: RunningService): number {
  const bytes = pids.map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) * 1_024;
  });
  return bytes.reduce((sum, one) => sum + one, 0) / 2 ** 20;
}

async function unknownASecond(service: RunningService, amount: number): Promise<number> {
  const { elapsed, statuses } = await openUnknown(service, seeded(3), amount);
  if (statuses[404] !== amount) throw new Error(`unknown slugs: ${JSON.stringify(statuses)}`);
  return amount / elapsed;
}

export async function measureCarries(_lab: Lab, { carried }: Amounts): Promise<Report> {
  const folder = ownFolder();
  const env = { EDGES: "1", CLIENT_ADDRESS_HEADER: addressHeader };
  const service = await runService(folder.path, env);
  try {
    await pause(rests);
    const atRest = sharedMemoryOf(service);
    const { slugs } = await makeLinks(service, links);
    const after: number[] = [];
    for (let third = 0; third < 3; third += 1) {
      await load({
        url: service.url,
        connections,
        amount: Math.ceil(carried.opens / 3),
        headers: inTaobao,
        requests: slugs.map((slug) => ({ path: `/${slug}` })),
      });
      await pause(rests);
      after.push(sharedMemoryOf(service));
    }
    const [first = 0, , last = 0] = after;
    const unknown = await unknownASecond(service, carried.unknownSlugs);
    const shown = after.map((mebibytes) => mebibytes.toFixed(0)).join(", ");
    return {
      rows: [
        atMost(
          "memory of edge and store at rest",
          atRest,
          atRestAtMost,
          `${atRest.toFixed(0)} MiB`,
        ),
        atMost(
          `memory after ${carried.opens.toLocaleString("en")} opens ÷ after a third of them`,
          last / first,
          1.1,
          `${(last / first).toFixed(2)}  (${shown} MiB)`,
        ),
        atLeast("unknown slugs a second", unknown, 4_000, `${unknown.toFixed(0)}/s`),
      ],
      details: { carries: { atRest, after, unknown } },
    };
  } finally {
    await service.stop();
    folder.remove();
  }
}
