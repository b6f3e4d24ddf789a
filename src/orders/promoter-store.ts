/**
 * @module The queries of what the Orders object has learnt of the Catalog: links, and what they have of their creators and
 * their streams. The three are kept apart and put together when somebody looks, so that a creator's ids are one row, and
 * all of their links have them at once.
 */
import { recordOf } from "../lib/records.ts";
import type { Sql, SqlRow } from "../lib/sql.ts";
import {
  creatorOf,
  type PromotedStream,
  type Promoter,
  type PromotingCreator,
  type PromotingLink,
  promoterOf,
} from "../model/promoter.ts";
import { keysOfIds, keysOfPromoter, nameKey } from "./matching.ts";

export type FindPromoters = (key: string) => readonly Promoter[];

/** In the place of a slug, which has no colon. */
const creatorRow = (id: string): string => `creator:${id}`;
const streamRow = (id: string): string => `stream:${id}`;

/** A link with its creator, who is the last of its names, and its stream. */
const parts = `link.slug, link.record, session.starts_at, creator.record AS creator, stream.record AS rooms`;
const joined = `LEFT JOIN session ON session.stream_id = link.stream_id
  LEFT JOIN promoter creator ON creator.slug = 'creator:' || (link.record->>'$.names[#-1]')
  LEFT JOIN promoter stream ON stream.slug = 'stream:' || link.stream_id`;
const under = `SELECT ${parts} FROM promoter_key JOIN promoter link ON link.slug = promoter_key.slug
  ${joined} WHERE promoter_key.key = ?`;
const named = `SELECT ${parts} FROM promoter link ${joined} WHERE link.slug = ?`;

/** A text that many rows have is parsed once, so that what is the same in them is one object (matching.ts knows it by that). */
function parser(): <T>(text: unknown) => T | null {
  const parsed = new Map<string, unknown>();
  return <T>(text: unknown) => {
    if (typeof text !== "string") return null;
    const found = parsed.get(text) ?? JSON.parse(text);
    parsed.set(text, found);
    return found as T;
  };
}

const noRooms: PromotedStream["rooms"] = recordOf([]);

function linkOf(row: SqlRow, parse: ReturnType<typeof parser>): Promoter {
  return promoterOf(
    JSON.parse(String(row.record)) as PromotingLink,
    parse<PromotingCreator>(row.creator),
    {
      startsAt: Number(row.starts_at ?? 0),
      rooms: parse<Pick<PromotedStream, "rooms">>(row.rooms)?.rooms ?? noRooms,
    },
  );
}

/** Whose link it is, and where it leads by itself. */
const placeOf = (link: PromotingLink): string =>
  JSON.stringify([creatorOf(link), link.rooms ?? noRooms]);

export class PromoterStore {
  readonly #sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  #rows(query: string, ...bindings: (string | number | null)[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  /** Finds links by key, each key looked up once: a file names few promoters, many times. */
  finder(): FindPromoters {
    const parse = parser();
    const bySlug = new Map<string, Promoter>();
    const read = remembered((key: string) => {
      const links: Promoter[] = [];
      const creators: string[] = [];
      for (const row of this.#rows(under, key)) {
        const slug = String(row.slug);
        if (slug.startsWith(creatorRow(""))) {
          creators.push(slug.slice(creatorRow("").length));
          continue;
        }
        const link = bySlug.get(slug) ?? linkOf(row, parse);
        bySlug.set(slug, link);
        links.push(link);
      }
      return { links, creators };
    });
    const linksOf = remembered((id: string) =>
      read(nameKey(id)).links.filter((link) => creatorOf(link) === id),
    );
    return remembered((key: string) => {
      const { links, creators } = read(key);
      return creators.length === 0 ? links : [...new Set([...links, ...creators.flatMap(linksOf)])];
    });
  }

  /**
   * @returns the keys by which orders that wait may find it; and whether it is a link of this creator, to these rooms, that
   *   was not there before
   */
  learnLink(link: PromotingLink): { keys: string[]; isAnother: boolean } {
    const record = JSON.stringify(link);
    const former = this.#recordOf(link.slug);
    if (former === record) return { keys: [], isAnother: false };
    this.#put(link.slug, link.streamId, record, keysOfPromoter(link));
    const before = former === undefined ? null : (JSON.parse(former) as PromotingLink);
    return {
      keys: this.#named(link.slug).flatMap(keysOfPromoter),
      isAnother: before === null || placeOf(before) !== placeOf(link),
    };
  }

  /** @returns the keys by which orders that wait may find a link of theirs */
  learnCreator(creator: PromotingCreator): string[] {
    const row = creatorRow(creator.id);
    const keys = keysOfPromoter(creator);
    if (keys.length === 0) {
      this.#forget(row);
      return [];
    }
    const record = JSON.stringify(creator);
    if (this.#recordOf(row) === record) return [];
    this.#put(row, "", record, keys);
    return keys;
  }

  /** @returns the keys of orders that wait for its rooms */
  learnStream({ id, startsAt, rooms }: PromotedStream): string[] {
    this.#sql.exec(
      "INSERT OR REPLACE INTO session (stream_id, starts_at) VALUES (?, ?)",
      id,
      startsAt,
    );
    const keys = keysOfIds(rooms);
    const record = JSON.stringify({ rooms });
    if (this.#recordOf(streamRow(id)) === record) return [];
    this.#forget(streamRow(id));
    if (keys.length > 0) this.#put(streamRow(id), id, record, []);
    return keys;
  }

  #recordOf(row: string): string | undefined {
    const [found] = this.#rows("SELECT record FROM promoter WHERE slug = ?", row);
    return found && String(found.record);
  }

  #named(slug: string): Promoter[] {
    return this.#rows(named, slug).map((row) => linkOf(row, parser()));
  }

  #put(row: string, streamId: string, record: string, keys: readonly string[]): void {
    this.#forget(row);
    this.#sql.exec(
      "INSERT INTO promoter (slug, stream_id, record) VALUES (?, ?, ?)",
      row,
      streamId,
      record,
    );
    this.#sql.exec(
      "INSERT INTO promoter_key (key, slug) SELECT value, ? FROM json_each(?)",
      row,
      JSON.stringify(keys),
    );
  }

  #forget(row: string): void {
    this.#sql.exec("DELETE FROM promoter_key WHERE slug = ?", row);
    this.#sql.exec("DELETE FROM promoter WHERE slug = ?", row);
  }
}

/** Lets go of what was known of a stream that is deleted with all it had; its links go with what they sold. */
export const forgetStream = (sql: Sql, id: string): void =>
  void sql.exec("DELETE FROM promoter WHERE slug = ?", streamRow(id));

/** A function that is asked the same many times. */
function remembered<V>(make: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
