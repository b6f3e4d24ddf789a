/** @module Promoters pasted as a table become short links; what is wrong is said by row. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ApiProblem, client, json, type Link } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import {
  type PromoterRow,
  readPromoters,
  rowsAtMost,
  unknownChannels,
  withAnswers,
  withRefusals,
} from "../lib/promoters.ts";
import { Failure, Field } from "../ui/basics.tsx";
import { ChannelQuestions, useChannelAnswers } from "../ui/channel-questions.tsx";
import { PastedRows } from "../ui/pasted-rows.tsx";
import { say } from "../ui/toast.tsx";
import { newTexts } from "./new.text.ts";

type LinkInputs = Parameters<(typeof client.api.streams)[":id"]["links"]["$post"]>[0]["json"];

interface AddProps {
  streamId: string;
  /** The first links of a stream: one for nobody in particular is offered too. */
  isFirst: boolean;
  onMade: (links: Link[]) => void;
}

export function AddLinks({ streamId, isFirst, onMade }: AddProps): JSX.Element {
  const t = inLanguage(newTexts);
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<readonly PromoterRow[]>();
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const read = useMemo(() => readPromoters(text), [text]);
  const [answers, answer] = useChannelAnswers();
  const rows = withAnswers(refused ?? read.rows, answers);
  const wrong = rows.filter(({ errors }) => errors.length > 0);
  const unknown = unknownChannels(refused ?? read.rows);
  const isAsking = unknownChannels(rows).size > 0;

  const make = async (inputs: readonly object[]) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const { data } = await json(
        client.api.streams[":id"].links.$post({
          param: { id: streamId },
          // The API checks what a table says as it checks any link.
          json: inputs as LinkInputs,
        }),
      );
      setText("");
      say(t.made(data.length));
      onMade(data);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const named = withRefusals(rows, error.errors, error.code);
      if (named.some(({ errors }) => errors.length > 0)) setRefused(named);
      else setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card pad stack" aria-labelledby="promoters-head">
      <h2 id="promoters-head">{t.promoters}</h2>
      <Field label={t.promotersHint}>
        {(attributes) => (
          <textarea
            {...attributes}
            class="input mono"
            rows={5}
            placeholder={t.promotersPlaceholder}
            value={text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              setRefused(undefined);
            }}
          />
        )}
      </Field>
      <ChannelQuestions channels={unknown} answers={answers} onAnswer={answer} />
      <PastedRows label={t.promoters} rows={rows} unknown={read.unknown} />
      {problem ? <Failure problem={problem} /> : null}
      <div class="row">
        <button
          type="button"
          class="btn primary"
          disabled={
            isBusy || rows.length === 0 || wrong.length > 0 || isAsking || rows.length > rowsAtMost
          }
          onClick={() => void make(rows.map(({ link }) => link))}
        >
          {t.makeLinks(rows.length)}
        </button>
        {wrong.length > 0 ? (
          <span class="wrong" role="status">
            {t.wrongRows(wrong.length)}
          </span>
        ) : null}
        {rows.length > rowsAtMost ? <span class="wrong">{t.tooMany}</span> : null}
        {isFirst && rows.length === 0 ? (
          <button type="button" class="btn quiet" disabled={isBusy} onClick={() => void make([{}])}>
            {t.oneLink}
          </button>
        ) : null}
      </div>
    </section>
  );
}
