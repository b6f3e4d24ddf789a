/** @module A stream as a request gives it, or what of one it changes. */
import { z } from "@hono/zod-openapi";
import { isTimeZone } from "../lib/zones.ts";
import { platformNames } from "../platforms/registry/edge.ts";
import { line, moment, text } from "./bounded.ts";
import { DestinationInput, PlatformSchema, url } from "./destination-input.ts";

export const timezone = text(64).refine(
  isTimeZone,
  "Expected an IANA time zone, such as Asia/Shanghai.",
);

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
