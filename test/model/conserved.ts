/** @module What always holds of a snapshot, whatever was counted. */
import { type Dimension, dimensions } from "../../src/counting/event.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";

/** Σ keys of each dimension = Σ links = Σ minutes = Σ hours = total. */
export function notConserved(snapshot: Snapshot): string[] {
  const { views, clicks } = snapshot.totals;
  const wrong: string[] = [];
  const check = (what: string, pairs: Iterable<readonly [number, number]>) => {
    let sum: [number, number] = [0, 0];
    for (const [v, c] of pairs) sum = [sum[0] + v, sum[1] + c];
    if (sum[0] !== views || sum[1] !== clicks)
      wrong.push(`Σ ${what} is ${sum}, total ${views},${clicks}`);
  };
  for (const dimension of dimensions as readonly Dimension[]) {
    check(dimension, Object.values(snapshot.dimensions[dimension]));
  }
  check("minutes", Object.values(snapshot.series.minute));
  check("hours", Object.values(snapshot.series.hour));
  check(
    "links",
    Object.values(snapshot.links).map((link) => [link.views, link.clicks] as const),
  );
  return wrong;
}
