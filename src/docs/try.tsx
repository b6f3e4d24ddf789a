/** @module Trying an operation: its parameters, its body, what was answered, and the same as a command. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  addressOf,
  type Call,
  curlOf,
  exampleOf,
  type OpenApi,
  type Parameter,
} from "./document.ts";
import type { Words } from "./words.ts";

interface Answer {
  status: string;
  ms: number;
  headers: string;
  text: string;
}

interface TryProps {
  document: OpenApi;
  call: Call;
  parameters: readonly Parameter[];
  apiKey: string;
  t: Words;
}

/** As much as is shown of an answer, in characters. */
const shownAtMost = 100_000;

/** JSON in lines, other texts as they are. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function Try({ document, call, parameters, apiKey, t }: TryProps): JSX.Element {
  const { id, method, path, requestBody } = call;
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const isJson = type?.includes("json") ?? false;
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const [body, setBody] = useState(() =>
    isJson ? JSON.stringify(exampleOf(document, content?.schema ?? {}), null, 2) : "",
  );
  const [file, setFile] = useState<File>();
  const [answer, setAnswer] = useState<Answer>();
  const [wrong, setWrong] = useState("");
  const [isSending, setSending] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const address = addressOf(path, parameters, values);
  const headers = [
    ...(requestBody && type ? [["Content-Type", file?.type || type] as const] : []),
    ...parameters.flatMap(({ name, in: where }) => {
      const value = values.get(name) ?? "";
      return where === "header" && value !== "" ? [[name, value] as const] : [];
    }),
  ];
  const command = curlOf(
    `${location.origin}${address}`,
    method,
    headers,
    isJson ? body : undefined,
  );
  const send = async (event: Event) => {
    event.preventDefault();
    setWrong("");
    setAnswer(undefined);
    if (isJson) {
      try {
        JSON.parse(body);
      } catch (error) {
        setWrong(`${t.notJson} ${String(error)}`);
        return;
      }
    }
    setSending(true);
    const began = performance.now();
    try {
      const response = await fetch(address, {
        method: method.toUpperCase(),
        headers: [
          ...headers,
          ...(apiKey ? [["Authorization", `Bearer ${apiKey}`] as const] : []),
        ].map(([name, value]): [string, string] => [name, value]),
        ...(requestBody ? { body: isJson || !file ? body : file } : {}),
      });
      const text = (await response.text()).slice(0, shownAtMost);
      setAnswer({
        status: `${response.status} ${response.statusText}`.trim(),
        ms: Math.round(performance.now() - began),
        headers: [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n"),
        text: readable(text),
      });
    } catch {
      setWrong(t.failed);
    }
    setSending(false);
  };
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <form class="try" onSubmit={(event) => void send(event)} aria-label={`${t.try} ${id}`}>
      <h3>
        {t.try} {method === "get" ? null : <small>{t.careful}</small>}
      </h3>
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          id={`${id}-${parameter.name}`}
          parameter={parameter}
          value={values.get(parameter.name) ?? ""}
          onInput={(value) => setValues(new Map(values).set(parameter.name, value))}
        />
      ))}
      {requestBody ? (
        isJson ? (
          <label>
            {t.body}
            <textarea
              rows={Math.min(body.split("\n").length + 1, 20)}
              value={body}
              spellcheck={false}
              onInput={(event) => setBody(event.currentTarget.value)}
            />
          </label>
        ) : (
          <label>
            {t.file} ({type})
            <input type="file" onChange={(event) => setFile(event.currentTarget.files?.[0])} />
          </label>
        )
      ) : null}
      <div class="row">
        <button type="submit" class="primary" disabled={isSending}>
          {isSending ? t.sending : t.send}
        </button>
        <button type="button" onClick={() => void copy()}>
          {isCopied ? t.copied : `${t.copy} curl`}
        </button>
      </div>
      <details class="inner">
        <summary>{t.curl}</summary>
        <pre>{command}</pre>
      </details>
      <div role="status">
        {wrong ? <p class="wrong">{wrong}</p> : null}
        {answer ? (
          <>
            <h3>
              {t.answer} <code>{answer.status}</code> <small>{t.took(answer.ms)}</small>
            </h3>
            <details class="inner">
              <summary>headers</summary>
              <pre>{answer.headers}</pre>
            </details>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
            <pre tabIndex={0} class="answer">
              {answer.text}
            </pre>
          </>
        ) : null}
      </div>
    </form>
  );
}

interface ParameterProps {
  id: string;
  parameter: Parameter;
  value: string;
  onInput: (value: string) => void;
}

function ParameterField({ id, parameter, value, onInput }: ParameterProps): JSX.Element {
  const { name, required = false, schema } = parameter;
  return (
    <div class="parameter">
      <label for={id}>
        <code>{name}</code>
      </label>
      {schema?.enum ? (
        <select
          id={id}
          required={required}
          value={value}
          onChange={(event) => onInput(event.currentTarget.value)}
        >
          <option value="" />
          {schema.enum.map((one) => (
            <option key={String(one)} value={String(one)}>
              {String(one)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          required={required}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
