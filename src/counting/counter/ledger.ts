/**
 * @module The Counter's ledger: what is committed, in tables and, since they were written last, in the ring and in
 * memory. A commit is one row of the ring; a *fold* writes into the tables what many commits added. Every row is listed
 * in docs/storage.md, and docs/counting.md argues why nothing is lost between them.
 *
 * The number `rev` of the newest commit is in memory; `meta.rev` is the one that the tables are of, written in the fold's
 * own transaction: what the ring has above it is not in the tables, what it has up to it is.
 */
import { type Keyed, recordOf } from "../../lib/records.ts";
import { readMeta, readNumber, type Sql, writeMeta } from "../../lib/sql.ts";
import { dayOf, startOfDay } from "../../lib/zones.ts";
import { addCounts, type Batch } from "../batch.ts";
import { withoutView } from "../clicks-without-view.ts";
import { addTotals, metrics, noTotals, type Totals } from "../event.ts";
import type { LinkSketch, LinkSketchText, SketchOwner, SketchPage } from "../link-sketches.ts";
import { type ClickersByEpoch, emptySnapshot, type Pair, type Snapshot } from "../snapshot.ts";
import { type Entry, entryOf, packEntry } from "./entry.ts";
import { forget, noteCounted, timezoneOf } from "./forgetting.ts";
import { commitsAfter, ringBounds, writeSlot } from "./ring.ts";
import { Rises } from "./rises.ts";
import { addPair, type Minutes, packBreakdown, readBreakdown } from "./rows.ts";
import { textPage } from "./sketch-pages.ts";
import { Sketches } from "./sketches.ts";
import { foldInto, type LedgerStore, writeNumbers, writeUnfolded } from "./tables.ts";
import { Unfolded, wholeStream } from "./unfolded.ts";

const hour = 3_600_000;
/** The year 9999: dates end soon after. */
const lastMoment = Date.UTC(9999, 0);

/** When what was committed is folded, ms: after the first of it, and after the last. */
export const foldTimes = { every: 60_000, atRest: 10_000 };
/** Links whose rows a fold writes: a fold stays a matter of some tens of ms. */
export const linksAtMost = 2_000;

export interface ReadOptions {
  /** A link, whose own breakdown and series are read; else the whole stream's, with each link's totals. */
  slug?: string;
  /** Whether visitors are wanted as sketches, because there are other shards. */
  mergeable?: boolean;
  /** Whether each link's visitors are wanted (an isolate of the release before does not say); as sketches they are read in pages. */
  byLink?: boolean;
}

/** The first local day that begins at a moment or later. */
function firstDayFrom(timezone: string, at: number): number {
  const within = Math.min(Math.max(at, 0), lastMoment);
  const localDay = dayOf(timezone, within);
  return startOfDay(timezone, localDay) < within ? localDay + 1 : localDay;
}

/** One Counter's counts. Who sees it throw in a commit must throw it away: its memory may be ahead of its disk. */
export class Ledger {
  readonly #store: LedgerStore;
  /** Of who viewed. */
  readonly #sketches: Sketches;
  /** Of who clicked in a request of its own. */
  readonly #clickers: Sketches;
  /** Of links' viewers. */
  #rises: Rises;
  #unfolded = new Unfolded();
  #rev = 0;
  #changedAt = 0;
  #foldedAt = Number.NEGATIVE_INFINITY;

  /**
   * Reads what is not in the tables yet from the ring.
   *
   * @param store one that `migrateCounter` has seen
   * @throws when a commit is missing in the ring
   */
  constructor(store: LedgerStore) {
    const { sql } = store;
    this.#store = store;
    this.#sketches = new Sketches(sql, "sketch");
    this.#clickers = new Sketches(sql, "clicker");
    this.#readNumbers();
    this.#rises = new Rises(this.#rev);
    for (const { n, entry, characters } of commitsAfter(sql, this.#rev)) {
      this.#take(n, entry, characters);
    }
  }

  get #sql(): Sql {
    return this.#store.sql;
  }

