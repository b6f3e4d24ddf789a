/**
 * @module Opens of a strict stream while the store does not answer (its process is stopped): each waits until what it
 * counts is synced to the edge's own disk. And whether all are counted once it answers again.
 */
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { makeLinks, settledViews } from "./fixture.ts";
import { at } from "./import.ts";
import type { Lab } from "./lab.ts";
import { opensUntil } from "./opens.ts";
import { ownFolder, runService } from "./processes.ts";
import { atLeast, type Report } from "./report.ts";

const connections = 64;
/** ms until the edge knows that nobody answers. */
const noticed = 1_500;
/** ms; calls that hung while the store was away end in these. */
const settles = { still: 3_000, within: 60_000 };

export async function measureAway(_lab: Lab, { imported: { quietMs } }: Amounts): Promise<Report> {
  const folder = ownFolder();
  const service = await runService(folder.path, { EDGES: "1" });
  try {
    const { slugs, streamId } = await makeLinks(service, 1, { durability: "strict" });
    let answered = 0;
    /** @returns how long each took, in ms, sorted */
    const openFor = async (milliseconds: number): Promise<number[]> => {
      const until = performance.now() + milliseconds;
      const isOver = () => performance.now() >= until;
      const load = { clients: connections, between: 0 };
      const took = await opensUntil(`${service.url}/${slugs[0]}`, load, isOver);
      answered += took.length;
      return took;
    };
    await openFor(500);
    const there = await openFor(quietMs);
    const [store = 0] = service.pids;
    process.kill(store, "SIGSTOP");
    await openFor(noticed);
    const away = await openFor(quietMs);
    process.kill(store, "SIGCONT");
    await pause(500);
    const counted = await settledViews(service, streamId, answered, settles);
    const shown = (took: readonly number[]) =>
      `p50 ${at(took, 0.5).toFixed(0)} ms, p99 ${at(took, 0.99).toFixed(0)} ms`;
    return {
      rows: [
        {
          name: `strict opens while the store is away, ${connections} at a time, p50`,
          value: at(away, 0.5),
          measured: `${shown(away)}  (there: ${shown(there)})`,
        },
        {
          ...atLeast(
            "of those answered before and meanwhile, counted after",
            counted / answered,
            1,
            `${counted} of ${answered}`,
          ),
          goal: "all",
        },
      ],
      details: { away: { there: there.length, away: away.length, answered, counted } },
    };
  } finally {
    await service.stop();
    folder.remove();
  }
}
