/** @module A stream's short links: to copy, to change one by one or many at once, to delete and bring back. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client, json, type Link, type Stream, send } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { useLinks } from "../lib/live.ts";
import { addressOf, nameOf, promoterName } from "../lib/names.ts";
import { everyPage } from "../lib/pages.ts";
import { linkPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { usePromoters } from "../lib/promotions.ts";
import { useQuery } from "../lib/query.ts";
import { useSaved } from "../lib/saved.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Copy } from "../ui/copy.tsx";
import { Icon } from "../ui/icons.tsx";
import { later } from "../ui/later.tsx";
import { Pending } from "../ui/polled.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { AddLinks } from "./add-links.tsx";
import { AskAd } from "./ask-ad.tsx";
import { BulkEdit } from "./bulk-edit.tsx";
import { DeletedLinks } from "./deleted.tsx";
import { Codes } from "./link-codes.tsx";
import { LinkEditor } from "./link-editor.tsx";
import { linkTexts } from "./links.text.ts";
import { Pictures } from "./pictures.tsx";
import { UpdateLinks } from "./update-links.tsx";

const Promote = later(async () => (await import("./promote.tsx")).Promote);

const isExpired = ({ expiresAt }: Link): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= Date.now();

const tagsColumn = (): Column<Link> => ({
  id: "tags",
  head: inLanguage(linkTexts).tags,
  by: ({ tags }) => tags.join(" ") || null,
  cell: ({ tags }) => tags.map((tag) => <span class="chip">{tag}</span>),
});

/** A cell has one line. */
const inOneLine = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join(" ");

/** Its heads are those that a pasted table is read by. */
function tableOf(links: readonly Link[], shareTexts: ReadonlyMap<string, string>): string[][] {
  const t = inLanguage(linkTexts);
  const heads = [t.promoter, t.channel, t.link, t.fields.tier, t.tags, t.fields.campaign];
  const rows = links.map((link) => [
    promoterName(link.creator) ?? "",
    link.channel === null ? "" : nameOf("channel", link.channel),
    link.shortUrl,
    link.creator?.tier ? nameOf("tier", link.creator.tier) : "",
    link.tags.join("，"),
    link.campaign ?? "",
    inOneLine(shareTexts.get(link.slug) ?? ""),
  ]);
  return [[...heads, t.shareText], ...rows];
}

/** As a spreadsheet takes it from the clipboard. */
const asText = (rows: readonly string[][]): string => rows.map((row) => row.join("\t")).join("\n");

/** By slug. */
async function allShareTexts(streamId: string): Promise<ReadonlyMap<string, string>> {
  const { $get } = client.api.streams[":id"]["share-texts"];
  const texts = await everyPage<{ slug: string; text: string }>((cursor) =>
    json($get({ param: { id: streamId }, query: { limit: "200", ...cursor } })),
  );
  return new Map(texts.map(({ slug, text }) => [slug, text]));
}

