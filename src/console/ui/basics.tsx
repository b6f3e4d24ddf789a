/** @module Small parts of every page: fields, segments, badges, what is shown while there is nothing. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { Attempt } from "../lib/attempt.ts";
import type { ApiProblem } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { texts } from "../lib/texts.ts";
import { Gate } from "./icons.tsx";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
  children: (attributes: FieldAttributes) => ComponentChildren;
}

/** What ties a control to its name, its hint and what is wrong with it. */
export interface FieldAttributes {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: "true";
}

/** A control with its name, its hint and what is wrong with it, tied together for readers. */
export function Field({ label, hint, wrong, children }: FieldProps): JSX.Element {
  const id = useId();
  const says = wrong ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(says ? { "aria-describedby": `${id}-says` } : {}),
        ...(wrong ? { "aria-invalid": "true" as const } : {}),
      })}
      {says ? (
        <span id={`${id}-says`} class={wrong ? "wrong" : "hint"}>
          {says}
        </span>
      ) : null}
    </div>
  );
}

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

export function Segmented<T extends string>(props: SegmentedProps<T>): JSX.Element {
  const { label, value, options, onChange } = props;
  return (
    <fieldset class="segmented plain" aria-label={label}>
      {options.map(([option, name]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

export function Phase({ phase }: { phase: "upcoming" | "live" | "ended" }): JSX.Element {
  return <span class={`badge ${phase}`}>{inLanguage(texts).phases[phase]}</span>;
}

interface EmptyProps {
  title: string;
  children?: ComponentChildren;
  small?: boolean;
  /** It is all that the page has: its title is the page's. */
  isPage?: boolean;
}

export function Empty({ title, children, small, isPage }: EmptyProps): JSX.Element {
  return (
    <div class={`empty${small ? " small" : ""}`}>
      {small ? null : <Gate />}
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

interface FailureProps {
  problem: ApiProblem;
  /** Of what is asked for again by itself. */
  retry?: () => void;
  /** Of what somebody did: where nothing answered it was not done, and is done by this. */
  again?: () => void;
}

/** What a refusal or a failure says, and a way to try again. */
export function Failure({ problem, retry, again }: FailureProps): JSX.Element {
  const t = inLanguage(texts);
  const act = problem.status === 0 ? (retry ?? again) : retry;
  return (
    <div class="note bad" role="alert">
      <div>
        {problem.status === 0
          ? t[retry ? "offline" : "notDone"]
          : refusalOf({ code: problem.code, detail: problem.message })}
        {problem.errors.length > 1 || problem.code === "invalid_request" ? (
          <ul class="small">
            {problem.errors.slice(0, 12).map(({ pointer, message }) => (
              <li key={pointer}>
                <span class="mono">{pointer || "/"}</span> {message}
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      {act ? (
        <button type="button" class="btn small" onClick={act}>
          {t.retry}
        </button>
      ) : null}
    </div>
  );
}

interface FailedProps {
  of: Attempt;
  /** Of what is made of fields: as they are now, not as they were. */
  again?: () => void;
}

/** Why what somebody asked for was not done, where it was not. */
export function Failed({ of: { problem, again: asBefore }, again }: FailedProps) {
  return problem ? <Failure problem={problem} again={again ?? asBefore} /> : null;
}

/** Grey lines in the place of what is being read. */
export function Waiting({ lines = 4 }: { lines?: number }): JSX.Element {
  return (
    <div class="stack tight waiting" role="status" aria-label={inLanguage(texts).loading}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} class="skeleton line" />
      ))}
    </div>
  );
}
