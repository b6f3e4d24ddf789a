/** @module One field of many links, changed at once: all of them or none, and taken back by one click. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import type { Link, Stream } from "../lib/client.ts";
import { changeLinks, linksAtOnce, undoOf } from "../lib/links-at-once.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import type { ChannelAnswer } from "../lib/promoters.ts";
import { instantOf } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { ChannelNames, channelSet } from "../ui/channel-field.tsx";
import { ChannelSelect } from "../ui/channel-questions.tsx";
import { Choice } from "../ui/fields.tsx";
import { say } from "../ui/toast.tsx";
import { adChoices, adLabelOf, tagsIn } from "./link-editor.tsx";
import { linkTexts } from "./links.text.ts";

const names = ["channel", "campaign", "tags", "note", "expiresAt", "primary", "adLabel"] as const;
type BulkField = (typeof names)[number];

interface BulkProps {
  stream: Stream;
  chosen: readonly Link[];
  onClear: () => void;
}

export function BulkEdit({ stream, chosen, onClear }: BulkProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const [field, setField] = useState<BulkField>("channel");
  const [text, setText] = useState("");
  /** Of the channel that it was given for, and of no other. */
  const [answered, setAnswered] = useState<{ written: string; answer: ChannelAnswer }>();
  const attempt = useAttempt();
  const [last, setLast] = useState<object>();
  const apply = (set: object) =>
    attempt.run(async () => {
      setLast(set);
      const changes = chosen.map(({ slug }) => ({ slug, set }));
      const back = undoOf(chosen, changes);
      await changeLinks(changes);
      setText("");
      say(t.changed(changes.length), { name: t.undo, act: () => changeLinks(back) });
    });
  const written = text.trim();
  const answer = answered?.written === written ? answered.answer : undefined;
  const set = setOf(field, text, answer, stream.timezone);
  const isUnknown = field === "channel" && channelSet(written) === undefined;
  const isTooMany = chosen.length > linksAtOnce;
  const isOff = attempt.isBusy || isTooMany;
  const labels = { ...t.fields, channel: t.channel };
  return (
    <section class="card pad stack tight bulk" aria-label={t.chosen(chosen.length)}>
      <div class="row">
        <b role="status">{t.chosen(chosen.length)}</b>
        <Choice
          label={t.bulkField}
          value={field}
          onInput={(chosen) => {
            setField(chosen as BulkField);
            setText("");
          }}
          options={names.map((name) => [name, labels[name]] as const)}
        />
        <BulkValue field={field} text={text} stream={stream} onInput={setText} />
        <button
          type="button"
          class="btn primary small"
          disabled={isOff || set === undefined || written === ""}
          onClick={() => set && void apply(set)}
        >
          {t.apply(chosen.length)}
        </button>
        <button
          type="button"
          class="btn quiet small"
          disabled={isOff}
          onClick={() => {
            const none = setOf(field, "", undefined, stream.timezone);
            if (none && confirm(t.confirmEmpty(labels[field], chosen.length))) void apply(none);
          }}
        >
          {t.empty}
        </button>
        <button
          type="button"
          class="btn small"
          disabled={isOff}
          onClick={() => void apply({ disabled: true })}
        >
          {t.disable}
        </button>
        <button
          type="button"
          class="btn small"
          disabled={isOff}
          onClick={() => void apply({ disabled: false })}
        >
          {t.enable}
        </button>
        <button type="button" class="btn quiet small" onClick={onClear}>
          {t.clear}
        </button>
      </div>
      {isTooMany ? <span class="wrong">{t.tooManyChosen(linksAtOnce)}</span> : null}
      {isUnknown ? (
        <div class="row">
          <span class="wrong small">{t.unknownChannel(written)}</span>
          <ChannelSelect
            written={written}
            answer={answer}
            onAnswer={(given) => setAnswered(given && { written, answer: given })}
            label={t.channel}
          />
        </div>
      ) : null}
      <Failed of={attempt} again={() => last && void apply(last)} />
    </section>
  );
}

/** What the field becomes; `undefined` for a channel that has to be asked for. */
function setOf(
  field: BulkField,
  text: string,
  answer: ChannelAnswer | undefined,
  timezone: string,
): object | undefined {
  const given = text.trim();
  switch (field) {
    case "channel":
      return channelSet(given, answer);
    case "tags":
      return { tags: tagsIn(given) };
    case "expiresAt":
      return { expiresAt: instantOf(given, timezone) ?? null };
    case "campaign":
      return { campaign: given || null };
    case "note":
      return { note: given || null };
    case "primary":
      return { primary: given || null };
    case "adLabel":
      return { adLabel: adLabelOf(given) };
  }
}

interface ValueProps {
  field: BulkField;
  text: string;
  stream: Stream;
  onInput: (text: string) => void;
}

function BulkValue({ field, text, stream, onInput }: ValueProps): JSX.Element {
  const t = inLanguage(linkTexts);
  if (field === "primary") {
    return (
      <Choice
        label={t.bulkValue}
        value={text}
        onInput={onInput}
        options={[
          ["", t.ofStream],
          ...stream.destinations.map(
            ({ platform }) => [platform, nameOf("destination", platform)] as const,
          ),
        ]}
      />
    );
  }
  if (field === "adLabel") {
    return <Choice label={t.bulkValue} value={text} onInput={onInput} options={adChoices()} />;
  }
  return (
    <>
      <input
        class="input compact"
        aria-label={t.bulkValue}
        value={text}
        type={field === "expiresAt" ? "datetime-local" : "text"}
        placeholder={t.bulkValue}
        list={field === "channel" ? "bulk-channels" : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {field === "channel" ? <ChannelNames id="bulk-channels" /> : null}
    </>
  );
}
