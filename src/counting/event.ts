/**
 * @module What is counted, and the closed sets that it is counted by (docs/counting.md).
 *
 * The two tables are the one place of a metric or a dimension: cells' keys, columns of the Counter's store and
 * their migrations, snapshots, empty values, exports, `/metrics` and the API's shapes derive from them. A row
 * is added at the end, with the number of the store's next migration as `since`.
 */
import { recordBy } from "../lib/records.ts";
import { type App, apps, platformNames } from "../platforms/registry/edge.ts";
import { methods, type System, systems } from "../platforms/types.ts";

/** A table's rows by name, in their order. */
function rowsOf<Row>() {
  return <Name extends string>(rows: Record<Name, Row>): Record<Name, Row> => rows;
}

interface MetricRow {
  /** The number of the Counter's migration that brought it (migrations.ts). */
  since: number;
  /** What an open was, where it is one: `offered` is the sum of these, for every link. */
  outcome?: string;
  /** For readers of the API, where the name does not say it. */
  description?: string;
}

const metricTable = rowsOf<MetricRow>()({
  views: { since: 1, outcome: "view" },
  clicks: { since: 1 },
  rendered: { since: 1 },
  copies: { since: 1 },
  leaves: { since: 1 },
  previews: { since: 1, outcome: "preview" },
  bots: { since: 1, outcome: "bot" },
  prefetches: { since: 1, outcome: "prefetch" },
  limited: {
    since: 2,
    outcome: "limited",
    description:
      "Opens past the limit of one address, which are no views, and what their pages report",
  },
});

export type Metric = keyof typeof metricTable;
export const metrics = Object.keys(metricTable) as Metric[];
export const metricRow = (metric: Metric): MetricRow => metricTable[metric];
export type Totals = Record<Metric, number>;

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

interface DimensionRow {
  since: number;
  of: (event: CountEvent) => string;
  /** What may be a key; anything else is {@link otherKey}. */
  keys: ReadonlySet<string> | RegExp;
}

const dimensionTable = rowsOf<DimensionRow>()({
  app: { since: 1, of: ({ app }) => app, keys: new Set<string>(apps) },
  os: { since: 1, of: ({ os }) => os, keys: new Set<string>(systems) },
  country: { since: 1, of: ({ country }) => country, keys: /^(?:[A-Z][A-Z0-9]|unknown)$/ },
  region: { since: 1, of: ({ region }) => region, keys: /^(?:[A-Z0-9]{1,3}|unknown)$/ },
  destination: {
    since: 1,
    of: ({ destination }) => destination,
    keys: new Set<string>([...platformNames, "none"]),
  },
  method: {
    since: 1,
    of: ({ method }) => method,
    keys: new Set<string>([...methods, "redirect", "page"]),
  },
});

export type Dimension = keyof typeof dimensionTable;
export const dimensions = Object.keys(dimensionTable) as Dimension[];
export const dimensionRow = (dimension: Dimension): DimensionRow => dimensionTable[dimension];

/** At most this many keys a dimension; what comes later is `other`. */
export const keysPerDimension = 256;
/** Also what was counted before its dimension came. */
export const otherKey = "other";

/** A key of a dimension, or `other` when it is none of the known ones. */
export function dimensionKey(dimension: Dimension, value: string): string {
  const { keys } = dimensionRow(dimension);
  const isKnown = keys instanceof RegExp ? keys.test(value) : keys.has(value);
  return isKnown ? value : otherKey;
}

export function noTotals(): Totals {
  return recordBy(metrics, () => 0);
}

export function addTotals(into: Totals, from: Totals): Totals {
  for (const metric of metrics) into[metric] += from[metric];
  return into;
}
