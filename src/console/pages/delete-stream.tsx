/** @module A stream deleted, and brought back by one click. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ApiProblem, type Stream, send } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failure } from "../ui/basics.tsx";
import { say } from "../ui/toast.tsx";
import { detailTexts } from "./details.text.ts";

export function DeleteCard({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const { route } = useLocation();
  const [problem, setProblem] = useState<ApiProblem>();
  const path = `/api/streams/${stream.id}`;
  const restore = async () => {
    await send(`${path}/restore`, { method: "POST" });
    say(t.restored);
    route(`/console/streams/${stream.id}/details`);
  };
  const remove = async () => {
    setProblem(undefined);
    try {
      await send(path, { method: "DELETE" });
      say(t.deleted, { name: t.undo, act: restore });
      route("/console/");
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(error);
    }
  };
  return (
    <section class="card pad stack tight" aria-labelledby="delete-head">
      <h2 id="delete-head">{t.deleteHead}</h2>
      <p class="soft small">{t.deleteHint}</p>
      {problem ? <Failure problem={problem} again={() => void remove()} /> : null}
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
