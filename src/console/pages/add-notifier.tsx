/** @module A new notifier: a group's robot by the URL that its settings show, or a webhook of one's own. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, json } from "../lib/client.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { Failed } from "../ui/basics.tsx";
import { EventChoice, eventTypes } from "../ui/event-choice.tsx";
import { ChoiceField, TextField } from "../ui/fields.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { notifierTexts } from "./notifiers.text.ts";

type Kind = keyof (typeof notifierTexts)["en"]["kinds"];

export function AddNotifier({ onMade }: { onMade: () => void }): JSX.Element {
  const t = inLanguage(notifierTexts);
  const [kind, setKind] = useState<Kind>("dingtalk");
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [secret, setSecret] = useState("");
  const [keyword, setKeyword] = useState("");
  const [speaks, setSpeaks] = useState(language.value);
  const [events, setEvents] = useState(eventTypes);
  const [shown, setShown] = useState<string>();
  const attempt = useAttempt();
  const wrongOf = (pointer: string) =>
    attempt.problem?.errors.find((error) => error.pointer === pointer)?.message;
  const make = () =>
    attempt.run(async () => {
      setShown(undefined);
      const made = await json(
        client.api.notifiers.$post({
          json: {
            kind,
            name: name.trim(),
            url: url.trim(),
            events,
            language: speaks,
            ...(secret.trim() ? { secret: secret.trim() } : {}),
            ...(keyword.trim() && kind !== "webhook" ? { keyword: keyword.trim() } : {}),
          },
        }),
      );
      setShown(made.secret);
      for (const empty of [setName, setUrl, setSecret, setKeyword]) empty("");
      onMade();
    });
  return (
    <form
      class="card pad stack"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <h2>{t.add}</h2>
      <div class="grid2">
        <ChoiceField
          label={t.kind}
          value={kind}
          onInput={(chosen) => setKind(chosen as Kind)}
          options={Object.entries(t.kinds)}
        />
        <TextField
          label={t.name}
          hint={t.nameHint}
          wrong={wrongOf("/name")}
          value={name}
          isNeeded
          onInput={setName}
        />
      </div>
      <TextField
        label={t.url}
        hint={kind === "webhook" ? undefined : t.urlHint}
        wrong={wrongOf("/url")}
        value={url}
        isNeeded
        onInput={setUrl}
      />
      <div class="grid2">
        {kind === "wecom" ? null : (
          <TextField
            label={t.secret}
            hint={t.secretHints[kind]}
            wrong={wrongOf("/secret")}
            value={secret}
            onInput={setSecret}
          />
        )}
        {kind === "webhook" ? null : (
          <TextField
            label={t.keyword}
            hint={t.keywordHint}
            wrong={wrongOf("/keyword")}
            value={keyword}
            onInput={setKeyword}
          />
        )}
        <ChoiceField
          label={t.language}
          value={speaks}
          onInput={(chosen) => setSpeaks(chosen as typeof speaks)}
          options={Object.entries(t.languages)}
        />
      </div>
      <EventChoice chosen={events} onChange={setEvents} />
      <Failed of={attempt} again={() => void make()} />
      <ShownOnce secret={shown} says={t.once} copy={t.copy} />
      <div>
        <button type="submit" class="btn primary" disabled={attempt.isBusy}>
          {t.create}
        </button>
      </div>
    </form>
  );
}
