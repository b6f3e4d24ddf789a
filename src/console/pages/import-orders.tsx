/** @module An order file: tried first, then imported; refused rows are listed. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { platformNames } from "../../platforms/registry/edge.ts";
import { ApiProblem, type Link } from "../lib/client.ts";
import { whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { texts as common } from "../lib/texts.ts";
import { type ImportAnswer, importOrders } from "../lib/upload.ts";
import { Failure, Field } from "../ui/basics.tsx";
import { FileButton } from "../ui/file-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Table } from "../ui/table.tsx";
import { salesTexts } from "./sales.text.ts";

/** What can be read: the service looks at the bytes. */
const accepted =
  ".csv,.tsv,.txt,.xlsx,.zip,text/csv,text/plain,application/zip,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Step =
  | { at: "choose" }
  | { at: "sending"; file: File; isDry: boolean; share: number }
  | { at: "tried" | "done"; file: File; answer: ImportAnswer };

interface ImportProps {
  /** Links that a file without promoters may be booked on. */
  links?: readonly Link[];
  onImported?: () => void;
}

export function ImportOrders({ links = [], onImported }: ImportProps): JSX.Element {
  const t = inLanguage(salesTexts);
  const [platform, setPlatform] = useState("");
  const [slug, setSlug] = useState("");
  const [step, setStep] = useState<Step>({ at: "choose" });
  const [problem, setProblem] = useState<ApiProblem>();
  const [isOver, setOver] = useState(false);

  const send = async (file: File, isDry: boolean) => {
    setProblem(undefined);
    setStep({ at: "sending", file, isDry, share: 0 });
    try {
      const answer = await importOrders(
        file,
        new URLSearchParams({
          ...(platform ? { platform } : {}),
          ...(slug ? { slug } : {}),
          ...(isDry ? { dryRun: "true" } : {}),
        }),
        (share) => setStep({ at: "sending", file, isDry, share }),
      );
      setStep({ at: isDry ? "tried" : "done", file, answer });
      if (!isDry) onImported?.();
    } catch (error) {
      if (error instanceof ApiProblem) setProblem(error);
      setStep({ at: "choose" });
    }
  };
  const take = (file: File | undefined) => {
    if (file) void send(file, true);
  };
  return (
    <section class="card pad stack" aria-labelledby="import">
      <div>
        <h2 id="import">{t.upload}</h2>
        <p class="soft small reading">{t.uploadHint}</p>
      </div>
      {step.at === "choose" ? (
        <>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the button */}
          <div
            class={`drop${isOver ? " over" : ""}`}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              take(event.dataTransfer?.files[0]);
            }}
          >
            <Icon name="upload" />
            <span>
              {t.drop}{" "}
              <FileButton
                attributes={{ "aria-label": t.choose }}
                label={t.choose}
                accept={accepted}
                look="link"
                onChoose={take}
              />
            </span>
          </div>
          <div class="row picks">
            <Field label={t.platform}>
              {(attributes) => (
                <select
                  {...attributes}
                  class="input compact"
                  value={platform}
                  onChange={(event) => setPlatform(event.currentTarget.value)}
                >
                  <option value="">{t.detect}</option>
                  {platformNames.map((name) => (
                    <option key={name} value={name}>
                      {nameOf("destination", name)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {links.length > 0 ? (
              <Field label={t.bookOn}>
                {(attributes) => (
                  <select
                    {...attributes}
                    class="input compact"
                    value={slug}
                    onChange={(event) => setSlug(event.currentTarget.value)}
                  >
                    <option value="">{t.byPromoter}</option>
                    {links.map((link) => (
                      <option key={link.slug} value={link.slug}>
                        /{link.slug}
                        {link.creator ? ` · ${link.creator.name ?? link.creator.id}` : ""}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            ) : null}
          </div>
        </>
      ) : null}
      {step.at === "sending" ? (
        <div class="stack tight" role="status">
          <span class="row between">
            <span>{step.share < 1 ? t.sending : step.isDry ? t.checking : t.importing}…</span>
            <span class="soft figures">
              {step.file.name} · {Math.round(step.share * 100)}%
            </span>
          </span>
          <progress
            aria-label={t.sending}
            {...(step.share < 1 ? { value: step.share } : {})}
            max={1}
          />
        </div>
      ) : null}
      {step.at === "tried" || step.at === "done" ? (
        <Outcome
          step={step.at}
          file={step.file}
          answer={step.answer}
          onImport={() => void send(step.file, false)}
          onOther={() => setStep({ at: "choose" })}
        />
      ) : null}
      {problem ? <Failure problem={problem} /> : null}
    </section>
  );
}

interface OutcomeProps {
  step: "tried" | "done";
  file: File;
  answer: ImportAnswer;
  onImport: () => void;
  onOther: () => void;
}

function Outcome({ step, file, answer, onImport, onOther }: OutcomeProps): JSX.Element {
  const t = inLanguage(salesTexts);
  const { accepted, updated, duplicates, rejected, unattributed } = answer;
  const refused = answer.rejectedCount ?? rejected.length;
  const uncounted = answer.uncounted ?? [];
  const usable = accepted + updated;
  const figures: [string, number | undefined, boolean][] = [
    [t.accepted, accepted, false],
    [t.updated, updated, false],
    [t.duplicates, duplicates, false],
    [t.unattributed, unattributed, (unattributed ?? 0) > 0],
    [t.rejected, refused, refused > 0],
    [t.uncounted, answer.uncountedCount, (answer.uncountedCount ?? 0) > 0],
  ];
  return (
    <div class="stack" role="status">
      <div class="row between">
        <h3>{step === "tried" ? t.dryTitle : t.doneTitle}</h3>
        <span class="soft small">
          {[file.name, answer.entry, answer.sheet, answer.title, answer.encoding?.toUpperCase()]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </div>
      <dl class="outcome">
        {figures.map(([name, value, isWrong]) =>
          value === undefined ? null : (
            <div key={name} class={isWrong ? "bad" : undefined}>
              <dt>{name}</dt>
              <dd class="figures">{whole(value)}</dd>
            </div>
          ),
        )}
      </dl>
      {answer.lines ? <p class="soft small figures">{t.lines(answer.lines)}</p> : null}
      {answer.otherSheets && answer.otherSheets.length > 0 ? (
        <p class="soft small">{t.otherSheets(answer.otherSheets.join(", "))}</p>
      ) : null}
      {refused > 0 ? (
        <Notes title={t.rejectedList(refused)} hint={t.rejectedHint} rows={rejected} />
      ) : null}
      {uncounted.length > 0 ? (
        <Notes
          title={t.uncountedList(answer.uncountedCount ?? uncounted.length)}
          hint={t.uncountedHint}
          rows={uncounted.map(({ status, ...row }) => ({ ...row, word: status }))}
        />
      ) : null}
      <div class="row">
        {step === "tried" ? (
          <button type="button" class="btn primary" disabled={usable === 0} onClick={onImport}>
            {usable === 0 ? t.nothing : t.import(usable)}
          </button>
        ) : null}
        <button type="button" class="btn" onClick={onOther}>
          {t.other}
        </button>
      </div>
    </div>
  );
}

interface NotesProps {
  title: string;
  hint: string;
  /** `word`: what the file said, where that tells more than the reason. */
  rows: readonly { line: number; code: string; detail: string; word?: string }[];
}

/** Rows of the file that something is to be said of, by their lines. */
function Notes({ title, hint, rows }: NotesProps): JSX.Element {
  const t = inLanguage(salesTexts);
  return (
    <div class="stack tight">
      <h3>{title}</h3>
      <p class="soft small">{hint}</p>
      <div class="card">
        <Table
          label={title}
          rows={rows}
          keyOf={({ line, detail }) => `${line} ${detail}`}
          atMost={20}
          more={inLanguage(common).showAll}
          columns={[
            {
              id: "line",
              head: t.line,
              numeric: true,
              cell: ({ line }) => line,
              by: ({ line }) => line,
            },
            {
              id: "reason",
              head: t.reason,
              cell: ({ code, detail, word }) => (
                <span class="wrong" title={detail}>
                  {[word, refusalOf({ code, detail })].filter(Boolean).join(" · ")}
                </span>
              ),
            },
          ]}
        />
      </div>
    </div>
  );
}
