/** @module Promoters: what is set of each, once for all their links; found, edited field by field, added, erased. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { ApiProblem, type Creator, client, send } from "../lib/client.ts";
import { nameOf, promoterName } from "../lib/names.ts";
import { usePages } from "../lib/pages.ts";
import { creatorPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { useSaved } from "../lib/saved.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Failed } from "../ui/basics.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { IdFields } from "../ui/id-fields.tsx";
import { PolledTable } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { say } from "../ui/toast.tsx";
import { creatorTexts } from "./creators.text.ts";
import { tierChoices } from "./link-editor.tsx";
import { linkTexts } from "./links.text.ts";

export function CreatorsPage(): JSX.Element {
  const t = inLanguage(creatorTexts);
  const words = inLanguage(common);
  useTitle(words.nav.promoters);
  const [{ q }, setQuery] = useQuery(["q"]);
  const [edited, setEdited] = useState<Creator>();
  const wanted = q.trim();
  const { polled, more } = usePages<Creator>(
    `creators ${wanted}`,
    (cursor, headers) => {
      const query = { limit: "100", ...(wanted ? { q: wanted } : {}) };
      const page = cursor === null ? query : { ...query, cursor };
      return client.api.creators.$get({ query: page }, { headers });
    },
    30_000,
  );
  useSaved((path) => {
    if (path.startsWith(creatorPath(""))) polled.refresh();
  });
  return (
    <div class="stack">
      <div>
        <h1>{words.nav.promoters}</h1>
        <p class="soft">{t.intro}</p>
      </div>
      <div class="row filters">
        <input
          class="input compact"
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          value={q}
          onChange={(event) => setQuery({ q: event.currentTarget.value })}
        />
        {may("links:write") ? <Add onAdded={setEdited} /> : null}
      </div>
      <section class="card">
        <PolledTable
          label={words.nav.promoters}
          polled={polled}
          none={t.none}
          further={more}
          keyOf={({ id }) => id}
          columns={[
            {
              id: "name",
              head: inLanguage(linkTexts).promoter,
              isName: true,
              cell: (creator) => (
                <>
                  {promoterName(named(creator))}
                  {creator.name ? <span class="sub">{creator.id}</span> : null}
                </>
              ),
            },
            {
              id: "tier",
              head: inLanguage(linkTexts).fields.tier,
              cell: ({ tier }) => (tier ? nameOf("tier", tier) : ""),
            },
            {
              id: "ids",
              head: t.ids,
              cell: ({ ids }) =>
                Object.keys(ids).length === 0 ? (
                  <span class="soft">{t.noIds}</span>
                ) : (
                  Object.keys(ids).map((platform) => (
                    <span key={platform} class="chip">
                      {nameOf("destination", platform)}
                    </span>
                  ))
                ),
            },
            {
              id: "act",
              head: "",
              numeric: true,
              cell: (creator) => (
                <button type="button" class="btn quiet small" onClick={() => setEdited(creator)}>
                  {t.edit}
                  <span class="sr-only"> {promoterName(named(creator))}</span>
                </button>
              ),
            },
          ]}
        />
      </section>
      {edited ? (
        <Editor
          key={edited.id}
          creator={saves.newest(
            creatorPath(edited.id),
            polled.data?.data.find(({ id }) => id === edited.id) ?? edited,
          )}
          onClose={() => setEdited(undefined)}
          onErased={polled.refresh}
        />
      ) : null}
    </div>
  );
}

/** As a link has it. */
const named = ({ id, name }: Creator) => ({ id, name: name ?? undefined });

/** Of one who is there nothing is changed. */
async function found(id: string): Promise<Creator> {
  const path = creatorPath(id);
  const headers = { "Content-Type": "application/json" };
  const answer = await send(path).catch((error: unknown) => {
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    return send(path, { method: "PUT", headers, body: "{}" });
  });
  return (await answer.json()) as Creator;
}

/** One whom no link names yet. */
function Add({ onAdded }: { onAdded: (creator: Creator) => void }): JSX.Element {
  const t = inLanguage(creatorTexts);
  const [id, setId] = useState("");
  const attempt = useAttempt();
  const add = () =>
    attempt.run(async () => {
      onAdded(await found(id.trim()));
      setId("");
    });
  return (
    <form
      class="row tight"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <input
        class="input compact"
        required
        maxLength={64}
        aria-label={inLanguage(linkTexts).fields.creatorId}
        placeholder={inLanguage(linkTexts).fields.creatorId}
        value={id}
        onInput={(event) => setId(event.currentTarget.value)}
      />
      <button type="submit" class="btn small" disabled={attempt.isBusy}>
        {t.add}
      </button>
      <Failed of={attempt} />
    </form>
  );
}

interface EditorProps {
  creator: Creator;
  onClose: () => void;
  onErased: () => void;
}

/** Each field saved by itself. */
function Editor({ creator, onClose, onErased }: EditorProps): JSX.Element {
  const t = inLanguage(creatorTexts);
  const links = inLanguage(linkTexts);
  const box = useRef<HTMLDialogElement>(null);
  const attempt = useAttempt();
  useEffect(() => box.current?.showModal(), []);
  const { id, name, tier, ids } = creator;
  const path = creatorPath(id);
  const erase = () =>
    attempt.run(async () => {
      await send(path, { method: "DELETE" });
      say(t.erased(name ?? id));
      box.current?.close();
      onErased();
    });
  return (
    <dialog ref={box} class="wide-dialog" onClose={onClose} aria-label={links.editorOf(name ?? id)}>
      <h2>
        {name ?? id} <span class="soft">{name ? id : ""}</span>
      </h2>
      <p class="soft small">
        {links.saved} {t.holds}
      </p>
      <div class="stack">
        <div class="grid2">
          <EditField path={path} field="name" label={links.fields.creatorName} stored={name} />
          <EditField
            path={path}
            field="tier"
            label={links.fields.tier}
            stored={tier}
            options={[["", links.noTier], ...tierChoices()]}
          />
        </div>
        <IdFields path={path} field="ids" stored={ids} alliances={usual} />
      </div>
      <Failed of={attempt} />
      <div class="dialog-end">
        {may("links:write") ? (
          <button
            type="button"
            class="btn danger"
            onClick={() => confirm(t.confirmErase(name ?? id)) && void erase()}
          >
            {t.erase}
          </button>
        ) : null}
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          {inLanguage(common).close}
        </button>
      </div>
    </dialog>
  );
}

/** Those whose orders name the promoter by themselves. */
const usual = ["douyin", "wechat", "xiaohongshu", "taobao"];
