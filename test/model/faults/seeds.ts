/**
 * @module Where to begin to look for a planted fault: a seed that saw it. Any other does too, sooner or later, so
 * a change of the code makes a row useless and not wrong.
 */
export const firstSeeds: ReadonlyMap<string, number> = new Map([
  ["links that rose are not merged again", 13],
  ["spill without rotation", 8],
  ["spill before rotation", 12],
  ["strict is decided anew for each attempt", 3],
  ["visitors are noted under the lane's first epoch", 9],
  ["a duplicate answered before its commit", 9],
  ["a put that failed is taken for done", 39],
  ["a gap's spill is deleted", 15],
  ["collecting does not wait for the group", 4],
  ["the cursor of the list is lost", 3],
  ["edits are told to shard 0 only", 6],
  ["an older delivery clears a newer row", 44],
  ["a put of a record is never settled", 7],
  ["an older record replaces a newer one in an isolate", 3],
  ["an older record replaces a newer one in a Counter", 4],
  ["days by the offset of today", 8],
]);
