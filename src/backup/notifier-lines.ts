/** @module A notifier as a line of an export: all but its URL and its secret, which are to be set again. */
import { z } from "@hono/zod-openapi";
import { past, shaped, text } from "../model/bounded.ts";
import type { ArchivedNotifier } from "../notify/archive.ts";
import { notifierKinds } from "../notify/model.ts";
import { notifierFields } from "../notify/schemas.ts";

export const notifier = z
  .strictObject({
    id: shaped(/^nt_[0-9a-z]{1,40}$/, "Expected a notifier's id."),
    kind: z.enum(notifierKinds),
    name: notifierFields.name,
    host: text(300)
      .regex(/^[a-z0-9.:[\]-]+$/, "Expected the host that it sent to.")
      .nullable(),
    hasSecret: z.boolean(),
    keyword: notifierFields.keyword.nullable(),
    events: notifierFields.events,
    streams: z
      .array(shaped(/^st_[0-9a-z]{1,40}$/, "Expected a stream's id."))
      .min(1)
      .max(200)
      .nullable(),
    language: notifierFields.language,
    createdAt: past,
    updatedAt: past,
    disabledAt: past.nullable(),
  } satisfies Record<keyof ArchivedNotifier, z.ZodType>)
  .superRefine(({ kind, hasSecret, keyword }, context) => {
    const say = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (kind === "webhook" && !hasSecret) say("hasSecret", "A webhook has a secret.");
    if (kind === "wecom" && hasSecret) say("hasSecret", "This robot has no signature.");
    if (kind === "webhook" && keyword !== null) say("keyword", "A webhook has no keyword.");
  });
