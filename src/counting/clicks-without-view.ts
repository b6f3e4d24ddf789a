/**
 * @module How many clicked and were never seen to view: forgers ask for `/go`, or report taps of pages that
 * nobody opened. Estimated from the sketches of viewers and of clickers, so nobody is known by name.
 *
 * With V viewers and C clickers, |C ∖ V| = |C ∪ V| − |V|. A clicker who viewed raises no register of the
 * viewers' sketch, so honest traffic gives exactly 0, without noise; d others raise about 0.72·d·m/|V| of m
 * registers, whose number is a matter of chance. Hence a variance of d·(|V| + d)·1.39/m (1/0.72 = 1.39,
 * from α∞ = 1/(2 ln 2), P. Flajolet e.a., "HyperLogLog" (2007), §3), which for few viewers is an upper bound.
 * `clicks-without-view.properties.test.ts` simulates how often the interval holds the truth.
 */
import { own } from "../lib/records.ts";
import { cardinality, decodeSketch, folded, union } from "./hyperloglog.ts";
import type { ClickersByEpoch, VisitorsByEpoch, WithoutView } from "./snapshot.ts";

export interface ClicksWithoutView {
  /** Clickers; 0 while the interval holds 0. */
  estimate: number;
  /** The 95 % interval. */
  low: number;
  high: number;
}

const registerShare = 2 * Math.LN2;
/** Standard deviations either side of the middle that hold 95 %. */
const deviations = 1.96;

/** @param viewers, clickers registers; both stay as they are */
export function withoutView(viewers: Uint8Array, clickers: Uint8Array): WithoutView {
  const either = union(viewers, clickers);
  const all = cardinality(either);
  const only = Math.max(0, all - cardinality(folded(viewers, Math.log2(either.length))));
  return { estimate: only, variance: (registerShare * only * all) / either.length };
}

/** The sum over all epochs. */
export function clicksWithoutView(
  viewers: VisitorsByEpoch,
  clickers: ClickersByEpoch = {},
): ClicksWithoutView {
  let middle = 0;
  let variance = 0;
  for (const [epoch, found] of Object.entries(clickers)) {
    const one = typeof found === "string" ? ofSketches(own(viewers, epoch), found) : found;
    middle += one.estimate;
    variance += one.variance;
  }
  const half = deviations * Math.sqrt(variance);
  const high = Math.ceil(middle + half);
  // People are whole: a bound above 0 means one at least.
  if (middle - half <= 0) return { estimate: 0, low: 0, high };
  return { estimate: Math.max(1, Math.round(middle)), low: Math.ceil(middle - half), high };
}

function ofSketches(viewers: string | number | undefined, clickers: string): WithoutView {
  const theirs = decodeSketch(clickers);
  // Viewers without a sketch can't be compared: nobody is accused.
  if (typeof viewers === "number") return { estimate: 0, variance: 0 };
  return withoutView(
    viewers === undefined ? new Uint8Array(theirs.length) : decodeSketch(viewers),
    theirs,
  );
}
