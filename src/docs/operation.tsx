/** @module One operation: what it takes and answers, and a way to try it. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { boundsOf, type Call, type OpenApi, parameterOf, scopesOf, typeOf } from "./document.ts";
import { SchemaView } from "./schema.tsx";
import { Try } from "./try.tsx";
import type { Words } from "./words.ts";

interface OperationProps {
  document: OpenApi;
  call: Call;
  apiKey: string;
  /** The address names it: it is open, and in sight. */
  isLinked: boolean;
  t: Words;
}

export function OperationView({
  document,
  call,
  apiKey,
  isLinked,
  t,
}: OperationProps): JSX.Element {
  const [isOpen, setOpen] = useState(isLinked);
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!isLinked) return;
    setOpen(true);
    box.current?.scrollIntoView();
  }, [isLinked]);
  const { id, method, path, summary } = call;
  return (
    <details
      ref={box}
      id={id}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>{" "}
        <span class="summary">{summary}</span>
      </summary>
      {isOpen ? <Body document={document} call={call} apiKey={apiKey} t={t} /> : null}
    </details>
  );
}

function Body({ document, call, apiKey, t }: Omit<OperationProps, "isLinked">): JSX.Element {
  const { id, description, requestBody, responses } = call;
  const parameters = (call.parameters ?? []).map((one) => parameterOf(document, one));
  const scopes = scopesOf(call);
  return (
    <div class="operation">
      <p>
        <a href={`#${id}`}>#{id}</a>{" "}
        <span class="scope">
          {scopes === null
            ? t.anyone
            : scopes.length === 0
              ? t.anyKey
              : `${t.scope}: ${scopes.join(", ")}`}
        </span>
      </p>
      {description ? <p>{description}</p> : null}
      {parameters.length > 0 ? (
        <>
          <h3>{t.parameters}</h3>
          <ul class="fields">
            {parameters.map(({ name, in: where, required, schema = {}, description: about }) => (
              <li key={`${where} ${name}`}>
                <code>{name}</code> <span class="type">{typeOf(document, schema)}</span>{" "}
                <span class="bounds">{[where, ...boundsOf(schema)].join(" · ")}</span>
                {required ? <em>{t.required}</em> : null}
                {(about ?? schema.description) ? <p>{about ?? schema.description}</p> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {requestBody ? (
        <>
          <h3>{t.body}</h3>
          {Object.entries(requestBody.content).map(([type, { schema = {} }]) => (
            <div key={type}>
              <p class="type">{type}</p>
              <SchemaView document={document} schema={schema} t={t} />
            </div>
          ))}
        </>
      ) : null}
      <h3>{t.responses}</h3>
      <ul class="fields">
        {Object.entries(responses).map(([status, { description: about, content = {} }]) => (
          <li key={status}>
            <code>{status}</code> {about}
            {Object.entries(content).map(([type, { schema = {} }]) => (
              <details key={type} class="inner">
                <summary>
                  {type} <span class="type">{typeOf(document, schema)}</span>
                </summary>
                <SchemaView document={document} schema={schema} t={t} />
              </details>
            ))}
          </li>
        ))}
      </ul>
      <Try document={document} call={call} parameters={parameters} apiKey={apiKey} t={t} />
    </div>
  );
}
