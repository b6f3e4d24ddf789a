/**
 * @module Following the Catalog by the numbers of its changes (change-feed.ts). The follower keeps the number up to
 * which it took them, in the transaction that takes a page. Two may follow at once, in one object: each page is asked
 * for from where the follower is by then, and what one has taken the other leaves.
 */

/**
 * How long a follower rests between two pages, in ms. Objects of one process share its thread, in which what is ready goes
 * before what arrives: without a rest thousands of pages would be taken before any visitor is answered.
 */
const rest = 1;
export const takeARest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, rest));

/**
 * @param followed the number up to which the follower has taken what changed
 * @yields pages, each to be taken before the next is asked for
 */
export async function* pagesAfter<P extends { isMore: boolean }>(
  followed: () => number,
  changesSince: (seq: number) => Promise<P>,
): AsyncGenerator<P> {
  for (let isMore = true; isMore; ) {
    const page = await changesSince(followed());
    isMore = page.isMore;
    yield page;
    if (isMore) await takeARest();
  }
}
