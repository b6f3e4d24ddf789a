/** @module Notifiers: add one, test it, see why the last message failed, change it, switch it off, delete it. */
import type { InferResponseType } from "hono/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { ApiProblem, client, json, send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { notifierPath } from "../lib/paths.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { deliveryOf } from "../lib/refusals.ts";
import { useSaved } from "../lib/saved.ts";
import { saves } from "../lib/saves.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty, Failed } from "../ui/basics.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { EventChoice, type EventType, eventTypes } from "../ui/event-choice.tsx";
import { Pending } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { say } from "../ui/toast.tsx";
import { AddNotifier } from "./add-notifier.tsx";
import { notifierTexts } from "./notifiers.text.ts";

type Notifier = InferResponseType<typeof client.api.notifiers.$get, 200>["data"][number];

export function NotifiersPage(): JSX.Element {
  const t = inLanguage(notifierTexts);
  const words = inLanguage(common);
  useTitle(words.nav.notifiers);
  const polled = usePoll<{ data: Notifier[] }>(
    "notifiers",
    (headers) => client.api.notifiers.$get({ query: { limit: "200" } }, { headers }),
    10_000,
  );
  const { data, refresh } = polled;
  useSaved((path) => {
    if (path.startsWith(notifierPath(""))) refresh();
  });
  return (
    <div class="narrow stack">
      <div>
        <h1>{words.nav.notifiers}</h1>
        <p class="soft">{t.intro}</p>
      </div>
      {data ? null : <Pending polled={polled} />}
      {data?.data.map((notifier) => (
        <Card key={notifier.id} notifier={notifier} onChange={refresh} />
      ))}
      {data?.data.length === 0 ? (
        <div class="card">
          <Empty small title={t.none} />
        </div>
      ) : null}
      <AddNotifier onMade={refresh} />
    </div>
  );
}

interface CardProps {
  notifier: Notifier;
  onChange: () => void;
}

function Card({ notifier, onChange }: CardProps): JSX.Element {
  const t = inLanguage(notifierTexts);
  const [isEditing, setEditing] = useState(false);
  const attempt = useAttempt();
  const { id, name, kind, url, disabledAt, needs } = notifier;
  const isOn = disabledAt === null;
  const remove = () =>
    attempt.run(async () => {
      await send(notifierPath(id), { method: "DELETE" });
      say(t.removed);
      onChange();
    });
  const toggle = () =>
    attempt.run(async () => {
      await client.api.notifiers[":id"].$patch({ param: { id }, json: { disabled: isOn } });
      onChange();
    });
  return (
    <section class="card pad stack tight" aria-label={name}>
      <div class="row between">
        <h2>
          {name} <span class="chip">{t.kinds[kind]}</span>
        </h2>
        <span class={isOn ? "badge live" : "badge"}>{isOn ? t.on : t.off}</span>
      </div>
      <p class="mono soft small break">{url}</p>
      <p class="soft small">
        {notifier.events.length === eventTypes.length
          ? t.presets.all
          : notifier.events.map((event) => t.eventNames[event]).join("、")}
        {" · "}
        {notifier.streams === "all" ? t.allStreams : t.someStreams(notifier.streams.length)}
      </p>
      {needs.length > 0 ? (
        <p class="note warn">{t.needs(needs.map((need) => t.needNames[need]).join("、"))}</p>
      ) : null}
      <Health notifier={notifier} />
      <Failed of={attempt} />
      <div class="row tight">
        <Test notifier={notifier} onDone={onChange} />
        <button type="button" class="btn small" onClick={() => setEditing(!isEditing)}>
          {t.edit}
          <span class="sr-only"> {name}</span>
        </button>
        <button type="button" class="btn small" onClick={() => void toggle()}>
          {isOn ? t.disable : t.enable}
          <span class="sr-only"> {name}</span>
        </button>
        <button
          type="button"
          class="btn quiet small danger"
          onClick={() => confirm(t.confirm(name)) && void remove()}
        >
          {t.remove}
          <span class="sr-only"> {name}</span>
        </button>
      </div>
      {isEditing ? <Editor notifier={notifier} /> : null}
    </section>
  );
}

