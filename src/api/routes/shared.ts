/**
 * @module What a read-only link shows, to whoever has it: `GET /s/{token}/data`. It is made for that view alone: of a board
 * and a wall a stream's figures and who brought the views, of a promoter's own what his links brought and sold, and
 * nothing of another's money, of costs, of ids. Not a part of the API.
 */
import type { Context } from "hono";
import { digestOf } from "../../auth/credential.ts";
import type { ApiEnv } from "../../auth/principal.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { publicOrigin } from "../../config/env.ts";
import { Problem } from "../../http/problem.ts";
import { textBytes } from "../../lib/bounded-map.ts";
import { Memo } from "../../lib/memo.ts";
import { said } from "../../lib/said.ts";
import { isoOrNull } from "../../model/fields.ts";
import type { Link } from "../../model/link.ts";
import { endedAtOf, phaseOfStored } from "../../model/phase.ts";
import type { Share } from "../../model/share.ts";
import type { Stream } from "../../model/stream.ts";
import { reportCurrency } from "../../orders/calls.ts";
import { gather } from "../../reports/gather.ts";
import { entriesOf } from "../../reports/group.ts";
import { report } from "../../reports/roas.ts";
import { limitKey, limitRefusals } from "../middleware/limits.ts";
import { router } from "../router.ts";
import { statsOf } from "./stats.ts";

/** Of a stream what its viewers could see, and when it began and ended. */
type Told = Pick<
  Stream,
  "id" | "title" | "host" | "startsAt" | "endsAt" | "endedAt" | "timezone" | "phase"
>;

interface Opened {
  share: Share;
  stream: Told;
}

/** Whose links they are. */
type Named = Pick<Link, "slug" | "channel"> & {
  creator: { id: string; name?: string | undefined } | null;
};

/** 32 random bytes. */
const tokenShape = /^[\w-]{43}$/;

/** What was found of tokens, by their digests, for a moment: a wall asks every few seconds. */
const opened = new Memo<Opened>({
  goodForMs: 1_000,
  bytes: 262_144,
  weigh: (_, found) => textBytes(JSON.stringify(found)) + 512,
});
const named = new Memo<Named[]>({
  goodForMs: 10_000,
  bytes: 4 * 1_048_576,
  weigh: (_, links) => textBytes(JSON.stringify(links)) + 512,
});

/** Forgets what was found, since one was revoked. */
export const forgetShares = (): void => opened.clear();

const nothing = () =>
  new Problem(
    "not_found",
    said(
      "This link shows nothing (any more): it was revoked, has expired, or is incomplete.",
      "这个链接已失效：可能已撤销、已过期，或者地址不完整。",
    ),
  );

/** @throws {Problem} 404 for what is no share, or none any more; 429 to who tries many */
async function shareOf(c: Context<ApiEnv>, token: string): Promise<Opened> {
  if (!tokenShape.test(token)) throw nothing();
  const digest = digestOf(token);
  const now = Date.now();
  const fresh = opened.fresh(digest, now);
  if (fresh) return fresh;
  // One in use is looked up whatever its neighbours behind the same address send.
  if (!opened.last(digest)) await limitRefusals(c.req.raw, c.env, "REFUSAL_LIMIT", false);
  const held: { share: Share; stream: Stream } | null = await catalogOf(c.env).share(digest);
  if (!held) {
    opened.delete(digest);
    await limitRefusals(c.req.raw, c.env, "REFUSAL_LIMIT", true);
    throw nothing();
  }
  const { id, title, host, startsAt, endsAt, endedAt, timezone, phase } = held.stream;
  const found: Opened = {
    share: held.share,
    stream: { id, title, host, startsAt, endsAt, endedAt, timezone, phase },
  };
  opened.set(digest, found, now);
  return found;
}

/** Links of a stream; those past the limit are told by their slugs. */
async function linksOf(c: Context<ApiEnv>, streamId: string): Promise<Named[]> {
  const known = named.fresh(streamId, Date.now());
  if (known) return known;
  const links: Named[] = [];
  let cursor: number | null = null;
  do {
    const page: { data: Link[]; nextCursor: string | null } = await catalogOf(c.env).listLinks(
      { streamId },
      200,
      cursor,
    );
    for (const { slug, channel, creator } of page.data) {
      links.push({ slug, channel, creator: creator && { id: creator.id, name: creator.name } });
    }
    cursor = page.nextCursor === null ? null : Number(page.nextCursor);
  } while (cursor !== null && links.length < linksAtMost);
  named.set(streamId, links, Date.now());
  return links;
}
const linksAtMost = 2_000;

const toldOf = (stream: Told, now: number) => ({
  id: stream.id,
  title: stream.title,
  host: stream.host,
  phase: phaseOfStored(stream, now),
  startsAt: isoOrNull(stream.startsAt),
  endsAt: isoOrNull(stream.endsAt),
  endedAt: isoOrNull(endedAtOf(stream, now)),
  timezone: stream.timezone,
});

interface Figures {
  views: number;
  clicks: number;
  visitors: number | null;
  orders: number | null;
  gmv: number | null;
  refunds: number | null;
  netGmv: number | null;
}

/** Field by field: whatever else there is, costs among it, is no part of what is told. */
const figuresOf = ({ views, clicks, visitors, orders, gmv, refunds, netGmv }: Figures) => ({
  ...{ views, clicks, visitors, orders, gmv, refunds, netGmv },
});

/** Promoters that a wall names. */
const topOf = 8;

/** Field by field: what the stats come to say besides is no part of it. */
async function boardOf(c: Context<ApiEnv>, stream: Told, view: "board" | "wall") {
  const groupBy: ("link" | "creator")[] = [view === "board" ? "link" : "creator"];
  const [{ body }, links] = await Promise.all([
    statsOf(c, { groupBy }, stream.id),
    linksOf(c, stream.id),
  ]);
  const { asOf, totals, rates, recent, series, by } = await body();
  const top = (by.creator ?? []).slice(0, topOf);
  const shown = new Set(top.map(({ key }) => key));
  return {
    stats: {
      asOf,
      totals: figuresOf(totals),
      rates,
      recent,
      series,
      by: view === "board" ? { link: by.link } : { creator: top },
    },
    links:
      view === "board" ? links : links.filter(({ creator }) => creator && shown.has(creator.id)),
  };
}

async function promoterOf(c: Context<ApiEnv>, stream: Told, creator: string) {
  const { facts } = await gather(c.env, {
    ...{ streamId: stream.id, creator, convention: "pay" as const, currency: reportCurrency },
    isByDestination: false,
  });
  const { data, totals } = report(entriesOf(facts, "link", "zh-CN"));
  const origin = publicOrigin(c.env, c.req.url);
  const links = new Map(facts.links.map((link) => [link.slug, link]));
  return {
    creator: links.values().next().value?.creator ?? { id: creator },
    totals: figuresOf(totals),
    links: data.map((row) => ({
      ...{ slug: row.key, shortUrl: `${origin}/${row.key}` },
      channel: links.get(row.key)?.channel ?? null,
      ...figuresOf(row),
    })),
  };
}

export const shared = router();
shared.get("/s/:token/data", async (c) => {
  const { share, stream } = await shareOf(c, c.req.param("token"));
  await limitKey(share.id, c.env);
  const { view, creator } = share;
  c.header("Cache-Control", "no-store");
  c.header("Referrer-Policy", "no-referrer");
  const own =
    view === "promoter"
      ? await promoterOf(c, stream, creator ?? "")
      : await boardOf(c, stream, view);
  const { expiresAt } = share;
  return c.json({ view, expiresAt, stream: toldOf(stream, Date.now()), ...own });
});
