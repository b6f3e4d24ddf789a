/** @module What the board and the wall poll: a stream's stats, its report, its links' names. */
import { useEffect, useRef } from "preact/hooks";
import type { Cost, Costs } from "../../model/costs.ts";
import { alertsOf, type FailingDestination, tapsOf } from "./alerts.ts";
import { type Earlier, recentWindow, type Sample, type Tile, tilesOf } from "./board.ts";
import { client, json, type Link, type Stats, type Stream, send } from "./client.ts";
import type { OrderSource } from "./connections.ts";
import type { StreamEvent } from "./marks.ts";
import { soldBetween, usePaidOrders } from "./orders.ts";
import { everyPage } from "./pages.ts";
import { linkPath, streamPath } from "./paths.ts";
import { type Polled, usePoll } from "./poll.ts";
import { saves } from "./saves.ts";
import { may } from "./session.ts";
import { goalsOf } from "./targets.ts";

/** Every 2 s while live, else every 30 s. The tag makes an unchanged answer cost nothing. */
export function useStats(
  stream: Stream,
  options: { compare?: string; interval?: "minute" | "hour"; start?: string } = {},
): Polled<Stats> {
  const { compare, interval, start } = options;
  return usePoll<Stats>(
    `stats ${stream.id} ${compare} ${interval} ${start}`,
    (headers) =>
      client.api.streams[":id"].stats.$get(
        {
          param: { id: stream.id },
          query: {
            ...(compare ? { compare } : {}),
            ...(interval ? { interval } : {}),
            ...(start ? { start } : {}),
          },
        },
        { headers },
      ),
    stream.phase === "ended" ? 30_000 : 2_000,
  );
}

const none: readonly never[] = [];

/** A row of `GET /api/reports/roas`; money in minor units. */
export interface RoasRow {
  key: string;
  name?: string | null;
  views: number;
  clicks: number;
  visitors: number | null;
  orders: number;
  gmv: number;
  refunds: number;
  netGmv: number;
  cost: Cost;
  roas: number | null;
  netRoas: number | null;
  conversionRate: number | null;
  gpm: number | null;
  uvValue: number | null;
  small?: boolean;
  /** Of an item how many were bought. */
  quantity?: number | null;
}
export interface Roas {
  data: RoasRow[];
  totals: Omit<RoasRow, "key">;
}

export type RoasGrouping =
  | "creator"
  | "link"
  | "channel"
  | "channelClass"
  | "campaign"
  | "stream"
  | "week"
  | "item";

/** @param limit of items those with the most sold, and the others in one row */
export function useRoas(
  streamId: string | null,
  groupBy: RoasGrouping,
  every: number,
  limit?: number,
): Polled<Roas> {
  const most = limit === undefined ? "" : `&limit=${limit}`;
  return usePoll<Roas>(
    streamId !== null ? `roas ${streamId} ${groupBy}${most}` : null,
    (headers) =>
      send(`/api/reports/roas?streamId=${streamId}&groupBy=${groupBy}${most}`, { headers }),
    every,
  );
}

/** What is sold, and no row for what is not. */
export const isItem = ({ key }: Pick<RoasRow, "key">): boolean => key.includes(":");

const bestAtMost = 10;

/** The items of a stream that sold most, as orders come; nothing is asked for while nothing was sold. */
export function useBestSellers(
  streamId: string,
  stats: Stats | undefined,
  isShown = true,
): readonly RoasRow[] {
  const isAsked = isShown && (stats?.totals.orders ?? 0) > 0;
  const { data } = useRoas(isAsked ? streamId : null, "item", 15_000, bestAtMost);
  return (data?.data ?? none).filter((row) => isItem(row) && row.gmv > 0);
}

/** More links of a stream are not read. */
const linksAtMost = 5_000;

const allLinks = (streamId: string): Promise<Link[]> =>
  everyPage(
    (cursor) => json(client.api.links.$get({ query: { streamId, limit: "200", ...cursor } })),
    linksAtMost,
  );

export function useLinks(streamId: string, every = 30_000): Polled<Link[]> {
  const polled = usePoll<Link[]>(
    `links ${streamId}`,
    async () => Response.json(await allLinks(streamId)),
    every,
  );
  const { data } = polled;
  return { ...polled, data: data?.map((link) => saves.newest(linkPath(link.slug), link)) };
}

/** What the links of a stream cost, by slug; asked once. */
export function useCosts(streamId: string): Polled<{ data: (Costs & { slug: string })[] }> {
  return usePoll(
    `costs ${streamId}`,
    (headers) => send(`${streamPath(streamId)}/costs`, { headers }),
    0,
  );
}

const sampleEvery = 30_000;
const samplesAtMost = 50;

