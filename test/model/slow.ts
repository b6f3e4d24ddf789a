/**
 * @module Planted faults that take many schedules to be found, or are not found by now: `npm test` leaves them
 * out, `MODEL_FAULTS=all vitest run --project model` does not.
 */
export const slow: readonly string[] = [
  "spill without rotation",
  "spill before rotation",
  "a late driver clears a later batch",
  "strict is decided anew for each attempt",
  "visitors are noted under the lane's first epoch",
  "a duplicate answered before its commit",
  "published before the commit",
  "a put that failed is taken for done",
  "no second put, when a late one can have landed",
  "a gap's spill is deleted",
  "the cursor of the list is lost",
  "an older delivery clears a newer row",
  "a delivery that failed is forgotten",
  "an older record replaces a newer one in an isolate",
  "an older record replaces a newer one in a Counter",
  "edits are taken for known that were not told",
  "minutes are forgotten hours too early",
  "days by the offset of today",
  "salts are never destroyed",
  "a stream is purged at once",
];
