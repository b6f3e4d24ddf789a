/** @module The post-live report of a stream: JSON, Markdown, or its promoters as a spreadsheet. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { csvOf } from "../attribution/csv.ts";
import { entriesOf, type Language } from "../attribution/grouping.ts";
import {
  type AtMinute,
  type Curve,
  changeOf,
  type LiveReport,
} from "../attribution/live-report.ts";
import { notesOf } from "../attribution/report-notes.ts";
import { curveInWords, markdownOf } from "../attribution/report-text.ts";
import { ratio, report } from "../attribution/roas.ts";
import { reportColumns } from "../attribution/tables.ts";
import type { Stream } from "../catalog/model.ts";
import { type Counts, readCounts } from "../counting/read.ts";
import { lastCounted, seriesColumns, sumBetween } from "../counting/series.ts";
import { countVisitors } from "../counting/snapshot.ts";
import type { Env } from "../env.ts";
import type { ApiEnv } from "./auth.ts";
import { catalogOf, unwrap } from "./catalog.ts";
import { gather } from "./facts.ts";
import { csvAnswer, languageOf, wantsType } from "./negotiate.ts";
import { LiveReportQuery, MeasuresView } from "./order-schemas.ts";
import { ordersOf, reportCurrency } from "./orders.ts";
import { presentStream } from "./present.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "./router.ts";
import { requires } from "./scopes.ts";
import { startOf } from "./stats.ts";

const minute = 60_000;
const topOf = 10;
const minutesKept = 48 * 60 * minute;

interface Session {
  stream: Stream;
  counts: Counts;
  /** UTC ms; `null` before anything happened. */
  began: number | null;
  /** Its end as planned or as counted; a running one's is now. */
  until: number;
}

async function sessionOf(env: Env, stream: Stream, now: number): Promise<Session> {
  const counts: Counts = await readCounts(env, stream.id, stream.shardsEver);
  const began = startOf(stream, counts.snapshot) ?? null;
  const last = lastCounted(counts.snapshot.series);
  const isOver = presentStream(stream, now).phase === "ended";
  const closed = stream.endsAt ?? last ?? now;
  const until = Math.max(Math.min(isOver ? closed : now, now), began ?? 0);
  return { stream, counts, began, until };
}

/** From the start to a minute since it: opens by the minute while that is kept, orders by when they were paid. */
async function atMinute(
  env: Env,
  session: Session,
  elapsed: number,
  now: number,
): Promise<AtMinute> {
  const { stream, counts, began } = session;
  const from = began ?? now;
  const [views, clicks] = sumBetween(counts.snapshot.series, from, from + elapsed, now);
  const step = Math.max(elapsed, 1);
  const sold = await ordersOf(env).timeline(stream.id, {
    from,
    to: from + step,
    step,
    currency: reportCurrency,
  });
  return {
    streamId: stream.id,
    title: stream.title,
    views,
    clicks,
    orders: sold.orders[0] ?? 0,
    gmv: sold.gmv[0] ?? 0,
    refunds: sold.refunds[0] ?? 0,
  };
}

async function curveOf(env: Env, session: Session, now: number): Promise<Curve | null> {
  const { stream, counts, began, until } = session;
  if (began === null || until <= began) return null;
  const isKept = began >= now - minutesKept;
  const unit = isKept ? minute : 60 * minute;
  const step = isKept ? 10 * minute : 60 * minute;
  const from = Math.floor(began / unit) * unit;
  // A room that stays open for months has a curve of its last week.
  const start = Math.max(from, until - 7 * 24 * 60 * minute);
  const first = from + Math.floor((start - from) / step) * step;
  const series = seriesColumns(counts.snapshot.series, isKept ? "minute" : "hour", {
    start: first,
    end: until,
    now,
    timezone: stream.timezone,
  });
  if (!series) return null;
  const buckets = Math.ceil((until - first) / step);
  const gathered = (column: readonly number[]) => {
    const sums = Array.from({ length: buckets }, () => 0);
    const offset = (Date.parse(series.start) - first) / unit;
    for (const [index, value] of column.entries()) {
      const bucket = Math.floor(((index + offset) * unit) / step);
      sums[bucket] = (sums[bucket] ?? 0) + value;
    }
    return sums;
  };
  const sold = await ordersOf(env).timeline(stream.id, {
    from: first,
    to: first + buckets * step,
    step,
    currency: reportCurrency,
  });
  return {
    start: new Date(first).toISOString(),
    step: step / 1_000,
    views: gathered(series.views),
    clicks: gathered(series.clicks),
    orders: sold.orders,
    gmv: sold.gmv,
  };
}

async function compared(env: Env, session: Session, asked: string | undefined, now: number) {
  const catalog = catalogOf(env);
  const previous: Stream | null =
    asked === undefined
      ? await catalog.previousStream(session.stream.id)
      : unwrap(await catalog.stream(asked));
  if (!previous || session.began === null) return null;
  const other = await sessionOf(env, previous, now);
  if (other.began === null) return null;
  const elapsed = session.until - session.began;
  const [current, before] = await Promise.all([
    atMinute(env, session, elapsed, now),
    atMinute(env, other, elapsed, now),
  ]);
  return {
    minutes: Math.floor(elapsed / minute),
    current,
    previous: before,
    change: changeOf(current, before),
  };
}

