/**
 * @module How the cost of the stats grows with a stream's links, beside what they return. Several keys ask
 * in turn, as several pollers would: one alone has a limit.
 */
import type { Amounts } from "./amounts.ts";
import { load, pause, type Target } from "./drive.ts";
import { inTaobao, inTurn, makeLinks, makeReaders } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import type { RunningService } from "./processes.ts";
import { atMost, type Report } from "./report.ts";
import { alternate, quotient, typical } from "./rounds.ts";

export async function measureStatsGrowth(lab: Lab, amounts: Amounts): Promise<Report> {
  const service = await lab.service();
  const { links: counts, pollers, ...pace } = amounts.statsGrowth;
  const keys = await makeReaders(service, pollers);
  const few = await statsOf(service, counts[0], keys);
  const many = await statsOf(service, counts[1], keys);
  const { name } = many.target;
  const samples = await alternate(few.target, [many.target], pace);
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
async function statsOf(service: RunningService, links: number, keys: readonly string[]) {
  const { streamId, slugs } = await makeLinks(service, links);
  const { url, pids } = service;
  const requests = slugs.map((slug) => ({ path: `/${slug}` }));
  await load({ url, connections: 1, amount: links, headers: inTaobao, requests });
  const key = inTurn(keys);
  const headersOf = () => ({ Authorization: `Bearer ${key()}` });
  const hourAgo = Date.now() - 3_600_000;
  let asked = 0;
  const path = () => {
    asked += 1;
    const start = new Date(hourAgo + (asked % 50_000)).toISOString();
    return `/api/streams/${streamId}/stats?start=${encodeURIComponent(start)}`;
  };
  await pause(1_000);
  const bytes = (await (await fetch(`${url}${path()}`, { headers: headersOf() })).text()).length;
  const vary = () => ({ path: path(), headers: headersOf() });
  const target: Target = {
    name: `${links} links`,
    url,
    pids,
    path: path(),
    expects: 200,
    vary,
  };
  return { target, bytes };
}
