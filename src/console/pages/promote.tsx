/** @module Each link's own promoted URL and 口令, made by an account of an alliance's: tried out first, then made, and what failed said link by link. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { allianceName, type OrderSource } from "../lib/connections.ts";
import { inLanguage } from "../lib/prefs.ts";
import { type Promoted, promoteAll } from "../lib/promotions.ts";
import { Failed } from "../ui/basics.tsx";
import { Choice } from "../ui/fields.tsx";
import { Table } from "../ui/table.tsx";
import { promoteTexts } from "./promote.text.ts";

interface PromoteProps {
  streamId: string;
  connections: readonly OrderSource[];
  /** Slugs, the chosen ones where some are chosen. */
  slugs: readonly string[];
  isChosen: boolean;
  onMade: () => void;
  onClose: () => void;
}

interface Shown {
  promoted: Promoted;
  isDryRun: boolean;
  reached: number;
}

export function Promote(props: PromoteProps): JSX.Element {
  const { streamId, connections, slugs, isChosen, onMade, onClose } = props;
  const t = inLanguage(promoteTexts);
  const [chosen, setChosen] = useState(connections[0]?.id ?? "");
  const [replace, setReplace] = useState(false);
  const [shown, setShown] = useState<Shown>();
  const isStopped = useRef(false);
  const attempt = useAttempt();
  const run = (isDryRun: boolean) =>
    attempt.run(async () => {
      isStopped.current = false;
      setShown(undefined);
      const asked = { streamId, connection: chosen, slugs, replace };
      const promoted = await promoteAll(asked, isDryRun, (done, reached) => {
        setShown({ promoted: done, isDryRun, reached });
        return !isStopped.current;
      }).finally(onMade);
      setShown({ promoted, isDryRun, reached: slugs.length });
    });
  return (
    <section class="card pad stack" aria-label={t.title}>
      <div class="row between">
        <h2>{t.title}</h2>
        <button type="button" class="btn quiet small" onClick={onClose} disabled={attempt.isBusy}>
          {t.close}
        </button>
      </div>
      <p class="soft">{t.hint}</p>
      <div class="row">
        <Choice
          label={t.connection}
          value={chosen}
          onInput={setChosen}
          options={connections.map(({ id, alliance, name }) => [
            id,
            `${allianceName(alliance)} · ${name}`,
          ])}
        />
        <label class="row tight" title={t.replaceHint}>
          <input
            type="checkbox"
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
          {t.replace}
        </label>
        <span class="soft">{isChosen ? t.of(slugs.length) : t.ofAll(slugs.length)}</span>
      </div>
      <div class="row">
        <button type="button" class="btn" disabled={attempt.isBusy} onClick={() => void run(true)}>
          {t.look}
        </button>
        <button
          type="button"
          class="btn primary"
          disabled={attempt.isBusy}
          onClick={() => void run(false)}
        >
          {t.make}
        </button>
        {attempt.isBusy && shown?.isDryRun === false ? (
          <button
            type="button"
            class="btn quiet"
            onClick={() => {
              isStopped.current = true;
            }}
          >
            {t.stop}
          </button>
        ) : null}
      </div>
      <Failed of={attempt} />
      {shown ? <Outcome {...shown} isBusy={attempt.isBusy} all={slugs.length} /> : null}
    </section>
  );
}

function Outcome(props: Shown & { isBusy: boolean; all: number }): JSX.Element {
  const { promoted, isDryRun, reached, isBusy, all } = props;
  const t = inLanguage(promoteTexts);
  const { made, kept, failed, remaining, data } = promoted;
  const outdated = data.filter((row) => row.outdated).length;
  const sums = isDryRun
    ? t.would(made, kept, failed.length)
    : isBusy
      ? t.underWay(reached, all)
      : t.done(made, kept, failed.length);
  return (
    <div class="stack tight">
      <p role="status">
        <b class="figures">{sums}</b>
      </p>
      {remaining > 0 ? <p class="wrong">{t.remaining(remaining)}</p> : null}
      {outdated > 0 ? <p>{t.outdated(outdated)}</p> : null}
      {failed.length > 0 ? (
        <Table
          label={t.failed}
          rows={failed}
          keyOf={({ slug }) => slug}
          atMost={50}
          columns={[
            { id: "link", head: t.link, isName: true, cell: ({ slug }) => slug },
            {
              id: "why",
              head: t.why,
              cell: ({ detail, code }) => (
                <>
                  {detail} <span class="soft mono">{code}</span>
                </>
              ),
            },
          ]}
        />
      ) : null}
    </div>
  );
}
