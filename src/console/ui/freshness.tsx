/** @module "Data as of", and a badge when no answer came for a while. */
import type { JSX } from "preact";
import type { ApiProblem, Stream } from "../lib/client.ts";
import { clock } from "../lib/format.ts";
import { useNow } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { boardTexts } from "../pages/board.text.ts";

/** Without an answer for so long, the figures are called stale; ms. */
const staleAfter = 10_000;

interface FreshnessProps {
  asOf: string;
  heardAt: number;
  problem: ApiProblem | undefined;
  stream: Stream;
}

export function Freshness({ asOf, heardAt, problem, stream }: FreshnessProps): JSX.Element {
  const t = inLanguage(boardTexts);
  const now = useNow(1_000);
  const isLive = stream.phase !== "ended";
  const isStale = problem !== undefined || (isLive && now - heardAt > staleAfter);
  // The last answer said that nothing is newer than what it shows.
  const at = isLive ? Math.max(Date.parse(asOf), heardAt) : Date.parse(asOf);
  return (
    <span class="freshness" role="status" aria-live="off">
      <span class="soft small figures">
        {t.asOf} {clock(at, stream.timezone, true)}
      </span>
      {isStale ? (
        <span class="badge warn">
          {t.stale} · {t.staleHint}
        </span>
      ) : null}
    </span>
  );
}
