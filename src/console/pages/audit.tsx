/** @module Who changed what. Offered when this version's API has it. */
import type { JSX } from "preact";
import { send } from "../lib/client.ts";
import { moment, nothing } from "../lib/format.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { has } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty, Failure, Waiting } from "../ui/basics.tsx";
import { Table } from "../ui/table.tsx";
import { useTitle } from "../ui/title.ts";

const texts = {
  "zh-CN": { at: "时间", who: "密钥", what: "操作", target: "对象", none: "还没有记录" },
  en: { at: "Time", who: "Key", what: "Action", target: "Target", none: "Nothing recorded yet" },
};

type Entry = Record<string, unknown>;

/** The first of these fields that an entry has. */
function read(entry: Entry, ...names: string[]): string {
  for (const name of names) {
    const value = entry[name];
    if (typeof value === "string" || typeof value === "number") return String(value);
  }
  return nothing;
}

export function AuditPage(): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(common);
  useTitle(words.nav.audit);
  const isThere = has("GET /api/audit");
  const { data, problem, refresh } = usePoll<{ data: Entry[] }>(
    isThere ? "audit" : null,
    (headers) => send("/api/audit?limit=200", { headers }),
    30_000,
  );
  if (!isThere) return <Empty title={words.missing} />;
  return (
    <div class="stack">
      <h1>{words.nav.audit}</h1>
      <section class="card">
        {problem && !data ? <Failure problem={problem} retry={refresh} /> : null}
        {!data && !problem ? <Waiting /> : null}
        {data?.data.length === 0 ? <Empty small title={t.none} /> : null}
        {data && data.data.length > 0 ? (
          <Table
            label={words.nav.audit}
            rows={data.data}
            keyOf={(entry) => JSON.stringify(entry)}
            atMost={50}
            more={words.showAll}
            columns={[
              {
                id: "at",
                head: t.at,
                cell: (entry) => {
                  const at = read(entry, "at", "createdAt");
                  return <span class="figures">{at === nothing ? at : moment(at)}</span>;
                },
              },
              {
                id: "who",
                head: t.who,
                cell: (entry) => read(entry, "keyName", "actor", "keyId", "principal", "by"),
              },
              {
                id: "what",
                head: t.what,
                isName: true,
                cell: (entry) => <span class="mono">{read(entry, "action", "what", "event")}</span>,
              },
              {
                id: "target",
                head: t.target,
                cell: (entry) => (
                  <span class="mono soft">
                    {read(entry, "target", "subject", "resource", "id")}
                  </span>
                ),
              },
            ]}
          />
        ) : null}
      </section>
    </div>
  );
}
