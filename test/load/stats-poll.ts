/**
 * @module A poll of the stats that finds nothing new, beside a bare worker's redirect; and beside it a worker that does
 * nothing but send one such answer again and again: no code can be below that.
 */
import type { Amounts } from "./amounts.ts";
import { besideBare, cpuRow, noted } from "./beside.ts";
import { load, pause, type Target } from "./drive.ts";
import { inTaobao, makeLinks } from "./fixture.ts";
import { give, headersOf } from "./given.ts";
import type { Lab } from "./lab.ts";
import type { RunningService } from "./processes.ts";
import type { Report } from "./report.ts";

export async function measureStatsPoll(lab: Lab, amounts: Amounts): Promise<Report> {
  const service = await lab.service();
  const poll = await pollOf(service, amounts.polledLinks);
  const kept = await keptOf(lab, poll);
  const samples = await besideBare(lab, amounts, () => [poll, kept]);
  const links = amounts.polledLinks.toLocaleString("en");
  const title = `stats poll answered 304, ${links} links, CPU ÷ bare`;
  const least = "a Worker that does nothing but send one 304 again and again, CPU ÷ bare";
  return {
    rows: [cpuRow(samples, title, poll.name, 0.9), noted(cpuRow(samples, least, kept.name, 0))],
    details: { statsPoll: samples },
  };
}

/** Sends what the poll is answered. */
async function keptOf(lab: Lab, poll: Target): Promise<Target> {
  const { url, pids } = await lab.worker("kept");
  const headers = { ...poll.headers, ...(await poll.prepare?.()) };
  const answer = await fetch(`${poll.url}${poll.path}`, { headers });
  if (answer.status !== 304) throw new Error(`a poll was answered ${answer.status}`);
  await give(url, headersOf(answer));
  return { ...poll, name: "kept", url, pids, settlesAtOnce: true };
}

/** A stream with so many links, some of them opened, polled with what is known of it. */
export async function pollOf(service: RunningService, links: number): Promise<Target> {
  const { streamId, slugs } = await makeLinks(service, links);
  const { url, pids, key } = service;
  await load({
    url,
    connections: 8,
    amount: links * 2,
    headers: inTaobao,
    requests: slugs.filter((_, index) => index % 4 === 0).map((slug) => ({ path: `/${slug}` })),
  });
  const path = `/api/streams/${streamId}/stats`;
  const headers = { Authorization: `Bearer ${key}` };
  const prepare = async () => {
    // The ETag names the minute: a load must not run across its turn.
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 3_000) await pause(left + 20);
    const etag = (await fetch(`${url}${path}`, { headers })).headers.get("ETag");
    return { "If-None-Match": etag ?? "" };
  };
  return { name: "stats", url, pids, path, headers, expects: 304, prepare, seconds: 1 };
}
