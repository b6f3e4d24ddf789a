/**
 * @module The first stats after many links were made: orders follow the Catalog's changes before they answer, and views
 * and clicks wait for that no longer than they are told to.
 */
import { eventually } from "../e2e/service.ts";
import type { Amounts } from "./amounts.ts";
import { inTaobao, makeLinks, viewsOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Report } from "./report.ts";

/** How long orders are waited for, after counts are there; and what the counts of a stream themselves take here. ms */
const boundMs = 300 + 200;
/** A wait that takes longer is none. */
const waitMs = 60_000;

interface Quality {
  orders: string;
}

export async function measureFirstStats(lab: Lab, { firstStats }: Amounts): Promise<Report> {
  const service = await lab.ownService();
  try {
    const { streamId, slugs } = await makeLinks(service, 1);
    await fetch(`${service.url}/${slugs[0]}`, { headers: inTaobao, redirect: "manual" });
    await eventually(
      () => viewsOf(service, streamId),
      (views) => views === 1,
      waitMs,
    );
    for (let left = firstStats.links; left > 0; left -= firstStats.perStream) {
      await makeLinks(service, Math.min(left, firstStats.perStream));
    }
    const ask = async () => {
      const began = performance.now();
      const { status, body } = await service.api("GET", `/api/streams/${streamId}/stats`);
      const took = performance.now() - began;
      if (status !== 200) throw new Error(`stats were answered ${status}`);
      const { totals, quality } = body as { totals: { views: number }; quality: Quality };
      if (totals.views !== 1) throw new Error(`${totals.views} views of 1 were told`);
      return { took, orders: quality.orders };
    };
    const first = await ask();
    const began = performance.now();
    await eventually(ask, ({ orders }) => orders === "current", waitMs);
    const later = performance.now() - began;
    const name = `first stats after ${firstStats.links.toLocaleString("en")} links`;
    const shown = `${Math.round(first.took)} ms, orders ${first.orders}; current ${Math.round(later)} ms later`;
    return {
      rows: [{ ...atMost(name, first.took, boundMs, shown), goal: `≤ ${boundMs} ms` }],
      details: { firstStats: { first, later } },
    };
  } finally {
    await service.remove();
  }
}
