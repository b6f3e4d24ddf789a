/** @module What the API takes: one schema a thing, from which types, validation and OpenAPI come. */

import { z } from "@hono/zod-openapi";
import { dimensions } from "../counting/event.ts";
import { intervals } from "../counting/query/series.ts";
import { isTimeZone } from "../lib/zones.ts";
import { platformNames } from "../platforms/types.ts";
import { line, moment, shaped, text, trimmed, words } from "./bounded.ts";
import { promotion } from "./promotion.ts";
import { reservedSlugs, slugShape } from "./slug.ts";
import { channelClasses, scopes, tiers } from "./stream.ts";

export const timezone = text(64).refine(
  isTimeZone,
  "Expected an IANA time zone, such as Asia/Shanghai.",
);

const url = trimmed(2_048);
/** A share text as it is pasted, which is kept to be copied again. */
export const pasted = text(4_000).min(1);

export const PlatformSchema = z.enum(platformNames).openapi("Platform");

export const SlugSchema = text(100)
  .transform((slug) => slug.toLowerCase())
  .refine((slug) => slugShape.test(slug), "Expected 3 to 32 of a-z, 0-9 and -.")
  .refine((slug) => !reservedSlugs.has(slug), "This word is reserved.");

export const miniProgram = z.strictObject({
  appId: shaped(
    /^wx[0-9a-f]{16}$/,
    "Expected a mini program's appId: wx and 16 hexadecimal digits.",
  ),
  path: words(512),
  query: text(512).optional(),
});

export const finderUserName = shaped(
  /^sph[A-Za-z0-9]{3,60}$/,
  "Expected a Channels account: sph and its code.",
);

/** A URL or share text; or, for WeChat, a mini program or a Channels account. */
export const DestinationInput = z
  .strictObject({
    text: pasted.optional(),
    url: url.optional(),
    platform: PlatformSchema.optional(),
    miniProgram: miniProgram.optional(),
    finderUserName: finderUserName.optional(),
    replay: url.optional(),
    shareText: words(4_000).optional(),
  })
  .superRefine((input, context) => {
    const given = (["text", "url", "miniProgram", "finderUserName"] as const).filter(
      (name) => input[name] !== undefined,
    );
    if (given.length !== 1) {
      context.addIssue({
        code: "custom",
        message: "Expected exactly one of text, url, miniProgram and finderUserName.",
      });
    }
    const isWechat = given[0] === "miniProgram" || given[0] === "finderUserName";
    if (isWechat && input.platform !== undefined && input.platform !== "wechat") {
      context.addIssue({ code: "custom", path: ["platform"], message: "Expected wechat." });
    }
  })
  .openapi("DestinationInput");

export type DestinationInput = z.infer<typeof DestinationInput>;

export const streamFields = {
  title: line(200),
  host: line(100).optional(),
  cover: url.optional(),
  startsAt: moment.optional(),
  endsAt: moment.optional(),
  timezone: timezone.optional(),
  destinations: z.array(DestinationInput).min(1).max(platformNames.length),
  primary: PlatformSchema.optional(),
  landing: z.enum(["auto", "always", "never"]).optional(),
  durability: z.enum(["fast", "strict"]).optional(),
  shards: z.int().min(1).max(64).optional(),
  after: url.optional(),
};

export const linkFields = {
  slug: SlugSchema.optional(),
  creator: z
    .strictObject({ id: line(64), name: line(100).optional(), tier: z.enum(tiers).optional() })
    .optional(),
  channel: line(64).optional(),
  channelClass: z.enum(channelClasses).optional(),
  campaign: line(100).optional(),
  tags: z.array(line(50)).max(20).optional(),
  destinations: z.array(DestinationInput).max(platformNames.length).optional(),
  primary: PlatformSchema.optional(),
  expiresAt: moment.optional(),
  note: words(500).optional(),
  externalId: line(128).optional(),
  promotion: promotion.optional(),
};

