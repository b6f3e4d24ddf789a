/** @module What is counted, and the closed sets that it is counted by (COUNTING: docs/counting.md). */
import { recordBy } from "../lib/records.ts";
import {
  type App,
  apps,
  methods,
  platformNames,
  type System,
  systems,
} from "../platforms/types.ts";

/** `offered = views + previews + bots + prefetches + limited` holds for every link. New ones at the end. */
export const metrics = [
  "views",
  "clicks",
  "rendered",
  "copies",
  "leaves",
  "previews",
  "bots",
  "prefetches",
  "limited",
] as const;
export type Metric = (typeof metrics)[number];
export type Totals = Record<Metric, number>;

export const dimensions = ["app", "os", "country", "region", "destination", "method"] as const;
export type Dimension = (typeof dimensions)[number];

/** One thing that happened to one link. */
export interface CountEvent {
  slug: string;
  metric: Metric;
  /** UTC milliseconds, by the clock of the isolate that answered. */
  at: number;
  app: App;
  os: System;
  /** ISO 3166-1 alpha-2; `unknown` where the network did not say. */
  country: string;
  /** ISO 3166-2 subdivision (a province, in China); `unknown` where the network did not say. */
  region: string;
  /** Platform of the destination that was chosen; `none` where there was none. */
  destination: string;
  /** A view books `redirect` or `page`; a click the way that was taken. */
  method: string;
}

/** At most this many keys a dimension; what comes later is `other`. */
export const keysPerDimension = 256;
export const otherKey = "other";

const closed: Partial<Record<Dimension, ReadonlySet<string>>> = {
  app: new Set<string>(apps),
  os: new Set<string>(systems),
  destination: new Set<string>([...platformNames, "none"]),
  method: new Set<string>([...methods, "redirect", "page"]),
};
const open: Partial<Record<Dimension, RegExp>> = {
  country: /^(?:[A-Z][A-Z0-9]|unknown)$/,
  region: /^(?:[A-Z0-9]{1,3}|unknown)$/,
};

/** A key of a dimension, or `other` when it is none of the known ones. */
export function dimensionKey(dimension: Dimension, value: string): string {
  return (closed[dimension]?.has(value) ?? open[dimension]?.test(value)) ? value : otherKey;
}

export function noTotals(): Totals {
  return recordBy(metrics, () => 0);
}

export function addTotals(into: Totals, from: Totals): Totals {
  // What an older release published lacks the metrics that came since.
  for (const metric of metrics) into[metric] += from[metric] ?? 0;
  return into;
}
