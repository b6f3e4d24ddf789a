/** @module A stream's short links: to copy one by one or all as a table, with QR code and poster. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Link, type Stream, send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { useLinks } from "../lib/live.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { saves } from "../lib/saves.ts";
import { has, may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Copy } from "../ui/copy.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { AddLinks } from "./add-links.tsx";

const texts = {
  "zh-CN": {
    title: "短链接",
    promoter: "推广者",
    link: "短链接",
    channel: "渠道",
    made: "创建时间",
    state: "状态",
    open: "可用",
    disabled: "已停用",
    disable: "停用",
    enable: "启用",
    unsaved: "未保存",
    copy: (slug: string) => `复制短链接 ${slug}`,
    copyText: "复制分享文案",
    copyAll: "复制全部为表格",
    qr: (slug: string) => `${slug} 的二维码与海报`,
    saveQr: "下载二维码",
    savePoster: "下载海报",
    scan: "扫码打开短链接，会计入一次浏览",
    add: "添加推广者",
    search: "筛选推广者、渠道或短链接",
    nobody: "未标注",
  },
  en: {
    title: "Links",
    promoter: "Promoter",
    link: "Short link",
    channel: "Channel",
    made: "Created",
    state: "State",
    open: "Open",
    disabled: "Disabled",
    disable: "Disable",
    enable: "Enable",
    unsaved: "not saved",
    copy: (slug: string) => `Copy the short link ${slug}`,
    copyText: "Copy the share text",
    copyAll: "Copy all as a table",
    qr: (slug: string) => `QR code and poster of ${slug}`,
    saveQr: "Download QR code",
    savePoster: "Download poster",
    scan: "Scanning it opens the link, and counts a view",
    add: "Add promoters",
    search: "Filter by promoter, channel or link",
    nobody: "Not set",
  },
};

const pathOf = (slug: string): string => `/api/links/${slug}`;

/** As a spreadsheet takes it. */
function asTable(links: readonly Link[], heads: readonly string[]): string {
  const rows = links.map((link) => [
    link.creator?.name ?? link.creator?.id ?? "",
    nameOf("channel", link.channel),
    link.shortUrl,
  ]);
  return [heads, ...rows].map((row) => row.join("\t")).join("\n");
}

