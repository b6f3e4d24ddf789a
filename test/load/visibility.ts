/** @module How long after an open the stats show it, to a client that polls without a pause. */
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { inTaobao, makeLinks, viewsOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Report } from "./report.ts";
import { quantile } from "./rounds.ts";

export async function measureVisibility(lab: Lab, { visible: opens }: Amounts): Promise<Report> {
  const service = await lab.service();
  const { streamId, slugs } = await makeLinks(service, 1);
  const open = () => fetch(`${service.url}/${slugs[0]}`, { headers: inTaobao, redirect: "manual" });
  const took: number[] = [];
  for (let index = 0; index < opens; index += 1) {
    // At any moment of the caches' and the batch's time.
    await pause(Math.random() * 300);
    const before = await viewsOf(service, streamId);
    const started = performance.now();
    const { status } = await open();
    if (status !== 302) throw new Error(`an open was answered ${status}`);
    while ((await viewsOf(service, streamId)) <= before) {
      if (performance.now() - started > 30_000) throw new Error("an open never became visible");
      await pause(10);
    }
    took.push(performance.now() - started);
  }
  const [p50, p99] = [quantile(took, 0.5), quantile(took, 0.99)];
  const row = (name: string, value: number, bound: number, goal: string) => {
    const shown = `${Math.round(value)} ms  (of ${opens})`;
    return { ...atMost(`open to visible in stats, ${name}`, value, bound, shown), goal };
  };
  return {
    rows: [row("p99", p99, 1_500, "≤ 1.5 s"), row("p50", p50, 1_000, "≤ 1 s")],
    details: { visibility: { p50, p99, took } },
  };
}
