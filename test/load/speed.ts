/** @module Redirect, landing page and stats poll beside a bare worker and a naive one, in one run. */
import { load, pause, type Target } from "./drive.ts";
import { inTaobao, inWechat, liveRoom, makeLinks, redirectOf } from "./fixture.ts";
import type { Running, RunningService } from "./processes.ts";
import { atLeast, atMost, type Report, type Row } from "./report.ts";
import { alternate, quotient, type Rounds, typical } from "./rounds.ts";

export const speedParts = ["redirect", "landing", "stats", "visitors", "naive"];

/** @param parts which of {@link speedParts} */
export async function measureSpeed(
  { bare, naive, service }: { bare: Running; naive: Running; service: RunningService },
  parts: readonly string[],
  rounds: number,
  seconds: number,
): Promise<Report> {
  const link = (await makeLinks(service, 1)).slugs[0] ?? "";
  await fetch(`${naive.url}/${link}`, { method: "PUT", body: liveRoom });
  const redirect = redirectOf(service, link);
  const reference: Target = { ...redirect, url: bare.url, pid: bare.pid, settlesAtOnce: true };
  const contenders: Target[] = [
    redirect,
    { ...redirect, name: "landing", headers: inWechat, expects: 200 },
    ...(parts.includes("stats") ? [await pollOf(service)] : []),
    { ...redirect, name: "visitors", vary: () => ({ headers: { "CF-Connecting-IP": anyone() } }) },
    { ...redirect, name: "naive", url: naive.url, pid: naive.pid, settlesAtOnce: true },
  ];
  const samples = await alternate(
    reference,
    contenders.filter(({ name }) => name === "redirect" || parts.includes(name)),
    rounds,
    seconds,
  );
  const rows = speedRows(samples);
  const details: Report["details"] = { speed: samples };
  if (parts.includes("naive")) {
    const lost = await naiveLosses(naive, link);
    rows.push(lost.row);
    details.naive = lost;
  }
  return { rows, details };
}

function speedRows(samples: Rounds): Row[] {
  const cpuRow = (title: string, name: string, goal: number) => {
    const value = quotient(samples, "cpu", name);
    const [cpu, bare] = [typical(samples, "cpu", name), typical(samples, "cpu")];
    const figures = `(${cpu.toFixed(1)} ÷ ${bare.toFixed(1)} µs)`;
    return atMost(`${title}, CPU ÷ bare`, value, goal, `${value.toFixed(2)}  ${figures}`);
  };
  const rate = (name?: string) => typical(samples, "perSecond", name).toFixed(0);
  const value = quotient(samples, "perSecond", "redirect");
  const rates = `(${rate("redirect")} ÷ ${rate()})`;
  const naive = value / quotient(samples, "perSecond", "naive");
  const has = (name: string) => name in samples.contenders;
  return [
    cpuRow("redirect", "redirect", 1.25),
    atLeast("redirect, answers/s ÷ bare", value, 0.85, `${value.toFixed(2)}  ${rates}`),
    ...(has("visitors")
      ? [noted(cpuRow("redirect, each from another visitor", "visitors", 0))]
      : []),
    ...(has("landing") ? [cpuRow("landing page", "landing", 2)] : []),
    ...(has("stats") ? [cpuRow("stats poll answered 304, 1,000 links", "stats", 2)] : []),
    ...(has("naive")
      ? [
          atLeast(
            "redirect, answers/s ÷ naive",
            naive,
            10,
            `${naive.toFixed(1)}  (${rate("redirect")} ÷ ${rate("naive")})`,
          ),
        ]
      : []),
  ];
}

/** A row without a goal. */
function noted({ name, value, measured }: Row): Row {
  return { name, value, measured };
}

/** A stream with 1,000 links, some of them opened, polled with what is known of it. */
async function pollOf(service: RunningService): Promise<Target> {
  const { streamId, slugs } = await makeLinks(service, 1_000);
  const { url, pid, key } = service;
  await load({
    url,
    connections: 8,
    amount: 2_000,
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
  return { name: "stats", url, pid, path, headers, expects: 304, prepare };
}

/** An address of 10.0.0.0/8; 16 million, so hardly one comes twice. */
function anyone(): string {
  const byte = () => Math.floor(Math.random() * 256);
  return `10.${byte()}.${byte()}.${byte()}`;
}

/** How many of the opens that it answered the naive worker has counted. */
async function naiveLosses(naive: Running, link: string) {
  const counted = async () => Number(await (await fetch(`${naive.url}/${link}/count`)).text());
  const before = await counted();
  const opens = { connections: 32, amount: 1_000, headers: inTaobao };
  const { statuses } = await load({ url: `${naive.url}/${link}`, ...opens });
  const served = statuses[302] ?? 0;
  const kept = (await counted()) - before;
  const row: Row = {
    name: "naive: counted ÷ served",
    value: kept / served,
    measured: `${(kept / served).toFixed(3)}  (${kept} ÷ ${served}: ${served - kept} lost)`,
  };
  return { row, served, counted: kept };
}
