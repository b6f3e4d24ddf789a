/** @module A link, a promoter's own of a stream: its fields, and what requests and answers make of them. Times are UTC ms. */
import { z } from "@hono/zod-openapi";
import { type Destination, platformNames } from "../platforms/registry/edge.ts";
import { channelClasses } from "../platforms/types.ts";
import { line, shaped, text, words } from "./bounded.ts";
import { creatorId, creatorName, tiers } from "./creator.ts";
import {
  DestinationInput,
  DestinationView,
  KeptDestinations,
  PlatformSchema,
  pasted,
  tellDestination,
  url,
} from "./destination.ts";
import {
  type Change,
  changeShape,
  type Kept,
  type New,
  newShape,
  notedMoment,
  notedMomentOrNone,
  nullable,
  optionalMoment,
  optionalText,
  tellDeleted,
  told,
  toldOfDeleted,
  toldShape,
  version,
} from "./fields.ts";
import { keptPromotion, type Promotion, promotion, promotionView } from "./promotion.ts";
import { reservedSince, reservedSlugs, slugShape } from "./slug.ts";
import { inOrder, streamFields, streamId } from "./stream.ts";

const shapeOfSlug = "Expected 3 to 32 of a-z, 0-9 and -.";
const isFree = (slug: string) => !reservedSlugs.has(slug);

/** A slug as it is kept: in small letters. */
export const keptSlug = shaped(slugShape, shapeOfSlug).refine(isFree, "This word is reserved.");

const slug = text(100)
  .transform((given) => given.toLowerCase())
  .refine((given) => slugShape.test(given), shapeOfSlug)
  .refine((given) => isFree(given) && !reservedSince.has(given), "This word is reserved.");

const creator = z.strictObject({
  id: creatorId,
  name: creatorName.optional(),
  tier: z.enum(tiers).optional(),
});
export type Creator = z.infer<typeof creator>;

const tags = z.array(line(50)).max(20);

export const linkFields = {
  slug: { kept: keptSlug, given: slug, told: z.string(), when: "new" as const },
  version,
  streamId: { kept: streamId, told: z.string() },
  creator: {
    kept: creator.nullable(),
    given: creator,
    told: nullable(
      z.object({ id: z.string(), name: z.string().optional(), tier: z.string().optional() }),
    ),
  },
  channel: optionalText(line(64)),
  channelClass: optionalText(z.enum(channelClasses)),
  campaign: optionalText(line(100)),
  tags: { kept: tags, given: tags, told: z.array(z.string()) },
  /** They replace the stream's of the same platform. */
  destinations: {
    kept: KeptDestinations.nullable() as z.ZodType<Destination[] | null>,
    given: z.array(DestinationInput).max(platformNames.length),
    told: nullable(z.array(DestinationView)),
    tell: (kept: Destination[] | null) => kept?.map(tellDestination) ?? null,
  },
  primary: {
    kept: PlatformSchema.nullable(),
    given: PlatformSchema,
    told: nullable(z.enum(platformNames)),
  },
  expiresAt: optionalMoment,
  note: optionalText(words(500)),
  externalId: optionalText(line(128)),
  promotion: {
    kept: keptPromotion.nullable() as z.ZodType<Promotion | null>,
    given: promotion,
    told: nullable(promotionView),
  },
  /** Whether it is shown to be an advertisement; `null`: nobody decided (ad-label.ts). */
  adLabel: {
    kept: z.boolean().nullable().default(null),
    given: z.boolean(),
    told: nullable(z.boolean()),
  },
  disabled: {
    kept: z.boolean(),
    given: z.boolean(),
    told: z.boolean(),
    when: "later" as const,
  },
  createdAt: notedMoment,
  updatedAt: notedMoment,
  deletedAt: { kept: notedMomentOrNone.kept },
};

export type Link = Kept<typeof linkFields>;
export type NewLink = New<typeof linkFields>;
export type LinkChange = Change<typeof linkFields>;

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

const ofStream = newShape(streamFields);
/** The short way: a stream with one destination, and one link. */
export const QuickLinkInput = z
  .strictObject({
    ...newShape(linkFields),
    ...ofStream,
    title: ofStream.title.optional(),
    destinations: ofStream.destinations.optional(),
    text: pasted.optional(),
    url: url.optional(),
  })
  .superRefine(exactlyOneOfTextAndUrl)
  .superRefine(inOrder)
  .openapi("QuickLinkInput");

export const LinkInput = z.strictObject(newShape(linkFields)).openapi("LinkInput");
export type LinkInput = z.infer<typeof LinkInput>;

export const LinkInputs = z.union([LinkInput, z.array(LinkInput).min(1).max(500)]);

export const LinkPatch = z.strictObject(changeShape(linkFields)).openapi("LinkPatch");
export type LinkPatch = z.infer<typeof LinkPatch>;

/** Of an existing link; whatever is none is not found. */
const named = text(200).transform((given) => given.toLowerCase());
const atOnce = 500;

/** The same change of many links, or to each its own. */
export const LinkPatches = z.union([
  z
    .strictObject({ slugs: z.array(named).min(1).max(atOnce), set: LinkPatch })
    .openapi("LinksPatch"),
  z
    .array(z.strictObject({ slug: named, ...changeShape(linkFields) }))
    .min(1)
    .max(atOnce),
]);

export const LinkView = z
  .object({
    ...toldShape(linkFields),
    ...toldOfDeleted,
    shortUrl: z.string(),
    subIds: promotionView.openapi({
      description:
        "What to put into each alliance's field so that its orders come back to this link. An alliance that is missing takes no id of one's own: give each promoter one of its ids, in `promotion`.",
    }),
  })
  .openapi("Link");

/** @param origin of short links; @param subIds what each alliance's field takes for it */
export const tellLink = (link: Link, origin: string, subIds: Promotion) => ({
  ...told(linkFields, link),
  ...tellDeleted(link),
  shortUrl: `${origin}/${link.slug}`,
  subIds,
});
