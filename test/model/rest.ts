/** @module The reckoning, once all is well again and everything has come to rest. */

import type { StatsContext } from "../../src/catalog/object.ts";
import type { Result } from "../../src/catalog/results.ts";
import { decodeSketch, estimate } from "../../src/counting/hyperloglog.ts";
import type { Counts, ReadCounts } from "../../src/counting/query/read.ts";
import { type Snapshot, statsKey } from "../../src/counting/snapshot.ts";
import { mapOf, own } from "../../src/lib/records.ts";
import type { LinkRecord, StreamRecord } from "../../src/model/edge-records.ts";
import { linkKey, streamKey } from "../../src/model/edge-records.ts";
import { notConserved } from "./conserved.ts";
import { differs, visitorsDiffer } from "./expected.ts";
import { editUnknown } from "./told.ts";
import type { Broadcast, Counted, Traffic } from "./traffic.ts";
import type { Isolate, World } from "./world.ts";

export interface Rest {
  world: World;
  traffic: Traffic;
  /** Those that still live. */
  isolates: readonly Isolate[];
  /** Whether all is young enough to be known by the minute. */
  series: boolean;
}

export async function reckon(rest: Rest): Promise<string[]> {
  const { traffic } = rest;
  const wrong: string[] = [];
  for (const broadcast of traffic.broadcasts) {
    wrong.push(...(await reckonStream(rest, broadcast)));
    wrong.push(...(await edgeCopyDiffers(rest.world, broadcast)));
    wrong.push(...(await editUnknown(rest.world, traffic, rest.isolates, broadcast, "KV")));
  }
  wrong.push(...(await leftOver(rest)));
  wrong.push(...saltsDiffer(rest.world));
  return wrong;
}

/** Counts through the isolate's own reading, one after the other, so that none is a memo of another. */
async function read(
  { world }: Rest,
  isolate: Isolate,
  { id, shardsEver }: Broadcast,
  options: ReadCounts = {},
): Promise<Counts> {
  await world.clock.runUntil(world.clock.now + 500);
  const { code, env } = isolate;
  return world.until(isolate.request(() => code.readCounts(env as never, id, shardsEver, options)));
}

/** What has just been committed is read too, though no table has it yet. */
export async function reckonFresh(rest: Rest): Promise<string[]> {
  const wrong: string[] = [];
  for (const broadcast of rest.traffic.broadcasts) {
    const isolate = rest.world.chance.pick(rest.isolates);
    const found = differences(rest, broadcast);
    for (const slug of [undefined, ...broadcast.slugs]) {
      const options = slug === undefined ? {} : { slug };
      found.check("just now", await read(rest, isolate, broadcast, options), slug);
    }
    wrong.push(...found.wrong);
  }
  return wrong;
}

/** What is wrong with what was read, gathered. */
function differences(rest: Rest, broadcast: Broadcast) {
  const { world, traffic } = rest;
  const sent = traffic.counted.filter(({ streamId }) => streamId === broadcast.id);
  const sure = sent.filter(({ ticket, isolate: by }) => ticket.settled || by.isAlive);
  // A settled batch may have gone before the salt that its visitors waited for was there.
  const sureVisitors = sent.filter(({ isolate: by }) => by.isAlive);
  const salts = saltsOf(world, broadcast.id);
  const hasStepped = sent.some(({ isolate: by }) => by.hasStepped);
  const wrong: string[] = [];
  const check = (what: string, { snapshot }: Counts, slug?: string) => {
    const only = (counted: readonly Counted[]) =>
      slug === undefined ? counted : counted.filter(({ event }) => event.slug === slug);
    const name = `${what} of ${slug ?? "the stream"}`;
    wrong.push(...differs(name, snapshot, only(sure), only(sent), rest.series));
    if (rest.series) wrong.push(...notConserved(snapshot).map((one) => `${name}: ${one}`));
    if (!hasStepped) {
      const options = { isLink: slug !== undefined, salts };
      wrong.push(...visitorsDiffer(name, snapshot, only(sureVisitors), only(sent), options));
    }
  };
  return { wrong, check };
}

