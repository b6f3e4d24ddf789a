/**
 * @module An edge elsewhere by `npm start`, without a store, and its origin, over HTTP on this machine: what its redirects
 * cost both together.
 */
import { startEdge } from "../e2e/service.ts";
import type { Amounts } from "./amounts.ts";
import { besideBare } from "./beside.ts";
import { addressHeader, makeLinks, redirectOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { keep, ownFolder, runService, workerdsOf } from "./processes.ts";
import { atMost, type Report } from "./report.ts";
import { quotient } from "./rounds.ts";

const secret = `bench-1=${"s".repeat(32)}`;

export async function measureElsewhere(lab: Lab, amounts: Amounts): Promise<Report> {
  const [data, atEdge] = [ownFolder(), ownFolder()];
  const origin = await runService(data.path, { EDGE_SECRETS: secret });
  const edge = await startEdge(atEdge.path, {
    ...{ EDGE_ORIGIN: origin.url, EDGE_SECRET: secret, EDGES: "1" },
    CLIENT_ADDRESS_HEADER: addressHeader,
  });
  keep(edge.process);
  try {
    const { slugs } = await makeLinks(origin, 1);
    const pids = [...workerdsOf(edge.process), ...origin.pids];
    const samples = await besideBare(lab, amounts, () => [
      redirectOf({ ...edge, pids }, slugs[0] ?? "", "elsewhere"),
    ]);
    const cpu = quotient(samples, "cpu", "elsewhere");
    return {
      rows: [
        atMost(
          "redirect of an edge elsewhere and its origin ÷ bare workerd, CPU of both",
          cpu,
          1.2,
          cpu.toFixed(2),
        ),
      ],
      details: { elsewhere: { samples } },
    };
  } finally {
    await edge.stop();
    await origin.stop();
    for (const folder of [data, atEdge]) folder.remove();
  }
}
