/** @module A destination as a request gives it (a URL or share text, a mini program, a Channels account), as it is kept, as it is told. */
import { z } from "@hono/zod-openapi";
import { type Destination, type PlatformName, platformNames } from "../platforms/registry/edge.ts";
import { idTypes, kinds, type PromotedLink, type PromotedOf } from "../platforms/types.ts";
import { writtenAtMost } from "../platforms/url.ts";
import { shaped, text, trimmed, words } from "./bounded.ts";
import { isoOf, isoOrNull, keptShape, nullable, toldMoment, toldShape } from "./fields.ts";

export const url = trimmed(2_048);
/** A share text as it is pasted, which is kept to be copied again. */
export const pasted = text(4_000).min(1);

export const PlatformSchema = z.enum(platformNames).openapi("Platform");

const miniProgram = z.strictObject({
  appId: shaped(
    /^wx[0-9a-f]{16}$/,
    "Expected a mini program's appId: wx and 16 hexadecimal digits.",
  ),
  path: words(512),
  query: text(512).optional(),
});

const finderUserName = shaped(
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

export const MiniProgramView = z.object({
  appId: z.string(),
  path: z.string(),
  query: z.string().optional(),
});

const keptUrl = text(writtenAtMost).min(1);
const toldText = z.string().optional();

const promotedOf = {
  kind: z.enum(kinds),
  id: text(writtenAtMost),
  idType: z.enum(idTypes).optional(),
  url: keptUrl.optional(),
  resolvedFrom: keptUrl.optional(),
  shareText: pasted.optional(),
} satisfies Record<keyof PromotedOf, z.ZodType>;

/** What the API makes of an input. A path and query of a mini program may come out of a pasted link, which may be longer. */
const destinationFields = {
  platform: { kept: PlatformSchema, told: z.enum(platformNames) },
  kind: { kept: z.enum(kinds), told: z.enum(kinds) },
  id: { kept: text(writtenAtMost), told: z.string() },
  idType: { kept: z.enum(idTypes).optional(), told: z.enum(idTypes).optional() },
  url: { kept: keptUrl.optional(), told: toldText },
  resolvedFrom: {
    kept: keptUrl.optional(),
    told: toldText.openapi({
      description: "The short link that was pasted, where it was followed to this destination",
    }),
  },
  replay: { kept: keptUrl.optional(), told: toldText },
  shareText: { kept: pasted.optional(), told: toldText },
  miniProgram: {
    kept: miniProgram.extend({ path: pasted, query: pasted.optional() }).optional(),
    told: MiniProgramView.optional(),
  },
  finderUserName: { kept: finderUserName.optional(), told: toldText },
  promoted: {
    kept: z
      .strictObject({
        connection: text(64),
        at: z.int(),
        expiresAt: z.int().optional(),
        endsAt: z.int().optional(),
        of: z.strictObject(promotedOf),
        isOfLink: z.literal(true).optional(),
      })
      .optional(),
    told: z
      .object({
        connection: z.string(),
        madeAt: toldMoment,
        expiresAt: nullable(toldMoment),
        of: z.object({ kind: z.enum(kinds), id: z.string(), url: toldText }),
      })
      .optional()
      .openapi({ description: "Which connection made it, when it ends, and what it leads to" }),
  },
  warnings: {
    kept: z
      .array(text(2 * writtenAtMost))
      .max(20)
      .optional(),
    told: z.array(z.string()),
  },
};

export const KeptDestination = z.strictObject(
  keptShape(destinationFields) satisfies Record<keyof Destination, z.ZodType>,
);
export type KeptDestination = z.infer<typeof KeptDestination>;

/** At most one a platform. */
export const KeptDestinations = z
  .array(KeptDestination)
  .max(platformNames.length)
  .superRefine((all, context) => {
    const seen = new Set<PlatformName>();
    for (const [index, { platform }] of all.entries()) {
      if (seen.has(platform)) {
        const message = `There is a destination on ${platform} already.`;
        context.addIssue({ code: "custom", path: [index, "platform"], message });
      }
      seen.add(platform);
    }
  });

export const DestinationView = z.object(toldShape(destinationFields)).openapi("Destination");

export const tellDestination = ({ promoted, ...kept }: Destination) => ({
  ...kept,
  ...(promoted ? { promoted: tellPromoted(promoted) } : {}),
  warnings: kept.warnings ?? [],
});

const tellPromoted = (promoted: PromotedLink) => {
  const { kind, id, url } = promoted.of;
  return {
    connection: promoted.connection,
    madeAt: isoOf(promoted.at),
    expiresAt: isoOrNull(endOf(promoted)),
    of: { kind, id, ...(url === undefined ? {} : { url }) },
  };
};

/** When a promoted link or what it leads to ends, UTC ms; `null`: nothing says so. */
export function endOf({ expiresAt, endsAt }: PromotedLink): number | null {
  const ends = [expiresAt, endsAt].filter((at) => at !== undefined);
  return ends.length > 0 ? Math.min(...ends) : null;
}
