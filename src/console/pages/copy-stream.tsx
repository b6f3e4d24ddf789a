/** @module A stream copied for another day, with its destinations and promoters. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { randomId } from "../../model/slug.ts";
import { useAttempt } from "../lib/attempt.ts";
import { client, json, type Stream } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { instantOf, localOf } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { TextField, TimeField } from "../ui/fields.tsx";
import { say } from "../ui/toast.tsx";
import { detailTexts } from "./details.text.ts";

const week = 7 * 86_400_000;
const weekLater = (at: string | null, timezone: string): string =>
  at === null ? "" : localOf(new Date(Date.parse(at) + week).toISOString(), timezone);

export function CopyCard({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const { route } = useLocation();
  const { timezone } = stream;
  const [title, setTitle] = useState(stream.title);
  const [startsAt, setStartsAt] = useState(() => weekLater(stream.startsAt, timezone));
  const [endsAt, setEndsAt] = useState(() => weekLater(stream.endsAt, timezone));
  const attempt = useAttempt();
  /** Of one copy, however often it is asked for: an answer may be lost on its way. */
  const [key, setKey] = useState(randomId);
  const copy = async () => {
    const refused = await attempt.run(async () => {
      const made = await json(
        client.api.streams[":id"].copy.$post(
          {
            param: { id: stream.id },
            json: {
              title: title.trim(),
              startsAt: instantOf(startsAt, timezone),
              endsAt: instantOf(endsAt, timezone),
            },
          },
          { headers: { "Idempotency-Key": key } },
        ),
      );
      say(t.copied(made.links.length));
      route(`/console/streams/${made.stream.id}/details`);
    });
    // What was refused is another request once it is mended.
    if (refused && refused.status >= 400 && refused.status < 500) setKey(randomId());
  };
  return (
    <section class="card pad stack" aria-labelledby="copy-head">
      <div>
        <h2 id="copy-head">{t.copyHead}</h2>
        <p class="soft small">{t.copyHint}</p>
      </div>
      <TextField label={t.title} value={title} onInput={setTitle} atMost={200} />
      <div class="grid2">
        <TimeField label={t.startsAt} value={startsAt} onInput={setStartsAt} />
        <TimeField label={t.endsAt} value={endsAt} onInput={setEndsAt} />
      </div>
      <Failed of={attempt} again={() => void copy()} />
      <div>
        <button type="button" class="btn" disabled={attempt.isBusy} onClick={() => void copy()}>
          {t.copy}
        </button>
      </div>
    </section>
  );
}