export function LinksTab({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(texts);
  const polled = useLinks(stream.id);
  const { data: links, refresh } = polled;
  const [isAdding, setAdding] = useState(false);
  const [text, setText] = useState("");
  const [shown, setShown] = useState<Link>();
  const saved = useRef(refresh);
  saved.current = refresh;
  useEffect(
    () => saves.onSaved((path) => (path.startsWith(pathOf("")) ? saved.current() : undefined)),
    [],
  );
  if (!links) return <Pending polled={polled} lines={6} />;
  const mayWrite = may("links:write");
  const wanted = text.trim().toLowerCase();
  const found = links.filter(({ slug, creator, channel }) =>
    [slug, creator?.name, creator?.id, channel, nameOf("channel", channel)].some((part) =>
      part?.toLowerCase().includes(wanted),
    ),
  );
  const isOff = ({ slug, disabled }: Link): boolean =>
    Boolean(saves.get(pathOf(slug), "disabled")?.value ?? disabled);
  const toggle = (link: Link) => saves.set(pathOf(link.slug), "disabled", !isOff(link));
  const canShare = has("GET /api/links/{slug}/share-text");
  const columns: Column<Link>[] = [
    {
      id: "promoter",
      head: t.promoter,
      isName: true,
      by: ({ creator }) => creator?.name ?? creator?.id ?? null,
      cell: ({ creator }) => (
        <>
          {creator?.name ?? creator?.id ?? <span class="soft">{t.nobody}</span>}
          {creator?.tier ? <span class="sub inline">{nameOf("tier", creator.tier)}</span> : null}
        </>
      ),
    },
    {
      id: "link",
      head: t.link,
      by: ({ slug }) => slug,
      cell: ({ shortUrl, slug }) => (
        <span class="row tight nowrap">
          <span class="mono">
            <span class="wide">{shortUrl.replace(/^https?:\/\//, "").replace(/\/[^/]*$/, "")}</span>
            /{slug}
          </span>
          <Copy bare text={shortUrl} label={t.copy(slug)} />
        </span>
      ),
    },
    {
      id: "channel",
      head: t.channel,
      by: ({ channel }) => channel,
      cell: ({ channel }) => (
        <span class={channel ? "" : "soft"}>{nameOf("channel", channel)}</span>
      ),
    },
    {
      id: "made",
      head: t.made,
      by: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => (
        <span class="soft figures">{moment(createdAt, stream.timezone)}</span>
      ),
    },
    {
      id: "state",
      head: t.state,
      cell: (link) => (
        <span class={isOff(link) ? "badge" : "soft"}>
          {isOff(link) ? t.disabled : t.open}
          {saves.get(pathOf(link.slug), "disabled") ? (
            <span class="sub inline">{t.unsaved}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: "act",
      head: "",
      numeric: true,
      cell: (link) => (
        <span class="row tight end nowrap">
          {canShare ? (
            <Copy
              bare
              label={`${t.copyText} ${link.slug}`}
              text={async () =>
                (
                  await send(`/api/links/${link.slug}/share-text`, {
                    headers: { Accept: "text/plain" },
                  })
                ).text()
              }
            />
          ) : null}
          <button
            type="button"
            class="btn quiet small"
            aria-label={t.qr(link.slug)}
            title={t.qr(link.slug)}
            onClick={() => setShown(link)}
          >
            <Icon name="qr" />
          </button>
          {mayWrite ? (
            <button type="button" class="btn quiet small" onClick={() => toggle(link)}>
              {isOff(link) ? t.enable : t.disable}
              <span class="sr-only"> {link.slug}</span>
            </button>
          ) : null}
        </span>
      ),
    },
  ];
  return (
    <div class="stack">
      {mayWrite && (isAdding || links.length === 0) ? (
        <AddLinks
          streamId={stream.id}
          isFirst={links.length === 0}
          onMade={() => {
            setAdding(false);
            refresh();
          }}
        />
      ) : null}
      {links.length > 0 ? (
        <section class="card">
          <div class="card-head">
            <h2>
              {t.title} <span class="soft figures">{links.length}</span>
            </h2>
            <div class="row">
              {links.length > 8 ? (
                <input
                  class="input compact filter-text"
                  type="search"
                  aria-label={t.search}
                  placeholder={t.search}
                  value={text}
                  onInput={(event) => setText(event.currentTarget.value)}
                />
              ) : null}
              <Copy
                label={t.copyAll}
                text={() => asTable(links, [t.promoter, t.channel, t.link])}
              />
              {mayWrite && !isAdding ? (
                <button type="button" class="btn small" onClick={() => setAdding(true)}>
                  <Icon name="plus" />
                  {t.add}
                </button>
              ) : null}
            </div>
          </div>
          <Table
            label={t.title}
            rows={found}
            columns={columns}
            keyOf={({ slug }) => slug}
            atMost={50}
            more={inLanguage(common).showAll}
            isOff={isOff}
          />
        </section>
      ) : null}
      {shown ? <Codes link={shown} onClose={() => setShown(undefined)} /> : null}
    </div>
  );
}

/** QR code and, where this version draws one, the poster. */
function Codes({ link, onClose }: { link: Link; onClose: () => void }): JSX.Element {
  const t = inLanguage(texts);
  const box = useRef<HTMLDialogElement>(null);
  const [hasPoster, setPoster] = useState(true);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} onClose={onClose} aria-label={t.qr(link.slug)}>
      <h2 class="mono">{link.shortUrl.replace(/^https?:\/\//, "")}</h2>
      <p class="soft small">{t.scan}</p>
      <div class="codes">
        <figure>
          <img src={`/${link.slug}/qr.svg`} alt={t.qr(link.slug)} width="220" height="220" />
          <a class="btn small" href={`/${link.slug}/qr.svg`} download={`${link.slug}-qr.svg`}>
            <Icon name="download" />
            {t.saveQr}
          </a>
        </figure>
        {hasPoster ? (
          <figure>
            <img
              class="poster"
              src={`/${link.slug}/poster.svg`}
              alt=""
              onError={() => setPoster(false)}
            />
            <a
              class="btn small"
              href={`/${link.slug}/poster.svg`}
              download={`${link.slug}-poster.svg`}
            >
              <Icon name="download" />
              {t.savePoster}
            </a>
          </figure>
        ) : null}
      </div>
      <div class="dialog-end">
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          {inLanguage(common).close}
        </button>
      </div>
    </dialog>
  );
}
