/**
 * @module The Counter's ledger: adding a group of batches in one transaction, reading what is committed,
 * and forgetting what is old. Every row is listed in docs/storage.md.
 */
import { type Keyed, recordOf } from "../../lib/records.ts";
import { readMeta, readNumber, type Sql, writeMeta } from "../../lib/sql.ts";
import { dayOf, startOfDay } from "../../lib/zones.ts";
import { type Batch, readCell } from "../batch.ts";
import { withoutView } from "../clicks-without-view.ts";
import { dimensions, metrics, noTotals, type Totals } from "../event.ts";
import { type ClickersByEpoch, emptySnapshot, type Pair, type Snapshot } from "../snapshot.ts";
import { forget, noteCounted, timezoneOf } from "./forgetting.ts";
import {
  type Added,
  addPair,
  type Minutes,
  nothingAdded,
  Rows,
  type Upsert,
  upsert,
} from "./rows.ts";
import { type LinkSketch, Sketches } from "./sketches.ts";

const hour = 3_600_000;
/** The year 9999: dates end soon after. */
const lastMoment = Date.UTC(9999, 0);

const columns = metrics.join(", ");
const linkUpsert: Upsert = {
  into: `link (slug, ${columns})`,
  onConflict: `(slug) DO UPDATE SET ${metrics.map((metric) => `${metric} = ${metric} + excluded.${metric}`).join(", ")}`,
  columns: 1 + metrics.length,
};
const prefetchUpsert: Upsert = {
  into: "prefetch (app, count)",
  onConflict: "(app) DO UPDATE SET count = count + excluded.count",
  columns: 2,
};
const producerUpsert: Upsert = {
  into: "producer (id, seq, seen_at)",
  onConflict: "(id) DO UPDATE SET seq = excluded.seq, seen_at = excluded.seen_at",
  columns: 3,
};

/** The slug under which a stream's own breakdown and series stand beside its links'. */
const wholeStream = "";

/** What a group of batches adds, gathered so that a row is written once however many cells touch it. */
class Sums {
  links = new Map<string, Totals>();
  added = new Map<string, Added>();
  /** By app. */
  prefetches = new Map<string, number>();

  count(cell: string, count: number): void {
    const { slug, metric, minute, keys } = readCell(cell);
    const totals = this.links.get(slug) ?? noTotals();
    this.links.set(slug, totals);
    totals[metric] += count;
    if (metric === "prefetches") {
      this.prefetches.set(keys.app, (this.prefetches.get(keys.app) ?? 0) + count);
    }
    if (metric !== "views" && metric !== "clicks") return;
    const pair: Pair = metric === "views" ? [count, 0] : [0, count];
    for (const owner of [wholeStream, slug]) {
      const added = this.added.get(owner) ?? nothingAdded();
      this.added.set(owner, added);
      for (const dimension of dimensions) {
        addPair(added.breakdown[dimension], keys[dimension], pair);
      }
      addPair(added.minutes, minute, pair);
    }
  }
}

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

/** One Counter's rows. It remembers what it wrote, so after a failed transaction it must be thrown away. */
export class Ledger {
  readonly #sql: Sql;
  /** Of who viewed. */
  readonly #sketches: Sketches;
  /** Of who clicked in a request of its own. */
  readonly #clickers: Sketches;
  readonly #rows: Rows;

