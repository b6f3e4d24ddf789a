/**
 * @module One field of a stream or a link, saved by itself when it is left (lib/saves.ts): what is not saved yet says so, and
 * what is refused stays with the reason and a way back.
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { Field } from "./basics.tsx";
import { Options } from "./fields.tsx";
import { useTyped } from "./typed.ts";

const texts = {
  "zh-CN": {
    sending: "保存中…",
    held: "未保存，连上后自动保存",
    undo: "撤销",
    undoOf: (label: string) => `撤销 ${label}`,
  },
  en: {
    sending: "Saving…",
    held: "Not saved yet: saved when the service can be reached",
    undo: "Undo",
    undoOf: (label: string) => `Undo ${label}`,
  },
};

/** What was typed, as the API takes it; or why it is none. */
type Read = { value: unknown } | { wrong: string };

export interface EditProps {
  /** Where the thing is: a PATCH of one field goes there. */
  path: string;
  field: string;
  label: string;
  hint?: string | undefined;
  stored: unknown;
  /** How a value is shown in its field. */
  show?: (value: unknown) => string;
  read?: (text: string) => Read;
  /** Further fields that change with it. */
  beside?: (value: unknown) => readonly (readonly [field: string, value: unknown])[];
  type?: "text" | "datetime-local" | "url";
  isLong?: boolean;
  list?: string;
  /** To choose from, instead of typing: each value as it is shown, and its name. */
  options?: readonly (readonly [shown: string, name: string])[];
}

const asText = (value: unknown): string =>
  value === null || value === undefined ? "" : String(value);

/** An empty field has no value. */
const textOrNone = (text: string): Read => ({ value: text.trim() || null });

export function EditField(props: EditProps): JSX.Element {
  const { path, field, label, hint, stored, show = asText, read = textOrNone, beside } = props;
  const t = inLanguage(texts);
  const [wrong, setWrong] = useState<{ text: string; why: string }>();
  const edit = saves.get(path, field);
  const shown = wrong?.text ?? show(edit ? edit.value : stored);
  const enter = (text: string): boolean => {
    const given = read(text);
    if ("wrong" in given) {
      setWrong({ text, why: given.wrong });
      return true;
    }
    setWrong(undefined);
    const isStored = JSON.stringify(given.value) === JSON.stringify(stored ?? null);
    if (isStored && !saves.get(path, field)) return false;
    saves.setAll(path, [[field, given.value], ...(beside?.(given.value) ?? [])]);
    return true;
  };
  const { bind } = useTyped(shown, enter);
  const refusal = wrong?.why ?? (edit?.problem && refusalOf(edit.problem));
  const says = edit && edit.state !== "refused" ? t[edit.state] : hint;
  return (
    <div class="edit-field" data-state={edit?.state}>
      <Field label={label} hint={says} wrong={refusal}>
        {(attributes) => {
          const all = { ...attributes, class: "input", disabled: !may("links:write") };
          if (props.options) {
            return (
              <select {...all} value={shown} onChange={(event) => enter(event.currentTarget.value)}>
                <Options of={props.options} />
              </select>
            );
          }
          if (props.isLong) return <textarea {...all} rows={3} {...bind} />;
          return <input {...all} type={props.type ?? "text"} list={props.list} {...bind} />;
        }}
      </Field>
      {refusal ? (
        <button
          type="button"
          class="link small"
          aria-label={t.undoOf(label)}
          onClick={() => {
            setWrong(undefined);
            saves.undo(path, field);
          }}
        >
          {t.undo}
        </button>
      ) : null}
    </div>
  );
}
