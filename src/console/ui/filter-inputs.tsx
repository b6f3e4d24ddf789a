/** @module Days or words that narrow a list, each with its name; taken once they are complete. */
import type { JSX } from "preact";

interface InputsProps<K extends string> {
  isDate?: boolean;
  names: readonly K[];
  labels: Readonly<Record<K, string>>;
  values: Readonly<Record<K, string>>;
  onChange: (name: K, value: string) => void;
}

export function FilterInputs<K extends string>(props: InputsProps<K>): JSX.Element {
  const { isDate = false, names, labels, values, onChange } = props;
  return (
    <>
      {names.map((name) => (
        <label key={name}>
          {labels[name]}
          <input
            {...(isDate ? { type: "date" } : {})}
            class="input compact"
            value={values[name]}
            onChange={(event) => onChange(name, event.currentTarget.value.trim())}
          />
        </label>
      ))}
    </>
  );
}