function Health({ notifier }: { notifier: Notifier }): JSX.Element {
  const t = inLanguage(notifierTexts);
  const { lastDelivery, lastError, pending, dropped } = notifier;
  const parts = [
    lastDelivery
      ? `${t.lastSent} ${moment(lastDelivery.at)} ${lastDelivery.delivered ? t.delivered : t.failed}`
      : t.never,
    pending > 0 ? t.waiting(pending) : "",
    dropped > 0 ? t.dropped(dropped) : "",
  ];
  return (
    <>
      <p class="small figures">{parts.filter(Boolean).join(" · ")}</p>
      {lastError ? (
        <p class="small wrong">
          {t.lastError} {moment(lastError.at)} <span class="mono">{lastError.code}</span>{" "}
          {deliveryOf(lastError)}
        </p>
      ) : null}
    </>
  );
}

/** A message is sent now, and what became of it is said where it was asked for. */
function Test({ notifier, onDone }: { notifier: Notifier; onDone: () => void }): JSX.Element {
  const t = inLanguage(notifierTexts);
  const [result, setResult] = useState<{ delivered: boolean; text: string }>();
  const [isBusy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setResult(undefined);
    try {
      const { delivered, error } = await json(
        client.api.notifiers[":id"].test.$post({ param: { id: notifier.id } }),
      );
      const text = error ? t.notArrived(deliveryOf(error)) : t.arrived;
      setResult({ delivered, text });
      onDone();
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setResult({ delivered: false, text: t.notArrived(error.message) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="btn small" disabled={isBusy} onClick={() => void run()}>
        {isBusy ? t.testing : t.test}
        <span class="sr-only"> {notifier.name}</span>
      </button>
      {result ? (
        <span class={result.delivered ? "small" : "small wrong"} role="status">
          {result.text}
        </span>
      ) : null}
    </>
  );
}

/** Each field saved by itself. The URL and the secret are not known here: what is typed replaces them. */
function Editor({ notifier }: { notifier: Notifier }): JSX.Element {
  const t = inLanguage(notifierTexts);
  const path = notifierPath(notifier.id);
  const events = saves.get(path, "events");
  return (
    <div class="stack tight">
      <div class="grid2">
        <EditField
          path={path}
          field="name"
          label={t.name}
          stored={notifier.name}
          read={(text) => ({ value: text.trim() })}
        />
        <EditField
          path={path}
          field="language"
          label={t.language}
          stored={notifier.language}
          options={Object.entries(t.languages)}
        />
        <EditField
          path={path}
          field="url"
          label={t.newUrl}
          hint={t.urlHint}
          stored={null}
          show={typedOnly}
          read={(text) => ({ value: text.trim() })}
        />
        <EditField
          path={path}
          field="secret"
          label={t.secret}
          hint={t.secretHints[notifier.kind]}
          stored={null}
          show={typedOnly}
        />
        {notifier.kind === "webhook" ? null : (
          <EditField
            path={path}
            field="keyword"
            label={t.keyword}
            hint={t.keywordHint}
            stored={notifier.keyword}
          />
        )}
      </div>
      <EventChoice
        chosen={(events?.value as EventType[] | undefined) ?? notifier.events}
        onChange={(chosen) => saves.set(path, "events", chosen)}
      />
      <EditField
        path={path}
        field="streams"
        label={t.onlyThese}
        stored={notifier.streams}
        isLong
        show={(value) => (value === "all" || value === null ? "" : (value as string[]).join("\n"))}
        read={(text) => {
          const ids = text.split(/[\s,，]+/).filter(Boolean);
          return { value: ids.length === 0 ? "all" : ids };
        }}
      />
    </div>
  );
}

/** What no answer repeats is shown while it is on its way alone. */
const typedOnly = (value: unknown): string => (typeof value === "string" ? value : "");
