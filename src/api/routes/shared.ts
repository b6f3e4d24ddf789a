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
import { Memo } from "../../lib/memo.ts";
import { said } from "../../lib/said.ts";
import type { Link } from "../../model/link.ts";
import type { Share } from "../../model/share.ts";
import { type Stream, tellStream } from "../../model/stream.ts";
import { reportCurrency } from "../../orders/calls.ts";
import { gather } from "../../reports/gather.ts";
import { entriesOf } from "../../reports/group.ts";
import { report } from "../../reports/roas.ts";
import { limitKey, limitRefusals } from "../middleware/limits.ts";
import { router } from "../router.ts";
import { statsOf } from "./stats.ts";

interface Opened {
  share: Share;
  stream: Stream;
}

/** 32 random bytes. */
const tokenShape = /^[\w-]{43}$/;

/** What was found of tokens, by their digests, for a moment: a wall asks every two seconds. */
const opened = new Memo<Opened>({ goodForMs: 1_000, bytes: 262_144, weigh: () => 4_096 });
const named = new Memo<Link[]>({
  goodForMs: 10_000,
  bytes: 4 * 1_048_576,
  weigh: (_, links) => 1_024 + 512 * links.length,
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
  const found: Opened | null = await catalogOf(c.env).share(digest);
  if (!found) {
    opened.delete(digest);
    await limitRefusals(c.req.raw, c.env, "REFUSAL_LIMIT", true);
    throw nothing();
  }
  opened.set(digest, found, now);
  return found;
}

/** Links of a stream; those past the limit are told by their slugs. */
async function linksOf(c: Context<ApiEnv>, streamId: string): Promise<Link[]> {
  const known = named.fresh(streamId, Date.now());
  if (known) return known;
  const links: Link[] = [];
  let cursor: number | null = null;
  do {
    const page: { data: Link[]; nextCursor: string | null } = await catalogOf(c.env).listLinks(
      { streamId },
      200,
      cursor,
    );
    links.push(...page.data);
    cursor = page.nextCursor === null ? null : Number(page.nextCursor);
  } while (cursor !== null && links.length < linksAtMost);
  named.set(streamId, links, Date.now());
  return links;
}
const linksAtMost = 2_000;

/** Of a stream what its viewers could see, and when it began and ended. */
function told(stream: Stream) {
  const { id, title, host, phase, startsAt, endsAt, endedAt, timezone } = tellStream(
    stream,
    Date.now(),
  );
  return { id, title, host, phase, startsAt, endsAt, endedAt, timezone };
}

async function boardOf(c: Context<ApiEnv>, stream: Stream) {
  const [{ body }, links] = await Promise.all([statsOf(c, {}, stream.id), linksOf(c, stream.id)]);
  const names = links.map(({ slug, creator, channel }) => ({
    ...{ slug, channel },
    creator: creator && { id: creator.id, name: creator.name, tier: creator.tier },
  }));
  return { stats: await body(), links: names };
}

async function promoterOf(c: Context<ApiEnv>, stream: Stream, creator: string) {
  const { facts } = await gather(c.env, {
    ...{ streamId: stream.id, creator, convention: "pay" as const, currency: reportCurrency },
    isByDestination: false,
  });
  const { data, totals } = report(entriesOf(facts, "link", "zh-CN"));
  const origin = publicOrigin(c.env, c.req.url);
  const own = ({ views, clicks, visitors, orders, gmv, refunds, netGmv }: typeof totals) => ({
    ...{ views, clicks, visitors, orders, gmv, refunds, netGmv },
  });
  const links = new Map(facts.links.map((link) => [link.slug, link]));
  return {
    creator: links.values().next().value?.creator ?? { id: creator },
    totals: own(totals),
    links: data.map((row) => ({
      ...{ slug: row.key, shortUrl: `${origin}/${row.key}` },
      channel: links.get(row.key)?.channel ?? null,
      ...own(row),
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
    view === "promoter" ? await promoterOf(c, stream, creator ?? "") : await boardOf(c, stream);
  const { expiresAt } = share;
  return c.json({ view, expiresAt, stream: told(stream), ...own });
});
