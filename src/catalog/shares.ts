/** @module The Catalog's read-only links. It knows the digest of what stands in one, never the link. */
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { said } from "../lib/said.ts";
import type { NewShare, Share } from "../model/share.ts";
import type { Stream } from "../model/stream.ts";
import { type Database, notFound, page } from "./database.ts";
import type { Outbox } from "./outbox.ts";
import type { Page, Result } from "./results.ts";
import type { Streams } from "./streams.ts";
import { links, shares } from "./tables.ts";

const told = {
  id: shares.id,
  streamId: shares.streamId,
  view: shares.view,
  creator: shares.creator,
  createdAt: shares.createdAt,
  expiresAt: shares.expiresAt,
};

export class Shares {
  readonly #db: Database;
  readonly #outbox: Outbox;
  readonly #streams: Streams;

  constructor(db: Database, outbox: Outbox, streams: Streams) {
    this.#db = db;
    this.#outbox = outbox;
    this.#streams = streams;
  }

  create({ digest, ...input }: NewShare, by: string, now: number): Result<Share> {
    const stream = this.#streams.get(input.streamId);
    if (!stream.ok) return stream;
    const { creator } = input;
    if (creator !== null && !this.#promotes(creator, input.streamId)) {
      return {
        ok: false,
        code: "invalid",
        pointer: "/creator",
        detail: said(
          `No link of this stream is of the promoter ${creator}.`,
          `这场直播没有达人 ${creator} 的短链接。`,
        ),
      };
    }
    const share: Share = { ...input, createdAt: now };
    return this.#outbox.write(by, now, () => {
      this.#db
        .insert(shares)
        .values({ ...share, digest })
        .run();
      return {
        tell: [],
        audit: [{ action: "share.created", target: share.id, after: share }],
        result: { ok: true, value: share },
      };
    });
  }

  #promotes(creator: string, streamId: string): boolean {
    const where = and(eq(links.creatorId, creator), eq(links.streamId, streamId));
    return this.#db.select({ slug: links.slug }).from(links).where(where).limit(1).all().length > 0;
  }

  list(
    { streamId }: { streamId?: string | undefined },
    limit: number,
    cursor: number | null,
  ): Page<Share> {
    return page(
      this.#db
        .select({ row: told, position: sql<number>`rowid` })
        .from(shares)
        .where(
          and(
            streamId === undefined ? undefined : eq(shares.streamId, streamId),
            cursor === null ? undefined : lt(sql`rowid`, cursor),
          ),
        )
        .orderBy(desc(sql`rowid`))
        .limit(limit + 1)
        .all(),
      limit,
    );
  }

  delete(id: string, by: string, now: number): Result<null> {
    const before = this.#db.select(told).from(shares).where(eq(shares.id, id)).get();
    if (!before) return notFound(`share ${id}`);
    return this.#outbox.write(by, now, () => {
      this.#db.delete(shares).where(eq(shares.id, id)).run();
      return {
        tell: [],
        audit: [{ action: "share.deleted", target: id, before }],
        result: { ok: true, value: null },
      };
    });
  }

  /** The share with this digest, while it holds and its stream is there. */
  find(digest: string, now: number): { share: Share; stream: Stream } | null {
    const share = this.#db.select(told).from(shares).where(eq(shares.digest, digest)).get();
    if (!share || (share.expiresAt !== null && share.expiresAt <= now)) return null;
    const stream = this.#streams.get(share.streamId);
    return stream.ok ? { share, stream: stream.value } : null;
  }
}
