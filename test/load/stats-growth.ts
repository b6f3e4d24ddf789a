/** @module How the cost of the stats grows with a stream's links, beside what they return. */
import { load, pause, type Target } from "./drive.ts";
import { inTaobao, makeLinks } from "./fixture.ts";
import type { RunningService } from "./processes.ts";
import { atMost, type Report } from "./report.ts";
import { alternate, quotient, typical } from "./rounds.ts";

/** @param counts of links: few, many */
export async function measureStatsGrowth(
  service: RunningService,
  counts: readonly [number, number],
  rounds: number,
  seconds: number,
): Promise<Report> {
  const [few, many] = [await statsOf(service, counts[0]), await statsOf(service, counts[1])];
  const { name } = many.target;
  const samples = await alternate(few.target, [many.target], rounds, seconds);
  const value = quotient(samples, "cpu", name);
  const returned = many.bytes / few.bytes;
  const [cpu, fewCpu] = [typical(samples, "cpu", name), typical(samples, "cpu")];
  const row = {
    ...atMost(
      `stats of ${counts[1]} ÷ ${counts[0]} links, CPU`,
      value,
      returned,
      `${value.toFixed(1)}  (${cpu.toFixed(0)} ÷ ${fewCpu.toFixed(0)} µs)`,
    ),
    goal: `≤ ${returned.toFixed(1)}, as the bytes`,
  };
  const bytes = { few: few.bytes, many: many.bytes };
  return { rows: [row], details: { statsGrowth: { ...samples, bytes } } };
}

/** The stats of a stream with so many links, each opened, asked for with another start each time. */
async function statsOf(service: RunningService, links: number) {
  const { streamId, slugs } = await makeLinks(service, links);
  const { url, pid, key } = service;
  const requests = slugs.map((slug) => ({ path: `/${slug}` }));
  await load({ url, connections: 1, amount: links, headers: inTaobao, requests });
  const headers = { Authorization: `Bearer ${key}` };
  const hourAgo = Date.now() - 3_600_000;
  let asked = 0;
  const path = () => {
    asked += 1;
    const start = new Date(hourAgo + (asked % 50_000)).toISOString();
    return `/api/streams/${streamId}/stats?start=${encodeURIComponent(start)}`;
  };
  await pause(1_000);
  const bytes = (await (await fetch(`${url}${path()}`, { headers })).text()).length;
  const vary = () => ({ path: path() });
  const target: Target = {
    name: `${links} links`,
    url,
    pid,
    path: path(),
    headers,
    expects: 200,
    vary,
  };
  return { target, bytes };
}