/** What the totals were while this tab was open, also over a reload. */
function useSamples(stats: Stats | undefined, roas: number | null): readonly Sample[] {
  const samples = useRef<{ streamId: string; all: Sample[] }>({ streamId: "", all: [] });
  useEffect(() => {
    if (!stats) return;
    const { streamId } = stats;
    const key = `moongate.samples.${streamId}`;
    if (samples.current.streamId !== streamId) {
      const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]") as Sample[];
      samples.current = { streamId, all: kept };
    }
    const { all } = samples.current;
    const at = Date.now();
    const last = all.at(-1);
    if (last && at - last.at < sampleEvery) return;
    const { visitors, leaves } = stats.totals;
    all.push({ at, visitors, roas, taps: tapsOf(stats), leaves });
    if (all.length > samplesAtMost) all.shift();
    sessionStorage.setItem(key, JSON.stringify(all));
  }, [stats, roas]);
  return samples.current.all;
}

/** What happened during it: more comes while it is live. */
function useEvents(stream: Stream): readonly StreamEvent[] {
  const { data } = usePoll<{ data: StreamEvent[] }>(
    `events ${stream.id} ${stream.phase} ${stream.updatedAt}`,
    (headers) => client.api.streams[":id"].events.$get({ param: { id: stream.id } }, { headers }),
    stream.phase === "live" ? 20_000 : 0,
  );
  return data?.data ?? none;
}

/** Destinations whose pages fail, looked at now and then until it has ended. */
function useFailing(stream: Stream): readonly FailingDestination[] {
  const isAsked = stream.phase !== "ended" && may("links:read");
  const { data } = usePoll<{ data: FailingDestination[] }>(
    isAsked ? `failing ${stream.id} ${stream.updatedAt}` : null,
    (headers) =>
      client.api.streams[":id"]["failing-destinations"].$get(
        { param: { id: stream.id } },
        { headers },
      ),
    120_000,
  );
  return isAsked ? (data?.data ?? none) : none;
}

/** The connections that may bring its orders: asked once, and again where there is one. */
function useOrderSources(stream: Stream): readonly OrderSource[] {
  const key = may("stats:read") ? `sources ${stream.id} ${stream.updatedAt}` : null;
  const ask = (headers: { "If-None-Match"?: string }) =>
    client.api.streams[":id"]["order-sources"].$get({ param: { id: stream.id } }, { headers });
  const first = usePoll<{ data: OrderSource[] }>(key, ask, 0).data?.data ?? none;
  const isThere = key !== null && first.length > 0;
  const { data } = usePoll<{ data: OrderSource[] }>(isThere ? `${key} again` : null, ask, 15_000);
  return data?.data ?? first;
}

/** What a board and a wall show beside the stats themselves. @param compare an earlier stream, or "" */
export function useBoard(stream: Stream, stats: Stats | undefined, compare = "") {
  const roas = useRoas(stream.id, "link", 15_000);
  const netRoas = roas.data?.totals.netRoas ?? null;
  const samples = useSamples(stats, netRoas);
  const tiles = useTiles(stream, stats, netRoas, samples, compare);
  const events = useEvents(stream);
  const failing = useFailing(stream);
  const sources = useOrderSources(stream);
  const now = Date.now();
  const isLive = stream.phase === "live";
  return {
    sales: roas.data,
    tiles,
    events,
    sources,
    goals: stats ? goalsOf(stream, stats, now) : undefined,
    alerts: stats ? alertsOf({ stats, samples, failing, sources, isLive, now }) : [],
  };
}

/** The tiles of a stream, with what they are compared with. */
function useTiles(
  stream: Stream,
  stats: Stats | undefined,
  roas: number | null,
  samples: readonly Sample[],
  compare: string,
): Tile[] {
  const paid = usePaidOrders(
    stream.id,
    (now) => now - 2 * recentWindow,
    stream.phase === "live" ? 10_000 : 0,
  );
  const theirs = usePaidOrders(compare || null, () => 0, 0);
  const whole = usePoll<Stats>(
    compare ? `whole ${compare}` : null,
    (headers) =>
      client.api.streams[":id"].stats.$get(
        { param: { id: compare }, query: { groupBy: "os", interval: "hour" } },
        { headers },
      ),
    0,
  );
  const theirReport = useRoas(compare || null, "link", 0);
  if (!stats) return [];
  const now = Date.now();
  // The minute in which the earlier stream began.
  const began = stats.compare?.series?.start;
  const sold =
    theirs && began && stats.compare
      ? soldBetween(theirs, Date.parse(began), Date.parse(began) + stats.compare.seconds * 1_000)
      : null;
  const earlier: Earlier | null = compare
    ? {
        sold,
        visitors: whole.data?.totals.visitors ?? null,
        roas: theirReport.data?.totals.netRoas ?? null,
      }
    : null;
  return tilesOf({ stats, roas, paid, samples, earlier, now });
}
