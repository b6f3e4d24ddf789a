/**
 * @module The ids by which orders of each alliance come back to a link: what a request may set, and what was kept.
 * Which there are, the alliances' platforms say; what fits into which field: docs/attribution.md, "Sub-ids".
 */
import { z } from "@hono/zod-openapi";
import { type Keyed, recordOf } from "../lib/records.ts";
import type { PromotionId } from "../platforms/order-facts.ts";
import { type PromotionIds, platformOrders } from "../platforms/registry/orders.ts";
import { line, shaped } from "./bounded.ts";

/** By alliance and field, whichever there are. */
export type Promotion = Keyed<Keyed<string | undefined> | undefined>;

const usualAtMost = 64;

const keptId = ({ keptAtMost = usualAtMost }: PromotionId) => line(keptAtMost);

function givenId({ ownMaking }: PromotionId): z.ZodType<string, string> {
  if (!ownMaking) return line(usualAtMost);
  const { atMost = usualAtMost, shape, test, expected, example } = ownMaking;
  const id = shape ? shaped(shape, expected?.en) : line(atMost);
  const tested = test ? id.refine(test, expected?.en) : id;
  return example === undefined ? tested : tested.openapi({ example });
}

/** A schema of all alliances, each of whose ids is made by its facts. */
const promotionOf = (schemaOf: (id: PromotionId) => z.ZodType<string, string>) =>
  z.strictObject(
    recordOf(
      platformOrders.flatMap(({ name, ids }) => {
        if (!ids) return [];
        const fields = Object.entries(ids).flatMap(([field, id]) =>
          id ? [[field, schemaOf(id).optional()] as const] : [],
        );
        return [[name, z.strictObject(recordOf(fields)).optional()] as const];
      }),
    ) as never,
  ) as unknown as z.ZodType<PromotionIds, PromotionIds>;

/** What a link is given. */
export const promotion = promotionOf(givenId);
/** What a link was given once, and what an order carries back. */
export const keptPromotion = promotionOf(keptId);

export const promotionView = z.record(
  z.string(),
  z.record(z.string(), z.string().optional()).optional(),
);
