/** @module Many pieces of work, so many of them at a time. */

/**
 * Does the work of each item, begun in their order.
 *
 * @param atOnce how many are under way at the most
 * @param isOver asked before each: once it is true, none is begun any more
 * @throws the first error of a piece of work; others go on behind it
 */
export async function workThrough<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
  isOver: () => boolean = () => false,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) {
      if (isOver()) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
