/**
 * @module Promoted links in bulk: each link's own URL and 口令, made by a connection's account and put in the place of the link's
 * own destination, some at a time: what is made stays though the rest fails, and who asks again goes on where it ended.
 */
import type { PromotedDestination, Promoting } from "../../catalog/promoting.ts";
import type { Result } from "../../catalog/results.ts";
import { said } from "../../lib/said.ts";
import type { Link } from "../../model/link.ts";
import type { Promotion as Ids } from "../../model/promotion.ts";
import type { Stream } from "../../model/stream.ts";
import type { Fault, FaultKind } from "../adapter.ts";
import type { Connection } from "../connection.ts";
import { accountOf, type PullPorts } from "../pull.ts";
import { type Maker, makerOf } from "./make.ts";
import { placedOf } from "./placed.ts";
import { type Plan, planOf } from "./plan.ts";
import { changedMeanwhile, failedRow, keptRow, madeRow, type PromotedRow, toMake } from "./rows.ts";

/** What of the Catalog is asked. */
export interface PromotingCatalog {
  stream: (id: string) => Promise<Result<Stream>>;
  openSlugsOf: (streamId: string) => Promise<string[]>;
  linksNamed: (slugs: readonly string[]) => Promise<Link[]>;
  idsOfCreators: (ids: readonly string[]) => Promise<{ id: string; ids: Ids }[]>;
  putPromoted: (promoted: PromotedDestination[], by: string) => Promise<Promoting>;
}

export interface PromotePorts extends PullPorts {
  catalog: PromotingCatalog;
  /** The operator's own hosts, to which a destination may lead. */
  hosts: readonly string[];
  /** Opens go by these from now on. */
  learn: (links: readonly Link[]) => Promise<void>;
}

export interface AskedPromotion {
  streamId: string;
  /** `null`: all of the stream's that can be opened. */
  slugs: readonly string[] | null;
  isReplaced: boolean;
  isDryRun: boolean;
  /** When what they lead to ends, UTC ms, where the asker knows it: a venue's. */
  endsAt: number | null;
  by: string;
}

export interface PromotedRows {
  rows: PromotedRow[];
  /** Links that nothing was asked for yet. */
  remaining: number;
}

/** Why nothing is asked at all. */
export type NotPromoted = "unknown" | "paused" | "not_promotable" | "no_stream";

/** Links of which what is made is kept together. */
const keptAtOnce = 10;
/** Of a dry run. */
const lookedAtOnce = 200;
/**
 * After so many failures of a kind, one after another, the links behind are not asked for: what ends the account's day is one of
 * it; of what may be one link's alone, an id that is another's, some must fail in turn, or nobody would come behind it.
 */
const stopsAfter: { readonly [kind in FaultKind]?: number } = {
  ...{ quota: 1, expired: 1, throttled: 1 },
  ...{ denied: 3, retry: 3 },
};

/** @returns whether to go on no further, once this is told of each link that was asked for */
function watcher(): (answer: { ok: true } | Fault) => boolean {
  let inTurn = 0;
  return (answer) => {
    const most = answer.ok ? undefined : stopsAfter[answer.kind];
    inTurn = most === undefined ? 0 : inTurn + 1;
    return most !== undefined && inTurn >= most;
  };
}

export async function promote(
  ports: PromotePorts,
  id: string,
  asked: AskedPromotion,
  isOver: () => boolean,
): Promise<PromotedRows | NotPromoted> {
  const connection = ports.store.connection(id);
  if (!connection) return "unknown";
  if (!connection.enabled) return "paused";
  const adapter = ports.adapterOf(connection.alliance);
  if (!adapter.promotions) return "not_promotable";
  const [stream, open] = await Promise.all([
    ports.catalog.stream(asked.streamId),
    asked.slugs ?? ports.catalog.openSlugsOf(asked.streamId),
  ]);
  if (!stream.ok) return "no_stream";
  const make = makerOf(ports, connection, adapter.promotions, isOver);
  const isHopeless = watcher();
  const rows: PromotedRow[] = [];
  const slugs = [...new Set(open)];
  const atOnce = asked.isDryRun ? lookedAtOnce : keptAtOnce;
  let reached = 0;
  while (reached < slugs.length && !(isOver() && reached > 0)) {
    const part = slugs.slice(reached, reached + atOnce);
    const done = await promoteSome({
      ...{ ports, connection, make, isHopeless, asked },
      stream: stream.value,
      part,
    });
    rows.push(...done.rows);
    reached += done.rows.length;
    if (done.isStopped) break;
  }
  return { rows, remaining: slugs.length - reached };
}

