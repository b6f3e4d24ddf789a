/** @module A list of destinations, filled by pasting: what was understood is shown at once. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem, client, json } from "../lib/client.ts";
import type { Pasted } from "../lib/drafts.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf, warningOf } from "../lib/refusals.ts";
import { newTexts } from "../pages/new.text.ts";
import { Field } from "./basics.tsx";
import { Icon } from "./icons.tsx";

interface PasteProps {
  label: string;
  hint?: string;
  big?: boolean;
  taken: readonly string[];
  onUnderstood: (found: Pasted[], words: { title?: string; host?: string }) => void;
}

/** One field to paste into; empties itself once its text was understood. */
export function PasteField({ label, hint, big, taken, onUnderstood }: PasteProps): JSX.Element {
  const t = inLanguage(newTexts);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [isReading, setReading] = useState(false);
  const latest = useRef("");
  const done = useRef(onUnderstood);
  done.current = onUnderstood;

  useEffect(() => {
    const wanted = text.trim();
    latest.current = wanted;
    setWrong(undefined);
    if (wanted === "") return;
    const timer = setTimeout(async () => {
      setReading(true);
      try {
        const { destinations, title, host } = await json(
          client.api.inspect.$post({ json: { text: wanted } }),
        );
        if (latest.current !== wanted) return;
        const again = destinations.find(({ platform }) => taken.includes(platform));
        if (again) {
          setWrong(t.twice(nameOf("destination", again.platform)));
          return;
        }
        done.current(
          destinations.map((destination) => ({ ...destination, text: wanted })),
          { ...(title ? { title } : {}), ...(host ? { host } : {}) },
        );
        setText("");
      } catch (error) {
        if (latest.current === wanted && error instanceof ApiProblem) {
          setWrong(refusalOf({ code: error.code, detail: error.message }));
        }
      } finally {
        setReading(false);
      }
    }, 350);
    return () => clearTimeout(timer);
  }, [text, taken, t]);

  return (
    <Field label={label} hint={isReading ? `${t.reading}…` : hint} wrong={wrong}>
      {(attributes) =>
        big ? (
          <textarea
            {...attributes}
            class="input"
            rows={3}
            placeholder={t.placeholder}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        ) : (
          <input
            {...attributes}
            class="input"
            value={text}
            placeholder="https://…"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

interface ListProps {
  destinations: readonly Pasted[];
  primary: string;
  onPrimary: (platform: string) => void;
  onRemove: (platform: string) => void;
  /** Where replays are set: without it none is offered. */
  onReplay?: (platform: string, replay: string) => void;
}

export function DestinationList(props: ListProps): JSX.Element {
  const { destinations, primary, onPrimary, onRemove, onReplay } = props;
  const t = inLanguage(newTexts);
  return (
    <ul class="destinations">
      {destinations.map(({ platform, kind, id, url, idType, replay, warnings }) => (
        <li key={platform}>
          <div class="row between">
            <span class="row tight">
              <b>{nameOf("destination", platform)}</b>
              <span class="chip">{t.kinds[kind]}</span>
              <span class="mono soft small">
                {idType ? `${idType} ` : ""}
                {id}
              </span>
            </span>
            <span class="row tight">
              <label class="row tight small" title={t.primaryHint}>
                <input
                  type="radio"
                  name="primary"
                  checked={platform === primary}
                  onChange={() => onPrimary(platform)}
                />
                {t.primary}
              </label>
              <button
                type="button"
                class="btn quiet small"
                aria-label={`${t.remove} ${nameOf("destination", platform)}`}
                onClick={() => onRemove(platform)}
              >
                <Icon name="close" />
              </button>
            </span>
          </div>
          {url ? <p class="mono soft small break">{url}</p> : null}
          {onReplay && url ? (
            <Field label={t.replay} hint={t.replayHint}>
              {(attributes) => (
                <input
                  {...attributes}
                  class="input compact"
                  type="url"
                  placeholder="https://…"
                  value={replay ?? ""}
                  onInput={(event) => onReplay(platform, event.currentTarget.value)}
                />
              )}
            </Field>
          ) : null}
          {warnings.map((warning) => (
            <p key={warning} class="note warn small">
              <Icon name="warn" />
              {warningOf(warning)}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