async function reckonStream(rest: Rest, broadcast: Broadcast): Promise<string[]> {
  const { world } = rest;
  const isolate = world.chance.pick(rest.isolates);
  const { wrong, check } = differences(rest, broadcast);
  const live = await read(rest, isolate, broadcast);
  check("live", live);
  if (live.source !== "live") wrong.push(`all shards answer, and the source is ${live.source}`);
  for (const slug of broadcast.slugs)
    check("live", await read(rest, isolate, broadcast, { slug }), slug);

  for (let taking = 1; taking <= broadcast.shardsEver; taking += 1) {
    const lowered = await read(rest, isolate, broadcast, { byLink: true, taking });
    check(`with ${taking} shards that take counts`, lowered);
    wrong.push(...(await linksDiffer(rest, isolate, broadcast, lowered)));
  }

  const published = await read(rest, isolate, broadcast, { published: true });
  check("published", published);
  if (published.source !== "published")
    wrong.push(`from KV alone, and it says ${published.source}`);
  if (`${published.revs}` !== `${live.revs}`) {
    wrong.push(`KV is at revs ${published.revs}, the Counters at ${live.revs}`);
  }
  wrong.push(...(await shardsDiffer(rest, broadcast, live, published)));

  const shard = world.chance.between(0, broadcast.shardsEver - 1);
  const name = `${broadcast.id}:${shard}`;
  world.outages.set(name, world.chance.pick(["refuses", "hangs"]));
  const taking = world.chance.between(1, broadcast.shardsEver);
  const partly = await read(rest, isolate, broadcast, { taking });
  check("one shard from KV", partly);
  if (partly.source !== "published") wrong.push("a shard came from KV, and the source is live");
  const old = publishedBy(world, broadcast.id, shard);
  // A shard that never counted is as old as the isolate's own clock says.
  if (old && !isolate.hasStepped && partly.snapshot.asOf !== old.asOf) {
    wrong.push(`asOf is ${partly.snapshot.asOf}, its oldest part of ${old.asOf}`);
  }
  const [slug = ""] = broadcast.slugs;
  const ofLink = await read(rest, isolate, broadcast, { slug, taking });
  if (`${ofLink.snapshot.totals.views}` !== `${own(partly.snapshot.links, slug)?.views ?? 0}`) {
    wrong.push("a link's totals differ from the stream's row of it while a shard is from KV");
  }
  world.outages.delete(name);
  return wrong;
}

/** Each link's visitors are told with the stream's as they are with the link's own counts. */
async function linksDiffer(
  rest: Rest,
  isolate: Isolate,
  broadcast: Broadcast,
  { linkVisitors }: Counts,
): Promise<string[]> {
  const wrong: string[] = [];
  if (linkVisitors === null) wrong.push("visitors of links are not known");
  for (const slug of broadcast.slugs) {
    const { snapshot } = await read(rest, isolate, broadcast, { slug });
    const ofLink = mapOf(snapshot.visitors);
    const told = mapOf<string | number>(mapOf(linkVisitors ?? {}).get(slug));
    for (const epoch of new Set([...ofLink.keys(), ...told.keys()])) {
      const [expected, found] = [ofLink.get(epoch), told.get(epoch)];
      const count = typeof expected === "string" ? estimate(decodeSketch(expected)) : expected;
      if (count !== found) wrong.push(`${found} visitors of ${slug} in ${epoch}, not ${count}`);
    }
  }
  return wrong;
}

function publishedBy(world: World, streamId: string, shard: number): Snapshot | undefined {
  const text = world.counts.peek(statsKey(streamId, shard));
  return text === undefined ? undefined : (JSON.parse(text) as Snapshot);
}

