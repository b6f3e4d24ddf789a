/** @module Takes what changed in the Catalog into what is watched, and says what there is to tell. */
import type { ConnectionEvent } from "../alliances/notices.ts";
import type { WatchedLink, WatchPage } from "../catalog/watching.ts";
import { sha256 } from "../lib/hash.ts";
import type { Stream } from "../model/stream.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { notePages, pagesOf } from "./destination-check.ts";
import { type EventType, type NotifyEvent, streamEventTypes, type Where, wants } from "./events.ts";
import type { Notifier } from "./notifier.ts";
import type { NotifyStore } from "./store.ts";
import {
  aboutOf,
  begin,
  dueOf,
  type Found,
  forWanted,
  isSame,
  learn,
  type StreamState,
  turn,
  type Wanted,
  type Watched,
} from "./watch.ts";

const wheresOf = (destinations: readonly Destination[]): Where[] =>
  destinations
    .map(({ platform, url, miniProgram, finderUserName }) => ({
      platform,
      url: url ?? miniProgram?.path ?? finderUserName ?? null,
    }))
    .sort((a, b) => (a.platform < b.platform ? -1 : 1));

function stateOf(stream: Stream): StreamState {
  const { id, version, title, host, timezone, startsAt, endsAt, phase, createdAt } = stream;
  return {
    id,
    version,
    title,
    host,
    timezone,
    startsAt,
    endsAt,
    phase,
    createdAt,
    shards: stream.shardsEver,
    taking: stream.shards,
    destinations: wheresOf(stream.destinations),
  };
}

/** What anybody wants to hear of a stream. */
export function wantedOf(notifiers: readonly Notifier[], streamId: string): Wanted {
  const isWanted = (type: EventType) => notifiers.some((one) => wants(one, type, streamId));
  return new Set(streamEventTypes.filter(isWanted));
}

/** Gives what was found its id, and queues it. */
export function emit(
  store: NotifyStore,
  notifiers: readonly Notifier[],
  stream: StreamState,
  found: readonly Found[],
  now: number,
): void {
  for (const { key, ...event } of found) {
    // A watch that begins anew counts its turns anew: `since` keeps the ids apart.
    const name = [store.number("since"), event.type, stream.id, key].join("\n");
    const id = `evt_${sha256(name).slice(0, 24)}`;
    store.emit({ ...event, id, stream: aboutOf(stream) } as NotifyEvent, notifiers, now);
  }
}

/** What happened to connections, which is told as it comes. */
export function emitOfConnections(
  store: NotifyStore,
  told: readonly ConnectionEvent[],
  now: number,
): void {
  const notifiers = store.notifiers();
  for (const { key, type, details } of told) {
    const id = `evt_${sha256([type, details.connection, key].join("\n")).slice(0, 24)}`;
    const event = { id, type, at: now, stream: null, details } as NotifyEvent;
    store.emit(event, notifiers, now);
  }
}

/** To be called inside a transaction, as what it learns and what it queues belong together. */
export function take(
  store: NotifyStore,
  { seq, streams, links }: WatchPage,
  notifiers: readonly Notifier[],
  now: number,
): void {
  for (const stream of streams) takeStream(store, stream, notifiers, now);
  for (const link of links) takeLink(store, link, notifiers, now);
  store.setNumber("followed", seq);
}

function takeStream(
  store: NotifyStore,
  stream: Stream,
  notifiers: readonly Notifier[],
  now: number,
): void {
  if (stream.deletedAt !== null) {
    store.forget(stream.id);
    return;
  }
  const state = stateOf(stream);
  const known = store.watch(stream.id);
  const isNew = stream.createdAt >= store.number("since");
  const learnt = known
    ? learn(known, state, now)
    : { watched: begin(state, now, isNew), found: [] };
  const turned = turn(learnt.watched, now);
  emit(store, notifiers, state, [...learnt.found, ...turned.found], now);
  put(store, turned.watched, notifiers, now);
  const at = known || isNew ? now : null;
  notePages(store, { stream: state, slug: "", pages: pagesOf(stream.destinations), at, now });
}

function takeLink(
  store: NotifyStore,
  { slug, streamId, version, updatedAt, destinations }: WatchedLink,
  notifiers: readonly Notifier[],
  now: number,
): void {
  const watched = store.watch(streamId);
  if (!watched) return;
  const known = store.link(slug);
  if (known && known.version >= version) return;
  const after = wheresOf(destinations ?? []);
  if (!known && after.length === 0) return;
  const before = known?.destinations ?? [];
  store.putLink({ slug, stream: streamId, version, destinations: after });
  // A link's first version is its making, and what was before the watch is no news.
  const isNews = known !== undefined || (version > 1 && updatedAt >= store.number("since"));
  if (isNews && !isSame(before, after) && !isPromotedAlone(destinations ?? [], before, after)) {
    const details = { slug, before, after };
    const key = `${slug}:${version}`;
    const found: Found = { type: "destination.changed", key, at: now, details };
    emit(store, notifiers, watched.stream, [found], now);
  }
  const pages = pagesOf(destinations ?? []);
  const isNew = known !== undefined || watched.stream.createdAt >= store.number("since");
  notePages(store, { stream: watched.stream, slug, pages, at: isNew ? now : null, now });
}

/** Whether nothing changed but what a connection made: hundreds are made at once, and viewers land where they did. */
function isPromotedAlone(
  destinations: readonly Destination[],
  before: readonly Where[],
  after: readonly Where[],
): boolean {
  const promoted = new Set<string>(
    destinations.flatMap(({ platform, promoted }) => (promoted ? [platform] : [])),
  );
  const others = (wheres: readonly Where[]) =>
    wheres.filter(({ platform }) => !promoted.has(platform));
  return promoted.size > 0 && isSame(others(before), others(after));
}

export function put(
  store: NotifyStore,
  watched: Watched,
  notifiers: readonly Notifier[],
  now: number,
): void {
  const wanted = wantedOf(notifiers, watched.stream.id);
  const kept = forWanted(watched, wanted);
  store.putWatch(kept, dueOf(kept, wanted, now));
}
