/** @module What a schema asks for: its fields, those inside them when they are opened. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { boundsOf, choicesOf, followed, type OpenApi, type Schema, typeOf } from "./document.ts";
import type { Words } from "./words.ts";

interface SchemaProps {
  document: OpenApi;
  schema: Schema;
  t: Words;
}

/** Whether there is more to see of it than its type. */
function isDeep(document: OpenApi, given: Schema): boolean {
  const { schema } = followed(document, given);
  if (schema.properties) return true;
  if (schema.items) return isDeep(document, schema.items);
  if (typeof schema.additionalProperties === "object") return true;
  return (choicesOf(schema) ?? schema.allOf ?? []).some((one) => isDeep(document, one));
}

export function SchemaView({ document, schema: given, t }: SchemaProps): JSX.Element | null {
  const { schema } = followed(document, given);
  const inner = (one: Schema, key: string | number) => (
    <SchemaView key={key} document={document} schema={one} t={t} />
  );
  if (schema.properties) {
    return (
      <ul class="fields">
        {Object.entries(schema.properties).map(([name, property]) => (
          <FieldView
            key={name}
            document={document}
            name={name}
            schema={property}
            isRequired={schema.required?.includes(name) ?? false}
            t={t}
          />
        ))}
      </ul>
    );
  }
  if (schema.items) return isDeep(document, schema.items) ? inner(schema.items, 0) : null;
  const parts = choicesOf(schema) ?? schema.allOf;
  if (parts) {
    const deep = parts.filter((one) => isDeep(document, one));
    return (
      <>
        {deep.map((one, index) => (
          <div key={index}>
            {deep.length > 1 ? <p class="type">{typeOf(document, one)}</p> : null}
            {/* A list of what was just shown has the same fields. */}
            {index > 0 && typeOf(document, one) === `${typeOf(document, deep[0] ?? {})}[]`
              ? null
              : inner(one, index)}
          </div>
        ))}
      </>
    );
  }
  if (typeof schema.additionalProperties === "object") {
    return inner(schema.additionalProperties, 0);
  }
  return schema.description ? <p>{schema.description}</p> : null;
}

interface FieldProps extends SchemaProps {
  name: string;
  isRequired: boolean;
}

function FieldView({ document, name, schema: given, isRequired, t }: FieldProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { schema } = followed(document, given);
  const about = given.description ?? schema.description;
  const head = (
    <>
      <code>{name}</code> <span class="type">{typeOf(document, given)}</span>{" "}
      <span class="bounds">{boundsOf(schema).join(" · ")}</span>
      {isRequired ? <em>{t.required}</em> : null}
    </>
  );
  return (
    <li>
      {isDeep(document, given) ? (
        <details class="inner" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{head}</summary>
          {/* What has itself inside has no end. */}
          {isOpen ? <SchemaView document={document} schema={given} t={t} /> : null}
        </details>
      ) : (
        head
      )}
      {about ? <p>{about}</p> : null}
    </li>
  );
}
