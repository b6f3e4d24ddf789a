/** @module Work that goes on behind an answer. */

/** A request's context, as far as such work goes. */
export interface Background {
  waitUntil(work: Promise<unknown>): void;
}
