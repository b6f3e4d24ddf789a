/** @module Who changed what. Offered when this version's API has it. */

import type { JSX } from "preact";
import { actionOf, changeOf, type Entry, importOf } from "../lib/audit.ts";
import { send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { has } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty } from "../ui/basics.tsx";
import { PolledTable } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";

const texts = {
  "zh-CN": {
    at: "时间",
    who: "密钥",
    what: "操作",
    target: "对象",
    change: "变化",
    none: "还没有记录",
  },
  en: {
    at: "Time",
    who: "Key",
    what: "Action",
    target: "Target",
    change: "Change",
    none: "Nothing recorded yet",
  },
};

export function AuditPage(): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(common);
  useTitle(words.nav.audit);
  const isThere = has("GET /api/audit");
  const polled = usePoll<{ data: Entry[] }>(
    isThere ? "audit" : null,
    (headers) => send("/api/audit?limit=200", { headers }),
    30_000,
  );
  if (!isThere) return <Empty title={words.missing} />;
  return (
    <div class="stack">
      <h1>{words.nav.audit}</h1>
      <section class="card">
        <PolledTable
          label={words.nav.audit}
          polled={polled}
          none={t.none}
          keyOf={({ id }) => id}
          atMost={50}
          more={words.showAll}
          columns={[
            {
              id: "at",
              head: t.at,
              cell: ({ at }) => <span class="figures">{moment(at)}</span>,
            },
            {
              id: "who",
              head: t.who,
              cell: ({ actor }) => actor,
            },
            {
              id: "what",
              head: t.what,
              isName: true,
              cell: (entry) => (
                <>
                  {actionOf(entry.action, language.value)}{" "}
                  <span class="mono soft">{entry.action}</span>{" "}
                  <span class="soft">{importOf(entry, language.value)}</span>
                </>
              ),
            },
            {
              id: "target",
              head: t.target,
              cell: ({ target }) => <span class="mono soft">{target}</span>,
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
