/** @module Gathers what a report is made of: links, what was opened, what was sold, what it cost. */

import { catalogOf, unwrap } from "../catalog/calls.ts";
import type { Reported, ReportFilter } from "../catalog/reporting.ts";
import type { Env } from "../config/env.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { readStream } from "../counting/query/read.ts";
import { countVisitors, type Pair } from "../counting/snapshot.ts";
import { atField } from "../http/problem.ts";
import { workThrough } from "../lib/pool.ts";
import { type Keyed, own } from "../lib/records.ts";
import { said } from "../lib/said.ts";
import { weekOf } from "../lib/weeks.ts";
import type { Link } from "../model/link.ts";
import type { Stream } from "../model/stream.ts";
import { ordersOf } from "../orders/calls.ts";
import type { CostRow } from "../orders/cost-store.ts";
import { nothingByItem, type SoldByItem } from "../orders/item-sales.ts";
import type { TotalRow, UnknownRow } from "../orders/store.ts";
import type { Facts, ReportLink } from "./group.ts";

export interface GatherQuery extends ReportFilter {
  /** UTC ms; views and clicks by the hour that begins in it. */
  start?: number | undefined;
  end?: number | undefined;
  /** Where a refund is booked: when its order was paid, or when it was made. */
  convention: "pay" | "refund";
  currency: string;
  /** Whether opens are wanted by destination. */
  isByDestination: boolean;
  /** Whether sales are wanted by item: they are read from the order lines. */
  isByItem?: boolean;
}

export interface Gathered {
  facts: Facts;
  /** Of the same moment as the facts; empty where it was not asked for. */
  items: SoldByItem;
  streams: Stream[];
  otherCurrencies: string[];
  /** Orders whose state is not known, by platform and word. */
  uncounted: UnknownRow[];
  /** The oldest of what was read, UTC ms. */
  asOf: number;
}

const atOnce = 16;

export async function gather(env: Env, query: GatherQuery): Promise<Gathered> {
  const { streamId, campaign, creator, from, to } = query;
  const { streams, links, names }: Reported = unwrap(
    await catalogOf(env).reported({ streamId, campaign, creator, from, to }),
  );
  const slugs = links.map(({ slug }) => slug);
  const orders = ordersOf(env);
  const streamIds = streams.map(({ id }) => id);
  const readCosts = orders.costsOf(slugs);
  const [{ sold, items }, costs, opens, uncounted] = await Promise.all([
    readSold(env, query, slugs, streamIds, readCosts),
    readCosts,
    readOpens(env, query, streams, links),
    orders.unknownOf(slugs, streamIds),
  ]);
  return {
    facts: {
      links: reportLinks(links, streams),
      opened: opens.opened,
      landed: opens.landed,
      sold: sold.filter(({ currency }) => currency === query.currency),
      costs,
      names: namesOf(links, names),
    },
    items,
    streams,
    otherCurrencies: [...new Set(sold.map(({ currency }) => currency))].filter(
      (currency) => currency !== query.currency,
    ),
    uncounted,
    asOf: opens.asOf,
  };
}

function reportLinks(links: readonly Link[], streams: readonly Stream[]): ReportLink[] {
  const byId = new Map(streams.map((stream) => [stream.id, stream]));
  return links.map((link) => {
    const stream = byId.get(link.streamId);
    const all = [...(link.destinations ?? []), ...(stream?.destinations ?? [])];
    const { slug, streamId, creator, channel, channelClass, campaign } = link;
    return {
      slug,
      streamId,
      creator,
      channel,
      channelClass,
      campaign,
      stream: stream?.title ?? "",
      week: stream ? weekOf(stream.startsAt ?? stream.createdAt, stream.timezone) : "none",
      destination: link.primary ?? stream?.primary ?? "none",
      destinations: [...new Set(all.map(({ platform }) => platform))],
    };
  });
}

function namesOf(links: readonly Link[], set: Reported["names"]): ReadonlyMap<string, string> {
  const newest = links.toSorted((a, b) => a.createdAt - b.createdAt);
  const byLinks = newest.flatMap(({ creator }) =>
    creator?.name === undefined ? [] : [{ id: creator.id, name: creator.name }],
  );
  return new Map([...byLinks, ...set].map(({ id, name }) => [id, name]));
}

