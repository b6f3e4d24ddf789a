/** @module A new connection: the alliance, what its account is entered with, and since when its orders are pulled. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, json } from "../lib/client.ts";
import { type Alliance, allianceName, allianceNames } from "../lib/connections.ts";
import { inLanguage } from "../lib/prefs.ts";
import { dayBegins } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { ChoiceField, DayField, TextField } from "../ui/fields.tsx";
import { say } from "../ui/toast.tsx";
import { needsFixedAddress } from "./connections.fields.ts";
import { connectionTexts } from "./connections.text.ts";
import { CredentialInputs, credentialsOf, type Typed } from "./credential-inputs.tsx";

export function AddConnection({ onMade }: { onMade: () => void }): JSX.Element {
  const t = inLanguage(connectionTexts);
  const [alliance, setAlliance] = useState<Alliance>("taobao-union");
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<Typed>(new Map());
  const [apiBase, setApiBase] = useState("");
  const [since, setSince] = useState("");
  const attempt = useAttempt();
  const { problem, isBusy } = attempt;
  const wrongOf = (pointer: string) =>
    problem?.errors.find((error) => error.pointer === pointer)?.message;
  const isFixed = needsFixedAddress.includes(alliance);
  const make = () =>
    attempt.run(async () => {
      const from = dayBegins(since);
      await json(
        client.api.connections.$post({
          json: {
            alliance,
            name: name.trim(),
            credentials: credentialsOf(alliance, typed),
            ...(apiBase.trim() ? { apiBase: apiBase.trim() } : {}),
            ...(from ? { since: from } : {}),
          },
        }),
      );
      say(t.made);
      for (const empty of [setName, setApiBase, setSince]) empty("");
      setTyped(new Map());
      onMade();
    });
  return (
    <form
      class="card pad stack"
      aria-label={t.add}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <h2>{t.add}</h2>
      <div class="grid2">
        <ChoiceField
          label={t.alliance}
          value={alliance}
          onInput={(chosen) => setAlliance(chosen as Alliance)}
          options={allianceNames.map((one) => [one, allianceName(one)] as const)}
        />
        <TextField
          label={t.name}
          hint={t.nameHint}
          wrong={wrongOf("/name")}
          value={name}
          isNeeded
          atMost={100}
          onInput={setName}
        />
      </div>
      <CredentialInputs alliance={alliance} typed={typed} onChange={setTyped} problem={problem} />
      <p class="soft small">{t.secretHint}</p>
      <div class="grid2">
        <DayField
          label={t.since}
          hint={t.sinceHint}
          wrong={wrongOf("/since")}
          value={since}
          onInput={setSince}
        />
      </div>
      {isFixed ? <p class="note warn">{t.fixedAddress}</p> : null}
      <details open={isFixed || apiBase !== ""}>
        <summary>{t.advanced}</summary>
        <TextField
          label={t.apiBase}
          hint={t.apiBaseHint}
          wrong={wrongOf("/apiBase")}
          value={apiBase}
          isCode
          onInput={setApiBase}
        />
      </details>
      <Failed of={attempt} again={() => void make()} />
      <div>
        <button type="submit" class="btn primary" disabled={isBusy}>
          {isBusy ? t.creating : t.create}
        </button>
      </div>
    </form>
  );
}
