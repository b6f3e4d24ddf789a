/** @module What the API takes and answers of notifiers. */

import { z } from "@hono/zod-openapi";
import { shaped, trimmed, words } from "../model/bounded.ts";
import { eventTypes, notifierKinds } from "./model.ts";

const events = z
  .array(z.enum(eventTypes))
  .min(1)
  .max(eventTypes.length)
  .transform((all) => [...new Set(all)]);
const streams = z.union([z.literal("all"), z.array(words(40)).min(1).max(200)]);
const keyword = words(30).refine(
  (given) => !/[\\`*_[\]<>#|~\p{Cc}\p{Cf}]/u.test(given),
  "Expected a word without characters of Markdown.",
);
export const notifierFields = {
  name: words(100),
  url: trimmed(2_048),
  secret: words(200),
  keyword,
  events,
  streams,
  language: z.enum(["zh-CN", "en"]),
};

export const NotifierInput = z
  .strictObject({
    kind: z.enum(notifierKinds),
    name: notifierFields.name,
    url: notifierFields.url.openapi({ description: "A secret: no answer repeats it." }),
    secret: notifierFields.secret.optional(),
    keyword: notifierFields.keyword.optional(),
    events: notifierFields.events.optional(),
    streams: notifierFields.streams.optional(),
    language: notifierFields.language.optional(),
  })
  .openapi("NotifierInput");

export const NotifierPatch = z
  .strictObject({
    name: notifierFields.name.optional(),
    url: notifierFields.url.optional(),
    secret: notifierFields.secret.nullable().optional(),
    keyword: notifierFields.keyword.nullable().optional(),
    events: notifierFields.events.optional(),
    streams: notifierFields.streams.optional(),
    language: notifierFields.language.optional(),
    disabled: z.boolean().optional(),
  })
  .openapi("NotifierPatch");

export const NotifierQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: shaped(/^\d{1,15}$/, "Expected the nextCursor of an earlier answer.")
    .transform(Number)
    .optional(),
});

const time = z.iso.datetime();

export const NotifierView = z
  .object({
    id: z.string(),
    kind: z.enum(notifierKinds),
    name: z.string(),
    url: z.string().openapi({ description: "The host, and the last four characters." }),
    hasSecret: z.boolean(),
    needs: z.array(z.enum(["url", "secret"])).openapi({
      description:
        "Of one that an import brought: what is to be set again before it goes on. An export has neither.",
    }),
    keyword: z.string().nullable(),
    events: z.array(z.enum(eventTypes)),
    streams: z.union([z.literal("all"), z.array(z.string())]),
    language: z.enum(["zh-CN", "en"]),
    createdAt: time,
    updatedAt: time,
    disabledAt: time.nullable(),
    lastDelivery: z.object({ at: time, delivered: z.boolean() }).nullable(),
    lastError: z.object({ at: time, code: z.string(), detail: z.string() }).nullable(),
    pending: z.int().openapi({ description: "Events that wait to be sent." }),
    dropped: z.int().openapi({ description: "Events that were given up after a day." }),
  })
  .openapi("Notifier");

export const CreatedNotifierView = NotifierView.extend({
  secret: z
    .string()
    .optional()
    .openapi({ description: "Of a webhook for which none was given; shown this once." }),
}).openapi("CreatedNotifier");

export const TestView = z
  .object({
    delivered: z.boolean(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .openapi("NotifierTest");
