/** @module Who changed what, in words: by what was done, by whom, and to what. */

import type { JSX } from "preact";
import { actionOf, auditedActions, changeOf, type Entry, importOf } from "../lib/audit.ts";
import { client } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { usePages } from "../lib/pages.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { texts as common } from "../lib/texts.ts";
import { Choice } from "../ui/fields.tsx";
import { PolledTable } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";

const texts = {
  "zh-CN": {
    at: "时间",
    who: "密钥",
    what: "操作",
    target: "对象",
    targetHint: "直播编号、短链接或密钥编号",
    change: "变化",
    none: "没有符合的记录",
    anything: "全部操作",
    anybody: "全部密钥",
    admin: "管理员密钥",
  },
  en: {
    at: "Time",
    who: "Key",
    what: "Action",
    target: "Target",
    targetHint: "A stream’s id, a short link, a key’s id",
    change: "Change",
    none: "No such entry",
    anything: "All actions",
    anybody: "All keys",
    admin: "administrator’s key",
  },
};

/** Names of keys by their ids. */
function useKeyNames(): ReadonlyMap<string, string> {
  const { data } = usePoll<{ data: { id: string; name: string }[] }>(
    "names of keys",
    (headers) => client.api.keys.$get({ query: { limit: "200" } }, { headers }),
    0,
  );
  const t = inLanguage(texts);
  return new Map([
    ["admin", t.admin],
    ...(data?.data ?? []).map(({ id, name }) => [id, name] as const),
  ]);
}

/** Where a target has a page of its own. */
function Target({ target }: { target: string }): JSX.Element {
  return target.startsWith("st_") ? (
    <a class="mono link" href={`/console/streams/${target}`}>
      {target}
    </a>
  ) : (
    <span class="mono soft">{target}</span>
  );
}

export function AuditPage(): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(common);
  useTitle(words.nav.audit);
  const names = useKeyNames();
  const [{ action, actor, target }, setQuery] = useQuery(["action", "actor", "target"]);
  const query = {
    ...(action ? { action: action as Entry["action"] } : {}),
    ...(actor ? { actor } : {}),
    ...(target.trim() ? { target: target.trim() } : {}),
  };
  const { polled, more } = usePages<Entry>(
    `audit ${JSON.stringify(query)}`,
    (cursor, headers) =>
      client.api.audit.$get(
        { query: { limit: "100", ...query, ...(cursor === null ? {} : { cursor }) } as never },
        { headers },
      ),
    30_000,
  );
  return (
    <div class="stack">
      <h1>{words.nav.audit}</h1>
      <div class="row filters">
        <Choice
          label={t.what}
          value={action}
          onInput={(chosen) => setQuery({ action: chosen })}
          options={[
            ["", t.anything],
            ...auditedActions.map((one) => [one, actionOf(one, language.value)] as const),
          ]}
        />
        <Choice
          label={t.who}
          value={actor}
          onInput={(chosen) => setQuery({ actor: chosen })}
          options={[["", t.anybody], ...names]}
        />
        <input
          class="input compact"
          type="search"
          aria-label={t.target}
          placeholder={t.targetHint}
          value={target}
          onChange={(event) => setQuery({ target: event.currentTarget.value })}
        />
      </div>
      <section class="card">
        <PolledTable
          label={words.nav.audit}
          polled={polled}
          none={t.none}
          further={more}
          keyOf={({ id }) => id}
          columns={[
            {
              id: "at",
              head: t.at,
              cell: ({ at }) => <span class="figures">{moment(at)}</span>,
            },
            {
              id: "who",
              head: t.who,
              cell: ({ actor }) => <span title={actor}>{names.get(actor) ?? actor}</span>,
            },
            {
              id: "what",
              head: t.what,
              isName: true,
              cell: (entry) => (
                <span title={entry.action}>
                  {actionOf(entry.action, language.value)}{" "}
                  <span class="soft">{importOf(entry, language.value)}</span>
                </span>
              ),
            },
            {
              id: "target",
              head: t.target,
              cell: ({ target }) => <Target target={target} />,
            },
            {
              id: "change",
              head: t.change,
              cell: (entry) => (
                <span class="soft audit-change">{changeOf(entry, language.value)}</span>
              ),
            },
          ]}
        />
      </section>
    </div>
  );
}
