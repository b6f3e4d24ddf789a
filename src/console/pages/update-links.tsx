/** @module A pasted table that changes links which are there: what differs is shown first, and taken back by one click. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { own } from "../../lib/records.ts";
import { useAttempt } from "../lib/attempt.ts";
import type { Link } from "../lib/client.ts";
import { changeLinks, undoOf } from "../lib/links-at-once.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import {
  type PromoterRow,
  readPromoters,
  rowsAtMost,
  unknownChannels,
  withAnswers,
} from "../lib/promoters.ts";
import { type TableUpdate, updateOf } from "../lib/table-update.ts";
import { Failed, Field } from "../ui/basics.tsx";
import { ChannelQuestions, useChannelAnswers } from "../ui/channel-questions.tsx";
import { PastedRows } from "../ui/pasted-rows.tsx";
import { say } from "../ui/toast.tsx";
import { linkTexts } from "./links.text.ts";
import { newTexts } from "./new.text.ts";

interface UpdateProps {
  links: readonly Link[];
  onDone: () => void;
}

export function UpdateLinks({ links, onDone }: UpdateProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const words = inLanguage(newTexts);
  const [text, setText] = useState("");
  const attempt = useAttempt();
  const [answers, answer] = useChannelAnswers();
  const read = useMemo(() => readPromoters(text), [text]);
  const rows = withAnswers(read.rows, answers);
  const update = updateOf(
    rows.filter(({ errors }) => errors.length === 0),
    links,
  );
  const isWrong = rows.some(({ errors }) => errors.length > 0);
  const isAsking = unknownChannels(rows).size > 0;
  const { changes } = update;
  const apply = () =>
    attempt.run(async () => {
      const sets = changes.map(({ link: { slug }, set }) => ({ slug, set }));
      const back = undoOf(links, sets);
      await changeLinks(sets);
      setText("");
      say(t.changed(sets.length), { name: t.undo, act: () => changeLinks(back) });
      onDone();
    });
  return (
    <section class="card pad stack" aria-labelledby="update-head">
      <h2 id="update-head">{t.byTable}</h2>
      <Field label={t.byTableHint}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="input mono"
            rows={5}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <ChannelQuestions channels={unknownChannels(read.rows)} answers={answers} onAnswer={answer} />
      <PastedRows
        label={t.byTable}
        rows={rows}
        unknown={read.unknown}
        slugOf={(row) => update.found.get(row.line)?.slug ?? row.slug}
        stateOf={(row) => <Difference row={row} update={update} />}
      />
      <Failed of={attempt} again={() => void apply()} />
      <div class="row">
        <button
          type="button"
          class="btn primary"
          disabled={
            attempt.isBusy ||
            isWrong ||
            isAsking ||
            changes.length === 0 ||
            changes.length > rowsAtMost
          }
          onClick={() => void apply()}
        >
          {t.changes(changes.length)}
        </button>
        <button type="button" class="btn quiet" onClick={onDone}>
          {words.cancel}
        </button>
      </div>
    </section>
  );
}

function told(field: string, value: unknown): string {
  if (field === "channel" || field === "channelClass") return nameOf(field, value as string | null);
  if (value === null || value === undefined) return "—";
  if (Array.isArray(value)) return value.join(", ") || "—";
  return typeof value === "object"
    ? Object.values(value)
        .map((inner) => told("", inner))
        .join(" ")
    : String(value);
}

/** What a row changes, as it was and as it will be; or why it changes nothing. */
function Difference({ row, update }: { row: PromoterRow; update: TableUpdate }): JSX.Element {
  const t = inLanguage(linkTexts);
  const lost = update.lost.get(row.line);
  if (lost) return <span class="wrong">{t[lost]}</span>;
  const change = update.changes.find((one) => one.row === row);
  if (!change) return <span class="soft">{t.nothingNew}</span>;
  return (
    <span class="small">
      {Object.entries(change.set)
        .map(([field, value]) => `${told(field, own(change.link, field))} → ${told(field, value)}`)
        .join("; ")}
    </span>
  );
}
