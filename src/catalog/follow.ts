/**
 * @module Following the Catalog by the numbers of its changes (change-feed.ts). The follower keeps the number up to
 * which it took them, in the transaction that takes a page. Two may follow at once, in one object: each page is asked
 * for from where the follower is by then, and what one has taken the other leaves.
 */

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
  }
}
