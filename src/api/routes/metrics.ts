/**
 * @module `GET /metrics`: figures for Prometheus. Those of streams come from their Counters and are exact;
 * those named `moongate_isolate_…` are of the isolates that this one knows: all there are with `npm start`, itself alone
 * on Cloudflare.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf } from "../../catalog/calls.ts";
import type { Env } from "../../config/env.ts";
import { counterOf } from "../../counting/counter/stub.ts";
import { metrics as metricNames, metricRow } from "../../counting/event.ts";
import { type IsolateReport, reportsOf } from "../../edge/beside.ts";
import { within } from "../../lib/deadline.ts";
import { version } from "../../lib/version.ts";
import { commonProblems, router } from "../router.ts";

/** The newest streams whose Counters are asked, and of those the most Counters: each request wakes them. */
const streamsAtMost = 100;
const countersAtMost = 300;
const answersWithin = 2_000;

type Labels = Partial<
  Record<
    "stream" | "shard" | "outcome" | "event" | "app" | "version" | "process" | "where",
    string | number
  >
>;

interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge";
  samples: [labels: Labels, value: number][];
}

function text(families: readonly Family[]): string {
  return families
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(([labels, value]) => {
        const pairs = Object.entries(labels).map(([key, label]) => `${key}="${label}"`);
        return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
      });
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

const ageOf = (at: number | null): number =>
  at === null ? 0 : Math.max(0, Math.round((Date.now() - at) / 1_000));

const shardVitals = (env: Env, streamId: string, shard: number) =>
  within(counterOf(env, streamId, shard).vitals(), answersWithin, "the Counter");

async function familiesOf(env: Env): Promise<Family[]> {
  const [catalog, isolates] = await Promise.all([
    catalogOf(env).vitals(streamsAtMost),
    reportsOf(env),
  ]);
  const shards = catalog.newest
    .flatMap(({ id, shards: count }) =>
      Array.from({ length: count }, (_, shard) => ({ streamId: id, shard })),
    )
    .slice(0, countersAtMost);
  const answers = await Promise.allSettled(
    shards.map(({ streamId, shard }) => shardVitals(env, streamId, shard)),
  );
  const opens: Family["samples"] = [];
  const events: Family["samples"] = [];
  const prefetches: Family["samples"] = [];
  const lost: Family["samples"] = [];
  const lag: Family["samples"] = [];
  let silent = 0;
  for (const [index, answer] of answers.entries()) {
    if (answer.status === "rejected") {
      silent += 1;
      continue;
    }
    const { streamId: stream = "", shard = 0 } = shards[index] ?? {};
    if (answer.value === null) continue;
    for (const metric of metricNames) {
      const { outcome } = metricRow(metric);
      const value = answer.value.totals[metric];
      if (outcome) opens.push([{ stream, shard, outcome }, value]);
      else events.push([{ stream, shard, event: metric }, value]);
    }
    for (const [app, value] of Object.entries(answer.value.prefetches ?? {})) {
      prefetches.push([{ stream, shard, app }, value]);
    }
    lost.push([{ stream, shard }, answer.value.lost]);
    lag.push([{ stream, shard }, answer.value.publishLag / 1_000]);
  }
  const one = (
    name: string,
    type: Family["type"],
    help: string,
    ...samples: Family["samples"]
  ): Family => ({ name: `moongate_${name}`, type, help, samples });
  // One that begins again begins at 0: a sum of several would fall by a part, which no rate can be made of.
  const named = (process: string): Labels => (isolates.reports.length > 1 ? { process } : {});
  const isolate = (name: string, help: string, figure: keyof IsolateReport["figures"]) =>
    one(
      `isolate_${name}_total`,
      "counter",
      `${help}, by the isolates here`,
      ...isolates.reports.map(({ process, figures }): Family["samples"][number] => [
        named(process),
        figures[figure],
      ]),
    );
  const held = (name: string, help: string, figure: "events" | "bytes" | "bytesAtMost") =>
    one(
      `isolate_${name}`,
      "gauge",
      `${help}, since no Counter took them in time`,
      ...isolates.reports.flatMap(({ process, holding }) =>
        Object.entries(holding).map(([where, found]): Family["samples"][number] => [
          { ...named(process), where },
          found[figure],
        ]),
      ),
    );
  return [
    one("info", "gauge", "The version", [{ version }, 1]),
    one("opens_total", "counter", "Opens counted, by what they were", ...opens),
    one("events_total", "counter", "Other events counted", ...events),
    one(
      "prefetches_total",
      "counter",
      "Requests that were no navigations, by the app that made them",
      ...prefetches,
    ),
    one("events_lost_total", "counter", "Events that isolates gave up and said so", ...lost),
    one("publish_lag_seconds", "gauge", "How far KV is behind a Counter", ...lag),
    one("counters_silent", "gauge", "Counters that did not answer", [{}, silent]),
    one("spills_pending", "gauge", "Spilled batches to deliver", [{}, catalog.pendingSpills]),
    one("spills_set_aside", "gauge", "Of those, batches that no Counter takes", [
      {},
      catalog.spillsAside,
    ]),
    one(
      "spills_oldest_seconds",
      "gauge",
      "How long the oldest has waited; KV keeps it for 7 days",
      [{}, ageOf(catalog.oldestSpillAt)],
    ),
    one("outbox_pending", "gauge", "Records to deliver to KV or Counters", [{}, catalog.outbox]),
    one("streams", "gauge", "Streams", [{}, catalog.streams]),
    one("links", "gauge", "Links", [{}, catalog.links]),
    one("edges_silent", "gauge", "Edges beside this process that did not answer", [
      {},
      isolates.silent.length,
    ]),
    isolate("events_offered", "Events offered to be counted", "offered"),
    isolate("events_acknowledged", "Events that are counted", "acknowledged"),
    isolate("events_spilled", "Events kept in KV for later", "spilled"),
    isolate("events_lost", "Events given up", "lost"),
    held("held_events", "Events held", "events"),
    held("held_bytes", "Bytes of them", "bytes"),
    held("held_bytes_limit", "Bytes that may be held", "bytesAtMost"),
    isolate("batches", "Batches acknowledged", "batches"),
    isolate("deliveries_failed", "Deliveries of batches that failed", "failedDeliveries"),
  ];
}

export const metrics = router().openapi(
  createRoute({
    method: "get",
    path: "/metrics",
    summary: "Figures for Prometheus, in its text format",
    security: requires("admin"),
    responses: {
      200: {
        description: "The figures",
        content: { "text/plain": { schema: z.string() } },
      },
      ...commonProblems,
    },
  }),
  async (c) =>
    c.text(text(await familiesOf(c.env)), 200, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      "Cache-Control": "no-store",
    }),
);
