/** @module Asks once, a stream, whether links that nobody decided on are labelled as advertisements: the answer is each link's own. */
import type { JSX } from "preact";
import { isPromoted } from "../../model/ad-label.ts";
import { useAttempt } from "../lib/attempt.ts";
import type { Link } from "../lib/client.ts";
import { changeLinks, linksAtOnce } from "../lib/links-at-once.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failed } from "../ui/basics.tsx";
import { say } from "../ui/toast.tsx";
import { linkTexts } from "./links.text.ts";

export function AskAd({ links }: { links: readonly Link[] }): JSX.Element | null {
  const t = inLanguage(linkTexts);
  const attempt = useAttempt();
  const undecided = links.filter((link) => link.adLabel === null && isPromoted(link));
  if (undecided.length === 0) return null;
  const decide = (adLabel: boolean) =>
    attempt.run(async () => {
      const changes = undecided.map(({ slug }) => ({ slug, set: { adLabel } }));
      for (let from = 0; from < changes.length; from += linksAtOnce) {
        await changeLinks(changes.slice(from, from + linksAtOnce));
      }
      say(t.askedAd(changes.length));
    });
  return (
    <section class="card pad stack tight" aria-label={t.fields.adLabel}>
      <p>{t.askAd(undecided.length)}</p>
      <div class="row">
        <button
          type="button"
          class="btn primary small"
          disabled={attempt.isBusy}
          onClick={() => void decide(true)}
        >
          {t.askAdYes}
        </button>
        <button
          type="button"
          class="btn small"
          disabled={attempt.isBusy}
          onClick={() => void decide(false)}
        >
          {t.askAdNo}
        </button>
      </div>
      <Failed of={attempt} />
    </section>
  );
}
