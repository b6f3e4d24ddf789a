/** @module A stream, one broadcast: its fields, and what requests and answers make of them. Times are UTC ms. */
import { z } from "@hono/zod-openapi";
import { brandNamesAtMost, colorShape, logoAtMost, logoShape } from "../lib/brand-shapes.ts";
import { isTimeZone } from "../lib/zones.ts";
import { type Destination, platformNames } from "../platforms/registry/edge.ts";
import { line, pastPlan, shaped, text } from "./bounded.ts";
import {
  DestinationInput,
  DestinationView,
  KeptDestination,
  KeptDestinations,
  PlatformSchema,
  tellDestination,
  url,
} from "./destination.ts";
import {
  type Change,
  changeShape,
  choice,
  isoOrNull,
  type Kept,
  lately,
  type New,
  newShape,
  notedMoment,
  notedMomentOrNone,
  nullable,
  optionalMoment,
  optionalText,
  tellDeleted,
  told,
  toldMoment,
  toldOfDeleted,
  toldShape,
  version,
} from "./fields.ts";
import { endedAtOf, phaseOfStored, phases } from "./phase.ts";

export const streamId = shaped(/^st_[0-9a-z]{1,40}$/, "Expected a stream's id.");

export const timezone = text(64).refine(
  isTimeZone,
  "Expected an IANA time zone, such as Asia/Shanghai.",
);

const title = line(200);
const shards = z.int().min(1).max(64);
const phase = z.enum(["live", "ended"]);

const goal = z.int().min(1).max(1_000_000_000_000);
const target = { kept: goal.nullable().default(null), given: goal, told: nullable(z.int()) };

export const streamFields = {
  id: { kept: streamId, told: z.string() },
  version,
  // Of a stream that was deleted with all it had, nothing is left of it.
  title: {
    kept: z.union([z.literal(""), title]),
    given: title,
    told: z.string(),
    isNeeded: true as const,
  },
  host: optionalText(line(100)),
  /** The revision of the kept picture: `/{slug}/cover?v=` changes with it, and can be cached. A URL when given. */
  cover: {
    kept: shaped(/^[0-9a-f]{12}$/, "Expected the revision of a cover.").nullable(),
    given: url,
    told: nullable(z.string()),
  },
  startsAt: optionalMoment,
  endsAt: optionalMoment,
  /** When it really ended, as {@link endNoted} says. Answers tell it of a stream whose plan says it too. */
  endedAt: { ...notedMomentOrNone, kept: pastPlan.nullable().default(null) },
  timezone: { kept: timezone, given: timezone, told: z.string() },
  destinations: {
    kept: KeptDestinations as z.ZodType<Destination[]>,
    given: z.array(DestinationInput).min(1).max(platformNames.length),
    told: z.array(DestinationView),
    tell: (kept: Destination[]) => kept.map(tellDestination),
    isNeeded: true as const,
  },
  primary: { kept: PlatformSchema, given: PlatformSchema, told: z.enum(platformNames) },
  landing: choice(z.enum(["auto", "always", "never"])),
  durability: choice(z.enum(["fast", "strict"])),
  shards: { kept: shards, given: shards, told: z.int() },
  /** The most shards this stream ever had: readers go through all of them. Only rises. */
  shardsEver: { kept: shards },
  /** Where viewers go once the stream has ended and there is no replay. */
  after: {
    kept: KeptDestination.nullable() as z.ZodType<Destination | null>,
    given: url,
    told: nullable(z.string()),
    tell: (kept: Destination | null) => kept?.url ?? null,
  },
  /** Whose page it is; what is not said, the deployment's settings say (landing/brand.ts). */
  brandName: lately(line(brandNamesAtMost.name)),
  brandLogo: lately(
    text(logoAtMost).regex(logoShape, "Expected a PNG, JPEG or WebP picture as a data: URL."),
  ),
  brandColor: lately(shaped(colorShape, "Expected a colour such as #c93a26.")),
  /** Who runs it. */
  operatorName: lately(line(brandNamesAtMost.operator)),
  /** 备案号, of the domain that viewers see. */
  filingNumber: lately(line(brandNamesAtMost.filing)),
  /** What the team wants to reach; money in minor units of CNY. */
  targetViews: target,
  targetClicks: target,
  targetOrders: target,
  targetGmv: target,
  /** Set by hand, it overrides the clock. */
  phase: { kept: phase.nullable(), given: phase, when: "later" as const },
  /** Signs the beacons of this stream's pages; random, never shown. */
  secret: { kept: z.string() },
  createdAt: notedMoment,
  updatedAt: notedMoment,
  deletedAt: { kept: notedMomentOrNone.kept },
  /** When all it had was deleted too; what is left keeps its slugs from being given out again. */
  purgedAt: { kept: notedMomentOrNone.kept },
};

export type Stream = Kept<typeof streamFields>;

/** Of what a request says, its destinations are read by now, and its picture is kept apart. */
export type NewStream = Omit<New<typeof streamFields>, "cover"> &
  Pick<Stream, "title" | "timezone" | "destinations" | "primary">;
export type StreamChange = Change<typeof streamFields>;

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

export const StreamInput = z
  .strictObject(newShape(streamFields))
  .superRefine(inOrder)
  .openapi("StreamInput");

/** Of a copy of another stream, what is its own. */
export const StreamCopy = z
  .strictObject({
    title,
    startsAt: streamFields.startsAt.given.optional(),
    endsAt: streamFields.endsAt.given.optional(),
  })
  .superRefine(inOrder)
  .openapi("StreamCopy");
export type StreamCopy = z.infer<typeof StreamCopy>;

export const StreamPatch = z
  .strictObject(changeShape(streamFields))
  .superRefine(inOrder)
  .openapi("StreamPatch");

export const StreamView = z
  .object({
    ...toldShape(streamFields),
    phase: z.enum(phases),
    phaseOverride: nullable(phase),
    warnings: z.array(z.string()).optional(),
    ...toldOfDeleted,
    purgesAt: toldMoment.optional().openapi({
      description: "Of a deleted one, in a list: until when it can be restored",
    }),
  })
  .openapi("Stream");

/** @param now UTC ms: `phase` is the one at this time, `phaseOverride` what was set by hand */
export const tellStream = (stream: Stream, now: number) => ({
  ...told(streamFields, stream),
  phase: phaseOfStored(stream, now),
  endedAt: isoOrNull(endedAtOf(stream, now)),
  phaseOverride: stream.phase,
  ...tellDeleted(stream),
});
