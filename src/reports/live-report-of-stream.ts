/** @module Makes the post-live report of a stream from its counts and its orders. */

import { catalogOf, unwrap } from "../catalog/calls.ts";
import type { Env } from "../config/env.ts";
import { clicksWithoutView } from "../counting/clicks-without-view.ts";
import { countVisitors } from "../counting/snapshot.ts";
import type { Language } from "../lib/said.ts";
import { phaseOfStored } from "../model/phase.ts";
import type { Stream } from "../model/stream.ts";
import { ordersOf, reportCurrency } from "../orders/calls.ts";
import { compared, curveOf, minute, sessionOf } from "./broadcast.ts";
import { gather } from "./gather.ts";
import { entriesOf } from "./group.ts";
import { bestSellers, itemReport } from "./items.ts";
import type { LiveReport } from "./live-report.ts";
import { notesOf } from "./live-report-notes.ts";
import { curveInWords } from "./live-report-text.ts";
import { ratio, report } from "./roas.ts";

const topOf = 10;

/**
 * @param compare an earlier stream; by default the same host's one before
 * @throws {Problem} when a stream is not there
 */
export async function liveReportOf(
  env: Env,
  id: string,
  language: Language,
  compare: string | undefined,
): Promise<LiveReport> {
  const now = Date.now();
  const stream: Stream = unwrap(await catalogOf(env).stream(id));
  const session = await sessionOf(env, stream, now);
  const [{ facts, items, otherCurrencies, uncounted }, curve, comparison, unattributed] =
    await Promise.all([
      gather(env, {
        streamId: id,
        convention: "pay",
        currency: reportCurrency,
        isByDestination: false,
        isByItem: true,
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
  const phase = phaseOfStored(stream, now);
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
          { start: "", step: 600, finished: 0, views: [], clicks: [], orders: [], gmv: [] },
          { language, timezone: stream.timezone, currency: reportCurrency },
        ),
    creators: groups("creator").slice(0, topOf),
    channels: groups("channel").slice(0, topOf),
    channelClasses: groups("channelClass"),
    items: bestSellers(itemReport(facts, items, language, topOf)),
    compare: comparison,
    notes: notesOf(language, {
      epochs: Object.keys(snapshot.visitors).length,
      isLive: source === "live",
      isHourly: curve?.step === 3_600,
      isOngoing: phase !== "ended",
      hasUnattributed: unattributed.lines.length > 0,
      lost: snapshot.lost,
      limited: snapshot.totals.limited,
      clicksWithoutView: clicksWithoutView(snapshot.visitors, snapshot.clickers).estimate,
      otherCurrencies,
      uncounted: uncounted.reduce((sum, row) => sum + row.orders, 0),
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
