/**
 * @module Streams, links, creators, keys and entries of the audit log as lines of an export. Each field is as
 * the model keeps it; one that the Catalog's tables have and the model lacks does not compile.
 */
import { z } from "@hono/zod-openapi";
import type { Archived } from "../catalog/archive.ts";
import { auditActions } from "../model/audit-entry.ts";
import { past, shaped, text } from "../model/bounded.ts";
import { creatorFields } from "../model/creator.ts";
import { keptShape } from "../model/fields.ts";
import { keyFields } from "../model/key.ts";
import { linkFields } from "../model/link.ts";
import { inOrder, streamFields } from "../model/stream.ts";
import { readAgain } from "./read-destination.ts";

/** A schema of each of a row's fields, and none else. */
type FieldsOf<T> = Record<keyof T, z.ZodType>;
/** The shape, where it has no field that the table lacks: a line with one would be refused by every import. */
const nothingMore =
  <T>() =>
  <S extends FieldsOf<T>>(shape: Exclude<keyof S, keyof T> extends never ? S : never): S =>
    shape as S;

/** Its secret stays where it is: another service makes its own. */
const { secret: _, ...streamRow } = keptShape(streamFields);

export const stream = z
  .strictObject(nothingMore<Archived["stream"]>()(streamRow))
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

export const link = z.strictObject(nothingMore<Archived["link"]>()(keptShape(linkFields)));

/** Older exports have none. */
export const creator = z.strictObject(nothingMore<Archived["creator"]>()(keptShape(creatorFields)));

export const key = z.strictObject(nothingMore<Archived["key"]>()(keptShape(keyFields)));

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
