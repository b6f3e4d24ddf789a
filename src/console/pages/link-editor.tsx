/** @module One link, in a dialog: each field saved by itself, its ids, its own destinations, its deletion. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { recordOf } from "../../lib/records.ts";
import { channelClasses } from "../../platforms/types.ts";
import { useAttempt } from "../lib/attempt.ts";
import { type Link, type Stream, send } from "../lib/client.ts";
import { nameOf, promoterName } from "../lib/names.ts";
import { linkPath, promotersPage } from "../lib/paths.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { allianceOf } from "../lib/promotion.ts";
import { restore } from "../lib/restore.ts";
import { saves } from "../lib/saves.ts";
import { texts as common } from "../lib/texts.ts";
import { instantOf, localOf } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { ChannelField, ChannelNames } from "../ui/channel-field.tsx";
import { Copy } from "../ui/copy.tsx";
import { DestinationsEditor } from "../ui/destinations-editor.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { IdFields } from "../ui/id-fields.tsx";
import { say } from "../ui/toast.tsx";
import { linkTexts } from "./links.text.ts";

interface EditorProps {
  link: Link;
  stream: Stream;
  onClose: () => void;
  onDeleted: () => void;
}

export function LinkEditor({ link, stream, onClose, onDeleted }: EditorProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  const { slug, creator } = link;
  const path = linkPath(slug);
  return (
    <dialog
      ref={box}
      class="wide-dialog"
      onClose={onClose}
      aria-label={t.editorOf(creator?.name ?? slug)}
    >
      <h2>
        {promoterName(creator)} <span class="mono soft">/{slug}</span>
      </h2>
      <p class="soft small">{t.saved}</p>
      <div class="stack">
        <Promoter link={link} />
        <Placing link={link} stream={stream} />
        <Ids link={link} stream={stream} />
        <details open={(link.destinations?.length ?? 0) > 0}>
          <summary>{t.own}</summary>
          <div class="stack tight">
            <DestinationsEditor
              path={path}
              kept={link.destinations}
              primary={link.primary}
              mayBeEmpty
            />
          </div>
        </details>
      </div>
      <div class="dialog-end">
        <DeleteLink
          slug={slug}
          onDeleted={() => {
            box.current?.close();
            onDeleted();
          }}
        />
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          {inLanguage(common).close}
        </button>
      </div>
    </dialog>
  );
}

type Creator = NonNullable<Link["creator"]>;

/** Name, id and tier are one field of the link's: what is typed in one keeps the others as they are. */
function Promoter({ link }: { link: Link }): JSX.Element {
  const t = inLanguage(linkTexts);
  const path = linkPath(link.slug);
  const edited = saves.get(path, "creator");
  const now = (edited ? edited.value : link.creator) as Creator | null;
  const part = (name: "name" | "id" | "tier") => ({
    path,
    field: "creator",
    stored: link.creator,
    show: (value: unknown) => (value as Creator | null)?.[name] ?? "",
  });
  /** @param id of a promoter who has none yet */
  const withPart = (name: "name" | "tier", text: string, id: string) => {
    const others = Object.entries(now ?? { id }).filter(([field]) => field !== name);
    const given = text.trim();
    const next = recordOf(given === "" ? others : [...others, [name, given] as const]);
    return { value: given === "" && now === null ? null : next };
  };
  return (
    <div class="grid2">
      <EditField
        {...part("name")}
        label={t.fields.creatorName}
        read={(text) => withPart("name", text, text.trim().slice(0, 64))}
      />
      <EditField
        {...part("id")}
        label={t.fields.creatorId}
        read={(text) => {
          const id = text.trim();
          if (id === "") return now?.name ? { wrong: t.idNeeded } : { value: null };
          return { value: { ...now, id } };
        }}
      />
      <EditField
        {...part("tier")}
        label={t.fields.tier}
        options={[["", t.noTier], ...tierChoices()]}
        read={(text) => withPart("tier", text, link.slug)}
      />
    </div>
  );
}