type InCurrency = Omit<TotalRow, "rev">;

/** Kept sums for the whole life; for a period, and by item, the orders themselves are read. */
async function readSold(
  env: Env,
  { start, end, convention, currency, isByItem }: GatherQuery,
  slugs: string[],
  streamIds: string[],
  costs: Promise<CostRow[]>,
): Promise<{ sold: InCurrency[]; items: SoldByItem }> {
  const orders = ordersOf(env);
  const isAlways = start === undefined && end === undefined;
  const period = { start: start ?? 0, end: end ?? Number.MAX_SAFE_INTEGER, convention };
  if (isByItem) {
    const rates = (await costs).flatMap(({ slug, costs: { commissionRate } }) =>
      commissionRate === undefined ? [] : [[slug, commissionRate] as const],
    );
    const asked = { currency, period: isAlways ? null : period, rates };
    const items = await orders.salesByItem(slugs, streamIds, asked);
    return { sold: items.sold, items };
  }
  const sold = isAlways
    ? await orders.salesOfLinks(slugs)
    : await orders.salesInPeriod(slugs, streamIds, period);
  return { sold, items: nothingByItem };
}

async function readOpens(
  env: Env,
  query: GatherQuery,
  streams: readonly Stream[],
  links: readonly Link[],
) {
  const opened = new Map<string, { views: number; clicks: number; visitors: number | null }>();
  const landed = new Map<string, { views: number; clicks: number }>();
  let asOf = Date.now();
  const land = (pairs: Keyed<Pair>) => {
    for (const [key, [views, clicks]] of Object.entries(pairs)) {
      const known = landed.get(key) ?? { views: 0, clicks: 0 };
      landed.set(key, { views: known.views + views, clicks: known.clicks + clicks });
    }
  };
  const isPeriod = query.start !== undefined || query.end !== undefined;
  if (isPeriod && query.isByDestination) {
    throw atField(
      "invalid_request",
      "?groupBy",
      said(
        "Opens by destination are not kept by the hour; leave start and end out.",
        "按目标平台的浏览不按小时保留，请去掉 start 和 end。",
      ),
    );
  }
  const wanted = Map.groupBy(links, ({ streamId }) => streamId);
  await workThrough(streams, atOnce, async (stream) => {
    const slugs = new Set(wanted.get(stream.id)?.map(({ slug }) => slug));
    if (isPeriod) {
      for (let shard = 0; shard < stream.shardsEver; shard += 1) {
        const counted = await counterOf(env, stream.id, shard).linksBetween(
          query.start ?? 0,
          query.end ?? Number.MAX_SAFE_INTEGER,
        );
        for (const [slug, [views = 0, clicks = 0]] of Object.entries(counted)) {
          const known = opened.get(slug) ?? { views: 0, clicks: 0 };
          opened.set(slug, {
            views: known.views + views,
            clicks: known.clicks + clicks,
            visitors: null,
          });
        }
      }
      for (const slug of slugs) {
        if (!opened.has(slug)) opened.set(slug, { views: 0, clicks: 0, visitors: null });
      }
      return;
    }
    const { snapshot, linkVisitors } = await readStream(env, stream, { byLink: true });
    asOf = Math.min(asOf, snapshot.asOf);
    for (const slug of slugs) {
      opened.set(slug, {
        views: own(snapshot.links, slug)?.views ?? 0,
        clicks: own(snapshot.links, slug)?.clicks ?? 0,
        visitors: linkVisitors ? countVisitors(own(linkVisitors, slug)) : null,
      });
    }
    if (!query.isByDestination) return;
    // A stream of which every link is asked for is one read; else each link is.
    const isWhole = Object.keys(snapshot.links).every((slug) => slugs.has(slug));
    if (isWhole) return land(snapshot.dimensions.destination);
    await workThrough([...slugs], atOnce, async (slug) => {
      if (!own(snapshot.links, slug)) return;
      const link = await readStream(env, stream, { slug });
      land(link.snapshot.dimensions.destination);
    });
  });
  return { opened, landed, asOf };
}
