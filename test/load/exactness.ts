/** @module Whether every open that was answered is counted once: 200,000 of them, over 50 links. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Amounts } from "./amounts.ts";
import { load } from "./drive.ts";
import { inTaobao, makeLinks, settledViews } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, runService } from "./processes.ts";
import type { Report, Row } from "./report.ts";

const links = 50;
const connections = 128;

/** Each with a service of its own. */
export async function measureExactness(_: Lab, { exact, still }: Amounts): Promise<Report> {
  const report: Report = { rows: [], details: {} };
  for (const one of exact) {
    const { rows, details } = await countedOfServed(one, still);
    report.rows.push(...rows);
    Object.assign(report.details, details);
  }
  return report;
}

/**
 * The service is stopped and started again between the runs: an isolate keeps its lane's shard, so only
 * another isolate writes to another shard.
 */
async function countedOfServed(
  { opens, shards, runs }: Amounts["exact"][number],
  still: number,
): Promise<Report> {
  const folder = ownFolder();
  let service = await runService(folder.path);
  try {
    const { streamId, slugs } = await makeLinks(service, links, { shards });
    const statuses: Record<string, number> = {};
    let errors = 0;
    let elapsed = 0;
    for (let run = 0; run < runs; run += 1) {
      if (run > 0) {
        await service.stop();
        service = await runService(folder.path);
      }
      const part = await load({
        url: service.url,
        connections,
        amount: opens / runs,
        headers: inTaobao,
        requests: slugs.map((slug) => ({ path: `/${slug}` })),
      });
      for (const [status, count] of Object.entries(part.statuses)) {
        statuses[status] = (statuses[status] ?? 0) + count;
      }
      errors += part.errors;
      elapsed += part.elapsed;
    }
    const served = statuses[302] ?? 0;
    const counted = await settledViews(service, streamId, served, { still });
    await service.stop();
    const used = shardsUsed(folder.path);
    const rate = Math.round(served / elapsed);
    const row: Row = {
      name: `counted ÷ served, ${shards} shard${shards === 1 ? "" : "s"}`,
      value: counted / served,
      measured: `${exactly(counted, served)}  (${counted} ÷ ${served}, ${rate}/s, ${used} shard${used === 1 ? "" : "s"} used)`,
      goal: "= 1",
      met: counted === served && served === opens && errors === 0,
    };
    const figures = { opens, served, counted, statuses, errors, rate, shardsUsed: used };
    return { rows: [row], details: { [`exactness${shards}`]: figures } };
  } finally {
    await service.stop();
    folder.remove();
  }
}

/** Enough digits to show one open of 200,000. */
function exactly(counted: number, served: number): string {
  return counted === served ? "1" : (counted / served).toFixed(6);
}

/** How many Counters hold a view. Stats ask all of a stream's, so that a file is there says nothing. */
function shardsUsed(folder: string): number {
  const counters = join(folder, "do/moongate-Counter");
  const files = readdirSync(counters).filter(
    (name) => name.endsWith(".sqlite") && name !== "metadata.sqlite",
  );
  return files.filter((name) => {
    const database = new DatabaseSync(join(counters, name));
    const row = database.prepare("SELECT count(*) AS links FROM link WHERE views > 0").get();
    database.close();
    return Number(row?.links) > 0;
  }).length;
}
