/** @module A stream deleted, and brought back by one click. */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useAttempt } from "../lib/attempt.ts";
import { type Stream, send } from "../lib/client.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { restore } from "../lib/restore.ts";
import { Failed } from "../ui/basics.tsx";
import { say } from "../ui/toast.tsx";
import { detailTexts } from "./details.text.ts";

export function DeleteCard({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const { route } = useLocation();
  const attempt = useAttempt();
  const path = streamPath(stream.id);
  const bringBack = async () => {
    await restore(path);
    say(t.restored);
    route(`/console/streams/${stream.id}/details`);
  };
  const remove = () =>
    attempt.run(async () => {
      await send(path, { method: "DELETE" });
      say(t.deleted, { name: t.undo, act: bringBack });
      route("/console/");
    });
  return (
    <section class="card pad stack tight" aria-labelledby="delete-head">
      <h2 id="delete-head">{t.deleteHead}</h2>
      <p class="soft small">{t.deleteHint}</p>
      <Failed of={attempt} />
      <div>
        <button
          type="button"
          class="btn danger"
          onClick={() => confirm(t.confirmDelete(stream.title)) && void remove()}
        >
          {t.delete}
        </button>
      </div>
    </section>
  );
}
