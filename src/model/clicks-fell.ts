/** @module Whether clicks fell: what robots tell, and what a board shows. */

/** Fewer clicks than this in ten minutes fall by half by chance. */
const floor = 50;

/** @param clicks of ten minutes, and of the ten before */
export const hasFallen = ({ last, previous }: { last: number; previous: number }): boolean =>
  previous >= floor && last * 2 <= previous;
