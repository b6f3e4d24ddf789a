/** @module One stream: its head and tabs, and the tab that the address names. */
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { client, type Stream } from "../lib/client.ts";
import { duration, moment } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { streamPath } from "../lib/paths.ts";
import { type Polled, useNow, usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty, Phase } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { Board } from "./board.tsx";
import { Control } from "./control.tsx";
import { Details } from "./details.tsx";
import { LinksTab } from "./links.tsx";
import { ReportTab } from "./report.tsx";
import { SalesTab } from "./sales.tsx";

const texts = {
  "zh-CN": {
    tabs: {
      board: "实时看板",
      links: "短链接",
      control: "播中操作",
      sales: "订单与成本",
      report: "战报",
      details: "直播信息",
    },
    all: "直播",
    host: (name: string) => `主播 ${name}`,
    onAir: "已播",
    startsIn: "距开播",
  },
  en: {
    tabs: {
      board: "Live board",
      links: "Links",
      control: "Act",
      sales: "Orders & costs",
      report: "Report",
      details: "Details",
    },
    all: "Streams",
    host: (name: string) => `Host ${name}`,
    onAir: "on air",
    startsIn: "starts in",
  },
};

/** A stream, read again every so often: its phase changes by the clock, or by a colleague. */
export function useStream(id: string): Polled<Stream> {
  const polled = usePoll<Stream>(
    `stream ${id}`,
    (headers) => client.api.streams[":id"].$get({ param: { id } }, { headers }),
    15_000,
  );
  const { data } = polled;
  return { ...polled, data: data && saves.newest(streamPath(id), data) };
}

export function StreamPage(): JSX.Element {
  const { params } = useRoute();
  const { id = "" } = params;
  const t = inLanguage(texts);
  const polled = useStream(id);
  const { data: stream, problem, refresh } = polled;
  useTitle(stream?.title ?? t.all);
  if (problem?.status === 404) {
    const words = inLanguage(common);
    return (
      <Empty title={words.missing}>
        <p>{words.missingHint}</p>
        <a class="btn" href="/console/">
          {words.toStreams}
        </a>
      </Empty>
    );
  }
  if (!stream) return <Pending polled={polled} lines={8} />;
  const tabs: [string, string, boolean][] = [
    ["board", t.tabs.board, may("stats:read")],
    ["links", t.tabs.links, true],
    ["control", t.tabs.control, may("links:write")],
    ["sales", t.tabs.sales, may("stats:read")],
    ["report", t.tabs.report, may("stats:read")],
    ["details", t.tabs.details, may("links:write")],
  ];
  const tab = params.tab ?? tabs.find(([, , isThere]) => isThere)?.[0];
  return (
    <>
      <Head stream={stream} />
      <nav class="tabs" aria-label={stream.title}>
        {tabs.map(([name, label, isThere]) =>
          isThere ? (
            <a
              key={name}
              href={`/console/streams/${id}${name === "board" ? "" : `/${name}`}`}
              aria-current={name === tab ? "page" : undefined}
            >
              {label}
            </a>
          ) : null,
        )}
      </nav>
      {tab === "board" ? <Board stream={stream} /> : null}
      {tab === "links" ? <LinksTab stream={stream} /> : null}
      {tab === "control" ? <Control stream={stream} onChange={refresh} /> : null}
      {tab === "sales" ? <SalesTab stream={stream} /> : null}
      {tab === "details" ? <Details key={id} stream={stream} /> : null}
      {tab === "report" ? <ReportTab stream={stream} /> : null}
    </>
  );
}

function Head({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(texts);
  return (
    <div class="page-head stream-head">
      <div class="stack tight">
        <a class="crumb" href="/console/">
          <Icon name="back" />
          {t.all}
        </a>
        <h1>{stream.title}</h1>
        <div class="row tight soft">
          <Phase phase={stream.phase} />
          <OnAir stream={stream} />
          {stream.host ? <span>{t.host(stream.host)}</span> : null}
          {stream.destinations.map(({ platform }) => (
            <span key={platform} class="chip">
              {nameOf("destination", platform)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** How long it has been on air, or how long until it is. */
export function OnAir({ stream }: { stream: Stream }): JSX.Element | null {
  const t = inLanguage(texts);
  const now = useNow(1_000);
  const { startsAt, phase, timezone } = stream;
  const end = phase === "ended" ? stream.endedAt : stream.endsAt;
  if (startsAt === null) return null;
  const away = Date.parse(startsAt) - now;
  if (phase === "live" && away < 0) {
    return (
      <span class="figures">
        {t.onAir} {duration(-away)}
      </span>
    );
  }
  if (phase === "upcoming" && away > 0 && away < 86_400_000) {
    return (
      <span class="figures">
        {t.startsIn} {duration(away)}
      </span>
    );
  }
  return (
    <span class="figures">
      {moment(startsAt, timezone)}
      {end ? ` – ${moment(end, timezone)}` : ""}
    </span>
  );
}
