/** @module What a list of streams shows of each: its totals, how it goes, and a small curve; all read at once. */
import { catalogOf } from "../catalog/calls.ts";
import type { Env } from "../config/env.ts";
import { readStream } from "../counting/query/read.ts";
import { finestColumns, recent, recentChange, seriesColumns } from "../counting/query/series.ts";
import type { Snapshot } from "../counting/snapshot.ts";
import { log } from "../lib/log.ts";
import { workThrough } from "../lib/pool.ts";
import { endedAtOf, phaseOfStored } from "../model/phase.ts";
import type { Stream } from "../model/stream.ts";
import { ordersOf, reportCurrency } from "../orders/calls.ts";
import type { StreamTotal } from "../orders/store.ts";
import { startOf } from "./broadcast.ts";
import { ratio } from "./roas.ts";

const atOnce = 16;
/** Points of a curve that is as wide as a word. */
const pointsAtMost = 60;
/** Of a stream that is live, its last two hours, in ms. */
const liveSpan = 2 * 3_600_000;

/** Money in minor units; `null` where orders can't be read just now. */
export interface StreamFigures {
  streamId: string;
  views: number;
  clicks: number;
  clickThrough: number | null;
  orders: number | null;
  gmv: number | null;
  netGmv: number | null;
  /** Of a live stream the last ten minutes, and how they differ from the ten before. */
  recent: { views: number; change: number | null } | null;
  /** Views, in equal steps from its start or, while it is live, of its last two hours. */
  spark: number[];
}

/** Sums of neighbours, so that no more points are left. */
export function shrunk(values: readonly number[], atMost = pointsAtMost): number[] {
  const size = Math.max(1, Math.ceil(values.length / atMost));
  const points: number[] = [];
  for (const [index, value] of values.entries()) {
    const point = Math.floor(index / size);
    points[point] = (points[point] ?? 0) + value;
  }
  return points;
}

function sparkOf(stream: Stream, { series }: Snapshot, isLive: boolean, now: number): number[] {
  const { timezone } = stream;
  if (isLive) {
    const range = { start: now - liveSpan, now, timezone };
    return shrunk(seriesColumns(series, "minute", range)?.views ?? []);
  }
  const start = stream.startsAt ?? undefined;
  const end = endedAtOf(stream, now) ?? undefined;
  const isInOrder = start !== undefined && start < (end ?? now);
  const range = isInOrder ? { start, end, now, timezone } : { now, timezone };
  return shrunk(finestColumns(series, range, true).views);
}

/** Of those of these streams that are there, in their order. */
export async function figuresOf(env: Env, ids: readonly string[]): Promise<StreamFigures[]> {
  const streams: Stream[] = await catalogOf(env).streamsNamed(ids);
  const known = streams.map(({ id }) => id);
  const [sold, counted] = await Promise.all([salesOf(env, known), countsOf(env, streams)]);
  const sales = sold && new Map(sold.map((row) => [row.streamId, row]));
  return [...new Set(ids)].flatMap((streamId) => {
    const own = counted.get(streamId);
    if (!own) return [];
    const { orders, gmv, refunds } = sales?.get(streamId) ?? { orders: 0, gmv: 0, refunds: 0 };
    const sum = { orders, gmv, netGmv: gmv - refunds };
    return [{ streamId, ...own, ...(sales ? sum : { orders: null, gmv: null, netGmv: null }) }];
  });
}

type Counted = Pick<StreamFigures, "views" | "clicks" | "clickThrough" | "recent" | "spark">;

async function countsOf(env: Env, streams: readonly Stream[]): Promise<Map<string, Counted>> {
  const counted = new Map<string, Counted>();
  const now = Date.now();
  await workThrough(streams, atOnce, async (stream) => {
    const { snapshot } = await readStream(env, stream);
    const { views, clicks } = snapshot.totals;
    const isLive = phaseOfStored(stream, now) === "live";
    counted.set(stream.id, {
      views,
      clicks,
      clickThrough: ratio(clicks, views),
      recent: isLive
        ? {
            views: recent(snapshot.series, now).views.last,
            change: recentChange(snapshot.series, startOf(stream, snapshot), now)?.views ?? null,
          }
        : null,
      spark: sparkOf(stream, snapshot, isLive, now),
    });
  });
  return counted;
}

/** @returns `null` when orders can't be read: views and clicks are told all the same */
async function salesOf(env: Env, ids: string[]): Promise<StreamTotal[] | null> {
  try {
    return await ordersOf(env).salesByStream(ids, reportCurrency);
  } catch (error) {
    log("orders_not_read", { error: String(error) });
    return null;
  }
}
