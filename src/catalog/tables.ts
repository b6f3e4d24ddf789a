/** @module The Catalog's tables; `npm run migrations` writes the SQL (docs/storage.md explains each). */
import { customType, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { AuditAction, AuditFields } from "../model/audit-entry.ts";
import type { CreatorRecord } from "../model/creator.ts";
import type { Durability, Landing } from "../model/edge-records.ts";
import type { Creator } from "../model/link.ts";
import type { Promotion } from "../model/promotion.ts";
import type { Scope } from "../model/scopes.ts";
import type { ShareView } from "../model/share.ts";
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";
import type { ChannelClass } from "../platforms/types.ts";

export const streams = sqliteTable(
  "stream",
  {
    id: text().primaryKey(),
    version: integer().notNull(),
    title: text().notNull(),
    host: text(),
    /** Revision of the kept cover; the picture is in KV. */
    cover: text(),
    startsAt: integer("starts_at"),
    endsAt: integer("ends_at"),
    /** When it was noted to have ended. */
    endedAt: integer("ended_at"),
    timezone: text().notNull(),
    destinations: text({ mode: "json" }).$type<Destination[]>().notNull(),
    primary: text().$type<PlatformName>().notNull(),
    landing: text().$type<Landing>().notNull(),
    durability: text().$type<Durability>().notNull(),
    shards: integer().notNull(),
    /** The most shards this stream ever had: readers go through all of them. Only rises. */
    shardsEver: integer("shards_ever").notNull(),
    after: text({ mode: "json" }).$type<Destination>(),
    brandName: text("brand_name"),
    /** A `data:` URL. */
    brandLogo: text("brand_logo"),
    brandColor: text("brand_color"),
    operatorName: text("operator_name"),
    filingNumber: text("filing_number"),
    targetViews: integer("target_views"),
    targetClicks: integer("target_clicks"),
    targetOrders: integer("target_orders"),
    /** Minor units of CNY. */
    targetGmv: integer("target_gmv"),
    phase: text().$type<"live" | "ended">(),
    secret: text().notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
    /** When all it had was deleted too; what is left keeps its slugs from being given out again. */
    purgedAt: integer("purged_at"),
  },
  (table) => [index("stream_created").on(table.createdAt, table.id)],
);

export const links = sqliteTable(
  "link",
  {
    /** Never given out again: a deleted link keeps its row. */
    slug: text().primaryKey(),
    version: integer().notNull(),
    streamId: text("stream_id")
      .notNull()
      .references(() => streams.id),
    creatorId: text("creator_id"),
    creator: text({ mode: "json" }).$type<Creator>(),
    channel: text(),
    channelClass: text("channel_class").$type<ChannelClass>(),
    campaign: text(),
    tags: text({ mode: "json" }).$type<string[]>().notNull(),
    destinations: text({ mode: "json" }).$type<Destination[]>(),
    primary: text().$type<PlatformName>(),
    expiresAt: integer("expires_at"),
    note: text(),
    externalId: text("external_id"),
    promotion: text({ mode: "json" }).$type<Promotion>(),
    /** Whether it is shown to be an advertisement; nothing where nobody decided. */
    adLabel: integer("ad_label", { mode: "boolean" }),
    disabled: integer({ mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
    /** When the first of its promoted destinations ends, UTC ms. */
    promotedUntil: integer("promoted_until"),
  },
  (table) => [
    index("link_created").on(table.createdAt, table.slug),
    index("link_stream").on(table.streamId, table.createdAt),
    index("link_creator").on(table.creatorId, table.deletedAt),
    index("link_promoted").on(table.promotedUntil),
  ],
);

/** What is set of a promoter, once for all links of theirs. */
export const creators = sqliteTable("creator", {
  /** As links name it. */
  id: text().primaryKey(),
  name: text(),
  tier: text().$type<CreatorRecord["tier"]>(),
  /** By alliance and field. */
  ids: text({ mode: "json" }).$type<Promotion>().notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Ids of creators who were deleted, until they are out of their links and of all orders. */
export const erasures = sqliteTable("erasure", {
  number: integer().primaryKey({ autoIncrement: true }),
  creatorId: text("creator_id").notNull(),
  ids: text({ mode: "json" }).$type<Promotion>().notNull(),
  /** How far it is: the last link, by its place in the table; then the last order line. */
  afterLink: integer("after_link").notNull(),
  afterLine: integer("after_line"),
});

/** Records that a target is not known to have in their newest version. */
export const outbox = sqliteTable(
  "outbox",
  {
    /** The record's KV key. */
    key: text().notNull(),
    /** `kv`, the edge copy; or `counters`, which tell it to the isolates that count. */
    target: text().$type<"kv" | "counters">().notNull(),
    attempts: integer().notNull(),
    dueAt: integer("due_at").notNull(),
    /** When the last put began that is not known to have landed or failed for good: it may still land. */
    unsettledAt: integer("unsettled_at"),
  },
  (table) => [primaryKey({ columns: [table.key, table.target] })],
);

/** Which record changed last, by number: the Orders object follows it. A creator's are here too, and on no edge. */
export const changes = sqliteTable(
  "change",
  {
    /** The record's KV key. */
    key: text().primaryKey(),
    seq: integer().notNull(),
  },
  (table) => [index("change_seq").on(table.seq)],
);

/** Small state of the Catalog's own, as JSON. */
export const states = sqliteTable("state", {
  name: text().primaryKey(),
  value: text().notNull(),
});

/** Bytes as Durable Objects give and take them. */
const bytes = customType<{ data: Uint8Array; driverData: ArrayBuffer }>({
  dataType: () => "blob",
  toDriver: (data) => data.slice().buffer,
  fromDriver: (data) => new Uint8Array(data),
});

/** First answers of POSTs with an `Idempotency-Key`, for 24 hours; the key is a digest of it. */
export const idempotency = sqliteTable("idempotency", {
  key: text().primaryKey(),
  /** Digest of the request: the same key with another request is refused. */
  fingerprint: text().notNull(),
  /** Absent while the first request is still being answered. */
  status: integer(),
  /** Of rows that versions before the table of parts kept. */
  body: text(),
  createdAt: integer("created_at").notNull(),
});

/** Those answers, sealed, in parts: one may be larger than a row. */
export const idempotencyParts = sqliteTable(
  "idempotency_part",
  {
    key: text().notNull(),
    part: integer().notNull(),
    body: bytes().notNull(),
  },
  (table) => [primaryKey({ columns: [table.key, table.part] })],
);

/** Sign-ins of the console. The cookie holds the id; only its digest is here. */
export const sessions = sqliteTable("session", {
  /** SHA-256 of the session's id, in hexadecimal. */
  digest: text().primaryKey(),
  /** Whose key opened it: `admin` for `ADMIN_KEY`. */
  principal: text().notNull(),
  /** HMAC-SHA256 of the key under the session's id: another key of the same principal ends the session. */
  proof: text().notNull(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at").notNull(),
});

/** API keys, by the digest of their secret. A revoked key is deleted; the audit log remembers it. */
export const keys = sqliteTable("key", {
  id: text().primaryKey(),
  name: text().notNull(),
  scopes: text({ mode: "json" }).$type<Scope[]>().notNull(),
  /** SHA-256 of the secret, hexadecimal. */
  digest: text().notNull().unique(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
  /** To ten minutes: it is not written at each request. */
  lastUsedAt: integer("last_used_at"),
});

/** Read-only links, by the digest of what stands in them. One that is revoked is deleted; the audit log remembers it. */
export const shares = sqliteTable("share", {
  id: text().primaryKey(),
  /** SHA-256 of the link's token, hexadecimal. */
  digest: text().notNull().unique(),
  streamId: text("stream_id")
    .notNull()
    .references(() => streams.id),
  view: text().$type<ShareView>().notNull(),
  /** Of a promoter's own figures, whose. */
  creator: text(),
  createdAt: integer("created_at").notNull(),
  expiresAt: integer("expires_at"),
});

/** Who changed what. Rows are never changed, but that the ids of a creator who is deleted are taken out. */
export const audit = sqliteTable(
  "audit",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    /** Names the entry in an export. */
    id: text().notNull().unique(),
    at: integer().notNull(),
    /** The key that asked, `admin` for `ADMIN_KEY`. */
    actor: text().notNull(),
    action: text().$type<AuditAction>().notNull(),
    /** A stream's id, a link's slug, a key's id. */
    target: text().notNull(),
    before: text({ mode: "json" }).$type<AuditFields>(),
    after: text({ mode: "json" }).$type<AuditFields>(),
    /** The import that brought the entry here; nothing of it happened here then. */
    importId: text("import_id"),
  },
  (table) => [index("audit_target").on(table.target, table.seq), index("audit_at").on(table.at)],
);
