/** @module A list that is read page by page, as far as somebody wants it; the first page is read again every so often. */
import { useEffect, useState } from "preact/hooks";
import { ApiProblem } from "./client.ts";
import { type Polled, usePoll } from "./poll.ts";

interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface Pages<T> {
  /** Of the first page. */
  polled: Polled<{ data: T[] }>;
  /** Reads the next page; absent where there is none. */
  more: (() => void) | undefined;
  isReading: boolean;
}

/**
 * @param key names what is asked; another key begins anew, `null` asks nothing
 * @param ask a page, by the cursor of the one before
 * @param keyOf names a row: one that is in two pages is shown once, as the first page has it
 */
export function usePages<T>(
  key: string | null,
  ask: (cursor: string | null, headers: { "If-None-Match"?: string }) => Promise<Response>,
  keyOf: (row: T) => string,
  every: number,
): Pages<T> {
  const first = usePoll<Page<T>>(key, (headers) => ask(null, headers), every);
  const [further, setFurther] = useState<Page<T>>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isReading, setReading] = useState(false);
  useEffect(() => {
    setFurther(undefined);
    setProblem(undefined);
  }, [key]);
  const { data } = first;
  const cursor = further ? further.nextCursor : (data?.nextCursor ?? null);
  const read = async () => {
    setReading(true);
    setProblem(undefined);
    try {
      const page = (await (await ask(cursor, {})).json()) as Page<T>;
      setFurther({ ...page, data: [...(further?.data ?? []), ...page.data] });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    } finally {
      setReading(false);
    }
  };
  const shown = new Map([...(further?.data ?? [])].map((row) => [keyOf(row), row]));
  for (const row of data?.data ?? []) shown.delete(keyOf(row));
  return {
    polled: {
      ...first,
      data: data && { data: [...data.data, ...shown.values()] },
      problem: first.problem ?? problem,
    },
    more: cursor === null || isReading ? undefined : () => void read(),
    isReading,
  };
}
