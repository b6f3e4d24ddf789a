/** How a broadcast breathes: it fills, then waves, with a rush whenever a product is put up. */

const atMost = 15;
const base = 3.2;
/** Seconds between two products. */
const betweenRushes = 210;

/** Opens a second, so many seconds after the start. */
export function rate(seconds: number): number {
  const filling = 0.45 + 0.55 * Math.min(1, seconds / 240);
  const wave = 1 + 0.22 * Math.sin(seconds / 97) + 0.12 * Math.sin(seconds / 31);
  const sinceRush = seconds % betweenRushes;
  const size = 1.1 + 0.9 * Math.abs(Math.sin(Math.floor(seconds / betweenRushes) * 2.3));
  const rush = sinceRush < 90 ? size * Math.exp(-sinceRush / 38) : 0;
  const noise = 0.85 + 0.3 * Math.random();
  return Math.max(0.5, Math.min(atMost, base * filling * (wave + rush) * noise));
}

/** One of several, by weight. */
export function pick<T>(choices: readonly (readonly [T, number])[]): T {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let left = Math.random() * total;
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left <= 0) return choice;
  }
  const [last] = choices.at(-1) ?? [];
  if (last === undefined) throw new Error("nothing to choose from");
  return last;
}
