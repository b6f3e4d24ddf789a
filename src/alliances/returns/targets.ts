/** @module Which links are asked about: those of streams that are on or were lately, with what each is asked by. */
import type { Catalog } from "../../catalog/object.ts";
import type { Keyed } from "../../lib/records.ts";
import type { Link } from "../../model/link.ts";
import { endedAtOf, phaseOfStored } from "../../model/phase.ts";
import type { Stream } from "../../model/stream.ts";
import { subIdsOf } from "../../orders/sub-ids.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import { isAskedAbout } from "./when.ts";

export interface Target {
  slug: string;
  streamId: string;
  /** Its own; those of its stream lead every promoter's viewers to the same place. */
  destinations: readonly Destination[];
  /** By alliance's platform and field, its creator's among them. */
  ids: Keyed<Keyed<string>>;
}

/** What is asked of the Catalog. */
type Links = Pick<Catalog, "listStreams" | "listLinks" | "idsOfCreators">;

const streamsAtMost = 200;
/** Streams that began before are not looked for once they have ended. */
const begunWithinMs = 3 * 86_400_000;
/** Links that are read, of all streams together; those that were made last. */
const linksAtMost = 2_000;
const linksAtOnce = 200;

export async function targetsOf(catalog: Links, now: number): Promise<Target[]> {
  const [live, ended] = await Promise.all([
    catalog.listStreams({ phase: "live" }, streamsAtMost, null),
    catalog.listStreams(
      { phase: "ended", sort: "start", from: now - begunWithinMs },
      streamsAtMost,
      null,
    ),
  ]);
  const links: Link[] = [];
  for (const stream of [...live.data, ...ended.data]) {
    if (links.length >= linksAtMost) break;
    if (isDue(stream, now)) links.push(...(await linksOf(catalog, stream.id)));
  }
  const promoted = links.slice(0, linksAtMost).filter(({ disabled }) => !disabled);
  const ids = await idsOf(catalog, promoted);
  return promoted.map(({ slug, streamId, destinations, promotion, creator }) => ({
    slug,
    streamId,
    destinations: destinations ?? [],
    ids: subIdsOf(slug, promotion, ids.get(creator?.id ?? "") ?? null),
  }));
}

const isDue = (stream: Stream, now: number): boolean =>
  isAskedAbout(endedAtOf(stream, now), phaseOfStored(stream, now) === "live", now);

async function linksOf(catalog: Links, streamId: string): Promise<Link[]> {
  const links: Link[] = [];
  let cursor: number | null = null;
  do {
    const page: Awaited<ReturnType<Links["listLinks"]>> = await catalog.listLinks(
      { streamId },
      linksAtOnce,
      cursor,
    );
    links.push(...page.data);
    cursor = page.nextCursor === null ? null : Number(page.nextCursor);
  } while (cursor !== null && links.length < linksAtMost);
  return links;
}

async function idsOf(catalog: Links, links: readonly Link[]) {
  const named = [...new Set(links.flatMap(({ creator }) => creator?.id ?? []))];
  const found = named.length === 0 ? [] : await catalog.idsOfCreators(named);
  return new Map(found.map(({ id, ids }) => [id, ids]));
}