export function inOrder<T extends { startsAt?: unknown; endsAt?: unknown }>(
  input: T,
  context: z.core.$RefinementCtx<T>,
): void {
  if (typeof input.startsAt !== "number" || typeof input.endsAt !== "number") return;
  if (input.endsAt <= input.startsAt) {
    context.addIssue({
      code: "custom",
      path: ["endsAt"],
      message: "endsAt must be later than startsAt.",
      input: undefined,
    });
  }
}

export const StreamInput = z.strictObject(streamFields).superRefine(inOrder).openapi("StreamInput");

export const StreamPatch = z
  .strictObject({
    ...streamFields,
    title: streamFields.title.optional(),
    host: streamFields.host.nullable(),
    cover: streamFields.cover.nullable(),
    startsAt: streamFields.startsAt.nullable(),
    endsAt: streamFields.endsAt.nullable(),
    destinations: streamFields.destinations.optional(),
    after: streamFields.after.nullable(),
    phase: z.enum(["live", "ended"]).nullable().optional(),
  })
  .superRefine(inOrder)
  .openapi("StreamPatch");

const exactlyOneOfTextAndUrl = <T extends { text?: unknown; url?: unknown }>(
  input: T,
  context: z.core.$RefinementCtx<T>,
): void => {
  if ((input.text === undefined) === (input.url === undefined)) {
    context.addIssue({
      code: "custom",
      path: [],
      message: "Expected exactly one of text and url.",
      input: undefined,
    });
  }
};

/** The short way: a stream with one destination, and one link. */
export const QuickLinkInput = z
  .strictObject({
    ...linkFields,
    ...streamFields,
    title: streamFields.title.optional(),
    destinations: streamFields.destinations.optional(),
    text: pasted.optional(),
    url: url.optional(),
  })
  .superRefine(exactlyOneOfTextAndUrl)
  .superRefine(inOrder)
  .openapi("QuickLinkInput");

export const LinkInput = z.strictObject(linkFields).openapi("LinkInput");
export type LinkInput = z.infer<typeof LinkInput>;

export const LinkInputs = z.union([LinkInput, z.array(LinkInput).min(1).max(500)]);

export const LinkPatch = z
  .strictObject({
    creator: linkFields.creator.nullable(),
    channel: linkFields.channel.nullable(),
    channelClass: linkFields.channelClass.nullable(),
    campaign: linkFields.campaign.nullable(),
    tags: linkFields.tags,
    destinations: linkFields.destinations.nullable(),
    primary: linkFields.primary.nullable(),
    expiresAt: linkFields.expiresAt.nullable(),
    note: linkFields.note.nullable(),
    externalId: linkFields.externalId.nullable(),
    promotion: linkFields.promotion.nullable(),
    disabled: z.boolean().optional(),
  })
  .openapi("LinkPatch");

export const keyFields = {
  name: words(100),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresAt: moment.optional(),
};

export const InspectInput = z.strictObject({ text: pasted }).openapi("InspectInput");

export const ExplainInput = z
  .strictObject({ userAgent: text(2_048), at: moment.optional() })
  .openapi("ExplainInput");

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: shaped(/^\d{1,15}$/, "Expected the nextCursor of an earlier answer.")
    .transform(Number)
    .optional(),
};

export const StreamQuery = z.strictObject({
  phase: z.enum(["upcoming", "live", "ended"]).optional(),
  q: words(100).optional(),
  ...paging,
});

export const LinkQuery = z.strictObject({
  streamId: line(40).optional(),
  creator: line(64).optional(),
  channel: line(64).optional(),
  campaign: line(100).optional(),
  tag: line(50).optional(),
  q: line(100).optional(),
  ...paging,
});

export const groupings = ["link", ...dimensions, "creator", "channel"] as const;

export const StatsQuery = z.strictObject({
  interval: z.enum(intervals).optional(),
  start: moment.optional(),
  end: moment.optional(),
  timezone: timezone.optional(),
  groupBy: text(200)
    .transform((names) => names.split(",").map((name) => name.trim()))
    .pipe(z.array(z.enum(groupings)))
    .optional(),
  source: z.enum(["live", "published"]).optional(),
  compare: text(64).optional(),
});
export type StatsQuery = z.infer<typeof StatsQuery>;
