/** @module What of a connection can be changed: its name and gateway, each by itself; its credentials in parts; days pulled again. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, json } from "../lib/client.ts";
import type { Connection } from "../lib/connections.ts";
import { connectionPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { dayBegins, dayEnds } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { DayField } from "../ui/fields.tsx";
import { say } from "../ui/toast.tsx";
import { needsFixedAddress } from "./connections.fields.ts";
import { connectionTexts } from "./connections.text.ts";
import { CredentialInputs, credentialsOf, type Typed } from "./credential-inputs.tsx";

interface EditProps {
  connection: Connection;
  onChange: () => void;
}

export function EditConnection({ connection, onChange }: EditProps): JSX.Element {
  const t = inLanguage(connectionTexts);
  const { id, name, apiBase, alliance } = connection;
  const path = connectionPath(id);
  return (
    <div class="stack tight">
      <div class="grid2">
        <EditField
          path={path}
          field="name"
          label={t.name}
          stored={name}
          read={(text) => ({ value: text.trim() })}
        />
        <EditField
          path={path}
          field="apiBase"
          label={t.apiBase}
          hint={needsFixedAddress.includes(alliance) ? t.fixedAddress : t.apiBaseHint}
          stored={apiBase}
        />
      </div>
      <Credentials connection={connection} onChange={onChange} />
    </div>
  );
}

/** They are checked together, so they are sent together: a new key with the old secret would be refused. */
function Credentials({ connection, onChange }: EditProps): JSX.Element {
  const t = inLanguage(connectionTexts);
  const { id, alliance, error } = connection;
  const hasNone = error?.code === "credentials_missing";
  const [typed, setTyped] = useState<Typed>(new Map());
  const attempt = useAttempt();
  const credentials = credentialsOf(alliance, typed);
  const put = () =>
    attempt.run(async () => {
      await json(client.api.connections[":id"].$patch({ param: { id }, json: { credentials } }));
      say(t.replaced);
      setTyped(new Map());
      onChange();
    });
  return (
    <form
      class="stack tight"
      aria-label={t.newCredentials}
      onSubmit={(event) => {
        event.preventDefault();
        void put();
      }}
    >
      <h3>{t.newCredentials}</h3>
      <p class="soft small">{hasNone ? t.inWhole : t.inParts}</p>
      <CredentialInputs
        alliance={alliance}
        typed={typed}
        onChange={setTyped}
        problem={attempt.problem}
        inParts={!hasNone}
      />
      <Failed of={attempt} again={() => void put()} />
      <div>
        <button
          type="submit"
          class="btn small"
          disabled={attempt.isBusy || Object.keys(credentials).length === 0}
        >
          {t.put}
        </button>
      </div>
    </form>
  );
}

interface PullProps {
  connection: Connection;
  onAsked: () => void;
}

/** All that changed on some days, anew. */
export function PullDays({ connection, onAsked }: PullProps): JSX.Element {
  const t = inLanguage(connectionTexts);
  const { id, enabled } = connection;
  const [first, setFirst] = useState("");
  const [last, setLast] = useState("");
  const attempt = useAttempt();
  const wrongOf = (pointer: string) =>
    attempt.problem?.errors.find((error) => error.pointer === pointer)?.message;
  const pull = () =>
    attempt.run(async () => {
      const [from, to] = [dayBegins(first), dayEnds(last)];
      await json(
        client.api.connections[":id"].pull.$post({
          param: { id },
          json: { ...(from ? { from } : {}), ...(to ? { to } : {}) },
        }),
      );
      say(t.asked);
      onAsked();
    });
  return (
    <form
      class="stack tight"
      aria-label={t.range}
      onSubmit={(event) => {
        event.preventDefault();
        void pull();
      }}
    >
      <h3>{t.range}</h3>
      <div class="grid2">
        <DayField
          label={t.from}
          wrong={wrongOf("/from")}
          value={first}
          onInput={setFirst}
          isNeeded
        />
        <DayField
          label={t.to}
          hint={t.rangeHint}
          wrong={wrongOf("/to")}
          value={last}
          onInput={setLast}
          isNeeded
        />
      </div>
      <Failed of={attempt} again={() => void pull()} />
      <div>
        <button type="submit" class="btn small" disabled={!enabled || attempt.isBusy}>
          {t.pullRange}
        </button>
      </div>
    </form>
  );
}
