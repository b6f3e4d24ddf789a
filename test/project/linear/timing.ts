/**
 * @module Whether an expression's time grows faster than the text. Nearly everything sorts itself out at
 * once: what is done in less than the floor did not go over the text a second time. Only what is slower is
 * measured against a text of twice the length, in turns and several rounds, by this thread's own time, so that
 * a busy machine can't make a linear expression look otherwise.
 */
import { createContext, runInContext } from "node:vm";
import { threadTime } from "../../thread-time.ts";
import type { Expression } from "./expressions.ts";
import { type Attack, attacksOn, textOf } from "./hostile.ts";

/** Characters; the short ones keep what is cubic or worse from being run at full length. */
const lengths = [1_024, 4_096, 32_768];
/**
 * ms for n and 2n characters. One scan takes a tenth of it at most; n²/60 steps, which is little for a square,
 * at 1 ns each take 18 and 72.
 */
const floor = { once: 8, twice: 32 };
/** ms for the longest text: no scan takes a hundredth of it, and what does is not worth measuring for seconds. */
const ceiling = 500;
/** Of the times for 2n and n: 2 when linear, 4 when quadratic. */
const ratioAtMost = 3;
/** How often each is tried in a round, of which the fastest counts: a verdict is looked at again, more closely. */
const closely = [2, 4, 8];
/** ms for all attacks on one expression; some tens are usual. */
const endsWithin = 30_000;

interface Turn {
  expression: RegExp;
  run: (expression: RegExp, text: string) => unknown;
  /** ms of the slowest text that was measured and found linear: one as fast is no news. */
  linear: number;
}

/** Both ways of use: up to the first match, and from match to match, as `replace` and `split` go. */
function turnsOf({ pattern, flags }: Expression): Turn[] {
  return [
    {
      expression: new RegExp(pattern, flags.replace("g", "")),
      run: (expression, text) => expression.test(text),
      linear: 0,
    },
    {
      expression: new RegExp(pattern, `${flags.replace("g", "")}g`),
      run: (expression, text) => text.replace(expression, ""),
      linear: 0,
    },
  ];
}

const timeOf = ({ expression, run }: Turn, text: string): number =>
  threadTime(() => run(expression, text));

/** Of one round: the fastest of each, taken in turns; 0 when twice as much is quickly done too. */
function ratioOf(turn: Turn, text: string, longer: string, tries: number): number {
  let [once, twice] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let tried = 0; tried < tries; tried += 1) {
    once = Math.min(once, timeOf(turn, text));
    twice = Math.min(twice, timeOf(turn, longer));
  }
  return twice < floor.twice ? 0 : twice / once;
}

/** Of several rounds, unless one already says that all is well. */
function leastRatio(turn: Turn, text: string, longer: string, rounds: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const tries of rounds) {
    least = Math.min(least, ratioOf(turn, text, longer, tries));
    if (least <= ratioAtMost) break;
  }
  return least;
}

/** Stops even what would never end: the engine heeds the limit inside an expression too. */
function within<T>(ms: number, work: () => T): T {
  return runInContext("work()", createContext({ work }), { timeout: ms }) as T;
}

const shown = ({ begin, pump, end }: Attack) =>
  `${JSON.stringify(begin)} + ${JSON.stringify(pump)} × n + ${JSON.stringify(end)}`;

/**
 * What makes an expression's time grow faster than the text; `null` when nothing was found.
 *
 * @param rounds how often each is tried: fewer are quicker, and may take a busy machine for a verdict
 */
export function superLinear(expression: Expression, rounds = closely): string | null {
  const turns = turnsOf(expression);
  let attack: Attack | undefined;
  const look = (): string | null => {
    for (attack of attacksOn(expression)) {
      for (const n of lengths) {
        const text = textOf(attack, n);
        for (const turn of turns) {
          const time = timeOf(turn, text);
          if (time < Math.max(floor.once, 1.5 * turn.linear)) continue;
          if (time > ceiling) return `${shown(attack)}: ${time.toFixed(0)} ms for ${n} characters`;
          const ratio = leastRatio(turn, text, textOf(attack, 2 * n), rounds);
          turn.linear = time;
          if (ratio > ratioAtMost) return `${shown(attack)}: × ${ratio.toFixed(1)} for twice n`;
        }
      }
    }
    return null;
  };
  try {
    return within(endsWithin, look);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return `${attack && shown(attack)}: no end within ${endsWithin} ms`;
  }
}