  get rev(): number {
    return this.#rev;
  }

  /** When `rev` last rose, UTC ms. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** How many counts isolates had to give up. */
  get lost(): number {
    return readNumber(this.#sql, "lost") + this.#unfolded.lost;
  }

  /** A clock was set back: what lies ahead is taken for now. */
  settleClock(now: number): void {
    this.#changedAt = Math.min(this.#changedAt, now);
    this.#foldedAt = Math.min(this.#foldedAt, now);
    this.#unfolded.since = Math.min(this.#unfolded.since, now);
  }

  committedSeq(producer: string): number {
    const unfolded = this.#unfolded.producers.get(producer);
    if (unfolded) return unfolded.seq;
    const [row] = this.#sql
      .exec<{ seq: number }>("SELECT seq FROM producer WHERE id = ?", producer)
      .toArray();
    return row?.seq ?? 0;
  }

  /**
   * Adds a group of batches; the caller has checked the sequence. Disk first, then memory: what is read is committed.
   *
   * @param also written with it, in its transaction; the tables are written at once then
   */
  commit(group: readonly Batch[], now: number, also?: () => void): void {
    const [first] = group;
    if (!first) return;
    const entry = entryOf(group, now);
    const text = packEntry(entry);
    const n = this.#rev + 1;
    const news = this.#newsOf(first, group);
    if (news.length > 0 || also || text.length > ringBounds.row) {
      // What no slot takes, or is said once in a stream's life, goes into the tables. A throw ends this ledger.
      this.#take(n, entry, text.length);
      this.#fold(now, () => {
        for (const [name, value] of news) writeMeta(this.#sql, name, value);
        also?.();
      });
      return;
    }
    if (this.#isFull(text.length)) this.fold(now);
    writeSlot(this.#sql, this.#unfolded.commits, n, now, text);
    this.#take(n, entry, text.length);
  }

  /** What `meta` says of the stream and does not say so yet. */
  #newsOf(first: Batch, group: readonly Batch[]): [name: string, value: string | number][] {
    const news: [string, string | number][] = [];
    if (readMeta(this.#sql, "stream") === undefined) {
      news.push(["stream", first.streamId], ["shard", first.shard]);
    }
    const timezone = group.findLast((batch) => batch.timezone !== undefined)?.timezone;
    if (timezone !== undefined && readMeta(this.#sql, "timezone") !== timezone) {
      news.push(["timezone", timezone]);
    }
    return news;
  }

  #isFull(more: number): boolean {
    const { commits, characters, links } = this.#unfolded;
    return (
      commits >= ringBounds.slots ||
      characters + more > ringBounds.characters ||
      links.size >= linksAtMost
    );
  }

  #take(n: number, entry: Entry, characters: number): void {
    this.#unfolded.add(entry, characters);
    this.#sketches.see(entry.visitors, entry.at);
    this.#clickers.see(entry.clickers, entry.at);
    for (const [slug, epoch] of entry.visitors) this.#rises.note({ slug, epoch }, n);
    this.#rev = n;
    this.#changedAt = entry.at;
  }

  /**
   * When what was committed is to be folded, UTC ms: a minute after the first of it, or ten seconds after the last.
   * `null` when all is in the tables.
   */
  foldDueAt(): number | null {
    const { commits, since } = this.#unfolded;
    if (commits === 0) return null;
    return Math.min(since + foldTimes.every, this.#changedAt + foldTimes.atRest);
  }

  /** Whether the last fold is so long ago that another costs no more than waiting. */
  isFoldWelcome(now: number): boolean {
    return this.#unfolded.commits > 0 && now - this.#foldedAt >= foldTimes.every;
  }

  /** Writes into the tables what was committed. When it throws, nothing has changed, on disk or in memory. */
  fold(now: number): void {
    if (this.#unfolded.commits > 0) this.#fold(now);
  }

  #fold(now: number, also?: () => void): void {
    foldInto(this.#store, { rev: this.#rev, changedAt: this.#changedAt }, () => {
      writeUnfolded(this.#sql, this.#unfolded);
      for (const sketches of [this.#sketches, this.#clickers]) sketches.write();
      noteCounted(this.#sql, now);
      also?.();
    });
    for (const sketches of [this.#sketches, this.#clickers]) sketches.written();
    this.#unfolded = new Unfolded();
    this.#foldedAt = now;
  }

  /**
   * Whatever works on the tables themselves: they have everything then, and what is remembered of them is forgotten
   * after it.
   *
   * @param run in one transaction
   */
  onTables<T>(now: number, run: (sql: Sql) => T): T {
    this.fold(now);
    const result = this.#store.transaction(() => run(this.#sql));
    for (const sketches of [this.#sketches, this.#clickers]) sketches.forget();
    this.#readNumbers();
    this.#rises = new Rises(this.#rev);
    return result;
  }

  /** Forgets what is due. */
  forget(now: number, visitorsForMs?: number): void {
    this.onTables(now, (sql) => {
      // What is read from here on is another state.
      if (forget(sql, now, visitorsForMs))
        writeNumbers(sql, { rev: this.#rev + 1, changedAt: now });
    });
  }

  #readNumbers(): void {
    this.#rev = readNumber(this.#sql, "rev");
    this.#changedAt = readNumber(this.#sql, "changed_at");
  }

  /**
   * Reads what is committed.
   *
   * @returns `null` when nothing was ever counted here
   */
  read(
    now: number,
    { slug, mergeable = false, byLink = slug === undefined }: ReadOptions = {},
  ): Snapshot | null {
    const streamId = readMeta(this.#sql, "stream");
    if (typeof streamId !== "string") return null;
    const snapshot = emptySnapshot(streamId, readNumber(this.#sql, "shard"), now);
    const owner = slug ?? wholeStream;
    snapshot.rev = this.#rev;
    snapshot.lost = this.lost;
    const links = this.#links(slug);
    for (const totals of links.values()) addTotals(snapshot.totals, totals);
    snapshot.links = recordOf(links);
    const added = this.#unfolded.added.get(owner);
    snapshot.dimensions = packBreakdown(readBreakdown(this.#sql, owner, added));
    this.#readSeries(snapshot, owner);
    const sketches = this.#sketches;
    snapshot.visitors = mergeable ? sketches.textsOf(owner, now) : sketches.estimatesOf(owner);
    snapshot.clickers = mergeable ? this.#clickers.textsOf(owner, now) : this.#withoutView(owner);
    if (byLink && !mergeable) snapshot.linkVisitors = sketches.estimatesOfLinks();
    return snapshot;
  }

  #links(slug: string | undefined): Map<string, Totals> {
    const rows = this.#sql.exec<Totals & { slug: string }>(
      slug === undefined ? "SELECT * FROM link" : "SELECT * FROM link WHERE slug = ?",
      ...(slug === undefined ? [] : [slug]),
    );
    const links = new Map<string, Totals>();
    for (const { slug: name, ...totals } of rows) links.set(name, totals);
    for (const [name, more] of this.#unfolded.links) {
      if (slug !== undefined && slug !== name) continue;
      const totals = links.get(name) ?? noTotals();
      addTotals(totals, more);
      links.set(name, totals);
    }
    return links;
  }

  /** A page of the sketches of links' viewers. */
  linkSketches(after: SketchOwner | null, limit: number): LinkSketch[] {
    return this.#sketches.page(after, limit);
  }

  /** A page of them as text, to be merged with other shards'. */
  linkSketchTexts(after: SketchOwner | null, characters: number): SketchPage {
    return textPage(this.#sketches, after, characters);
  }

  /** Sketches of links' viewers, to be merged with other shards'. */
  linkSketchesOf(owners: readonly SketchOwner[]): LinkSketchText[] {
    return this.#sketches.textsFor(owners);
  }

  /** The links' sketches that may have risen since a state, of more than so many one more; `null` where that is not known. */
  linksRisenSince(rev: number, atMost: number): SketchOwner[] | null {
    return this.#rises.since(rev, atMost);
  }

  /** Whether anybody was seen in an epoch. */
  isSketched(epoch: string): boolean {
    return this.#sketches.epochsOf(wholeStream).includes(epoch);
  }

  /** The sums over all links. */
  totals(): Totals {
    const sums = metrics.map((metric) => `coalesce(sum(${metric}), 0) AS ${metric}`).join(", ");
    const totals = this.#sql.exec<Totals>(`SELECT ${sums} FROM link`).toArray()[0] ?? noTotals();
    for (const more of this.#unfolded.links.values()) addTotals(totals, more);
    return totals;
  }

  /** Prefetches by the app that made them. */
  prefetches(): Keyed<number> {
    const rows = this.#sql.exec<{ app: string; count: number }>("SELECT app, count FROM prefetch");
    const counts = new Map(Array.from(rows, ({ app, count }) => [app, count]));
    addCounts(counts, this.#unfolded.prefetches);
    return recordOf(counts);
  }

  /** What the clickers' sketches say beside the viewers'. */
  #withoutView(owner: string): ClickersByEpoch {
    return recordOf(
      this.#clickers.epochsOf(owner).map((epoch) => {
        const viewers = this.#sketches.registersOf(owner, epoch);
        return [epoch, withoutView(viewers, this.#clickers.registersOf(owner, epoch))] as const;
      }),
    );
  }

  #readSeries({ series }: Snapshot, owner: string): void {
    const hours = this.#sql.exec<{
      hour: number;
      views: number;
      clicks: number;
      minutes: string | null;
    }>("SELECT hour, views, clicks, minutes FROM hour WHERE slug = ?", owner);
    for (const { hour: at, views, clicks, minutes } of hours) {
      series.hour[at] = [views, clicks];
      if (minutes === null) continue;
      for (const [minute, pair] of Object.entries(JSON.parse(minutes) as Minutes)) {
        series.minute[at * 60 + Number(minute)] = pair;
      }
    }
    for (const [minute, [views, clicks]] of this.#unfolded.added.get(owner)?.minutes ?? []) {
      const at = Math.floor(minute / 60);
      for (const [steps, place] of [
        [series.minute, minute],
        [series.hour, at],
      ] as const) {
        const [v, c] = steps[place] ?? [0, 0];
        steps[place] = [v + views, c + clicks];
      }
    }
    const days = this.#sql.exec<{ day: number; views: number; clicks: number }>(
      "SELECT day, views, clicks FROM day WHERE slug = ?",
      owner,
    );
    for (const { day: at, views, clicks } of days) series.day[at] = [views, clicks];
  }

  /**
   * Each link's views and clicks in the hours that begin between two moments, UTC ms; where hours are summed to
   * days already, in the local days that begin between them.
   */
  linksBetween(start: number, end: number): Keyed<Pair> {
    const timezone = timezoneOf(this.#sql);
    const rows = this.#sql.exec<{ slug: string; views: number; clicks: number }>(
      `SELECT slug, sum(views) AS views, sum(clicks) AS clicks FROM (
         SELECT slug, views, clicks FROM hour WHERE hour >= ? AND hour < ?
         UNION ALL SELECT slug, views, clicks FROM day WHERE day >= ? AND day < ?)
       WHERE slug <> ? GROUP BY slug`,
      start / hour,
      end / hour,
      firstDayFrom(timezone, start),
      firstDayFrom(timezone, end),
      wholeStream,
    );
    const links = new Map<string, Pair>();
    for (const { slug, views, clicks } of rows) links.set(slug, [views, clicks]);
    for (const [slug, { minutes }] of this.#unfolded.added) {
      if (slug === wholeStream) continue;
      for (const [minute, pair] of minutes) {
        const at = Math.floor(minute / 60);
        if (at >= start / hour && at < end / hour) addPair(links, slug, pair);
      }
    }
    return recordOf(links);
  }
}
