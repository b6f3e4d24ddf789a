/** @module What the board and the wall poll: a stream's stats, its report, its links' names. */
import { useEffect, useRef } from "preact/hooks";
import type { Sample } from "./board.ts";
import { client, json, type Link, type Stats, type Stream, send } from "./client.ts";
import { type Polled, usePoll } from "./poll.ts";
import { has } from "./session.ts";

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

export interface Money {
  total: number;
  slotFee: number;
  commission: number;
  adSpend: number;
  coupons: number;
  samples: number;
}

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
  cost: Money;
  roas: number | null;
  netRoas: number | null;
  conversionRate: number | null;
  gpm: number | null;
  uvValue: number | null;
  small?: boolean;
}
export interface Roas {
  data: RoasRow[];
  totals: Omit<RoasRow, "key">;
}

export type RoasGrouping = "creator" | "link" | "channel" | "channelClass";

/** Asked for only when this version's API has it. */
export function useRoas(streamId: string, groupBy: RoasGrouping, every: number): Polled<Roas> {
  const isThere = has("GET /api/reports/roas");
  return usePoll<Roas>(
    isThere ? `roas ${streamId} ${groupBy}` : null,
    (headers) => send(`/api/reports/roas?streamId=${streamId}&groupBy=${groupBy}`, { headers }),
    every,
  );
}

/** Every link of a stream; one page holds 200. */
export async function allLinks(streamId: string): Promise<Link[]> {
  const links: Link[] = [];
  let cursor: string | null = null;
  do {
    const page: { data: Link[]; nextCursor: string | null } = await json(
      client.api.links.$get({
        query: { streamId, limit: "200", ...(cursor === null ? {} : { cursor }) },
      }),
    );
    links.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && links.length < 5_000);
  return links;
}

export function useLinks(streamId: string, every = 30_000): Polled<Link[]> {
  return usePoll<Link[]>(
    `links ${streamId}`,
    async () => Response.json(await allLinks(streamId)),
    every,
  );
}

const sampleEvery = 30_000;
const samplesAtMost = 50;

/** What the totals were while this page was open. */
export function useSamples(stats: Stats | undefined): readonly Sample[] {
  const samples = useRef<{ streamId: string; all: Sample[] }>({ streamId: "", all: [] });
  useEffect(() => {
    if (!stats) return;
    if (samples.current.streamId !== stats.streamId) {
      samples.current = { streamId: stats.streamId, all: [] };
    }
    const { all } = samples.current;
    const at = Date.now();
    const last = all.at(-1);
    if (last && at - last.at < sampleEvery) return;
    const { visitors, orders, netGmv } = stats.totals;
    all.push({ at, visitors, orders, netGmv });
    if (all.length > samplesAtMost) all.shift();
  }, [stats]);
  return samples.current.all;
}
