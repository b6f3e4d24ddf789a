/**
 * @module What the Catalog asks of those who follow it. They come after it in the house, and know it; so it says here
 * what it needs of them, and they keep to it.
 */
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import type { Promotion } from "../model/promotion.ts";

/** The Notifier: reads by itself what changed. */
export interface ChangeListener {
  changed(): void | Promise<void>;
}

/** The Orders object: lets go of what a deleted stream had, of a deleted creator's ids, and of old entries of its audit log. */
export interface OrderKeeper {
  purge(streamId: string, slugs: readonly string[]): void | Promise<void>;
  /**
   * Takes ids out of some lines of orders.
   *
   * @param afterLine the place of the line before them
   * @param asOf the number of a change in the Catalog, which must have been followed: who else has these ids keeps them
   * @returns the place of the last line of them; `null` where that was the last of all
   */
  eraseIds(ids: Promotion, afterLine: number, asOf: number): number | null | Promise<number | null>;
  /** @param before UTC ms */
  forgetAudit(before: number): void | Promise<void>;
}

export const notifierOf = (env: Env): ChangeListener =>
  stubOf<ChangeListener>(env.NOTIFIER, "notifier");

export const ordersOf = (env: Env): OrderKeeper => stubOf<OrderKeeper>(env.ORDERS, "orders");