async function liveReportOf(
  env: Env,
  id: string,
  language: Language,
  compare: string | undefined,
): Promise<LiveReport> {
  const now = Date.now();
  const stream: Stream = unwrap(await catalogOf(env).stream(id));
  const session = await sessionOf(env, stream, now);
  const [{ facts, otherCurrencies }, curve, comparison, unattributed] = await Promise.all([
    gather(env, {
      streamId: id,
      convention: "pay",
      currency: reportCurrency,
      isByDestination: false,
    }),
    curveOf(env, session, now),
    compared(env, session, compare, now),
    ordersOf(env).list({ streamId: "", from: session.began ?? now, to: now }, 1, null),
  ]);
  const { snapshot, source } = session.counts;
  const groups = (by: "creator" | "channel" | "channelClass") =>
    report(entriesOf(facts, by, language)).data.filter(isSeen);
  const { totals } = report(entriesOf(facts, "link", language));
  const visitors = countVisitors(snapshot.visitors);
  const { phase } = presentStream(stream, now);
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const { views, clicks, rendered, copies } = snapshot.totals;
  const { orders, gmv, refunds, netGmv } = totals;
  return {
    streamId: id,
    title: stream.title,
    host: stream.host,
    phase,
    language,
    currency: reportCurrency,
    timezone: stream.timezone,
    startedAt: time(session.began),
    endedAt: phase === "ended" ? time(session.until) : null,
    minutes: session.began === null ? 0 : Math.floor((session.until - session.began) / minute),
    asOf: new Date(snapshot.asOf).toISOString(),
    source,
    funnel: {
      views,
      visitors,
      rendered,
      clicks,
      copies,
      orders,
      gmv,
      refunds,
      netGmv,
      clickThrough: ratio(clicks, views),
      conversion: ratio(orders, clicks),
    },
    cost: totals.cost,
    roas: totals.roas,
    netRoas: totals.netRoas,
    gpm: totals.gpm,
    uvValue: ratio(gmv, visitors),
    curve,
    curveText: curve
      ? curveInWords(curve, { language, timezone: stream.timezone, currency: reportCurrency })
      : curveInWords(
          { start: "", step: 600, views: [], clicks: [], orders: [], gmv: [] },
          { language, timezone: stream.timezone, currency: reportCurrency },
        ),
    creators: groups("creator").slice(0, topOf),
    channels: groups("channel").slice(0, topOf),
    channelClasses: groups("channelClass"),
    compare: comparison,
    notes: notesOf(language, {
      epochs: Object.keys(snapshot.visitors).length,
      isLive: source === "live",
      isHourly: curve?.step === 3_600,
      isOngoing: phase !== "ended",
      hasUnattributed: unattributed.lines.length > 0,
      lost: snapshot.lost,
      otherCurrencies,
      hasOrders: orders > 0,
      hasCosts: totals.cost.total > 0,
    }),
  };
}

const isSeen = ({
  views,
  clicks,
  orders,
  cost,
}: {
  views: number;
  clicks: number;
  orders: number;
  cost: { total: number };
}) => views + clicks + orders + cost.total > 0;

const LiveReportView = z
  .object({
    streamId: z.string(),
    title: z.string(),
    language: z.enum(["zh-CN", "en"]),
    asOf: z.string(),
    minutes: z.int(),
    funnel: z.looseObject({}),
    curveText: z.array(z.string()),
    creators: z.array(MeasuresView.loose()),
    channels: z.array(MeasuresView.loose()),
    channelClasses: z.array(MeasuresView.loose()),
    notes: z.array(z.string()),
  })
  .loose()
  .openapi("LiveReport");

async function answer(c: Context<ApiEnv>, id: string, query: z.infer<typeof LiveReportQuery>) {
  const language = languageOf(c, query.language);
  const made = await liveReportOf(c.env, id, language, query.compare);
  const format =
    query.format ??
    (wantsType(c, "text/markdown") ? "markdown" : wantsType(c, "text/csv") ? "csv" : "json");
  c.header("Vary", "Accept, Accept-Language");
  c.header("Content-Language", language);
  c.header("Cache-Control", "no-store");
  if (format === "csv") {
    return csvAnswer(c, csvOf(made.creators, reportColumns, query.language), `report-${id}`);
  }
  if (format === "markdown") {
    return c.body(markdownOf(made), 200, { "Content-Type": "text/markdown; charset=utf-8" });
  }
  return c.json(made, 200);
}

export const liveReport = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/report",
    summary: "The post-live report (战报): funnel, curve, tops, against the session before",
    description:
      "JSON, or Markdown by `Accept: text/markdown` or `format=markdown`; in Chinese or English by `language` or `Accept-Language`; `format=csv` is its promoters. `compare` names an earlier stream, by default the same host's one before.",
    security: requires("stats:read"),
    request: { params: z.object({ id: z.string() }), query: LiveReportQuery },
    responses: {
      200: {
        description: "The report",
        content: {
          ...jsonAnswer("", LiveReportView).content,
          "text/markdown": { schema: { type: "string" } },
          "text/csv": { schema: { type: "string" } },
        },
      },
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  // biome-ignore lint/suspicious/noExplicitAny: three content types, which the route's type can't tell apart
  (c) => answer(c, c.req.valid("param").id, c.req.valid("query")) as any,
);
