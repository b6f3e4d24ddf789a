/** @module The document's title. */
import { useEffect } from "preact/hooks";

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Moongate`;
  }, [title]);
}
