/** @module A text, a time and a choice with their names: what forms are made of. */
import type { JSX } from "preact";
import { Field } from "./basics.tsx";

interface CommonProps {
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
  value: string;
  onInput: (value: string) => void;
}

interface TextProps extends CommonProps {
  isNeeded?: boolean;
  isCode?: boolean;
  atMost?: number;
}

export function TextField(props: TextProps): JSX.Element {
  const { label, hint, wrong, value, onInput, isNeeded = false, atMost } = props;
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(attributes) => (
        <input
          {...attributes}
          class={props.isCode ? "input mono" : "input"}
          required={isNeeded}
          maxLength={atMost}
          autocomplete="off"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface NeededProps extends CommonProps {
  isNeeded?: boolean;
}

/** Hidden while it is typed, and no password of this page that a browser would keep or fill in. */
export function SecretField(props: NeededProps): JSX.Element {
  const { label, hint, wrong, value, onInput, isNeeded = false } = props;
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(attributes) => (
        <input
          {...attributes}
          class="input mono"
          type="password"
          required={isNeeded}
          autocomplete="new-password"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A day, as a `date` field has it. */
export function DayField(props: NeededProps): JSX.Element {
  const { label, hint, wrong, value, onInput, isNeeded = false } = props;
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="date"
          required={isNeeded}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** On the clock of a stream, as a `datetime-local` field has it. */
export function TimeField({ label, hint, wrong, value, onInput }: CommonProps): JSX.Element {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="datetime-local"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

type Option = readonly [value: string, name: string];

export const Options = ({ of }: { of: readonly Option[] }): JSX.Element => (
  <>
    {of.map(([value, name]) => (
      <option key={value} value={value}>
        {name}
      </option>
    ))}
  </>
);

interface ChoiceProps extends CommonProps {
  options: readonly Option[];
}

/** A choice that has no name beside it. */
export function Choice(props: Omit<ChoiceProps, "hint" | "wrong">): JSX.Element {
  const { label, value, onInput, options } = props;
  return (
    <select
      class="input compact"
      aria-label={label}
      value={value}
      onChange={(event) => onInput(event.currentTarget.value)}
    >
      <Options of={options} />
    </select>
  );
}

export function ChoiceField(props: ChoiceProps): JSX.Element {
  const { label, hint, wrong, value, onInput, options } = props;
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(attributes) => (
        <select
          {...attributes}
          class="input"
          value={value}
          onChange={(event) => onInput(event.currentTarget.value)}
        >
          <Options of={options} />
        </select>
      )}
    </Field>
  );
}
