/** @module A stream's own fields, each saved by itself. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isTimeZone } from "../../lib/zones.ts";
import { useAttempt } from "../lib/attempt.ts";
import { type Stream, send } from "../lib/client.ts";
import { useLinks } from "../lib/live.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { instantOf, localOf } from "../lib/zone.ts";
import { Failed } from "../ui/basics.tsx";
import { CoverField } from "../ui/cover-field.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { QuickTimes } from "../ui/quick-times.tsx";
import { say } from "../ui/toast.tsx";
import { BrandCard } from "./brand.tsx";
import { CopyCard } from "./copy-stream.tsx";
import { DeleteCard } from "./delete-stream.tsx";
import { detailTexts } from "./details.text.ts";
import { Shares } from "./shares.tsx";
import { Targets } from "./targets.tsx";

const shardsAtMost = 64;

export function Details({ stream }: { stream: Stream }): JSX.Element {
  return (
    <div class="details stack">
      <Basics stream={stream} />
      <Times stream={stream} />
      <Targets stream={stream} />
      <Landing stream={stream} />
      <BrandCard stream={stream} />
      {may("admin") ? <Shares stream={stream} /> : null}
      <CopyCard stream={stream} />
      <DeleteCard stream={stream} />
    </div>
  );
}

function Basics({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const path = streamPath(stream.id);
  return (
    <section class="card pad stack" aria-labelledby="basics">
      <h2 id="basics">
        {t.basics} <span class="soft small">{t.saved}</span>
      </h2>
      <div class="grid2">
        <EditField
          path={path}
          field="title"
          label={t.title}
          stored={stream.title}
          read={(text) => (text.trim() ? { value: text.trim() } : { wrong: t.titleNeeded })}
        />
        <EditField path={path} field="host" label={t.host} stored={stream.host} />
      </div>
      <Cover stream={stream} />
    </section>
  );
}

/** A picture is sent once it is chosen; where that fails it stays chosen. */
function Cover({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const { data: links } = useLinks(stream.id);
  const [file, setFile] = useState<File>();
  const attempt = useAttempt();
  const path = streamPath(stream.id);
  const put = (chosen: File | undefined) =>
    attempt.run(async () => {
      setFile(chosen);
      if (!chosen) return;
      const answer = await send(`${path}/cover`, { method: "PUT", body: chosen });
      saves.heard(path, await answer.json());
      setFile(undefined);
      say(t.coverKept);
    });
  const slug = links?.[0]?.slug;
  const isRemoved = saves.get(path, "cover")?.value === null;
  const isThere = stream.cover !== null && !isRemoved;
  return (
    <>
      <CoverField
        file={file}
        kept={isThere && slug ? `/${slug}/cover?v=${stream.cover}` : undefined}
        onChange={(chosen) => void put(chosen)}
      />
      <Failed of={attempt} />
      {isThere ? (
        <div>
          <button
            type="button"
            class="btn quiet small"
            onClick={() => saves.set(path, "cover", null)}
          >
            {t.removeCover}
          </button>
        </div>
      ) : null}
    </>
  );
}

function Times({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const path = streamPath(stream.id);
  const newest = (field: "startsAt" | "endsAt" | "timezone"): string | null => {
    const edit = saves.get(path, field);
    return edit ? (edit.value as string | null) : stream[field];
  };
  const edited = newest("timezone");
  const timezone = edited && isTimeZone(edited) ? edited : stream.timezone;
  const show = (value: unknown) => localOf(value as string | null, timezone);
  const read = (local: string) => ({ value: instantOf(local, timezone) ?? null });
  /** The end keeps its distance to a start that is moved. */
  const endBeside = (start: unknown) => {
    const [from, to] = [newest("startsAt"), newest("endsAt")];
    if (from === null || to === null || typeof start !== "string") return [];
    const end = Date.parse(start) + Date.parse(to) - Date.parse(from);
    return [["endsAt", new Date(end).toISOString()]] as const;
  };
  const start = (local: string) => {
    const { value } = read(local);
    saves.setAll(path, [["startsAt", value], ...endBeside(value)]);
  };
  return (
    <section class="card pad stack" aria-labelledby="times">
      <h2 id="times">{t.times}</h2>
      <div class="grid2">
        <EditField
          path={path}
          field="startsAt"
          label={t.startsAt}
          hint={t.startHint}
          type="datetime-local"
          stored={stream.startsAt}
          show={show}
          read={read}
          beside={endBeside}
        />
        <EditField
          path={path}
          field="endsAt"
          label={t.endsAt}
          type="datetime-local"
          stored={stream.endsAt}
          show={show}
          read={read}
        />
      </div>
      <QuickTimes
        timeZone={timezone}
        startsAt={show(newest("startsAt"))}
        onStart={start}
        onEnd={(local) => saves.set(path, "endsAt", read(local).value)}
      />
      <EditField
        path={path}
        field="timezone"
        label={t.timezone}
        hint={t.timezoneHint}
        stored={stream.timezone}
        list="timezones"
        read={(text) =>
          isTimeZone(text.trim()) ? { value: text.trim() } : { wrong: t.timezoneWrong }
        }
      />
      <datalist id="timezones">
        {Intl.supportedValuesOf("timeZone").map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </section>
  );
}

function Landing({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const path = streamPath(stream.id);
  return (
    <section class="card pad stack" aria-labelledby="landing">
      <h2 id="landing">{t.landing}</h2>
      <EditField
        path={path}
        field="landing"
        label={t.landingMode}
        stored={stream.landing}
        options={Object.entries(t.landingModes)}
      />
      <EditField
        path={path}
        field="after"
        label={t.after}
        hint={t.afterHint}
        type="url"
        stored={stream.after}
      />
      <EditField
        path={path}
        field="durability"
        label={t.durability}
        stored={stream.durability}
        options={Object.entries(t.durabilities)}
      />
      <EditField
        path={path}
        field="shards"
        label={t.shards}
        hint={t.shardsHint}
        stored={stream.shards}
        read={(text) => {
          const count = Number(text.trim());
          const isOne = Number.isInteger(count) && count >= 1 && count <= shardsAtMost;
          return isOne ? { value: count } : { wrong: t.shardsWrong };
        }}
      />
    </section>
  );
}