export function LinksTab({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(linkTexts);
  const polled = useLinks(stream.id);
  const { refresh } = polled;
  const [isAdding, setAdding] = useState(false);
  const [isUpdating, setUpdating] = useState(false);
  const [isPromoting, setPromoting] = useState(false);
  const promoters = usePromoters(stream.id);
  const [edited, setEdited] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deletions, setDeletions] = useState(0);
  const [{ q: text }, setQuery] = useQuery(["q"]);
  const [shown, setShown] = useState<Link>();
  useSaved((path) => {
    if (path.startsWith(linkPath(""))) refresh();
  });
  if (!polled.data) return <Pending polled={polled} lines={6} />;
  // In the order in which they were pasted.
  const links = polled.data.toReversed();
  const mayWrite = may("links:write");
  const wanted = text.trim().toLowerCase();
  const found = links.filter(({ slug, creator, channel, tags }) =>
    [slug, creator?.name, creator?.id, channel, nameOf("channel", channel), ...tags].some((part) =>
      part?.toLowerCase().includes(wanted),
    ),
  );
  const editing = links.find(({ slug }) => slug === edited);
  const isOff = ({ slug, disabled }: Link): boolean =>
    Boolean(saves.get(linkPath(slug), "disabled")?.value ?? disabled);
  const toggle = (link: Link) => saves.set(linkPath(link.slug), "disabled", !isOff(link));
  const columns: Column<Link>[] = [
    {
      id: "promoter",
      head: t.promoter,
      isName: true,
      by: ({ creator }) => promoterName(creator) ?? null,
      cell: ({ creator, adLabel }) => (
        <>
          {promoterName(creator) ?? <span class="soft">{t.nobody}</span>}
          {creator?.tier ? <span class="sub inline">{nameOf("tier", creator.tier)}</span> : null}
          {adLabel ? <span class="badge ad">{t.ad}</span> : null}
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
            <span class="wide">{addressOf(shortUrl).replace(/\/[^/]*$/, "")}</span>/{slug}
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
    ...(links.some(({ tags }) => tags.length > 0) ? [tagsColumn()] : []),
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
        <span class={isOff(link) || isExpired(link) ? "badge" : "soft"}>
          {isOff(link) ? t.disabled : isExpired(link) ? t.expired : t.open}
          {saves.get(linkPath(link.slug), "disabled") ? (
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
          <Copy
            bare
            label={`${t.copyText} ${link.slug}`}
            text={async () =>
              (
                await send(`${linkPath(link.slug)}/share-text`, {
                  headers: { Accept: "text/plain" },
                })
              ).text()
            }
          />
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
            <button type="button" class="btn quiet small" onClick={() => setEdited(link.slug)}>
              {t.edit}
              <span class="sr-only"> {link.slug}</span>
            </button>
          ) : null}
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
      {mayWrite ? <AskAd links={links} /> : null}
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
      {isUpdating ? (
        <UpdateLinks
          links={links}
          onDone={() => {
            setUpdating(false);
            refresh();
          }}
        />
      ) : null}
      {isPromoting ? (
        <Promote
          streamId={stream.id}
          connections={promoters}
          slugs={links
            .filter((link) => (chosen.size > 0 ? chosen.has(link.slug) : !isOff(link)))
            .map(({ slug }) => slug)}
          isChosen={chosen.size > 0}
          onMade={refresh}
          onClose={() => setPromoting(false)}
        />
      ) : null}
      {chosen.size > 0 ? (
        <BulkEdit
          stream={stream}
          chosen={links.filter(({ slug }) => chosen.has(slug))}
          onClear={() => setChosen(new Set())}
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
                  onInput={(event) => setQuery({ q: event.currentTarget.value })}
                />
              ) : null}
              <Copy
                label={t.copyAll}
                text={async () => asText(tableOf(found, await allShareTexts(stream.id)))}
              />
              <Pictures
                stream={stream}
                links={found}
                table={async () => tableOf(found, await allShareTexts(stream.id))}
              />
              {promoters.length > 0 && !isPromoting ? (
                <button type="button" class="btn small" onClick={() => setPromoting(true)}>
                  {t.promote}
                </button>
              ) : null}
              {mayWrite && !isUpdating ? (
                <button type="button" class="btn small" onClick={() => setUpdating(true)}>
                  {t.byTable}
                </button>
              ) : null}
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
            {...(mayWrite ? { choice: { chosen, onChange: setChosen, all: t.chooseAll } } : {})}
          />
        </section>
      ) : null}
      {mayWrite ? <DeletedLinks stream={stream} times={deletions} onRestored={refresh} /> : null}
      {shown ? <Codes link={shown} onClose={() => setShown(undefined)} /> : null}
      {editing ? (
        <LinkEditor
          key={editing.slug}
          link={editing}
          stream={stream}
          onClose={() => setEdited(undefined)}
          onDeleted={() => {
            setDeletions((count) => count + 1);
            refresh();
          }}
        />
      ) : null}
    </div>
  );
}
