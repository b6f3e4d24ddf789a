/**
 * @module The isolates of a server of one's own know of each other: edges that open links in processes beside the one
 * that has the objects are told at once what is written, and asked how they are. On Cloudflare nobody knows another.
 */
import type { Env } from "../config/env.ts";
import { type Holding, heldHere } from "../counting/isolate/held.ts";
import { isolateMetrics } from "../counting/isolate/isolate-metrics.ts";
import { refusalsSeen } from "../counting/isolate/refused-stores.ts";
import { forwardingWarning, type Warning } from "../http/forwarding.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { linkCache } from "./link-cache.ts";

export interface Learnt {
  links: readonly LinkRecord[];
  streams: readonly StreamRecord[];
}

/** What an isolate tells of itself. */
export interface IsolateReport {
  /** Which process's it is. */
  process: string;
  figures: typeof isolateMetrics;
  /** Counts that neither a Counter nor KV has, in its memory and on its disk. */
  holding: { memory: Holding; disk?: Holding };
  /** Stores that refused it, in words. */
  refusals: string[];
  warning: Warning | null;
}

/** What one edge is told and asked. */
export interface Neighbour {
  learn(learnt: Learnt): Promise<void>;
  /** A key or a session was closed: what it asked before it may not see again. */
  forgetPolls(): Promise<void>;
  report(): Promise<IsolateReport>;
}

/** All of them, as the binding EDGES has them. */
export interface Neighbours {
  /** Those that don't take it hear of it with the next acknowledgement of counts. */
  learn(learnt: Learnt): Promise<void>;
  forgetPolls(): Promise<void>;
  reports(): Promise<{ reports: IsolateReport[]; silent: string[] }>;
}

const neighboursIn = ({ EDGES }: Env) => EDGES as unknown as Neighbours | undefined;

/** Whoever opens next, in this isolate or in one beside it, opens by these records. */
export async function learnEverywhere(env: Env, learnt: Learnt): Promise<void> {
  linkCache.learn(learnt, Date.now());
  await neighboursIn(env)?.learn(learnt);
}

/** What each edge remembers of polls. */
export async function forgetPollsBeside(env: Env): Promise<void> {
  await neighboursIn(env)?.forgetPolls();
}

/** That of the process with the objects, which is the only one where there are no edges. */
const store = "store";

export function reportHere(): IsolateReport {
  return {
    process: store,
    holding: { memory: heldHere.holding },
    figures: { ...isolateMetrics },
    refusals: refusalsSeen(Date.now()),
    warning: forwardingWarning() ?? null,
  };
}

/** What of it is told where it is not empty: counts that are safe and on their way, or in memory alone. */
export function heldBy(reports: readonly IsolateReport[]) {
  return reports.flatMap(({ process, holding }) =>
    Object.entries(holding).flatMap(([where, { events, bytes, bytesAtMost }]) =>
      events > 0 ? { process, where, events, bytes, bytesAtMost } : [],
    ),
  );
}

/** This isolate's report and those of its neighbours; and who of them did not answer. */
export async function reportsOf(env: Env): Promise<{ reports: IsolateReport[]; silent: string[] }> {
  const { reports, silent } = (await neighboursIn(env)?.reports()) ?? { reports: [], silent: [] };
  return { reports: [reportHere(), ...reports], silent };
}
