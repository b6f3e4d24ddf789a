/**
 * @module Alternating rounds. A machine that others share changes its pace from second to second, and the
 * cost of the same request with it, up to twice; so the rounds are many and short, and the reference is
 * measured again between any two contenders.
 */

import { recordBy } from "../../src/lib/records.ts";
import type { Pace } from "./amounts.ts";
import { connections, measure, pause, type Sample, type Target } from "./drive.ts";
import { cpuTime } from "./processes.ts";

/** A figure of an answer that is told over all rounds. */
type Rate = "cpu" | "perSecond";

export interface Rounds {
  /** One before each contender's, in the contenders' order, round by round. */
  reference: Sample[];
  contenders: Record<string, Sample[]>;
  /**
   * By name, where it was asked for: all that a process spent from the first round until it was at rest again, over what
   * it answered, in µs. What is done long after an answer, as a fold, is in no round, or in another's.
   */
  whole?: Record<string, number>;
}

/** @param restsFor ms after which a process is at rest: for the figure of the whole, for which each contender needs a process of its own */
export async function alternate(
  reference: Target,
  contenders: readonly Target[],
  { first, warmUp, rounds, seconds }: Pace,
  { restsFor }: { restsFor?: number } = {},
): Promise<Rounds> {
  const amounts = new Map<Target, number>();
  const amountOf = (rate: number, time: number) => Math.max(connections, Math.round(rate * time));
  for (const target of [reference, ...contenders]) {
    let { perSecond } = await measure(target, first);
    if (warmUp > 0) ({ perSecond } = await measure(target, amountOf(perSecond, warmUp)));
    amounts.set(target, amountOf(perSecond, target.seconds ?? seconds));
  }
  const take = (target: Target) => measure(target, amounts.get(target) ?? connections);
  const spentAt = async () => {
    if (restsFor !== undefined) await pause(restsFor);
    return new Map([reference, ...contenders].map(({ name, pids }) => [name, cpuTime(pids)]));
  };
  const before = await spentAt();
  const taken: Rounds = { reference: [], contenders: {} };
  for (let round = 0; round < rounds; round += 1) {
    for (const target of contenders) {
      taken.reference.push(await take(reference));
      const samples = taken.contenders[target.name] ?? [];
      taken.contenders[target.name] = samples;
      samples.push(await take(target));
    }
  }
  if (restsFor === undefined) return taken;
  const after = await spentAt();
  const answersOf = (samples: readonly Sample[] = []) =>
    samples.reduce((sum, { answers }) => sum + answers, 0);
  const answers = new Map(
    Object.entries(taken.contenders).map(([name, samples]) => [name, answersOf(samples)]),
  );
  answers.set(reference.name, answersOf(taken.reference));
  const names = [...answers.keys()];
  const spent = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  return { ...taken, whole: recordBy(names, (name) => spent(name) / (answers.get(name) ?? 1)) };
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

/**
 * A contender's figure over all its rounds, or the reference's when none is named: all that was spent, over all that
 * was answered. Not the median of the rounds: the collector works in few of them, and is a part of what an answer
 * costs.
 */
export function typical({ reference, contenders }: Rounds, figure: Rate, name?: string): number {
  return overAll(figure, name === undefined ? reference : (contenders[name] ?? []));
}

function overAll(figure: Rate, samples: readonly Sample[]): number {
  const sum = (of: (sample: Sample) => number) =>
    samples.reduce((total, sample) => total + of(sample), 0);
  const answers = sum((sample) => sample.answers);
  return figure === "cpu"
    ? sum((sample) => sample.cpu * sample.answers) / answers
    : answers / sum((sample) => sample.answers / sample.perSecond);
}

/** A contender's typical figure ÷ the reference's. */
export function quotient(rounds: Rounds, figure: Rate, name: string): number {
  return typical(rounds, figure, name) / typical(rounds, figure);
}

/** The standard error of {@link quotient}, by leaving out each round in turn (the jackknife); `null` of one round. */
export function errorOf(rounds: Rounds, figure: Rate, name: string): number | null {
  const { reference, contenders } = rounds;
  const samples = contenders[name] ?? [];
  if (samples.length < 2) return null;
  const aRound = reference.length / samples.length;
  const without = samples.map((_, left) =>
    quotient(
      {
        reference: reference.filter((_, index) => Math.floor(index / aRound) !== left),
        contenders: { [name]: samples.filter((_, index) => index !== left) },
      },
      figure,
      name,
    ),
  );
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((without.length - 1) / without.length) * squares);
}
