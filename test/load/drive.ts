/** @module One load of so many requests on one address: answers per second, and the CPU time of each. */
import autocannon from "autocannon";
import { cpuTime, tick } from "./processes.ts";

export interface Target {
  name: string;
  url: string;
  /** Of workerd. */
  pids: readonly number[];
  path: string;
  headers?: Record<string, string>;
  /** The only status that counts as an answer. */
  expects: number;
  /** Makes each request another: its path, its headers. */
  vary?: () => { path?: string; headers?: Record<string, string> };
  /** How long a round takes, when it needs longer than the others. */
  seconds?: number;
  /** Nothing goes on behind its answers, so nothing is awaited after them. */
  settlesAtOnce?: boolean;
  /** Called before each load; what it returns joins the headers. */
  prepare?: () => Promise<Record<string, string>>;
}

export interface Sample {
  answers: number;
  perSecond: number;
  /** µs of workerd's CPU time for each answer, counting and storing included. */
  cpu: number;
  /** Share of one core that workerd used: near 1, it and not the client was the limit. */
  busy: number;
  /** ms */
  p99: number;
}

export const connections = 32;
/** Until the lane's last batch (250 ms) is committed, in ms: its CPU time belongs to the load. */
const deliveredAfter = 400;

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Puts so many requests on the target. A sample with one wrong answer is thrown away and taken again. */
export async function measure(target: Target, amount: number): Promise<Sample> {
  const wrong: string[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const headers = { ...target.headers, ...(await target.prepare?.()) };
    const before = cpuTime(target.pids);
    const { statuses, errors, elapsed, p99 } = await load({
      url: target.url,
      connections,
      amount,
      headers,
      requests: [{ path: target.path, ...(target.vary && { setupRequest: varied(target.vary) }) }],
    });
    if (!target.settlesAtOnce) await pause(deliveredAfter);
    // Less than a tick can't be told.
    const cpu = Math.max(cpuTime(target.pids) - before, tick);
    if (errors === 0 && statuses[target.expects] === amount) {
      return {
        answers: amount,
        perSecond: amount / elapsed,
        cpu: cpu / amount,
        busy: cpu / 1e6 / elapsed,
        p99,
      };
    }
    wrong.push(`${JSON.stringify(statuses)}, ${errors} errors`);
  }
  throw new Error(`${target.name}: expected only ${target.expects}, got ${wrong.join("; ")}`);
}

function varied(vary: NonNullable<Target["vary"]>) {
  return (request: autocannon.Request): autocannon.Request => {
    const { path, headers } = vary();
    return {
      ...request,
      ...(path === undefined ? {} : { path }),
      headers: { ...request.headers, ...headers },
    };
  };
}

interface Loaded {
  /** How many answers of each status. autocannon's own `non2xx` would call a redirect a failure. */
  statuses: Record<number, number>;
  /** Connections that broke, and requests without an answer in 10 s. */
  errors: number;
  /** From the start to the last answer, in s. */
  elapsed: number;
  /** ms */
  p99: number;
}

/** What it returns is both; its types say only the one. */
type Running = Promise<autocannon.Result> & autocannon.Instance;

/**
 * autocannon, with its figures made plain. By amount, not by time: what is under way when time is up
 * would cost CPU and not be counted.
 */
export async function load(options: autocannon.Options & { amount: number }): Promise<Loaded> {
  let last = 0;
  const started = performance.now();
  // The default looks once a second whether the load is over.
  const running = autocannon({ ...options, sampleInt: 50 }) as Running;
  running.on("response", () => {
    last = performance.now();
  });
  const result = await running;
  const statuses = Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {}).map(([code, { count }]) => [code, count ?? 0]),
  );
  const elapsed = (last - started) / 1_000;
  return { statuses, errors: result.errors, elapsed, p99: result.latency.p99 };
}
