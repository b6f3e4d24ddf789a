/** @module A link as a request gives it, alone or with its stream, or what of one it changes. */
import { z } from "@hono/zod-openapi";
import { platformNames } from "../platforms/registry/edge.ts";
import { line, moment, text, words } from "./bounded.ts";
import { DestinationInput, PlatformSchema, pasted, url } from "./destination-input.ts";
import { promotion } from "./promotion.ts";
import { reservedSlugs, slugShape } from "./slug.ts";
import { channelClasses, tiers } from "./stream.ts";
import { inOrder, streamFields } from "./stream-input.ts";

export const SlugSchema = text(100)
  .transform((slug) => slug.toLowerCase())
  .refine((slug) => slugShape.test(slug), "Expected 3 to 32 of a-z, 0-9 and -.")
  .refine((slug) => !reservedSlugs.has(slug), "This word is reserved.");

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
