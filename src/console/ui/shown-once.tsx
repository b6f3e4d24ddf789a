/** @module A secret that was just made: it is shown this once, to be copied. */
import type { JSX } from "preact";
import { Copy } from "./copy.tsx";

interface OnceProps {
  /** Nothing while there is none. */
  secret: string | undefined;
  /** That it is shown this once. */
  says: string;
  copy: string;
}

export function ShownOnce({ secret, says, copy }: OnceProps): JSX.Element | null {
  if (!secret) return null;
  return (
    <div class="note" role="status">
      <div>
        {says}
        <p class="mono break">{secret}</p>
      </div>
      <Copy text={secret} label={copy} />
    </div>
  );
}
