/** @module API keys: make one, whose secret is shown once; end one. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { own } from "../../lib/records.ts";
import { useAttempt } from "../lib/attempt.ts";
import { send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts as common } from "../lib/texts.ts";
import { Failure, Field } from "../ui/basics.tsx";
import { PolledTable } from "../ui/polled.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { useTitle } from "../ui/title.ts";

const texts = {
  "zh-CN": {
    name: "名称",
    nameHint: "谁或什么系统在用，例如“数据看板”。",
    scopes: "权限",
    expiresAt: "到期时间",
    never: "不过期",
    presets: "常用",
    presetNames: ["只看数据", "运营", "导入订单", "管理员"],
    lastUsed: "最近使用",
    unused: "没有用过",
    create: "创建密钥",
    remove: "吊销",
    confirm: (name: string) => `吊销“${name}”？使用它的系统会立即失去访问权限。`,
    once: "请现在保存，密钥只显示这一次：",
    copy: "复制密钥",
    list: "已有密钥",
    none: "还没有密钥",
    names: {
      "links:read": "查看链接",
      "links:write": "管理链接",
      "stats:read": "查看数据",
      "conversions:write": "导入订单",
      admin: "管理员",
    },
  },
  en: {
    name: "Name",
    nameHint: "Who or what uses it, such as “data board”.",
    scopes: "Scopes",
    expiresAt: "Expires",
    never: "never",
    presets: "Usual ones",
    presetNames: ["Read only", "Live ops", "Order import", "Administrator"],
    lastUsed: "Last used",
    unused: "never used",
    create: "Create a key",
    remove: "Revoke",
    confirm: (name: string) => `Revoke “${name}”? What uses it loses access at once.`,
    once: "Keep it now: it is shown this once.",
    copy: "Copy the key",
    list: "Keys",
    none: "No keys yet",
    names: {
      "links:read": "read links",
      "links:write": "manage links",
      "stats:read": "read stats",
      "conversions:write": "import orders",
      admin: "administrator",
    },
  },
};

interface Key {
  id: string;
  name: string;
  scopes: string[];
  expiresAt?: string | null;
  lastUsedAt: string | null;
}
type Scope = keyof (typeof texts)["en"]["names"];

/** What who needs, in the order of their names. */
const presets: readonly (readonly Scope[])[] = [
  ["links:read", "stats:read"],
  ["links:write", "stats:read", "conversions:write"],
  ["conversions:write"],
  ["admin"],
];

export function KeysPage(): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(common);
  useTitle(words.nav.keys);
  const polled = usePoll<{ data: Key[] }>(
    "keys",
    (headers) => send("/api/keys?limit=200", { headers }),
    0,
  );
  const { problem, refresh } = polled;
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Scope[]>(["links:read", "stats:read"]);
  const [until, setUntil] = useState("");
  const [secret, setSecret] = useState<string>();
  const attempt = useAttempt();

  const make = () =>
    attempt.run(async () => {
      const answer = await send("/api/keys", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          name: name.trim(),
          scopes: chosen,
          ...(until ? { expiresAt: new Date(`${until}T23:59:59`).toISOString() } : {}),
        }),
      });
      setSecret(((await answer.json()) as { secret: string }).secret);
      setName("");
      refresh();
    });
  const remove = async (key: Key) => {
    if (!confirm(t.confirm(key.name))) return;
    await attempt.run(() => send(`/api/keys/${key.id}`, { method: "DELETE" }));
    refresh();
  };
  return (
    <div class="narrow stack">
      <h1>{words.nav.keys}</h1>
      <form
        class="card pad stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <Field label={t.name} hint={t.nameHint}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              required
              maxLength={100}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label={t.expiresAt} hint={until ? undefined : t.never}>
          {(attributes) => (
            <input
              {...attributes}
              class="input"
              type="date"
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Field>
        <fieldset class="plain">
          <legend>{t.scopes}</legend>
          <div class="row tight">
            <span class="soft small">{t.presets}</span>
            {presets.map((scopes, index) => (
              <button
                key={t.presetNames[index]}
                type="button"
                class="btn quiet small"
                onClick={() => setChosen(scopes)}
              >
                {t.presetNames[index]}
              </button>
            ))}
          </div>
          <div class="row">
            {(Object.keys(t.names) as Scope[]).map((scope) => (
              <label key={scope} class="row tight">
                <input
                  type="checkbox"
                  checked={chosen.includes(scope)}
                  onChange={({ currentTarget }) =>
                    setChosen(
                      currentTarget.checked
                        ? [...chosen, scope]
                        : chosen.filter((one) => one !== scope),
                    )
                  }
                />
                {t.names[scope]}
              </label>
            ))}
          </div>
        </fieldset>
        {attempt.problem ? <Failure problem={attempt.problem} /> : null}
        <ShownOnce secret={secret} says={t.once} copy={t.copy} />
        <div>
          <button type="submit" class="btn primary" disabled={chosen.length === 0}>
            {t.create}
          </button>
        </div>
      </form>
      <section class="card" aria-labelledby="keys">
        <div class="card-head">
          <h2 id="keys">{t.list}</h2>
        </div>
        {polled.data && problem ? <Failure problem={problem} retry={refresh} /> : null}
        <PolledTable
          label={t.list}
          polled={polled}
          none={t.none}
          keyOf={({ id }) => id}
          columns={[
            { id: "name", head: t.name, isName: true, cell: (key) => key.name },
            {
              id: "scopes",
              head: t.scopes,
              cell: ({ scopes }) => scopes.map((scope) => own(t.names, scope) ?? scope).join(" · "),
            },
            {
              id: "expires",
              head: t.expiresAt,
              cell: ({ expiresAt }) => (expiresAt ? moment(expiresAt) : t.never),
            },
            {
              id: "used",
              head: t.lastUsed,
              cell: ({ lastUsedAt }) => (lastUsedAt ? moment(lastUsedAt) : t.unused),
            },
            {
              id: "act",
              head: "",
              numeric: true,
              cell: (key) => (
                <button
                  type="button"
                  class="btn quiet small danger"
                  onClick={() => void remove(key)}
                >
                  {t.remove}
                  <span class="sr-only"> {key.name}</span>
                </button>
              ),
            },
          ]}
        />
      </section>
    </div>
  );
}
