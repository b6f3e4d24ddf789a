/** @module What the Notifier object keeps (docs/storage.md), on SQLite; its tables are in migrations.ts. */
import { readMeta, type Sql, type SqlRow, type SqlValue, writeMeta } from "../lib/sql.ts";
import type { EventType, NotifyEvent, Where } from "./events.ts";
import { wants } from "./events.ts";
import type { Notifier } from "./notifier.ts";
import type { Watched } from "./watch.ts";

export interface Delivery {
  seq: number;
  attempts: number;
  madeAt: number;
  event: NotifyEvent;
}

/** A destination's page that is looked at, once for each time that it is due. */
export interface Page {
  stream: string;
  /** Of a link that has destinations of its own; else empty. */
  slug: string;
  platform: string;
  url: string;
  dueAt: number | null;
  tries: number;
}

export interface KnownLink {
  slug: string;
  stream: string;
  version: number;
  destinations: Where[];
}

/** Of the Catalog's changes, of the watch, of the clock, and when promoted links that end were last looked for. */
type NumberName = "followed" | "since" | "seen" | "endingLooked";

export class NotifyStore {
  readonly sql: Sql;

  /** @param sql of a store that `migrateNotifier` has seen */
  constructor(sql: Sql) {
    this.sql = sql;
  }

