/**
 * @module The destinations of a stream, or a link's own: a list that is changed as a whole and saved when somebody says so, since
 * it sends viewers elsewhere at once.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Destination } from "../lib/client.ts";
import { type DestinationDraft, drafts, keepDraft, type Pasted, sendDraft } from "../lib/drafts.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { saves } from "../lib/saves.ts";
import { DestinationList, PasteField } from "./destinations.tsx";
import { OtherDestination } from "./other-destination.tsx";
import { say } from "./toast.tsx";

const texts = {
  "zh-CN": {
    add: "粘贴新的链接：已有的平台会被替换，没有的会被添加",
    save: "保存去向",
    undo: "放弃修改",
    saved: "已保存",
    sending: "保存中…",
    held: "还没有保存：连接不上服务，连上后自动保存。",
  },
  en: {
    add: "Paste a new link: it replaces the one of its platform, or adds the platform",
    save: "Save destinations",
    undo: "Discard changes",
    saved: "Saved",
    sending: "Saving…",
    held: "Not saved yet: the service can’t be reached. They are saved when it can.",
  },
};

const none: readonly string[] = [];

interface EditorProps {
  /** Of the stream or link. */
  path: string;
  kept: readonly Destination[] | null;
  primary: string | null;
  /** Of a link, which may have none: the stream's hold then. */
  mayBeEmpty?: boolean;
  onSaved?: () => void;
}

const draftOf = (kept: readonly Destination[] | null): DestinationDraft => ({
  list: (kept ?? []).map((one) => ({ ...one, text: one.url ?? "" })),
});

/** Those that were there with the new ones in their platforms' places, and the others behind them. */
function joined(list: readonly Pasted[], found: readonly Pasted[]): Pasted[] {
  const replaced = new Map(found.map((one) => [one.platform, one]));
  const others = found.filter(({ platform }) => !list.some((one) => one.platform === platform));
  return [...list.map((one) => replaced.get(one.platform) ?? one), ...others];
}

export function DestinationsEditor(props: EditorProps): JSX.Element {
  const { path, kept, mayBeEmpty, onSaved } = props;
  const t = inLanguage(texts);
  const draft = drafts.value.get(path);
  const { list, primary } = draft ?? draftOf(kept);
  const edit = saves.get(path, "destinations") ?? saves.get(path, "primary");
  const wasSent = useRef(false);
  useEffect(() => {
    if (wasSent.current && !draft) {
      say(t.saved);
      onSaved?.();
    }
    wasSent.current = draft?.isSent ?? false;
  }, [draft, onSaved, t]);
  const change = (next: readonly Pasted[], chosen: string | undefined) => {
    const isThere = next.some(({ platform }) => platform === chosen);
    keepDraft(path, { list: next, primary: isThere ? chosen : undefined });
  };
  const undo = () => {
    wasSent.current = false;
    keepDraft(path, undefined);
    saves.undo(path, "destinations");
    saves.undo(path, "primary");
  };
  return (
    <>
      <DestinationList
        destinations={list}
        primary={primary ?? props.primary ?? ""}
        onPrimary={(platform) => change(list, platform)}
        onRemove={(platform) =>
          change(
            list.filter((one) => one.platform !== platform),
            primary,
          )
        }
        onReplay={(platform, replay) =>
          change(
            list.map((one) => (one.platform === platform ? withReplay(one, replay) : one)),
            primary,
          )
        }
      />
      <PasteField
        label={t.add}
        taken={none}
        onUnderstood={(found) => change(joined(list, found), primary)}
      />
      <OtherDestination onAdd={(one) => change(joined(list, [one]), primary)} />
      {edit?.problem ? (
        <p class="note bad" role="alert">
          {refusalOf(edit.problem)}
        </p>
      ) : null}
      {edit?.state === "held" ? <p class="note warn">{t.held}</p> : null}
      {draft ? (
        <div class="row">
          <button
            type="button"
            class="btn primary"
            disabled={edit?.state === "sending" || (list.length === 0 && !mayBeEmpty)}
            onClick={() => sendDraft(path, { list, primary })}
          >
            {edit?.state === "sending" ? t.sending : t.save}
          </button>
          <button type="button" class="btn quiet" onClick={undo}>
            {t.undo}
          </button>
        </div>
      ) : null}
    </>
  );
}

function withReplay({ replay: _, ...one }: Pasted, replay: string): Pasted {
  return replay.trim() === "" ? one : { ...one, replay: replay.trim() };
}
