/**
 * @module A notifier: its fields, and what requests and answers make of them. Its URL and its secret are ways into
 * somebody's group: no answer and no export has either. Times are UTC ms.
 */
import { z } from "@hono/zod-openapi";
import type { Language } from "../lib/said.ts";
import { shaped, text, trimmed, words } from "../model/bounded.ts";
import {
  changeShape,
  choice,
  isoOf,
  type Kept,
  keptShape,
  newShape,
  notedMoment,
  notedMomentOrNone,
  nullable,
  told,
  toldShape,
} from "../model/fields.ts";
import { streamId } from "../model/stream.ts";
import { notifierKinds, robotOf } from "./channels/index.ts";
import { type Awaits, eventTypes, type Health, type Need } from "./events.ts";

const name = words(100);
const keyword = words(30).refine(
  (given) => !/[\\`*_[\]<>#|~\p{Cc}\p{Cf}]/u.test(given),
  "Expected a word without characters of Markdown.",
);
const events = z
  .array(z.enum(eventTypes))
  .min(1)
  .max(eventTypes.length)
  .transform((all) => [...new Set(all)]);
const language = z.enum(["zh-CN", "en"] satisfies Language[]);
const kind = z.enum(notifierKinds);

const notifierFields = {
  id: { kept: shaped(/^nt_[0-9a-z]{1,40}$/, "Expected a notifier's id."), told: z.string() },
  kind: { ...choice(kind), isNeeded: true as const, when: "new" as const },
  name: { kept: name, given: name, told: z.string(), isNeeded: true as const },
  /** Empty while it is to be set again. */
  url: {
    kept: z.string(),
    given: trimmed(2_048).openapi({ description: "A secret: no answer repeats it." }),
    told: z.string().openapi({ description: "The host, and the last four characters." }),
    isNeeded: true as const,
  },
  secret: { kept: z.string().nullable(), given: words(200) },
  keyword: { kept: keyword.nullable(), given: keyword, told: nullable(z.string()) },
  events: { kept: events, given: events, told: z.array(z.enum(eventTypes)) },
  /** Those that it hears of; `null`, and "all" outside: every one. */
  streams: {
    kept: z.array(streamId).min(1).max(200).nullable(),
    given: z.union([z.literal("all"), z.array(words(40)).min(1).max(200)]),
    told: z.union([z.literal("all"), z.array(z.string())]),
    tell: (kept: string[] | null) => kept ?? ("all" as const),
  },
  language: choice(language),
  createdAt: notedMoment,
  updatedAt: notedMoment,
  disabledAt: notedMomentOrNone,
};

export type Notifier = Kept<typeof notifierFields> & {
  /** Of one that an import brought: it is off until it has what it needs. */
  awaits?: Awaits;
  health: Health;
};

export type NewNotifier = Omit<
  Kept<typeof notifierFields>,
  "id" | "createdAt" | "updatedAt" | "disabledAt"
>;
export type NotifierChange = Partial<Omit<NewNotifier, "kind">> & { disabled?: boolean };

/** As its object hands it out: without its URL and its secret. */
export type ShownNotifier = Omit<Notifier, "secret" | "awaits"> & {
  hasSecret: boolean;
  /** What is to be set again before it can go on. */
  needs: Need[];
  pending: number;
};

export const NotifierInput = z.strictObject(newShape(notifierFields)).openapi("NotifierInput");

export const NotifierPatch = z
  .strictObject({ ...changeShape(notifierFields), disabled: z.boolean().optional() })
  .openapi("NotifierPatch");

const time = z.iso.datetime();

export const NotifierView = z
  .object({
    ...toldShape(notifierFields),
    hasSecret: z.boolean(),
    needs: z.array(z.enum(["url", "secret"])).openapi({
      description:
        "Of one that an import brought: what is to be set again before it goes on. An export has neither.",
    }),
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

export const tellNotifier = ({ health, hasSecret, needs, pending, ...shown }: ShownNotifier) => ({
  ...told(notifierFields, { ...shown, secret: null }),
  hasSecret,
  needs,
  lastDelivery: health.last && { ...health.last, at: isoOf(health.last.at) },
  lastError: health.error && { ...health.error, at: isoOf(health.error.at) },
  pending,
  dropped: health.dropped,
});

/** Without what no export has; `host` is where it sent to, for whoever sets the URL again. */
const { url: _, secret: __, ...archivedShape } = keptShape(notifierFields);

/** A line of an export. `disabledAt` of `null`: it goes on by itself once it has what it needs. */
export const ArchivedNotifier = z
  .strictObject({
    ...archivedShape,
    host: text(300)
      .regex(/^[a-z0-9.:[\]-]+$/, "Expected the host that it sent to.")
      .nullable(),
    hasSecret: z.boolean(),
  })
  .superRefine(({ kind, hasSecret, keyword }, context) => {
    const say = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (kind === "webhook" && !hasSecret) say("hasSecret", "A webhook has a secret.");
    if (hasSecret && robotOf(kind)?.hasSecret === false) {
      say("hasSecret", "This robot has no signature.");
    }
    if (kind === "webhook" && keyword !== null) say("keyword", "A webhook has no keyword.");
  });
export type ArchivedNotifier = z.infer<typeof ArchivedNotifier>;

export const TestView = z
  .object({
    delivered: z.boolean(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
  })
  .openapi("NotifierTest");