interface Part {
  ports: PromotePorts;
  connection: Connection;
  make: Maker;
  isHopeless: ReturnType<typeof watcher>;
  asked: AskedPromotion;
  stream: Stream;
  part: readonly string[];
}

/** @returns a row for each link that was come to; `isStopped`: the account can't go on now */
async function promoteSome(given: Part) {
  const { ports, connection, make, isHopeless, asked, part } = given;
  const rows: PromotedRow[] = [];
  const made: PromotedDestination[] = [];
  let isStopped = false;
  const plans = await plansOf(given);
  if ("kind" in plans)
    return { rows: part.slice(0, 1).map((slug) => failedRow(slug, plans)), isStopped: true };
  for (const [slug, plan] of plans) {
    if (plan.kind === "failed") rows.push(failedRow(slug, plan));
    else if (plan.kind === "kept") rows.push(keptRow(slug, plan.destination, plan.isOutdated));
    else if (asked.isDryRun) rows.push(toMake(slug, plan.wanted.destination.platform));
    else {
      const answer = await make(plan.wanted, plan.call);
      const placed = answer.ok
        ? placedOf(
            plan,
            answer.promoted,
            { connection: connection.id, at: ports.now(), endsAt: asked.endsAt },
            ports.hosts,
          )
        : answer;
      rows.push(placed.ok ? madeRow(slug, placed.destination) : failedRow(slug, placed));
      if (placed.ok) made.push({ slug, destination: placed.destination, before: plan.own });
      isStopped = isHopeless(answer);
      if (isStopped) break;
    }
  }
  const left = new Set(await keep(ports, made, asked.by));
  return {
    rows: rows.map((row) => (left.has(row.slug) ? changedMeanwhile(row.slug) : row)),
    isStopped,
  };
}

/** @returns slugs of links that changed meanwhile */
async function keep(
  { catalog, learn }: PromotePorts,
  made: PromotedDestination[],
  by: string,
): Promise<string[]> {
  if (made.length === 0) return [];
  const { links, left } = await catalog.putPromoted(made, by);
  await learn(links);
  return left;
}

async function plansOf({
  ports,
  connection,
  asked: { isReplaced },
  stream,
  part,
}: Part): Promise<Map<string, Plan> | Fault> {
  const { catalog, adapterOf } = ports;
  const account = await accountOf(ports, connection);
  if ("kind" in account) return account;
  const { credentials } = account;
  const adapter = adapterOf(connection.alliance);
  const found = await catalog.linksNamed(part);
  const links = new Map(
    found.filter(({ streamId }) => streamId === stream.id).map((one) => [one.slug, one]),
  );
  const creators = [...links.values()].flatMap(({ creator }) => creator?.id ?? []);
  const ids = new Map((await catalog.idsOfCreators(creators)).map((one) => [one.id, one.ids]));
  return new Map(
    part.map((slug): [string, Plan] => {
      const link = links.get(slug);
      if (!link) return [slug, notOfStream(slug)];
      const ofCreator = ids.get(link.creator?.id ?? "") ?? null;
      return [slug, planOf({ link, stream, ofCreator, adapter, credentials, isReplaced })];
    }),
  );
}

const notOfStream = (slug: string): Plan => ({
  kind: "failed",
  code: "not_found",
  detail: said(`The stream has no link ${slug}.`, `这场直播没有短链接 ${slug}。`),
});
