/** @module One connection: how it stands, in words, and what can be done about it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { ApiProblem, client, json, send } from "../lib/client.ts";
import { adviceOf } from "../lib/connection-advice.ts";
import { allianceName, type Connection, faultOf, isPulling } from "../lib/connections.ts";
import { moment, whole } from "../lib/format.ts";
import { connectionPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failed } from "../ui/basics.tsx";
import { Copy } from "../ui/copy.tsx";
import { say } from "../ui/toast.tsx";
import { EditConnection, PullDays } from "./connection-editor.tsx";
import { connectionTexts } from "./connections.text.ts";

interface CardProps {
  connection: Connection;
  /** UTC ms. */
  now: number;
  onChange: () => void;
}

type State = keyof (typeof connectionTexts)["en"]["states"];

const stateOf = ({ enabled, isStopped, error }: Connection): State =>
  !enabled ? "paused" : isStopped ? "stopped" : error ? "failing" : "on";
const badges: Record<State, string> = { on: "live", paused: "", stopped: "warn", failing: "warn" };

export function ConnectionCard({ connection, now, onChange }: CardProps): JSX.Element {
  const t = inLanguage(connectionTexts);
  const [isEditing, setEditing] = useState(false);
  const attempt = useAttempt();
  const { id, name, alliance, enabled, credentials } = connection;
  const param = { id };
  const state = stateOf(connection);
  const act = (run: () => Promise<unknown>, says?: string) =>
    void attempt.run(async () => {
      await run();
      if (says) say(says);
      onChange();
    });
  const toggle = () => client.api.connections[":id"].$patch({ param, json: { enabled: !enabled } });
  const pull = () => client.api.connections[":id"].pull.$post({ param, json: {} });
  return (
    <section class="card pad stack tight" aria-label={name}>
      <div class="row between">
        <h2>
          {name} <span class="chip">{allianceName(alliance)}</span>
        </h2>
        <span class={`badge ${badges[state]}`}>{t.states[state]}</span>
      </div>
      <Standing connection={connection} now={now} />
      {alliance === "wechat-shop" ? <PushUrl id={id} /> : null}
      <Failed of={attempt} />
      <div class="row tight">
        <Test connection={connection} />
        <button
          type="button"
          class="btn small"
          disabled={!enabled || attempt.isBusy}
          onClick={() => act(pull, t.asked)}
        >
          {t.pull}
          <span class="sr-only"> {name}</span>
        </button>
        <button
          type="button"
          class="btn small"
          aria-expanded={isEditing}
          onClick={() => setEditing(!isEditing)}
        >
          {t.edit}
          <span class="sr-only"> {name}</span>
        </button>
        <button type="button" class="btn small" onClick={() => act(toggle)}>
          {enabled ? t.pause : t.enable}
          <span class="sr-only"> {name}</span>
        </button>
        <button
          type="button"
          class="btn quiet small danger"
          onClick={() =>
            confirm(t.confirm(name)) &&
            act(() => send(connectionPath(id), { method: "DELETE" }), t.removed)
          }
        >
          {t.remove}
          <span class="sr-only"> {name}</span>
        </button>
        <span class="mono soft small">{credentials.appKey}</span>
      </div>
      {isEditing ? (
        <>
          <PullDays connection={connection} onAsked={onChange} />
          <EditConnection connection={connection} onChange={onChange} />
        </>
      ) : null}
    </section>
  );
}

const weekMs = 7 * 86_400_000;

/** How far its orders are, what the last pull brought, and what is wrong. */
function Standing({ connection, now }: Omit<CardProps, "onChange">): JSX.Element {
  const t = inLanguage(connectionTexts);
  const { through, since, nextPullAt, error, returnsError, isStopped, enabled, authorizeBy } =
    connection;
  const advice = error ? adviceOf(error, isStopped) : null;
  const isUnderWay = isPulling(connection, now);
  const mustAct = authorizeBy !== null && Date.parse(authorizeBy) - now < weekMs;
  const next = nextPullAt !== null && !isUnderWay && enabled ? t.next(moment(nextPullAt)) : "";
  const parts = [
    through === null ? t.notYet : t.asOf(moment(through)),
    t.pulledSince(moment(since)),
    // Of a round that failed at once there is nothing to tell.
    error && connection.lastPull?.rows === 0 ? "" : lastPullOf(connection),
    error ? "" : next,
  ];
  return (
    <>
      <p class="small figures">{parts.filter(Boolean).join(" · ")}</p>
      {isUnderWay ? (
        <p class="small" role="status">
          {t.pulling}
        </p>
      ) : null}
      {error ? (
        <div class={isStopped ? "note bad" : "note warn"}>
          <div>
            {moment(error.at)} {faultOf(error)} <span class="mono small">{error.code}</span>
            {advice ? <p>{advice}</p> : null}
            {!isStopped && enabled && nextPullAt !== null ? (
              <p>{t.retries(moment(nextPullAt))}</p>
            ) : null}
          </div>
        </div>
      ) : null}
      {returnsError ? (
        <p class="small soft">
          {t.returnsRefused(faultOf(returnsError))} <span class="mono">{returnsError.code}</span>
        </p>
      ) : null}
      {mustAct ? <p class="note warn">{t.authorizeBy(moment(authorizeBy))}</p> : null}
    </>
  );
}

/** The numbers of the last pull, in words; those that are none are left out. */
function lastPullOf({ lastPull }: Connection): string {
  const t = inLanguage(connectionTexts);
  if (!lastPull) return "";
  const { at, rows } = lastPull;
  const kinds = ["accepted", "updated", "duplicates", "refused"] as const;
  const numbers = kinds.flatMap((kind) =>
    lastPull[kind] > 0 ? [t[kind](whole(lastPull[kind]))] : [],
  );
  const brought = rows === 0 ? [t.noRows] : [t.rows(whole(rows)), ...numbers];
  return [t.lastPull(moment(at)), ...brought].join(" · ");
}

/** One call is made now, and what the gateway said is said where it was asked for. */
function Test({ connection }: { connection: Connection }): JSX.Element {
  const t = inLanguage(connectionTexts);
  const [result, setResult] = useState<{ ok: boolean; text: string }>();
  const [isBusy, setBusy] = useState(false);
  const { id, name } = connection;
  const run = async () => {
    setBusy(true);
    setResult(undefined);
    try {
      const {
        ok,
        code = "",
        detail = "",
      } = await json(client.api.connections[":id"].test.$post({ param: { id } }));
      const said = { code, detail };
      const why = [faultOf(said), adviceOf(said, false)].filter(Boolean).join(" ");
      setResult({ ok, text: ok ? t.works : t.worksNot(`${why} (${code})`) });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setResult({ ok: false, text: t.worksNot(error.message) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="btn small" disabled={isBusy} onClick={() => void run()}>
        {isBusy ? t.testing : t.test}
        <span class="sr-only"> {name}</span>
      </button>
      {result ? (
        <span class={result.ok ? "small" : "small wrong"} role="status">
          {result.text}
        </span>
      ) : null}
    </>
  );
}

/** Where WeChat is to push its events. */
function PushUrl({ id }: { id: string }): JSX.Element {
  const t = inLanguage(connectionTexts);
  const url = `${location.origin}/connections/${id}/push`;
  return (
    <div class="stack tight">
      <p class="row tight">
        <span class="small">{t.pushUrl}</span>
        <span class="mono small break">{url}</span>
        <Copy text={url} label={t.copy} bare />
      </p>
      <p class="soft small">{t.pushHint}</p>
    </div>
  );
}
