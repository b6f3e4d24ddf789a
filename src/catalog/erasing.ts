/**
 * @module A creator's ids go out of all there is once what was set of them is deleted: of their links, then of the lines of
 * orders, in steps each of which can be done twice. What is not done when whoever deleted them has waited long enough is the
 * alarm's.
 */
import type { Env } from "../config/env.ts";
import { ordersOf } from "./followers.ts";
import type { Store } from "./store.ts";

/** How long steps begin, in ms; the rest is left to whoever comes next. */
const beginWithin = 8_000;

/** Goes on with erasures, until none is left or it was long enough. */
export async function eraseSome(env: Env, store: Store): Promise<void> {
  for (const end = Date.now() + beginWithin; Date.now() < end; ) {
    const erasure = store.creators.nextErasure();
    if (!erasure) return;
    const { afterLine, ids } = erasure;
    if (afterLine === null) {
      store.creators.eraseFromLinks(erasure, Date.now());
      continue;
    }
    const next = await ordersOf(env).eraseIds(ids, afterLine, store.lastChange());
    store.creators.erasedFromOrders(erasure, next);
  }
}
