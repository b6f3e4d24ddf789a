/**
 * @module Streams, links, keys and entries of the audit log as lines of an export. Each field has the schema
 * that the API asks of it; one that the Catalog's tables have and this lacks does not compile.
 */
import { z } from "@hono/zod-openapi";
import type { Archived } from "../catalog/archive.ts";
import { auditActions } from "../model/audit-entry.ts";
import { instant, past, shaped, text } from "../model/bounded.ts";
import { PlatformSchema } from "../model/destination-input.ts";
import { keyFields } from "../model/key-input.ts";
import { linkFields } from "../model/link-input.ts";
import { keptPromotion } from "../model/promotion.ts";
import { reservedSlugs, slugShape } from "../model/slug.ts";
import { inOrder, StreamPatch, streamFields, timezone } from "../model/stream-input.ts";
import { destination, destinations, readAgain } from "./destinations.ts";

/** A schema of each of a row's fields, and none else. */
type FieldsOf<T> = Record<keyof T, z.ZodType>;

const orNull = <T extends z.ZodType>(schema: z.ZodOptional<T>) => schema.unwrap().nullable();
const version = z.int().min(1).max(1_000_000_000);

export const streamId = shaped(/^st_[0-9a-z]{1,40}$/, "Expected a stream's id.");
/** A slug as it is kept: in small letters. */
export const slug = shaped(slugShape, "Expected 3 to 32 of a-z, 0-9 and -.").refine(
  (given) => !reservedSlugs.has(given),
  "This word is reserved.",
);

const nothing = z.literal("");

export const stream = z
  .strictObject({
    id: streamId,
    version,
    title: z.union([nothing, streamFields.title]),
    host: orNull(streamFields.host),
    cover: shaped(/^[0-9a-f]{12}$/, "Expected the revision of a cover.").nullable(),
    startsAt: instant.nullable(),
    endsAt: instant.nullable(),
    timezone,
    destinations,
    primary: PlatformSchema,
    landing: streamFields.landing.unwrap(),
    durability: streamFields.durability.unwrap(),
    shards: streamFields.shards.unwrap(),
    shardsEver: streamFields.shards.unwrap(),
    after: destination.nullable(),
    phase: StreamPatch.shape.phase.unwrap(),
    createdAt: past,
    updatedAt: past,
    deletedAt: past.nullable(),
    purgedAt: past.nullable(),
  } satisfies FieldsOf<Archived["stream"]>)
  .superRefine(inOrder)
  .superRefine((row, context) => {
    const say = (field: keyof Archived["stream"], message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (row.shards > row.shardsEver) say("shardsEver", "Expected at least as many as shards.");
    if (row.after && row.after.url === undefined)
      say("after", "Expected a destination with a URL.");
    // Of a stream that was deleted with all it had, only that its slugs were used is left.
    if (row.purgedAt !== null) {
      if (row.deletedAt === null) say("purgedAt", "Expected a stream that is deleted.");
      return;
    }
    if (row.title === "") say("title", "Expected a title.");
    if (!row.destinations.some(({ platform }) => platform === row.primary)) {
      say("primary", `No destination of the stream is on ${row.primary}.`);
    }
  });

export const link = z.strictObject({
  slug,
  version,
  streamId,
  creator: orNull(linkFields.creator),
  channel: orNull(linkFields.channel),
  channelClass: orNull(linkFields.channelClass),
  campaign: orNull(linkFields.campaign),
  tags: linkFields.tags.unwrap(),
  destinations: destinations.nullable(),
  primary: orNull(linkFields.primary),
  expiresAt: instant.nullable(),
  note: orNull(linkFields.note),
  externalId: orNull(linkFields.externalId),
  promotion: keptPromotion.nullable(),
  disabled: z.boolean(),
  createdAt: past,
  updatedAt: past,
  deletedAt: past.nullable(),
} satisfies FieldsOf<Archived["link"]>);

export const key = z.strictObject({
  id: shaped(/^key_[0-9a-z]{1,40}$/, "Expected a key's id."),
  name: keyFields.name,
  scopes: keyFields.scopes.refine(
    (scopes) => new Set(scopes).size === scopes.length,
    "Expected each scope once.",
  ),
  digest: shaped(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hexadecimal."),
  createdAt: past,
  expiresAt: instant.nullable(),
  lastUsedAt: past.nullable(),
} satisfies FieldsOf<Archived["key"]>);

/** Characters of what an entry says: a row of the store has its end. */
const fieldsAtMost = 500_000;
const fields = z
  .record(z.string(), z.unknown())
  .refine((said) => JSON.stringify(said).length <= fieldsAtMost, "Expected a smaller entry.")
  .nullable();

export const audit = z.strictObject({
  id: shaped(/^[0-9a-z]{1,40}$/, "Expected an entry's id."),
  at: past,
  actor: shaped(/^(?:admin|system|unknown|key_[0-9a-z]{1,40})$/, "Expected who asked: a key's id."),
  action: z.enum(auditActions),
  target: text(2_000),
  before: fields,
  after: fields,
} satisfies FieldsOf<Archived["audit"]>);

type Row = z.infer<typeof stream> | z.infer<typeof link>;

/**
 * An import is no way around the allowed hosts: every URL is read again, as one of a request is.
 *
 * @throws {Problem} that names the field
 */
export function withDestinations<R extends Row>(row: R, hosts: readonly string[]): R {
  const after = "after" in row && row.after ? readAgain(row.after, "/row/after", hosts) : null;
  return {
    ...row,
    ...(after ? { after } : {}),
    destinations:
      row.destinations?.map((one, index) => readAgain(one, `/row/destinations/${index}`, hosts)) ??
      null,
  };
}
