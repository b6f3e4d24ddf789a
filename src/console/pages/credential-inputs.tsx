/** @module The fields of an alliance's credentials. Secrets are hidden while they are typed, and no answer has them. */
import type { JSX } from "preact";
import { recordOf } from "../../lib/records.ts";
import { inLanguage } from "../../lib/said.ts";
import type { ApiProblem } from "../lib/client.ts";
import type { Alliance, CredentialName, NewConnection } from "../lib/connections.ts";
import { language } from "../lib/prefs.ts";
import { beijing, instantOf } from "../lib/zone.ts";
import { SecretField, TextField, TimeField } from "../ui/fields.tsx";
import { type CredentialField, credentialFields } from "./connections.fields.ts";

/** What was typed, of any alliance's: another choice of the alliance loses nothing. */
export type Typed = ReadonlyMap<CredentialName, string>;

interface InputsProps {
  alliance: Alliance;
  typed: Typed;
  onChange: (typed: Typed) => void;
  problem: ApiProblem | undefined;
  /** Each may be left empty. */
  inParts?: boolean;
}

export function CredentialInputs(props: InputsProps): JSX.Element {
  const { alliance, typed, onChange, problem, inParts = false } = props;
  const fields: readonly CredentialField[] = credentialFields[alliance];
  return (
    <div class="grid2">
      {fields.map(({ name, label, hint, isNeeded = false, kind }) => {
        const common = {
          label: inLanguage(label, language.value),
          hint: hint && inLanguage(hint, language.value),
          wrong: problem?.errors.find(({ pointer }) => pointer === `/credentials/${name}`)?.message,
          value: typed.get(name) ?? "",
          onInput: (value: string) => onChange(new Map(typed).set(name, value)),
        };
        if (kind === "time") return <TimeField key={name} {...common} />;
        const isAsked = isNeeded && !inParts;
        return kind === "text" ? (
          <TextField key={name} {...common} isNeeded={isAsked} isCode />
        ) : (
          <SecretField key={name} {...common} isNeeded={isAsked} />
        );
      })}
    </div>
  );
}

/** What was filled in of an alliance's fields, as the API takes it. */
export function credentialsOf(alliance: Alliance, typed: Typed): NewConnection["credentials"] {
  const fields: readonly CredentialField[] = credentialFields[alliance];
  const given = fields.flatMap(({ name, kind }) => {
    const text = typed.get(name)?.trim() ?? "";
    const value = kind === "time" ? instantOf(text, beijing) : text;
    return value ? [[name, value] as const] : [];
  });
  // Whether all are there that are needed the API says.
  return recordOf(given) as unknown as NewConnection["credentials"];
}
