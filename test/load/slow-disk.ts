/**
 * @module Redirects while the store's disk is slow: each fsync of its process takes so much longer, as `strace` injects it,
 * and many streams are live, each of which commits several times a second; with one edge beside the store and with two,
 * beside a bare Worker under the same load. Loaded by `wrk`, since a client in Node takes the core that an edge needs.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Amounts } from "./amounts.ts";
import { connections, pause } from "./drive.ts";
import { inTaobao, liveRoom, viewsOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type Running, runService, runWorker } from "./processes.ts";
import { atLeast, atMost, type Report, type Row } from "./report.ts";
import { median } from "./rounds.ts";
import { has, hasStrace, traced } from "./strace.ts";

const streams = 20;
/** ms that each fsync takes longer. */
const delayed = 10;

interface Loaded {
  perSecond: number;
  /** ms */
  p99: number;
  requests: number;
}

const inMs: Readonly<Record<"us" | "ms" | "s", number>> = { us: 0.001, ms: 1, s: 1_000 };

/** @param seconds of load @throws where an answer was no redirect, or a connection failed */
function wrk({ url }: Running, script: string, seconds: number): Promise<Loaded> {
  const child = spawn("wrk", [
    ...["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "-s", script, url],
  ]);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  return once(child, "exit").then(() => {
    const [, amount = "0", unit = "ms"] = /99%\s+([\d.]+)(us|ms|s)/.exec(output) ?? [];
    const wrong = /Non-2xx.*|Socket errors.*/.exec(output)?.[0];
    if (wrong !== undefined) throw new Error(wrong);
    const requests = Number(/(\d+) requests in/.exec(output)?.[1] ?? 0);
    return {
      requests,
      perSecond: requests / seconds,
      p99: Number(amount) * inMs[unit as keyof typeof inMs],
    };
  });
}

/** Until it is ended, each fsync of a process takes longer. @param by ms; with 0 it is only traced, which costs too */
const slowed = (pid: number, by: number): Promise<() => Promise<unknown>> =>
  traced(
    [pid],
    [
      ...["-e", "trace=fsync,fdatasync"],
      ...(by > 0 ? ["-e", `inject=fsync,fdatasync:delay_enter=${by * 1_000}`] : []),
    ],
  );

interface Found {
  edges: number;
  bare: Loaded[];
  plain: Loaded[];
  traced: Loaded[];
  slow: Loaded[];
  answered: number;
  counted: number;
}

const rateOf = (loads: readonly Loaded[]) => median(loads.map(({ perSecond }) => perSecond));
const waitOf = (loads: readonly Loaded[]) => median(loads.map(({ p99 }) => p99));

async function withEdges(edges: number, bare: Running, amounts: Amounts): Promise<Found> {
  const { seconds, rounds } = amounts.slowDisk;
  const folder = ownFolder();
  const service = await runService(folder.path, { EDGES: String(edges) });
  try {
    const ids: string[] = [];
    for (let stream = 1; stream <= streams; stream += 1) {
      const link = { url: liveRoom, slug: `live-${stream}` };
      const { body } = await service.api("POST", "/api/links", link);
      ids.push((body as { stream: { id: string } }).stream.id);
    }
    const script = join(folder.path, "slugs.lua");
    writeFileSync(
      script,
      `local i = 0
request = function() i = i + 1; return wrk.format("GET", "/live-" .. (i % ${streams} + 1), {["User-Agent"] = "${inTaobao["User-Agent"]}"}) end
`,
    );
    const [store = 0] = service.pids;
    let answered = 0;
    const asItIs = async () => {
      const load = await wrk(service, script, seconds);
      answered += load.requests;
      return load;
    };
    const tracedBy = async (by: number): Promise<Loaded> => {
      const end = await slowed(store, by);
      const load = await asItIs();
      await end();
      return load;
    };
    await asItIs();
    const found: Pick<Found, "bare" | "plain" | "traced" | "slow"> = {
      bare: [],
      plain: [],
      traced: [],
      slow: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      found.bare.push(await wrk(bare, script, seconds));
      found.plain.push(await asItIs());
      found.traced.push(await tracedBy(0));
      found.slow.push(await tracedBy(delayed));
    }
    await pause(3_000);
    const views = await Promise.all(ids.map((id) => viewsOf(service, id)));
    return { edges, ...found, answered, counted: views.reduce((sum, one) => sum + one, 0) };
  } finally {
    await service.stop();
    folder.remove();
  }
}

function rowsOf({ edges, bare, plain, traced, slow, answered, counted }: Found): Row[] {
  const what = `redirects, fsync ${delayed} ms longer, ${streams} streams live, ${edges} edge${edges > 1 ? "s" : ""}`;
  const [ofBare, ofTraced] = [rateOf(slow) / rateOf(bare), rateOf(slow) / rateOf(traced)];
  return [
    atLeast(
      `${what}, answers/s`,
      rateOf(slow),
      15_000,
      `${rateOf(slow).toFixed(0)}  (as it is, traced ${rateOf(traced).toFixed(0)}, untraced ${rateOf(plain).toFixed(0)})`,
    ),
    {
      name: "that ÷ a bare Worker's, one process under the same load",
      value: ofBare,
      measured: `${ofBare.toFixed(2)}  (${rateOf(slow).toFixed(0)} ÷ ${rateOf(bare).toFixed(0)}/s)`,
    },
    atLeast("that ÷ as it is, traced", ofTraced, 0.9, ofTraced.toFixed(2)),
    atMost(
      `${what}, p99`,
      waitOf(slow),
      150,
      `${waitOf(slow).toFixed(1)} ms  (as it is, traced ${waitOf(traced).toFixed(1)})`,
    ),
    {
      // wrk cuts what is under way when its time is over: that is counted and has no answer.
      ...atLeast("of those answered, counted", counted / answered, 1, `${counted} of ${answered}`),
      goal: "all",
    },
  ];
}

export async function measureSlowDisk(_lab: Lab, amounts: Amounts): Promise<Report> {
  if (!hasStrace() || !has("wrk", "-v")) {
    const measured = "not measured: it needs strace and wrk";
    return { rows: [{ name: "redirects with a slow disk", value: 0, measured }], details: {} };
  }
  const bare = await runWorker("bare");
  try {
    const found = [await withEdges(1, bare, amounts), await withEdges(2, bare, amounts)];
    return { rows: found.flatMap(rowsOf), details: { slowDisk: found } };
  } finally {
    await bare.stop();
  }
}
