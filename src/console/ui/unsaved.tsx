/** @module What is not saved yet, said where it is seen: nothing answers, or it was refused. Leaving the page asks first. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { drafts } from "../lib/drafts.ts";
import { inLanguage } from "../lib/prefs.ts";
import { saves, unsaved } from "../lib/saves.ts";
import { hasEnded, signOut } from "../lib/session.ts";

const texts = {
  "zh-CN": {
    held: (count: number) => `${count} 项修改还没有保存：连接不上服务，连上后会自动保存。`,
    refused: (count: number) => `${count} 项修改没有被接受，仍在原处，请修改或撤销。`,
    now: "现在保存",
    giveUp: "还有修改没有保存，退出后会丢失。确定退出？",
  },
  en: {
    held: (count: number) =>
      `${count} ${count === 1 ? "change is" : "changes are"} not saved yet: the service can’t be reached. They are saved when it can.`,
    refused: (count: number) =>
      `${count} ${count === 1 ? "change was" : "changes were"} not accepted, and stand where they were made: mend or undo them.`,
    now: "Save now",
    giveUp: "Some changes are not saved and will be lost. Sign out?",
  },
};

const isUnsaved = (): boolean => saves.edits.value.size > 0 || drafts.value.size > 0;

/** Signs out; what is not saved is given up where that is wanted. */
export function leave(): void {
  if (!isUnsaved() || confirm(inLanguage(texts).giveUp)) void signOut();
}

export function Unsaved(): JSX.Element | null {
  const t = inLanguage(texts);
  const { held, refused } = unsaved(saves);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      // What is being typed is an edit once its field is left.
      const { activeElement: typing } = document;
      if (typing instanceof HTMLInputElement || typing instanceof HTMLTextAreaElement)
        typing.blur();
      if (isUnsaved()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
  useEffect(() => {
    const again = () => saves.retry();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  // Who is asked for the key knows why.
  if (hasEnded.value || held + refused === 0) return null;
  return (
    <div class="unsaved" role="status">
      {held > 0 ? (
        <p>
          {t.held(held)}{" "}
          <button type="button" class="btn small" onClick={() => saves.retry()}>
            {t.now}
          </button>
        </p>
      ) : null}
      {refused > 0 ? <p>{t.refused(refused)}</p> : null}
    </div>
  );
}