/** Where the link is put, and for how long. */
function Placing({ link, stream }: { link: Link; stream: Stream }): JSX.Element {
  const t = inLanguage(linkTexts);
  const path = linkPath(link.slug);
  const platforms = new Set(
    [...(link.destinations ?? []), ...stream.destinations].map(({ platform }) => platform),
  );
  return (
    <div class="grid2">
      <ChannelField path={path} label={t.channel} stored={link.channel} list="channel-names" />
      <ChannelNames id="channel-names" />
      <EditField
        path={path}
        field="channelClass"
        label={t.fields.channelClass}
        stored={link.channelClass}
        options={[
          ["", t.noTier],
          ...channelClasses.map((one) => [one, nameOf("channelClass", one)] as const),
        ]}
      />
      <EditField path={path} field="campaign" label={t.fields.campaign} stored={link.campaign} />
      <EditField
        path={path}
        field="tags"
        label={t.fields.tags}
        hint={t.tagsHint}
        stored={link.tags}
        show={(value) => (value as string[]).join(language.value === "en" ? ", " : "，")}
        read={(text) => ({ value: tagsIn(text) })}
      />
      <EditField
        path={path}
        field="externalId"
        label={t.fields.externalId}
        stored={link.externalId}
      />
      <EditField
        path={path}
        field="expiresAt"
        label={t.fields.expiresAt}
        type="datetime-local"
        stored={link.expiresAt}
        show={(value) => localOf(value as string | null, stream.timezone)}
        read={(local) => ({ value: instantOf(local, stream.timezone) ?? null })}
      />
      <EditField
        path={path}
        field="primary"
        label={t.fields.primary}
        stored={link.primary}
        options={[
          ["", t.ofStream],
          ...[...platforms].map((one) => [one, nameOf("destination", one)] as const),
        ]}
      />
      <EditField
        path={path}
        field="adLabel"
        label={t.fields.adLabel}
        hint={t.adHint}
        stored={link.adLabel}
        options={adChoices()}
        read={(text) => ({ value: adLabelOf(text) })}
      />
      <EditField path={path} field="note" label={t.fields.note} stored={link.note} isLong />
    </div>
  );
}

/** What a promoter may be. */
export const tierChoices = () =>
  ["KOL", "KOC", "staff", "brand"].map((tier) => [tier, nameOf("tier", tier)] as const);

/** The label's three values, as a list of choices has them. */
export const adChoices = () => Object.entries(inLanguage(linkTexts).adChoices);
export const adLabelOf = (text: string): boolean | null => (text === "" ? null : text === "true");

/** `a，b, c` */
export const tagsIn = (text: string): string[] =>
  text
    .split(/[,，、;；]/)
    .map((tag) => tag.trim())
    .filter(Boolean);

function Ids({ link, stream }: { link: Link; stream: Stream }): JSX.Element {
  const t = inLanguage(linkTexts);
  const { creator, promotion, subIds } = link;
  const alliances = [...stream.destinations, ...(link.destinations ?? [])].map(({ platform }) =>
    allianceOf(platform),
  );
  return (
    <details open={promotion !== null}>
      <summary>{t.ids}</summary>
      <div class="stack tight">
        <IdFields
          path={linkPath(link.slug)}
          field="promotion"
          stored={promotion}
          alliances={alliances}
        />
        {creator ? (
          <a class="link small" href={promotersPage(creator.id)}>
            {t.idsOfPromoter}
          </a>
        ) : null}
        <p class="soft small">{t.subIds}</p>
        <ul class="row tight">
          {Object.entries(subIds).flatMap(([platform, ids]) =>
            Object.entries(ids ?? {}).map(([field, id]) => (
              <li key={`${platform}.${field}`} class="chip">
                {nameOf("destination", platform)} {field} <span class="mono">{id}</span>
                <Copy bare text={id ?? ""} label={`${platform} ${field}`} />
              </li>
            )),
          )}
        </ul>
      </div>
    </details>
  );
}

function DeleteLink({ slug, onDeleted }: { slug: string; onDeleted: () => void }): JSX.Element {
  const t = inLanguage(linkTexts);
  const attempt = useAttempt();
  const remove = () =>
    attempt.run(async () => {
      await send(linkPath(slug), { method: "DELETE" });
      say(t.deleted(slug), {
        name: t.undo,
        act: async () => {
          await restore(linkPath(slug));
          onDeleted();
        },
      });
      onDeleted();
    });
  return (
    <>
      <Failed of={attempt} />
      <button
        type="button"
        class="btn danger"
        onClick={() => confirm(t.confirmDelete(slug)) && void remove()}
      >
        {t.delete}
      </button>
    </>
  );
}
