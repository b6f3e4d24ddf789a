/** @module The ids by which an alliance's orders come back to a link, as fields to fill in. */
import { own } from "../../lib/records.ts";
import { platformOrders } from "../../platforms/registry/orders.ts";

interface PromotionField {
  platform: string;
  field: string;
  /** As the alliance's own pages head it. */
  label: string;
}

export const promotionFields: readonly PromotionField[] = platformOrders.flatMap(
  ({ name, ids = {} }) =>
    Object.entries(ids).map(([field, id]) => ({
      platform: name,
      field,
      label: id?.headers?.[0] ?? field,
    })),
);

/** One id of a link's `promotion`. */
export function readPromotion(promotion: unknown, platform: string, field: string): string {
  if (promotion === null || typeof promotion !== "object") return "";
  const ids: unknown = own(promotion, platform);
  if (ids === null || typeof ids !== "object") return "";
  const id: unknown = own(ids, field);
  return typeof id === "string" ? id : "";
}

/** The alliance that has the orders of a platform: Taobao's of Tmall too. */
export const allianceOf = (platform: string): string =>
  platformOrders.find(({ name, ids }) => name === platform && ids)?.name ??
  platformOrders.find(({ rooms, ids }) => ids && rooms?.some((room) => room === platform))?.name ??
  platform;

/** `taobao.adzoneId` as the alliance's own pages call it. */
export function labelOfId(name: string): string {
  const found = promotionFields.find(({ platform, field }) => `${platform}.${field}` === name);
  return found?.label ?? name;
}
