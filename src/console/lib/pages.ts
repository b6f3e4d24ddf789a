/** @module A list that is read page by page, as far as somebody wants it, and all of that again every so often. */
import { useRef, useState } from "preact/hooks";
import { type Polled, usePoll } from "./poll.ts";

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** Everything of a list, or the first pages of it until there are so many. */
export async function everyPage<T>(
  ask: (cursor: { cursor?: string }) => Promise<Page<T>>,
  atMost = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await ask(cursor === null ? {} : { cursor });
    all.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && all.length < atMost);
  return all;
}

export interface Pages<T> {
  polled: Polled<{ data: T[] }>;
  /** Reads one page more; absent where there is none. */
  more: (() => void) | undefined;
}

/**
 * @param key names what is asked; another key begins anew, `null` asks nothing
 * @param ask a page, by the cursor of the one before
 */
export function usePages<T>(
  key: string | null,
  ask: (cursor: string | null, headers: { "If-None-Match"?: string }) => Promise<Response>,
  every: number,
): Pages<T> {
  const [wanted, setWanted] = useState({ key, pages: 1 });
  const pages = wanted.key === key ? wanted.pages : 1;
  const polled = usePoll<Page<T>>(
    key === null ? null : `${key} ${pages}`,
    async (headers) => {
      if (pages === 1) return ask(null, headers);
      const data: T[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < pages; page += 1) {
        const answer = (await (await ask(cursor, {})).json()) as Page<T>;
        data.push(...answer.data);
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return Response.json({ data, nextCursor: cursor });
    },
    // Each page is a request.
    every * pages,
  );
  // What is shown stays while a page more is read.
  const shown = useRef<{ key: string | null; page: Page<T> }>(undefined);
  if (polled.data) shown.current = { key, page: polled.data };
  const page = shown.current?.key === key ? shown.current.page : undefined;
  const isThere = polled.data !== undefined && polled.data.nextCursor !== null;
  return {
    polled: { ...polled, data: page },
    more: isThere ? () => setWanted({ key, pages: pages + 1 }) : undefined,
  };
}