  /** @param sql of a store that `migrateCounter` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
    this.#sketches = new Sketches(sql, "sketch");
    this.#clickers = new Sketches(sql, "clicker");
    this.#rows = new Rows(sql);
  }

  get rev(): number {
    return readNumber(this.#sql, "rev");
  }

  get changedAt(): number {
    return readNumber(this.#sql, "changed_at");
  }

  committedSeq(producer: string): number {
    const [row] = this.#sql
      .exec<{ seq: number }>("SELECT seq FROM producer WHERE id = ?", producer)
      .toArray();
    return row?.seq ?? 0;
  }

  /** Adds a group of batches. To be called inside one transaction; the caller has checked the sequence. */
  commit(group: readonly Batch[], now: number): void {
    const [first] = group;
    if (!first) return;
    if (readMeta(this.#sql, "stream") === undefined) {
      writeMeta(this.#sql, "stream", first.streamId);
      writeMeta(this.#sql, "shard", first.shard);
    }
    const sums = new Sums();
    let lost = 0;
    for (const { cells, lost: given, timezone } of group) {
      for (const [key, count] of cells) sums.count(key, count);
      lost += given ?? 0;
      if (timezone !== undefined && readMeta(this.#sql, "timezone") !== timezone) {
        writeMeta(this.#sql, "timezone", timezone);
      }
    }
    // A producer's later batch in the group stands later, and its seq is the one that stays.
    const producers = new Map(group.map(({ producer, seq }) => [producer, seq]));
    upsert(
      this.#sql,
      producerUpsert,
      [...producers].map(([producer, seq]) => [producer, seq, now]),
    );
    upsert(
      this.#sql,
      linkUpsert,
      [...sums.links].map(([slug, totals]) => [slug, ...metrics.map((metric) => totals[metric])]),
    );
    this.#rows.write(sums.added);
    this.#sketches.see(
      group.flatMap(({ visitors }) => visitors ?? []),
      now,
    );
    this.#clickers.see(
      group.flatMap(({ clickers }) => clickers ?? []),
      now,
    );
    upsert(this.#sql, prefetchUpsert, [...sums.prefetches]);
    if (lost > 0) writeMeta(this.#sql, "lost", readNumber(this.#sql, "lost") + lost);
    this.#changed(now);
    noteCounted(this.#sql, now);
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
    snapshot.rev = this.rev;
    snapshot.lost = readNumber(this.#sql, "lost");
    const links = this.#sql.exec<Totals & { slug: string }>(
      slug === undefined ? "SELECT * FROM link" : "SELECT * FROM link WHERE slug = ?",
      ...(slug === undefined ? [] : [slug]),
    );
    const totalsOf = new Map<string, Totals>();
    for (const { slug: name, ...totals } of links) {
      totalsOf.set(name, totals);
      for (const metric of metrics) snapshot.totals[metric] += totals[metric];
    }
    snapshot.links = recordOf(totalsOf);
    snapshot.dimensions = this.#rows.readBreakdown(owner);
    this.#readSeries(snapshot, owner);
    const sketches = this.#sketches;
    snapshot.visitors = mergeable ? sketches.textsOf(owner, now) : sketches.estimatesOf(owner);
    snapshot.clickers = mergeable ? this.#clickers.textsOf(owner, now) : this.#withoutView(owner);
    if (byLink && !mergeable) snapshot.linkVisitors = sketches.estimatesOfLinks();
    return snapshot;
  }

  /** A page of the sketches of links' viewers, to be merged with other shards'. */
  linkSketches(after: Pick<LinkSketch, "slug" | "epoch"> | null, limit: number): LinkSketch[] {
    return this.#sketches.page(after, limit);
  }

  /** The sums over all links. */
  totals(): Totals {
    const sums = metrics.map((metric) => `coalesce(sum(${metric}), 0) AS ${metric}`).join(", ");
    return this.#sql.exec<Totals>(`SELECT ${sums} FROM link`).toArray()[0] ?? noTotals();
  }

  /** Prefetches by the app that made them. */
  prefetches(): Keyed<number> {
    const rows = this.#sql.exec<{ app: string; count: number }>("SELECT app, count FROM prefetch");
    return recordOf(rows.toArray().map(({ app, count }) => [app, count] as const));
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
    return recordOf([...rows].map(({ slug, views, clicks }) => [slug, [views, clicks]]));
  }

  /** Forgets what is due. To be called inside one transaction. */
  forget(now: number, visitorsForMs?: number): void {
    if (forget(this.#sql, now, visitorsForMs)) this.#changed(now);
    this.#rows.forget();
    for (const sketches of [this.#sketches, this.#clickers]) sketches.forget();
  }

  /** What is read from here on is another state. */
  #changed(now: number): void {
    writeMeta(this.#sql, "rev", this.rev + 1);
    writeMeta(this.#sql, "changed_at", now);
  }
}
