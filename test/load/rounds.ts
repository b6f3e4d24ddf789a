/**
 * @module Alternating rounds. A machine that others share changes its pace from second to second, and the
 * cost of the same request with it, up to twice; so the rounds are many and short, and the reference is
 * measured again between any two contenders.
 */
import type { Pace } from "./amounts.ts";
import { connections, measure, type Sample, type Target } from "./drive.ts";

export interface Rounds {
  reference: Sample[];
  contenders: Record<string, Sample[]>;
}

export async function alternate(
  reference: Target,
  contenders: readonly Target[],
  { first, warmUp, rounds, seconds }: Pace,
): Promise<Rounds> {
  const amounts = new Map<Target, number>();
  const amountOf = (rate: number, time: number) => Math.max(connections, Math.round(rate * time));
  for (const target of [reference, ...contenders]) {
    let { perSecond } = await measure(target, first);
    if (warmUp > 0) ({ perSecond } = await measure(target, amountOf(perSecond, warmUp)));
    amounts.set(target, amountOf(perSecond, target.seconds ?? seconds));
  }
  const take = (target: Target) => measure(target, amounts.get(target) ?? connections);
  const taken: Rounds = { reference: [], contenders: {} };
  for (let round = 0; round < rounds; round += 1) {
    for (const target of contenders) {
      taken.reference.push(await take(reference));
      const samples = taken.contenders[target.name] ?? [];
      taken.contenders[target.name] = samples;
      samples.push(await take(target));
    }
  }
  return taken;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By linear interpolation between the two nearest. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Median of a contender's figure, or of the reference's when none is named. */
export function typical(
  { reference, contenders }: Rounds,
  figure: keyof Sample,
  name?: string,
): number {
  const samples = name === undefined ? reference : (contenders[name] ?? []);
  return median(samples.map((sample) => sample[figure]));
}

/** A contender's typical figure ÷ the reference's. */
export function quotient(rounds: Rounds, figure: keyof Sample, name: string): number {
  return typical(rounds, figure, name) / typical(rounds, figure);
}