/** Each shard by itself: its rev, and what KV has of it. */
async function shardsDiffer(
  { world }: Rest,
  { id, shardsEver }: Broadcast,
  live: Counts,
  published: Counts,
): Promise<string[]> {
  const wrong: string[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (let shard = 0; shard < shardsEver; shard += 1) {
    const own = await world.ask<Snapshot | null>(`${id}:${shard}`, "read", {});
    const rev = own?.rev ?? 0;
    if (live.revs[shard] !== rev) wrong.push(`shard ${shard} is at rev ${rev}, told ${live.revs}`);
    const kept = publishedBy(world, id, shard);
    if ((kept?.rev ?? 0) !== rev) {
      wrong.push(`KV has rev ${kept?.rev} of shard ${shard}, its Counter ${rev}`);
    } else if (kept && JSON.stringify(kept.totals) !== JSON.stringify(own?.totals)) {
      wrong.push(`KV and the Counter of shard ${shard} differ at the same rev`);
    }
    if (kept) oldest = Math.min(oldest, kept.asOf);
  }
  if (oldest < Number.POSITIVE_INFINITY && published.snapshot.asOf !== oldest) {
    wrong.push(`published asOf ${published.snapshot.asOf}, its oldest part ${oldest}`);
  }
  return wrong;
}

/** KV `LINKS` has the newest records, and deleted and disabled links stay so. */
async function edgeCopyDiffers(world: World, { id, slugs }: Broadcast): Promise<string[]> {
  const wrong: string[] = [];
  const compare = (key: string, newest: object) => {
    const text = world.links.peek(key);
    if (text !== JSON.stringify(newest)) {
      wrong.push(
        `KV has ${text?.slice(0, 60)} for ${key}, the Catalog ${JSON.stringify(newest).slice(0, 60)}`,
      );
    }
  };
  for (const slug of slugs) {
    const newest = await world.ask<{ link: LinkRecord; stream: StreamRecord } | null>(
      "catalog",
      "edgeRecords",
      slug,
    );
    if (!newest) continue;
    compare(linkKey(slug), newest.link);
    compare(streamKey(id), newest.stream);
  }
  return wrong;
}

/** Nothing is under way any more, and nothing was put too soon after another. */
async function leftOver({ world, traffic }: Rest): Promise<string[]> {
  const wrong: string[] = [];
  for (const { ticket, isolate, streamId } of traffic.counted) {
    if (isolate.isAlive && !ticket.settled) {
      wrong.push(`${isolate.name} still holds counts of ${streamId}`);
      break;
    }
  }
  const { outbox, pendingSpills } = await world.ask<{ outbox: number; pendingSpills: number }>(
    "catalog",
    "vitals",
    0,
  );
  if (outbox > 0) wrong.push(`${outbox} records were never delivered`);
  if (pendingSpills > 0) wrong.push(`${pendingSpills} spills are said to be pending`);
  for (const { batches } of await world.outboxes()) {
    if (batches > 0) wrong.push(`${batches} batches were never taken from an outbox`);
  }
  const spills = world.counts.keys("spill:");
  if (spills.length > 0) wrong.push(`${spills.length} spills were never swept: ${spills[0]}`);
  for (const { id } of traffic.broadcasts) {
    const context = await world.ask<Result<StatsContext>>("catalog", "statsContext", id);
    if (context.ok && context.value.pendingSpills > 0) wrong.push(`${id} waits for a spill`);
  }
  const soon = world.counts.tooSoon.find(({ key }) => key.startsWith("stats:"));
  const links = world.links.tooSoon.find(({ afterEnd }) => !afterEnd);
  if (links) wrong.push(`${links.key} was put twice within a second by ${links.by}`);
  if (soon) wrong.push(`${soon.key} was put twice within a second by ${soon.by}`);
  return wrong;
}

function saltsOf(world: World, streamId: string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const [key, [first = ""]] of [...world.salts].map(([k, v]) => [k, [...v]] as const)) {
    const [stream = "", epoch = ""] = key.split(" ");
    if (stream === streamId) found.set(epoch, new Uint8Array(Buffer.from(first, "hex")));
  }
  return found;
}

/** One salt an epoch: else a visitor whom two isolates saw counts twice. */
function saltsDiffer(world: World): string[] {
  return [...world.salts].flatMap(([key, { size }]) =>
    size > 1 ? [`${size} salts of one epoch: ${key}`] : [],
  );
}
