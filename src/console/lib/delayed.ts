/** @module What is typed is acted on once nothing more was typed for a moment. */
import { useEffect, useRef } from "preact/hooks";

/** @param after ms */
export function useDelayed(value: string, act: (value: string) => void, after: number): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    const timer = setTimeout(() => newest.current(value), after);
    return () => clearTimeout(timer);
  }, [value, after]);
}
