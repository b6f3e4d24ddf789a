/**
 * @module A promoter (达人, 推广者) as it is set once: a name, a tier, and the ids by which each platform's orders say who
 * sold, whatever link of theirs they come by. Times are UTC ms.
 */
import { z } from "@hono/zod-openapi";
import { type Keyed, mapOf, recordOf } from "../lib/records.ts";
import { line } from "./bounded.ts";
import {
  type Change,
  changeShape,
  type Kept,
  type New,
  newShape,
  notedMoment,
  optionalText,
  told,
  toldShape,
} from "./fields.ts";
import { keptPromotion, type Promotion, promotion, promotionView } from "./promotion.ts";

export const tiers = ["KOL", "KOC", "staff", "brand"] as const;
export const creatorId = line(64);
export const creatorName = line(100);

/** An alliance without any id says nothing. */
const withoutEmpty = (ids: Promotion): Promotion =>
  recordOf(
    [...mapOf<Keyed<string | undefined> | undefined>(ids)].filter(
      ([, fields]) => Object.keys(fields ?? {}).length > 0,
    ),
  );

export const creatorFields = {
  id: { kept: creatorId, told: z.string() },
  name: optionalText(creatorName),
  tier: optionalText(z.enum(tiers)),
  /** By alliance and field; a link's own id in the same place goes before. */
  ids: {
    kept: keptPromotion as z.ZodType<Promotion>,
    given: promotion.transform(withoutEmpty),
    told: promotionView,
  },
  createdAt: notedMoment,
  updatedAt: notedMoment,
};

export type CreatorRecord = Kept<typeof creatorFields>;
export type CreatorGiven = New<typeof creatorFields>;
export type CreatorChange = Change<typeof creatorFields>;

export const CreatorInput = z.strictObject(newShape(creatorFields)).openapi("CreatorInput");
export const CreatorPatch = z.strictObject(changeShape(creatorFields)).openapi("CreatorPatch");
export const CreatorView = z.object(toldShape(creatorFields)).openapi("Creator");

export const tellCreator = (creator: CreatorRecord) => told(creatorFields, creator);

/** What names a creator among what changes in the Catalog. */
export const creatorKey = (id: string): string => `creator:${id}`;
