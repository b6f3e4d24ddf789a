/** @module What a page does when an edit was saved, on it or elsewhere. */
import { useEffect, useRef } from "preact/hooks";
import { saves } from "./saves.ts";

/** @param act called with each answer of the service, as the page has it then */
export function useSaved(act: (path: string, answer: unknown) => void): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => saves.onSaved((path, answer) => newest.current(path, answer)), []);
}
