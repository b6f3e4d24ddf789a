/**
 * @module What redirects wait for while an order file is imported and a report is made: in one process, and with an edge
 * in a process of its own beside the store's (EDGES=1).
 */
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { makeLinks } from "./fixture.ts";
import { at, importOnce, orderFile } from "./import.ts";
import type { Lab } from "./lab.ts";
import { opensUntil } from "./opens.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { atMost, type Report } from "./report.ts";

/** A few opens at a time, so that what is measured is waiting, and not a queue of the load's own. */
const load = { clients: 4, between: 5 };
/** Times what the same process needs when it does nothing else. */
const goal = 3;

const p99 = (sorted: readonly number[]): number => at(sorted, 0.99);

interface Waits {
  idle: number[];
  importing: number[];
  reporting: number[];
}

async function waitsOf(service: RunningService, rows: number, quietMs: number): Promise<Waits> {
  const { slugs, streamId } = await makeLinks(service, 1);
  const slug = slugs[0] ?? "";
  const during = async (work: () => Promise<unknown>): Promise<number[]> => {
    let isOver = false;
    const opens = opensUntil(`${service.url}/${slug}`, load, () => isOver);
    await work();
    isOver = true;
    return opens;
  };
  // What is compiled on the way is, once the first second is over.
  await during(() => pause(1_000));
  const idle = await during(() => pause(quietMs));
  const file = orderFile(rows, 1);
  const importing = await during(() => importOnce(service, file));
  const reporting = await during(async () => {
    const until = performance.now() + quietMs;
    while (performance.now() < until) {
      const { status } = await service.api("GET", `/api/reports/roas?streamId=${streamId}`);
      if (status !== 200) throw new Error(`the report was answered ${status}`);
    }
  });
  return { idle, importing, reporting };
}

export async function measureStalls(_lab: Lab, { imported }: Amounts): Promise<Report> {
  const found: { edges: number; waits: Waits }[] = [];
  for (const edges of [0, 1]) {
    const folder = ownFolder();
    const service = await runService(folder.path, { EDGES: String(edges) });
    found.push({ edges, waits: await waitsOf(service, imported.rows, imported.quietMs) });
    await service.stop();
    folder.remove();
  }
  const rows = found.flatMap(({ edges, waits: { idle, importing, reporting } }) =>
    [
      { what: `an import of ${imported.rows.toLocaleString("en")} rows`, busy: importing },
      { what: "reports", busy: reporting },
    ].map(({ what, busy }) => {
      const of = edges === 0 ? "one process" : "an edge beside its store";
      const name = `redirect during ${what} ÷ at rest, p99, ${of}`;
      const value = p99(busy) / p99(idle);
      const measured = `${value.toFixed(1)}  (${p99(busy).toFixed(1)} ÷ ${p99(idle).toFixed(1)} ms, worst ${(busy.at(-1) ?? 0).toFixed(0)})`;
      return edges === 0 ? { name, value, measured } : atMost(name, value, goal, measured);
    }),
  );
  return { rows, details: { stalls: found } };
}