  #all<T extends SqlRow>(query: string, ...bindings: SqlValue[]): T[] {
    return this.sql.exec<T>(query, ...bindings).toArray();
  }

  number(name: NumberName): number {
    return Number(readMeta(this.sql, name) ?? 0);
  }

  setNumber(name: NumberName, value: number): void {
    writeMeta(this.sql, name, value);
  }

  notifiers(): Notifier[] {
    return this.#all<{ value: string }>("SELECT value FROM notifier ORDER BY rowid").map(
      ({ value }) => JSON.parse(value) as Notifier,
    );
  }

  notifier(id: string): Notifier | undefined {
    const [row] = this.#all<{ value: string }>("SELECT value FROM notifier WHERE id = ?", id);
    return row && (JSON.parse(row.value) as Notifier);
  }

  putNotifier(notifier: Notifier): void {
    this.sql.exec(
      "INSERT INTO notifier (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value",
      notifier.id,
      JSON.stringify(notifier),
    );
  }

  deleteNotifier(id: string): void {
    this.sql.exec("DELETE FROM notifier WHERE id = ?", id);
    this.sql.exec("DELETE FROM delivery WHERE notifier = ?", id);
  }

  watch(stream: string): Watched | undefined {
    const [row] = this.#all<{ value: string }>("SELECT value FROM watch WHERE stream = ?", stream);
    return row && (JSON.parse(row.value) as Watched);
  }

  watches(): Watched[] {
    return this.#all<{ value: string }>("SELECT value FROM watch").map(
      ({ value }) => JSON.parse(value) as Watched,
    );
  }

  /** What waits for so many ms, and not for a moment of a stream, waits as long by a clock that was set back. */
  moveBack(by: number): void {
    this.sql.exec("UPDATE delivery SET due_at = due_at - ?, made_at = made_at - ?", by, by);
    this.sql.exec("UPDATE event SET at = at - ?", by);
    this.sql.exec("UPDATE page SET due_at = due_at - ? WHERE tries > 0", by);
  }

  /** Streams for which something is due. */
  dueWatches(now: number, limit: number): string[] {
    return this.#all<{ stream: string }>(
      "SELECT stream FROM watch WHERE due_at <= ? ORDER BY due_at LIMIT ?",
      now,
      limit,
    ).map(({ stream }) => stream);
  }

  delay(stream: string, dueAt: number): void {
    this.sql.exec("UPDATE watch SET due_at = ? WHERE stream = ?", dueAt, stream);
  }

  putWatch(watched: Watched, dueAt: number | null): void {
    this.sql.exec(
      "INSERT INTO watch (stream, due_at, value) VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE SET due_at = excluded.due_at, value = excluded.value",
      watched.stream.id,
      dueAt,
      JSON.stringify(watched),
    );
  }

  /** Somebody wants to hear of something else now: every stream is looked at again. */
  lookAtAll(now: number): void {
    this.sql.exec("UPDATE watch SET due_at = ?", now);
  }

  /** A stream is gone. */
  forget(stream: string): void {
    for (const table of ["watch", "link", "page"]) {
      this.sql.exec(`DELETE FROM ${table} WHERE stream = ?`, stream);
    }
  }

  link(slug: string): KnownLink | undefined {
    const [row] = this.#all<{ stream: string; version: number; destinations: string }>(
      "SELECT stream, version, destinations FROM link WHERE slug = ?",
      slug,
    );
    return row && { slug, ...row, destinations: JSON.parse(row.destinations) as Where[] };
  }

  putLink({ slug, stream, version, destinations }: KnownLink): void {
    this.sql.exec(
      "INSERT INTO link (slug, stream, version, destinations) VALUES (?, ?, ?, ?) ON CONFLICT (slug) DO UPDATE SET version = excluded.version, destinations = excluded.destinations",
      slug,
      stream,
      version,
      JSON.stringify(destinations),
    );
  }

  pagesOf(stream: string, slug: string): Page[] {
    return this.#all<SqlRow>(
      "SELECT *, due_at AS dueAt FROM page WHERE stream = ? AND slug = ?",
      stream,
      slug,
    ) as unknown as Page[];
  }

  duePages(now: number, limit: number): Page[] {
    return this.#all<SqlRow>(
      "SELECT *, due_at AS dueAt FROM page WHERE due_at <= ? ORDER BY due_at LIMIT ?",
      now,
      limit,
    ) as unknown as Page[];
  }

  putPage({ stream, slug, platform, url, dueAt, tries }: Page): void {
    this.sql.exec(
      "INSERT INTO page (stream, slug, platform, url, due_at, tries) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (stream, slug, platform) DO UPDATE SET url = excluded.url, due_at = excluded.due_at, tries = excluded.tries",
      stream,
      slug,
      platform,
      url,
      dueAt,
      tries,
    );
  }

  deletePage({ stream, slug, platform }: Page): void {
    this.sql.exec(
      "DELETE FROM page WHERE stream = ? AND slug = ? AND platform = ?",
      stream,
      slug,
      platform,
    );
  }

  /** Queues an event for whoever wants it; one that was queued before changes nothing. */
  emit(event: NotifyEvent, notifiers: readonly Notifier[], now: number): void {
    const wanting = notifiers.filter((one) =>
      wants(one, event.type, event.stream?.streamId ?? null),
    );
    if (wanting.length === 0) return;
    const known = this.#all("SELECT 1 FROM event WHERE id = ?", event.id);
    if (known.length > 0) return;
    const value = JSON.stringify(event);
    this.sql.exec("INSERT INTO event (id, at, value) VALUES (?, ?, ?)", event.id, now, value);
    for (const { id } of wanting) {
      this.sql.exec(
        "INSERT INTO delivery (notifier, event, made_at, due_at, attempts) VALUES (?, ?, ?, ?, 0)",
        id,
        event.id,
        now,
        now,
      );
    }
  }

  dueDeliveries(notifier: string, now: number, limit: number): Delivery[] {
    return this.#all<{ seq: number; attempts: number; madeAt: number; value: string }>(
      "SELECT seq, attempts, made_at AS madeAt, value FROM delivery JOIN event ON event.id = delivery.event WHERE notifier = ? AND due_at <= ? ORDER BY seq LIMIT ?",
      notifier,
      now,
      limit,
    ).map(({ value, ...row }) => ({ ...row, event: JSON.parse(value) as NotifyEvent }));
  }

  deleteDelivery(seq: number): void {
    this.sql.exec("DELETE FROM delivery WHERE seq = ?", seq);
  }

  postpone(seq: number, attempts: number, dueAt: number): void {
    this.sql.exec(
      "UPDATE delivery SET attempts = ?, due_at = ? WHERE seq = ?",
      attempts,
      dueAt,
      seq,
    );
  }

  hasten(notifier: string, now: number): void {
    this.sql.exec("UPDATE delivery SET due_at = min(due_at, ?) WHERE notifier = ?", now, notifier);
  }

  pending(notifier: string): number {
    const [row] = this.#all<{ count: number }>(
      "SELECT count(*) AS count FROM delivery WHERE notifier = ?",
      notifier,
    );
    return row?.count ?? 0;
  }

  /** Gives up what waited since before `madeAt`, also for a notifier that is off. Returns how many. */
  expire(notifier: string, madeAt: number): number {
    const rows = this.#all(
      "DELETE FROM delivery WHERE notifier = ? AND made_at < ? RETURNING seq",
      notifier,
      madeAt,
    );
    return rows.length;
  }

  /** What was found of a stream, of these types: the newest of them, the oldest first. */
  eventsOf(streamId: string, types: readonly EventType[], limit: number): NotifyEvent[] {
    return this.#all<{ value: string }>(
      `SELECT value FROM event WHERE json_extract(value, '$.stream.streamId') = ?
         AND json_extract(value, '$.type') IN (SELECT value FROM json_each(?)) ORDER BY at DESC LIMIT ?`,
      streamId,
      JSON.stringify(types),
      limit,
    )
      .map(({ value }) => JSON.parse(value) as NotifyEvent)
      .reverse();
  }

  /** Forgets events that nobody waits for and that nothing would find again. */
  pruneEvents(before: number): void {
    this.sql.exec(
      "DELETE FROM event WHERE at < ? AND id NOT IN (SELECT event FROM delivery)",
      before,
    );
  }

  nextDelivery(notifier: string): number | null {
    const [row] = this.#all<{ at: number | null }>(
      "SELECT min(due_at) AS at FROM delivery WHERE notifier = ?",
      notifier,
    );
    return row?.at ?? null;
  }

  nextWatchOrPage(): number | null {
    const [row] = this.#all<{ at: number | null }>(
      "SELECT min(at) AS at FROM (SELECT min(due_at) AS at FROM watch UNION ALL SELECT min(due_at) FROM page)",
    );
    return row?.at ?? null;
  }

  /** Before the first notifier: what is left of an earlier watch would be news of long ago. */
  watchFrom(at: number): void {
    this.clear();
    this.setNumber("since", at);
  }

  /** Without a notifier nothing is watched, and nothing is kept. */
  clear(): void {
    for (const table of ["meta", "watch", "link", "page", "event", "delivery"]) {
      this.sql.exec(`DELETE FROM ${table}`);
    }
  }
}
