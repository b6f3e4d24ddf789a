/** @module Act during the broadcast: start or end by hand, change destinations; and see what that does. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, type Stream } from "../lib/client.ts";
import { useLinks } from "../lib/live.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Empty, Failed, Phase } from "../ui/basics.tsx";
import { DestinationsEditor } from "../ui/destinations-editor.tsx";
import { say } from "../ui/toast.tsx";
import { boardTexts } from "./board.text.ts";
import { newTexts } from "./new.text.ts";
import { Preview } from "./preview.tsx";

const texts = {
  "zh-CN": {
    phase: "直播状态",
    now: "当前",
    byHand: "已手动设定，不随时间变化",
    byClock: "按时间表自动切换",
    start: "立即开播",
    end: "立即结束",
    auto: "恢复按时间",
    confirmEnd: "确定结束？观众将看到回放或结束页。",
    destinations: "去向",
    destinationsHint: "保存后约一分钟内全网生效；开着的看板会照常计数。",
    saved: "已保存",
  },
  en: {
    phase: "Phase",
    now: "Now",
    byHand: "Set by hand, whatever the clock says",
    byClock: "Follows the clock",
    start: "Start now",
    end: "End now",
    auto: "Follow the clock again",
    confirmEnd: "End it? Viewers will get the replay or the page that says it ended.",
    destinations: "Destinations",
    destinationsHint: "Takes hold everywhere within about a minute; counting goes on.",
    saved: "Saved",
  },
};

interface ControlProps {
  stream: Stream;
  onChange: () => void;
}

export function Control({ stream, onChange }: ControlProps): JSX.Element {
  const { data: links } = useLinks(stream.id);
  const [edited, setEdited] = useState(0);
  const t = inLanguage(texts);
  const changed = () => {
    onChange();
    setEdited((count) => count + 1);
  };
  const done = () => {
    say(t.saved);
    changed();
  };
  return (
    <div class="control">
      <div class="stack">
        <PhaseCard stream={stream} onDone={done} />
        <DestinationsCard stream={stream} onDone={changed} />
      </div>
      {links && links.length > 0 ? (
        <Preview stream={stream} links={links} edited={edited} />
      ) : links ? (
        <div class="card">
          <Empty small title={inLanguage(boardTexts).nothingYet}>
            <a class="btn" href={`/console/streams/${stream.id}/links`}>
              {inLanguage(newTexts).promoters}
            </a>
          </Empty>
        </div>
      ) : null}
    </div>
  );
}

/** Sends a change, and says why when it is refused. */
function useChange(stream: Stream, onDone: () => void) {
  const attempt = useAttempt();
  const { $patch } = client.api.streams[":id"];
  const send = (change: Parameters<typeof $patch>[0]["json"]) =>
    attempt.run(async () => {
      await $patch({ param: { id: stream.id }, json: change });
      onDone();
    });
  return { send, attempt };
}

interface CardProps {
  stream: Stream;
  onDone: () => void;
}

function PhaseCard({ stream, onDone }: CardProps): JSX.Element {
  const t = inLanguage(texts);
  const { send, attempt } = useChange(stream, onDone);
  const { isBusy } = attempt;
  const { phase, phaseOverride } = stream;
  return (
    <section class="card pad stack tight" aria-labelledby="phase">
      <h2 id="phase">{t.phase}</h2>
      <div class="row">
        <span class="row tight">
          {t.now} <Phase phase={phase} />
        </span>
        <span class="soft small">{phaseOverride ? t.byHand : t.byClock}</span>
      </div>
      <div class="row">
        <button
          type="button"
          class="btn"
          disabled={isBusy || phaseOverride === "live"}
          onClick={() => void send({ phase: "live" })}
        >
          {t.start}
        </button>
        <button
          type="button"
          class="btn danger"
          disabled={isBusy || phaseOverride === "ended"}
          onClick={() => confirm(t.confirmEnd) && void send({ phase: "ended" })}
        >
          {t.end}
        </button>
        {phaseOverride ? (
          <button
            type="button"
            class="btn quiet"
            disabled={isBusy}
            onClick={() => void send({ phase: null })}
          >
            {t.auto}
          </button>
        ) : null}
      </div>
      <Failed of={attempt} />
    </section>
  );
}

function DestinationsCard({ stream, onDone }: CardProps): JSX.Element {
  const t = inLanguage(texts);
  return (
    <section class="card pad stack" aria-labelledby="destinations">
      <div>
        <h2 id="destinations">{t.destinations}</h2>
        <p class="soft small">{t.destinationsHint}</p>
      </div>
      <DestinationsEditor
        path={streamPath(stream.id)}
        kept={stream.destinations}
        primary={stream.primary}
        onSaved={onDone}
      />
    </section>
  );
}
