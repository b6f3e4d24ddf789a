/** @module Read-only links of a stream: made for a view, copied once, revoked. */
import type { InferResponseType } from "hono/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, json, type Stream, send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { useLinks } from "../lib/live.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failed } from "../ui/basics.tsx";
import { ChoiceField } from "../ui/fields.tsx";
import { PolledTable } from "../ui/polled.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { say } from "../ui/toast.tsx";

const texts = {
  "zh-CN": {
    head: "只读分享链接",
    hint: "拿到链接的人不用密钥就能看，且只能看这一项：看板和大屏没有各推广者的成交与成本；推广者的链接只有他自己的数据。",
    view: "内容",
    views: { board: "数据看板", wall: "大屏", promoter: "某位推广者自己的数据" },
    promoter: "推广者",
    lasts: "有效期",
    days: { "": "长期有效", "1": "1 天", "7": "7 天", "30": "30 天" },
    make: "创建链接",
    once: "请现在复制，链接只显示这一次：",
    copy: "复制分享链接",
    list: "已创建的链接",
    none: "还没有分享链接",
    made: "创建时间",
    until: "到期",
    never: "长期",
    revoke: "撤销",
    confirm: "撤销这个链接？打开它的人会立即看不到数据。",
    revoked: "已撤销",
  },
  en: {
    head: "Read-only links",
    hint: "Whoever has one sees that view without a key, and nothing else: board and wall have no promoter’s sales and costs, a promoter’s own link has nobody else’s figures.",
    view: "View",
    views: { board: "Board", wall: "Wall", promoter: "One promoter’s own figures" },
    promoter: "Promoter",
    lasts: "Lasts",
    days: { "": "Without end", "1": "1 day", "7": "7 days", "30": "30 days" },
    make: "Make a link",
    once: "Copy it now: it is shown this once.",
    copy: "Copy the link",
    list: "Links made",
    none: "No read-only links yet",
    made: "Made",
    until: "Expires",
    never: "never",
    revoke: "Revoke",
    confirm: "Revoke this link? Whoever opens it sees nothing more at once.",
    revoked: "Revoked",
  },
};

type Share = InferResponseType<typeof client.api.shares.$get, 200>["data"][number];
type View = Share["view"];

const day = 86_400_000;

export function Shares({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(texts);
  const polled = usePoll<{ data: Share[] }>(
    `shares ${stream.id}`,
    (headers) =>
      client.api.shares.$get({ query: { streamId: stream.id, limit: "200" } }, { headers }),
    0,
  );
  const attempt = useAttempt();
  const revoke = ({ id }: Share) =>
    attempt.run(async () => {
      await send(`/api/shares/${id}`, { method: "DELETE" });
      say(t.revoked);
      polled.refresh();
    });
  return (
    <section class="card pad stack" aria-labelledby="shares-head">
      <div>
        <h2 id="shares-head">{t.head}</h2>
        <p class="soft small">{t.hint}</p>
      </div>
      <NewShare stream={stream} onMade={polled.refresh} />
      <Failed of={attempt} />
      <PolledTable
        label={t.list}
        polled={polled}
        none={t.none}
        keyOf={({ id }) => id}
        columns={[
          {
            id: "view",
            head: t.view,
            isName: true,
            cell: ({ view, creator }) => [t.views[view], creator].filter(Boolean).join(" · "),
          },
          { id: "made", head: t.made, cell: ({ createdAt }) => moment(createdAt) },
          {
            id: "until",
            head: t.until,
            cell: ({ expiresAt }) => (expiresAt ? moment(expiresAt) : t.never),
          },
          {
            id: "act",
            head: "",
            numeric: true,
            cell: (share) => (
              <button
                type="button"
                class="btn quiet small danger"
                onClick={() => confirm(t.confirm) && void revoke(share)}
              >
                {t.revoke}
                <span class="sr-only"> {t.views[share.view]}</span>
              </button>
            ),
          },
        ]}
      />
    </section>
  );
}

function NewShare({ stream, onMade }: { stream: Stream; onMade: () => void }): JSX.Element {
  const t = inLanguage(texts);
  const { data: links } = useLinks(stream.id);
  const [view, setView] = useState<View>("board");
  const [creator, setCreator] = useState("");
  const [days, setDays] = useState("");
  const [url, setUrl] = useState<string>();
  const attempt = useAttempt();
  const creators = new Map(
    (links ?? []).flatMap((link) => (link.creator ? [[link.creator.id, link.creator]] : [])),
  );
  const whose = creator || (creators.keys().next().value ?? "");
  const make = () =>
    attempt.run(async () => {
      setUrl(undefined);
      const made = await json(
        client.api.shares.$post({
          json: {
            streamId: stream.id,
            view,
            ...(view === "promoter" ? { creator: whose } : {}),
            ...(days ? { expiresAt: new Date(Date.now() + Number(days) * day).toISOString() } : {}),
          },
        }),
      );
      setUrl(made.url);
      onMade();
    });
  return (
    <>
      <div class="grid2">
        <ChoiceField
          label={t.view}
          value={view}
          onInput={(chosen) => setView(chosen as View)}
          options={Object.entries(t.views)}
        />
        {view === "promoter" ? (
          <ChoiceField
            label={t.promoter}
            value={whose}
            onInput={setCreator}
            options={[...creators].map(([id, { name }]) => [id, name ?? id] as const)}
          />
        ) : null}
        <ChoiceField
          label={t.lasts}
          value={days}
          onInput={setDays}
          options={Object.entries(t.days)}
        />
      </div>
      <Failed of={attempt} again={() => void make()} />
      <ShownOnce secret={url} says={t.once} copy={t.copy} />
      <div>
        <button
          type="button"
          class="btn"
          disabled={attempt.isBusy || (view === "promoter" && whose === "")}
          onClick={() => void make()}
        >
          {t.make}
        </button>
      </div>
    </>
  );
}
