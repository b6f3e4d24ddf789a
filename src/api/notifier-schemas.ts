/** @module What the API takes and answers of notifiers. */

import { z } from "@hono/zod-openapi";
import { eventTypes, notifierKinds } from "../notify/model.ts";
import { shaped, text, words } from "./bounded.ts";

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
const fields = {
  name: words(100),
  url: text(2_048).min(1),
  secret: words(200),
  keyword,
  events,
  streams,
  language: z.enum(["zh-CN", "en"]),
};

export const NotifierInput = z
  .strictObject({
    kind: z.enum(notifierKinds),
    name: fields.name,
    url: fields.url.openapi({ description: "A secret: no answer repeats it." }),
    secret: fields.secret.optional(),
    keyword: fields.keyword.optional(),
    events: fields.events.optional(),
    streams: fields.streams.optional(),
    language: fields.language.optional(),
  })
  .openapi("NotifierInput");

export const NotifierPatch = z
  .strictObject({
    name: fields.name.optional(),
    url: fields.url.optional(),
    secret: fields.secret.nullable().optional(),
    keyword: fields.keyword.nullable().optional(),
    events: fields.events.optional(),
    streams: fields.streams.optional(),
    language: fields.language.optional(),
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
