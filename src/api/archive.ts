/**
 * @module The lines of an export, which an import takes: NDJSON, one thing a line. Counts come before the
 * links, so that no open is counted while its counts are still to come; the last line says that all are
 * there.
 */

import { z } from "@hono/zod-openapi";
import { statuses } from "../attribution/order.ts";
import { auditActions } from "../catalog/audited.ts";
import { channelClasses, scopes, tiers } from "../catalog/model.ts";
import { slugShape } from "../catalog/slug.ts";
import { type ArchivedTable, archivedTables } from "../counting/archive.ts";
import { isTimeZone } from "../counting/zone.ts";
import { idTypes, kinds, platformNames } from "../platforms/types.ts";
import { text as bounded, shaped, words } from "./bounded.ts";

export const format = 1;

const at = z.int().min(0).max(8_640_000_000_000_000);
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();
const text = bounded(4_096);
const whole = z.int();
const streamId = shaped(/^st_[0-9a-z]{1,40}$/, "Expected a stream's id.");
const slug = shaped(slugShape, "Expected a slug.");
const timezone = bounded(64).refine(isTimeZone, "Expected an IANA time zone.");
const shard = z.int().min(0).max(63);

const destination = z.strictObject({
  platform: z.enum(platformNames),
  kind: z.enum(kinds),
  id: text,
  idType: z.enum(idTypes).optional(),
  url: text.optional(),
  resolvedFrom: text.optional(),
  replay: text.optional(),
  shareText: text.optional(),
  miniProgram: z.strictObject({ appId: text, path: text, query: text.optional() }).optional(),
  finderUserName: text.optional(),
  warnings: z.array(text).optional(),
});

const stream = z.strictObject({
  id: streamId,
  version: z.int().min(1),
  title: text,
  host: orNull(text),
  cover: orNull(shaped(/^[0-9a-f]{1,64}$/)),
  startsAt: orNull(at),
  endsAt: orNull(at),
  timezone,
  destinations: z.array(destination).max(platformNames.length),
  primary: z.enum(platformNames),
  landing: z.enum(["auto", "always", "never"]),
  durability: z.enum(["fast", "strict"]),
  shards: z.int().min(1).max(64),
  shardsEver: z.int().min(1).max(64),
  after: orNull(destination),
  phase: orNull(z.enum(["live", "ended"])),
  createdAt: at,
  updatedAt: at,
  deletedAt: orNull(at),
  purgedAt: orNull(at),
});

const link = z.strictObject({
  slug,
  version: z.int().min(1),
  streamId,
  creator: orNull(
    z.strictObject({ id: text, name: text.optional(), tier: z.enum(tiers).optional() }),
  ),
  channel: orNull(text),
  channelClass: orNull(z.enum(channelClasses)),
  campaign: orNull(text),
  tags: z.array(text).max(100),
  destinations: orNull(z.array(destination).max(platformNames.length)),
  primary: orNull(z.enum(platformNames)),
  expiresAt: orNull(at),
  note: orNull(text),
  externalId: orNull(text),
  promotion: orNull(z.record(z.string(), z.record(z.string(), text))),
  disabled: z.boolean(),
  createdAt: at,
  updatedAt: at,
  deletedAt: orNull(at),
});

const key = z.strictObject({
  id: shaped(/^key_[0-9a-z]{1,40}$/, "Expected a key's id."),
  name: words(100),
  scopes: z.array(z.enum(scopes)).min(1),
  digest: shaped(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hexadecimal."),
  createdAt: at,
  expiresAt: orNull(at),
  lastUsedAt: orNull(at),
});

const fields = orNull(z.record(z.string(), z.unknown()));
const audit = z.strictObject({
  id: shaped(/^[0-9a-z]{1,40}$/),
  at,
  actor: text,
  action: z.enum(auditActions),
  target: text,
  before: fields,
  after: fields,
});

const register = <T extends z.ZodType>(value: T) => orNull(z.strictObject({ value, at: whole }));
const line = z.strictObject({
  platform: z.enum(platformNames),
  orderId: text,
  subOrderId: text,
  state: orNull(z.enum([...statuses, "split"])),
  at: whole,
  amount: orNull(whole),
  currency: shaped(/^[A-Z]{3}$/),
  paidAt: orNull(whole),
  known: register(whole),
  commission: register(whole),
  refund: register(whole),
  refundedAt: orNull(whole),
  slug: register(text),
  evidence: register(text),
  link: text,
  streamId: text,
  by: orNull(text),
});

const money = z.int().min(0).optional();
const costs = z.strictObject({
  slug,
  costs: z.strictObject({
    slotFee: money,
    commissionRate: money,
    adSpend: money,
    coupons: money,
    samples: money,
  }),
});
const spend = z.strictObject({
  platform: text,
  day: text,
  scene: text,
  name: text,
  link: text,
  amount: whole,
});

/** Characters of a cell of counts; a sketch of visitors is the longest. */
const cellAtMost = 1_048_576;

const tables = Object.keys(archivedTables) as [ArchivedTable, ...ArchivedTable[]];
/** The metrics of an export by the first release; those that came since stand behind them. */
const firstLinkColumns = 9;
const fits = (table: ArchivedTable, columns: number): boolean => {
  const most = archivedTables[table].length;
  return columns === most || (table === "link" && columns >= firstLinkColumns && columns < most);
};
const counts = z
  .strictObject({
    streamId,
    shard,
    timezone: orNull(timezone),
    lost: z.int().min(0),
    table: z.enum(tables),
    rows: z.array(z.array(z.union([bounded(cellAtMost), z.number(), z.null()]))).max(1_000),
  })
  .refine(({ table, rows }) => rows.every((row) => fits(table, row.length)), {
    path: ["rows"],
    message: "Expected a value for each column.",
  });
const cover = z.strictObject({
  streamId,
  contentType: shaped(/^image\/[a-z]+$/),
  data: bounded(700_000).check(z.base64()),
});

/** What a line of each type has as its `row`. */
export const rowSchemas = { counts, line, costs, spend, cover, key, audit, stream, link } as const;
export type LineType = keyof typeof rowSchemas;
export const lineTypes = Object.keys(rowSchemas) as LineType[];
export type RowOf<T extends LineType> = z.infer<(typeof rowSchemas)[T]>;
