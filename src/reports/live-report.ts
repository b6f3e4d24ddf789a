/** @module The post-live report (战报) as data: funnel, curve, tops, comparison, and what is estimated. */
import type { Step } from "../counting/snapshot.ts";
import type { Language } from "../lib/said.ts";
import type { Measures, ReportRow } from "./roas.ts";

export interface Curve {
  /** Beginning of the first bucket, RFC 3339. */
  start: string;
  /** Seconds: 600, or 3600 where minutes are not kept any more. */
  step: number;
  /** How many buckets, of the first, lie within the broadcast with all they have: the last one may still be running. */
  finished: number;
  views: number[];
  clicks: number[];
  orders: number[];
  gmv: number[];
}

/** Figures of a stream from its start to a minute of it. */
export interface AtMinute {
  streamId: string;
  title: string;
  /** The coarsest step that views and clicks were taken from: of an hour or a day the share that lies between. */
  by: Step;
  views: number;
  clicks: number;
  orders: number;
  gmv: number;
  refunds: number;
}

export interface LiveReport {
  streamId: string;
  title: string;
  host: string | null;
  phase: "upcoming" | "live" | "ended";
  language: Language;
  currency: string;
  timezone: string;
  startedAt: string | null;
  endedAt: string | null;
  minutes: number;
  asOf: string;
  source: "live" | "published";
  funnel: {
    views: number;
    visitors: number | null;
    rendered: number;
    clicks: number;
    copies: number;
    orders: number;
    gmv: number;
    refunds: number;
    netGmv: number;
    clickThrough: number | null;
    conversion: number | null;
  };
  cost: Measures["cost"];
  roas: number | null;
  netRoas: number | null;
  gpm: number | null;
  uvValue: number | null;
  curve: Curve | null;
  /** The curve in words. */
  curveText: string[];
  creators: ReportRow[];
  channels: ReportRow[];
  channelClasses: ReportRow[];
  /** The best sellers; empty where no order says what was bought. */
  items: ReportRow[];
  compare: { minutes: number; current: AtMinute; previous: AtMinute; change: Change } | null;
  /** What is estimated, incomplete or left out. */
  notes: string[];
}

/** (now − before) ÷ before; `null` when there is nothing to divide by. */
export type Change = Record<"views" | "clicks" | "orders" | "gmv", number | null>;

export function changeOf(current: AtMinute, previous: AtMinute): Change {
  const of = (name: keyof Change) =>
    previous[name] === 0 ? null : (current[name] - previous[name]) / previous[name];
  return { views: of("views"), clicks: of("clicks"), orders: of("orders"), gmv: of("gmv") };
}

/** Where a curve is worth a word. Indices of buckets; ties go to the earlier. Buckets that are not over neither rise nor fall. */
export function turnsOf({
  views,
  clicks,
  gmv,
  finished,
}: Pick<Curve, "views" | "clicks" | "gmv" | "finished">) {
  const peakOf = (column: readonly number[]) => {
    const most = Math.max(...column, 0);
    return most === 0 ? null : { bucket: column.indexOf(most), value: most };
  };
  const half = views.reduce((sum, value) => sum + value, 0) / 2;
  let before = 0;
  const halfAt = views.findIndex((value) => {
    before += value;
    return before >= half && before > 0;
  });
  const whole = views.slice(0, finished);
  const changes = whole.slice(1).map((value, index) => value - (whole[index] ?? 0));
  const rise = peakOf(changes);
  const fall = peakOf(changes.map((value) => -value));
  return {
    views: peakOf(views),
    clicks: peakOf(clicks),
    gmv: peakOf(gmv),
    halfAt: halfAt === -1 ? null : halfAt,
    rise: rise && { bucket: rise.bucket + 1, value: rise.value },
    fall: fall && { bucket: fall.bucket + 1, value: fall.value },
  };
}
