/**
 * @module Order lines that are to be matched again: those of nobody whose promoter may be known by now, and those of a
 * promoter who has another link by now, of a broadcast that is nearer to them. They are marked in the transaction in which
 * that was learnt, under a key of their own in `unmatched`, and taken in portions, so that ten thousand orders that waited
 * for one creator hold up nobody, and a portion that fails is taken again.
 */
import type { Sql } from "../lib/sql.ts";
import { nameKey } from "./matching.ts";
import type { OrdersStore, StoredLine } from "./store.ts";

/** What other keys never are: each of those begins with its kind and a colon. */
const mark = "again";
/** Lines of one portion, in whole orders: a tenth of a second at the worst, where a creator has thousands of links. */
const atOnce = 200;

/** Lines of nobody under these keys. */
export function markWaiting(sql: Sql, keys: readonly string[]): void {
  if (keys.length === 0) return;
  sql.exec(
    `INSERT OR IGNORE INTO unmatched (key, id)
     SELECT ?, unmatched.id FROM json_each(?) k JOIN unmatched ON unmatched.key = k.value`,
    mark,
    JSON.stringify(keys),
  );
}

interface LinkInTime {
  slug: string;
  streamId: string;
  /** When its stream begins, UTC ms. */
  startsAt: number;
  /** Orders may name its room, from before it was planned to begin. */
  hasRoom: boolean;
}

/** How long before its plan a room may have sold something, in ms. */
const early = 86_400_000;
const ever = Number.MAX_SAFE_INTEGER;
/** By stream, orders that were paid from a moment until before another. */
type Spans = Map<string, readonly [from: number, to: number]>;

/**
 * Lines that their ids or a name booked on links of the same creators, which these links are nearer to: of a broadcast that
 * began before, those that were paid since this one began; of one that began later, those that were paid before that, and
 * where the room of this one is known, all, since they may name it.
 */
export function markBeside(sql: Sql, slugs: readonly string[]): void {
  const given = sql
    .exec<{ creator: string | null }>(
      `SELECT DISTINCT record->>'$.names[#-1]' AS creator
       FROM json_each(?) k JOIN promoter ON slug = k.value`,
      JSON.stringify(slugs),
    )
    .toArray();
  const learnt = new Set(slugs);
  for (const { creator } of given) {
    if (creator === null) continue;
    const all = linksOf(sql, creator);
    const news = all.filter(({ slug }) => learnt.has(slug));
    const spans: Spans = new Map();
    for (const link of news) addSpansBeside(spans, link, all);
    // Of what does not say when it was paid, all.
    const asked = [...spans].flatMap(([id, span]) => [
      [id, ...span],
      [id, 0, 1],
    ]);
    if (asked.length === 0) continue;
    sql.exec(
      `INSERT OR IGNORE INTO unmatched (key, id)
       SELECT ?, conversion.id FROM json_each(?) k JOIN conversion ON stream_id = k.value->>0
         AND paid_at >= k.value->>1 AND paid_at < k.value->>2
       WHERE matched_by IN ('promotion', 'name') AND link IN (SELECT value FROM json_each(?))`,
      mark,
      JSON.stringify(asked),
      JSON.stringify(all.map(({ slug }) => slug)),
    );
  }
}

const linksOf = (sql: Sql, creator: string): LinkInTime[] =>
  sql
    .exec<{ slug: string; stream_id: string; starts_at: number; has_room: number }>(
      `SELECT link.slug, link.stream_id, coalesce(session.starts_at, 0) AS starts_at,
         EXISTS (SELECT 1 FROM promoter stream WHERE stream.slug = 'stream:' || link.stream_id)
           OR coalesce(link.record->>'$.rooms', '{}') <> '{}' AS has_room
       FROM promoter_key JOIN promoter link ON link.slug = promoter_key.slug
       LEFT JOIN session ON session.stream_id = link.stream_id
       WHERE promoter_key.key = ? AND link.record->>'$.names[#-1]' = ?`,
      nameKey(creator),
      creator,
    )
    .toArray()
    .map((row) => ({
      slug: row.slug,
      streamId: row.stream_id,
      startsAt: row.starts_at,
      hasRoom: row.has_room === 1,
    }));

/** In its own stream a link takes what others have if it is the first by its slug: where nothing tells them apart, that one has all. */
function addSpansBeside(spans: Spans, link: LinkInTime, all: readonly LinkInTime[]): void {
  const since = link.startsAt - (link.hasRoom ? early : 0);
  const isFirst = !all.some(({ streamId, slug }) => streamId === link.streamId && slug < link.slug);
  for (const { streamId, startsAt, slug } of all) {
    if (slug === link.slug || (streamId === link.streamId && !isFirst)) continue;
    const from = startsAt < link.startsAt ? since : 0;
    const to = startsAt <= link.startsAt || link.hasRoom ? ever : startsAt;
    const [first, last] = spans.get(streamId) ?? [from, to];
    spans.set(streamId, [Math.min(first, from), Math.max(last, to)]);
  }
}

/**
 * Takes a portion of what is marked, which is marked no more. To be called inside the transaction that matches it.
 *
 * @returns all lines of these orders, none where nothing is marked; and the places of those that were
 */
export function takeMarked(store: OrdersStore): { lines: StoredLine[]; marked: Set<number> } {
  const { sql } = store;
  const marked = sql
    .exec<{ id: number; platform: string; order_id: string }>(
      `SELECT conversion.id, platform, order_id
       FROM (SELECT id FROM unmatched WHERE key = ? LIMIT ?) JOIN conversion USING (id)`,
      mark,
      atOnce,
    )
    .toArray();
  if (marked.length === 0) return { lines: [], marked: new Set() };
  const lines = store.linesOf(
    marked.map(({ platform, order_id: orderId }) => ({ platform, orderId })),
  );
  const ids = marked.map(({ id }) => id);
  sql.exec(
    "DELETE FROM unmatched WHERE key = ? AND id IN (SELECT value FROM json_each(?))",
    mark,
    JSON.stringify(ids),
  );
  return { lines, marked: new Set(ids) };
}
