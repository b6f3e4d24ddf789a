/**
 * @module A figure that is read again and again: only while the page is seen, by its ETag, and slower
 * while it fails.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "./client.ts";
import { signIns } from "./session.ts";

export interface Polled<T> {
  data: T | undefined;
  /** Why the last try failed, while it does. */
  problem: ApiProblem | undefined;
  /** When the last answer came, 304 or not; UTC ms. */
  heardAt: number;
  /** Asks again at once. */
  refresh: () => void;
}

type Ask = (headers: { "If-None-Match"?: string }) => Promise<Response>;

const slowest = 30_000;

/**
 * @param key names what is asked; another key begins anew, `null` asks nothing
 * @param every milliseconds between an answer and the next question; 0 asks once
 */
export function usePoll<T>(key: string | null, ask: Ask, every: number): Polled<T> {
  const [state, setState] = useState<{
    key: string | null;
    data?: T | undefined;
    problem?: ApiProblem | undefined;
    heardAt: number;
  }>({ key, heardAt: 0 });
  const asking = useRef(ask);
  asking.current = ask;
  const again = useRef<() => void>(() => undefined);
  const times = signIns.value;

  useEffect(() => {
    if (key === null) return;
    let isOver = false;
    let timer = 0;
    let etag: string | undefined;
    let failures = 0;
    let isAsking = false;
    let isRefused = false;

    const next = () => {
      clearTimeout(timer);
      if (isOver || isRefused || document.hidden || (every === 0 && failures === 0)) return;
      const pause = failures === 0 ? every : Math.min(slowest, 1_000 * 2 ** failures);
      timer = window.setTimeout(run, pause);
    };
    const run = async () => {
      if (isAsking || isOver || document.hidden) return;
      isAsking = true;
      isRefused = false;
      clearTimeout(timer);
      try {
        const answer = await asking.current(etag === undefined ? {} : { "If-None-Match": etag });
        const data = answer.status === 304 ? undefined : ((await answer.json()) as T);
        if (answer.status !== 304) etag = answer.headers.get("ETag") ?? undefined;
        failures = 0;
        if (!isOver) {
          setState((last) => ({
            key,
            data: data ?? (last.key === key ? last.data : undefined),
            heardAt: Date.now(),
          }));
        }
      } catch (error) {
        failures += 1;
        const problem =
          error instanceof ApiProblem ? error : new ApiProblem(0, { detail: String(error) });
        if (!isOver) {
          setState((last) => ({
            key,
            data: last.key === key ? last.data : undefined,
            heardAt: last.heardAt,
            problem,
          }));
        }
        // Asking again will not change a refusal.
        if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
          isRefused = true;
        }
      } finally {
        isAsking = false;
        next();
      }
    };
    const onVisibility = () => (document.hidden ? clearTimeout(timer) : void run());
    again.current = () => void run();
    document.addEventListener("visibilitychange", onVisibility);
    void run();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
    };
  }, [key, every, times]);

  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    problem: isCurrent ? state.problem : undefined,
    heardAt: isCurrent ? state.heardAt : 0,
    refresh: () => again.current(),
  };
}

/** The time, again every so many milliseconds while the page is seen. */
export function useNow(every: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
