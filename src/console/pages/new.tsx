/** @module A new stream: paste, see what was understood, add time and cover; its promoters come next. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useAttempt } from "../lib/attempt.ts";
import { client, json, send } from "../lib/client.ts";
import { inputOf, type Pasted } from "../lib/drafts.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { beijing, instantOf } from "../lib/zone.ts";
import { Failure } from "../ui/basics.tsx";
import { CoverField } from "../ui/cover-field.tsx";
import { DestinationList, PasteField } from "../ui/destinations.tsx";
import { TextField, TimeField } from "../ui/fields.tsx";
import { OtherDestination } from "../ui/other-destination.tsx";
import { QuickTimes } from "../ui/quick-times.tsx";
import { useTitle } from "../ui/title.ts";
import { say } from "../ui/toast.tsx";
import { newTexts } from "./new.text.ts";

export function NewStream(): JSX.Element {
  const t = inLanguage(newTexts);
  useTitle(t.title);
  const { route } = useLocation();
  const [destinations, setDestinations] = useState<readonly Pasted[]>([]);
  const [primary, setPrimary] = useState("");
  const [title, setTitle] = useState("");
  const [host, setHost] = useState("");
  const [startsAt, setStartsAt] = useState("");
  const [endsAt, setEndsAt] = useState("");
  const [cover, setCover] = useState<File>();
  const attempt = useAttempt();
  const taken = useMemo(() => destinations.map(({ platform }) => platform), [destinations]);
  const wrongOf = (pointer: string) =>
    attempt.problem?.errors.find((error) => error.pointer === pointer)?.message;

  const onUnderstood = (found: Pasted[], words: { title?: string; host?: string }) => {
    setDestinations((before) => [...before, ...found]);
    setPrimary((before) => before || (found[0]?.platform ?? ""));
    setTitle((before) => before || (words.title ?? (words.host ? `${words.host}的直播间` : "")));
    setHost((before) => before || (words.host ?? ""));
  };
  const onRemove = (platform: string) => {
    const left = destinations.filter((one) => one.platform !== platform);
    setDestinations(left);
    if (primary === platform) setPrimary(left[0]?.platform ?? "");
  };
  const make = () =>
    attempt.run(async () => {
      const [begins, ends] = [instantOf(startsAt, beijing), instantOf(endsAt, beijing)];
      const stream = await json(
        client.api.streams.$post({
          json: {
            title: title.trim(),
            destinations: destinations.map(inputOf),
            primary: destinations.find(({ platform }) => platform === primary)?.platform,
            ...(host.trim() ? { host: host.trim() } : {}),
            ...(begins ? { startsAt: begins } : {}),
            ...(ends ? { endsAt: ends } : {}),
          },
        }),
      );
      if (cover) {
        await send(`${streamPath(stream.id)}/cover`, { method: "PUT", body: cover }).catch(() =>
          say(t.coverFailed),
        );
      }
      route(`/console/streams/${stream.id}/links`);
    });
  return (
    <form
      class="narrow stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!attempt.isBusy) void make();
      }}
    >
      <h1>{t.title}</h1>
      <section class="card pad stack">
        {destinations.length === 0 ? (
          <PasteField
            big
            label={t.paste}
            hint={t.pasteHint}
            taken={taken}
            onUnderstood={onUnderstood}
          />
        ) : (
          <>
            <h2>{t.understood}</h2>
            <DestinationList
              destinations={destinations}
              primary={primary}
              onPrimary={setPrimary}
              onRemove={onRemove}
            />
            <PasteField label={t.another} taken={taken} onUnderstood={onUnderstood} />
          </>
        )}
        {taken.includes("wechat") ? null : (
          <OtherDestination onAdd={(one) => onUnderstood([one], {})} />
        )}
      </section>
      {destinations.length > 0 ? (
        <section class="card pad stack">
          <div class="grid2">
            <TextField
              label={t.name}
              wrong={wrongOf("/title")}
              value={title}
              onInput={setTitle}
              isNeeded
              atMost={200}
            />
            <TextField
              label={t.host}
              wrong={wrongOf("/host")}
              value={host}
              onInput={setHost}
              atMost={100}
            />
            <TimeField
              label={t.inZone(t.startsAt)}
              hint={t.timeHint}
              wrong={wrongOf("/startsAt")}
              value={startsAt}
              onInput={setStartsAt}
            />
            <TimeField
              label={t.inZone(t.endsAt)}
              wrong={wrongOf("/endsAt")}
              value={endsAt}
              onInput={setEndsAt}
            />
          </div>
          <QuickTimes
            timeZone={beijing}
            startsAt={startsAt}
            onStart={setStartsAt}
            onEnd={setEndsAt}
          />
          <CoverField file={cover} onChange={setCover} />
          {attempt.problem ? <Failure problem={attempt.problem} /> : null}
          <div>
            <button type="submit" class="btn primary" disabled={attempt.isBusy}>
              {t.create}
            </button>
          </div>
        </section>
      ) : null}
    </form>
  );
}
