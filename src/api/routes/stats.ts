/** @module The stats of a stream and of a link; an unchanged answer is 304 before a body is built. */

import { createRoute, type z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { ApiEnv } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { StatsContext } from "../../catalog/object.ts";
import { isHttps, settings } from "../../config/env.ts";
import { clicksWithoutView } from "../../counting/clicks-without-view.ts";
import { retention } from "../../counting/counter/forgetting.ts";
import { dimensions, type Totals } from "../../counting/event.ts";
import { type Counts, readStream } from "../../counting/query/read.ts";
import {
  bucketsAtMost,
  finestColumns,
  recent,
  recentChange,
  type SeriesColumns,
  seriesColumns,
  sumBetween,
} from "../../counting/query/series.ts";
import { countVisitors, type Pair, type Snapshot } from "../../counting/snapshot.ts";
import { rulesVersion } from "../../decision/visitor.ts";
import { hasTag } from "../../http/known-tag.ts";
import { atField } from "../../http/problem.ts";
import { namedEstimate, provincesOf } from "../../http/provinces.ts";
import { fnv1a } from "../../lib/fnv.ts";
import { Memo } from "../../lib/memo.ts";
import { type Keyed, own } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import { IdParams, SlugParams } from "../../model/bounded.ts";
import { isoOf, isoOrNull } from "../../model/fields.ts";
import { endedAtOf, phaseOfStored } from "../../model/phase.ts";
import type { Stream } from "../../model/stream.ts";
import { salesOfStream, saleTotals, soldBetween } from "../../orders/calls.ts";
import { startOf } from "../../reports/broadcast.ts";
import { ratio } from "../../reports/roas.ts";
import { StatsView } from "../answers.ts";
import { rememberPoll } from "../poll.ts";
import { groupings, StatsQuery } from "../queries.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

const read = requires("stats:read");

const contexts = new Memo<StatsContext>({
  goodForMs: 400,
  bytes: 16 * 1_048_576,
  // A promoter's slug, name and channel.
  weigh: (_, { promoters }) => 4_096 + 512 * promoters.length,
});

async function contextOf(c: Context<ApiEnv>, streamId: string): Promise<StatsContext> {
  const fresh = contexts.freshOrSought(streamId, Date.now());
  if (fresh) return fresh;
  const known = contexts.last(streamId);
  const value: StatsContext = unwrap(await catalogOf(c.env).statsContext(streamId, known?.rev));
  if (known?.rev === value.rev) value.promoters = known.promoters;
  contexts.set(streamId, value, Date.now());
  return value;
}

type Promoters = StatsContext["promoters"];
type Row = { key: string; views: number; clicks: number };

const byViews = (a: Row, b: Row) =>
  b.views - a.views || b.clicks - a.clicks || (a.key < b.key ? -1 : 1);

function rows(pairs: Iterable<[string, Pair]>): Row[] {
  return [...pairs].map(([key, [views, clicks]]) => ({ key, views, clicks })).sort(byViews);
}

/** Sums of links by who stands behind them; a link without one counts as `none`. */
function grouped(
  links: Keyed<Totals>,
  promoters: Promoters,
  keyOf: (promoter: Promoters[number] | undefined) => string | null | undefined,
): Row[] {
  const bySlug = new Map(promoters.map((promoter) => [promoter.slug, promoter]));
  const sums = new Map<string, Pair>();
  for (const [slug, totals] of Object.entries(links)) {
    const key = keyOf(bySlug.get(slug)) ?? "none";
    const [views, clicks] = sums.get(key) ?? [0, 0];
    sums.set(key, [views + totals.views, clicks + totals.clicks]);
  }
  return rows(sums);
}

/** Every link of the stream, those without a view too. Visitors are not published by link. */
function linkRows({ snapshot: { links }, linkVisitors }: Counts, promoters: Promoters) {
  const bySlug = new Map(promoters.map((promoter) => [promoter.slug, promoter]));
  const slugs = new Set([...bySlug.keys(), ...Object.keys(links)]);
  return [...slugs]
    .map((key) => ({
      key,
      views: own(links, key)?.views ?? 0,
      clicks: own(links, key)?.clicks ?? 0,
      visitors: linkVisitors ? countVisitors(own(linkVisitors, key)) : null,
      creator: bySlug.get(key)?.creator?.id ?? null,
      channel: bySlug.get(key)?.channel ?? null,
    }))
    .sort(byViews);
}

type Query = z.infer<typeof StatsQuery>;

function breakdowns(
  counts: Counts,
  promoters: Promoters,
  wanted: ReadonlySet<(typeof groupings)[number]>,
  slug?: string,
) {
  const { snapshot, source } = counts;
  const isLive = source === "live";
  const by: Partial<Record<(typeof groupings)[number], Row[]>> = {};
  if (slug === undefined) {
    if (wanted.has("link")) by.link = linkRows(counts, promoters);
    if (wanted.has("creator"))
      by.creator = grouped(snapshot.links, promoters, (p) => p?.creator?.id);
    if (wanted.has("channel")) by.channel = grouped(snapshot.links, promoters, (p) => p?.channel);
  }
  // A link's own breakdown is not published.
  if (slug !== undefined && !isLive) return by;
  for (const dimension of dimensions) {
    if (wanted.has(dimension)) by[dimension] = rows(Object.entries(snapshot.dimensions[dimension]));
  }
  return by;
}

function columns(snapshot: Snapshot, query: Query, stream: Stream, now: number): SeriesColumns {
  const { start, end } = query;
  if (start !== undefined && end !== undefined && end <= start) {
    throw atField(
      "invalid_request",
      "?end",
      said("end must be after start.", "end 必须晚于 start。"),
    );
  }
  const ended = endedAtOf(stream, now);
  const isOld = ended !== null && now > ended + retention.minute;
  const range = { start, end, now, timezone: query.timezone ?? stream.timezone };
  if (query.interval === undefined) return finestColumns(snapshot.series, range, isOld);
  const series = seriesColumns(snapshot.series, query.interval, range);
  if (series) return series;
  throw atField(
    "invalid_request",
    "?interval",
    said(
      `The range has more than ${bucketsAtMost} buckets; ask for a coarser interval.`,
      `这段时间多于 ${bucketsAtMost} 个时段，请用更粗的 interval。`,
    ),
  );
}

/** An earlier stream's figures at the same minute since its start. */
async function comparison(
  c: Context<ApiEnv>,
  ours: { stream: Stream; snapshot: Snapshot },
  id: string,
  now: number,
) {
  const { stream } = await contextOf(c, id);
  const { snapshot } = await readStream(c.env, stream);
  const began = startOf(ours.stream, ours.snapshot);
  const theirs = startOf(stream, snapshot);
  if (began === undefined || theirs === undefined || now < began) {
    const totals = { views: 0, clicks: 0, orders: 0, gmv: 0, refunds: 0 };
    return { streamId: id, seconds: 0, by: "minute" as const, totals };
  }
  const until = theirs + (now - began);
  const { timezone } = stream;
  const { views, clicks, by } = sumBetween(snapshot.series, theirs, until, { now, timezone });
  const range = { start: theirs, end: until, now, timezone };
  return {
    streamId: id,
    seconds: Math.floor((now - began) / 1_000),
    by,
    totals: { views, clicks, ...(await soldBetween(c.env, id, theirs, until)) },
    series: finestColumns(snapshot.series, range, false),
  };
}

/** Who clicked without a view; `null` where a link's own sketches are not published. */
function withoutView({ visitors, clickers }: Snapshot, isLinkPublished: boolean) {
  if (isLinkPublished) return { clicksWithoutView: null, clicksWithoutViewInterval: null };
  const { estimate, low, high } = clicksWithoutView(visitors, clickers);
  return { clicksWithoutView: estimate, clicksWithoutViewInterval: { low, high } };
}

/** What the stats are, and the tag of that, which is known before they are made. */
export async function statsOf(
  c: Context<ApiEnv>,
  query: Query,
  streamId: string,
  slug?: string,
): Promise<{ etag: string; body: () => Promise<z.input<typeof StatsView>> }> {
  const { stream, rev, promoters, pendingSpills, oldestSpillAt } = await contextOf(c, streamId);
  const wanted = new Set(query.groupBy ?? groupings);
  const reading = readStream(c.env, stream, {
    ...(slug === undefined ? {} : { slug }),
    published: query.source === "published",
    byLink: slug === undefined && wanted.has("link"),
  });
  const [counts, { sales, state: ordersState }] = await Promise.all([
    reading,
    salesOfStream(c.env, streamId, reading, c.executionCtx),
  ]);
  const now = Date.now();
  const asked = fnv1a(JSON.stringify([slug, query, rulesVersion])).toString(36);
  const minute = Math.floor(now / 60_000).toString(36);
  const etag = `"${counts.source}-${counts.revs.join(".")}-${counts.missing}-${minute}-${rev}-${pendingSpills}-${sales?.rev ?? "x"}-${ordersState.charAt(0)}-${counts.linkVisitors ? "v" : "n"}-${asked}"`;
  const { snapshot } = counts;
  const { totals } = snapshot;
  const sold = saleTotals(sales, slug);
  const isLinkPublished = slug !== undefined && counts.source === "published";
  return {
    etag,
    body: async () => ({
      streamId,
      ...(slug === undefined ? {} : { slug }),
      asOf: isoOf(snapshot.asOf),
      source: counts.source,
      totals: {
        ...totals,
        visitors: isLinkPublished ? null : countVisitors(snapshot.visitors),
        ...sold,
      },
      rates: {
        clickThrough: ratio(totals.clicks, totals.views),
        conversion: sold.orders === null ? null : ratio(sold.orders, totals.clicks),
      },
      ...(isLinkPublished
        ? {}
        : {
            recent: {
              ...recent(snapshot.series, now),
              change:
                phaseOfStored(stream, now) === "live"
                  ? recentChange(snapshot.series, startOf(stream, snapshot), now)
                  : null,
            },
            series: columns(snapshot, query, stream, now),
          }),
      by: breakdowns(counts, promoters, wanted, slug),
      ...(query.compare === undefined
        ? {}
        : { compare: await comparison(c, { stream, snapshot }, query.compare, now) }),
      quality: {
        rules: rulesVersion,
        shards: stream.shards,
        pendingSpills,
        oldestSpillAt: isoOrNull(oldestSpillAt),
        lost: snapshot.lost,
        missingShards: counts.missing,
        orders: ordersState,
        provinces: namedEstimate(provincesOf(c.env.PROVINCES, settings(c.env))),
        /** Over how many epochs `visitors` is a sum: a broadcast is one, other times one a day. */
        visitorEpochs: Object.keys(snapshot.visitors).length,
        ...withoutView(snapshot, isLinkPublished),
      },
    }),
  };
}

async function answer(c: Context<ApiEnv>, query: Query, streamId: string, slug?: string) {
  const { etag, body } = await statsOf(c, query, streamId, slug);
  c.header("ETag", etag);
  c.header("Cache-Control", "no-cache");
  // A comparison has counts of its own that the tag does not name.
  if (query.compare === undefined) {
    const poller = {
      isHttps: isHttps(c.env, c.req.url),
      isByEdge: c.env.EDGES !== undefined,
    };
    const headers = rememberPoll(c.req.raw, etag, poller);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (hasTag(c.req.raw.headers, etag)) return c.body(null, 304);
  }
  return c.json(await body(), 200);
}

const responses = {
  200: jsonAnswer("The stats", StatsView),
  304: { description: "Unchanged since the given ETag" },
  ...commonProblems,
  ...notFoundProblem,
};

export const stats = router()
  .openapi(
    createRoute({
      method: "get",
      path: "/api/streams/{id}/stats",
      summary: "A stream's views and clicks, exact, polled during the broadcast",
      security: read,
      request: { params: IdParams, query: StatsQuery },
      responses,
    }),
    (c) => answer(c, c.req.valid("query"), c.req.valid("param").id),
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/links/{slug}/stats",
      summary: "One link's views and clicks",
      security: read,
      request: {
        params: SlugParams,
        query: StatsQuery,
      },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      const link = unwrap(await catalogOf(c.env).link(slug));
      return answer(c, c.req.valid("query"), link.streamId, slug);
    },
  );
