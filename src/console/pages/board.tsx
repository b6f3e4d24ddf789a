/** @module The live board of a stream. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { curveOf, funnelOf } from "../lib/board.ts";
import { client, type Stats, type Stream } from "../lib/client.ts";
import { moment, money, percent, short, whole } from "../lib/format.ts";
import { useLinks, useRoas, useStats, useTiles } from "../lib/live.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { Empty } from "../ui/basics.tsx";
import { Breakdown } from "../ui/breakdown.tsx";
import { Curve } from "../ui/curve.tsx";
import { Estimate, regionsTitle } from "../ui/estimate.tsx";
import { Freshness } from "../ui/freshness.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { Tiles } from "../ui/tiles.tsx";
import { boardTexts } from "./board.text.ts";
import { Promoters } from "./promoters.tsx";

export function Board({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(boardTexts);
  const [{ compare }, setQuery] = useQuery(["compare"]);
  const polled = useStats(stream, compare ? { compare } : {});
  const { data: stats, problem, heardAt } = polled;
  const roas = useRoas(stream.id, "link", 15_000);
  const links = useLinks(stream.id);
  const tiles = useTiles(stream, stats, roas.data?.totals.netRoas ?? null, compare);
  if (!stats) return <Pending polled={polled} lines={10} />;
  const isEmpty = stats.totals.views + stats.totals.previews + stats.totals.bots === 0;
  return (
    <div class="board">
      <div class="row between board-tools">
        <Freshness asOf={stats.asOf} heardAt={heardAt} problem={problem} stream={stream} />
        <div class="row">
          <Earlier
            stream={stream}
            value={compare}
            onChange={(chosen) => setQuery({ compare: chosen })}
          />
          <a class="btn small" href={`/console/streams/${stream.id}/wall`}>
            <Icon name="wall" />
            {t.wall}
          </a>
        </div>
      </div>
      <Tiles tiles={tiles} isCompared={compare !== ""} isLive={stream.phase === "live"} />
      {isEmpty ? (
        <div class="card">
          <Empty title={t.nothingYet}>
            <p>{t.nothingYetHint}</p>
            <a class="btn" href={`/console/streams/${stream.id}/links`}>
              {t.copyLinks}
            </a>
          </Empty>
        </div>
      ) : (
        <>
          <div class="board-main">
            <CurveCard stats={stats} stream={stream} isCompared={compare !== ""} />
            <Funnel stats={stats} />
          </div>
          <Promoters stats={stats} links={links.data ?? []} sales={roas.data} />
          <Sources stats={stats} />
        </>
      )}
      <Quality stats={stats} />
    </div>
  );
}

/** Which earlier stream to compare with. */
function Earlier(props: {
  stream: Stream;
  value: string;
  onChange: (id: string) => void;
}): JSX.Element {
  const { stream, value, onChange } = props;
  const t = inLanguage(boardTexts);
  const { data } = usePoll<{ data: Stream[] }>(
    "earlier",
    (headers) => client.api.streams.$get({ query: { limit: "200", sort: "start" } }, { headers }),
    0,
  );
  const others = (data?.data ?? []).filter(
    ({ id, phase }) => id !== stream.id && phase !== "upcoming",
  );
  return (
    <label class="row tight nowrap">
      <span class="soft small nowrap">{t.earlier}</span>
      <select
        class="input compact earlier"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t.noEarlier}</option>
        {others.map(({ id, title, startsAt, timezone }) => (
          <option key={id} value={id}>
            {title}
            {startsAt ? ` · ${moment(startsAt, timezone)}` : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

const steps = [1, 5, 10] as const;

export function CurveCard(props: {
  stats: Stats;
  stream: Stream;
  isCompared: boolean;
  height?: number;
}): JSX.Element {
  const { stats, stream, isCompared, height = 21 } = props;
  const { startsAt, endedAt, timezone } = stream;
  const t = inLanguage(boardTexts);
  const [{ step }, setQuery] = useQuery(["step"]);
  const gather = steps.find((count) => String(count) === step) ?? 1;
  const isMinutes = stats.series?.step === 60;
  const curve = useMemo(
    () =>
      curveOf(
        stats,
        isMinutes ? gather : 1,
        startsAt ? Date.parse(startsAt) : undefined,
        Date.now(),
        endedAt ? Date.parse(endedAt) : undefined,
      ),
    [stats, gather, isMinutes, startsAt, endedAt],
  );
  return (
    <section class="card curve-card" aria-labelledby="curve">
      <div class="card-head">
        <h2 id="curve">{t.curve}</h2>
        <div class="row">
          <ul class="legend">
            <li class="views">{t.tiles.views}</li>
            <li class="clicks">{t.tiles.clicks}</li>
            {isCompared ? <li class="ghost">{t.ghost}</li> : null}
          </ul>
          {isMinutes ? (
            <fieldset class="segmented plain" aria-label={t.step}>
              {steps.map((count) => (
                <button
                  key={count}
                  type="button"
                  aria-pressed={count === gather}
                  onClick={() => setQuery({ step: count === 1 ? "" : String(count) })}
                >
                  {t.minutes(count)}
                </button>
              ))}
            </fieldset>
          ) : null}
        </div>
      </div>
      <Curve curve={curve} timeZone={timezone} isCompared={isCompared} height={height} />
    </section>
  );
}

export function Funnel({ stats }: { stats: Stats }): JSX.Element {
  const t = inLanguage(boardTexts);
  const stages = funnelOf(stats);
  const most = Math.max(1, stages[0]?.value ?? 0);
  return (
    <section class="card funnel" aria-labelledby="funnel">
      <div class="card-head">
        <h2 id="funnel">{t.funnel}</h2>
      </div>
      <ol>
        {stages.map(({ id, value, share }) => (
          <li key={id} class={id}>
            <div class="row between">
              <span>{t.steps[id]}</span>
              <b class="figures" title={whole(value)}>
                {short(value)}
              </b>
            </div>
            <div class="funnel-bar" aria-hidden="true">
              <span style={{ width: `${Math.max(0.4, ((value ?? 0) / most) * 100)}%` }} />
            </div>
            <span class="soft small figures">
              {share === null
                ? " "
                : id === "orders"
                  ? t.ofClicks(percent(share))
                  : t.ofBefore(percent(share))}
            </span>
          </li>
        ))}
        <li class="net">
          <div class="row between">
            <span>{t.steps.net}</span>
            <b class="figures">{money(stats.totals.netGmv)}</b>
          </div>
        </li>
      </ol>
    </section>
  );
}

function Sources({ stats }: { stats: Stats }): JSX.Element {
  const t = inLanguage(boardTexts);
  const { by } = stats;
  return (
    <div class="board-sources">
      <Breakdown title={t.apps} kind="app" rows={by.app ?? []} />
      <Breakdown title={t.systems} kind="os" rows={by.os ?? []} />
      <Breakdown title={regionsTitle(stats, t)} kind="region" rows={by.region ?? []} />
      <Breakdown title={t.destinations} kind="destination" rows={by.destination ?? []} />
      <Breakdown title={t.methods} kind="method" rows={by.method ?? []} />
      <Estimate stats={stats} />
    </div>
  );
}

function Quality({ stats }: { stats: Stats }): JSX.Element {
  const t = inLanguage(boardTexts);
  const { totals, quality } = stats;
  const { clicksWithoutView: unseen, clicksWithoutViewInterval: within } = quality;
  return (
    <p class="soft small quality figures">
      {t.notCounted(whole(totals.previews), whole(totals.bots))}
      {totals.limited > 0 ? ` · ${t.limited(whole(totals.limited))}` : ""}
      {unseen && within
        ? ` · ${t.withoutView(whole(unseen), whole(within.low), whole(within.high))}`
        : ""}
      {quality.lost > 0 ? ` · ${t.lost(whole(quality.lost))}` : ""}
      {quality.pendingSpills > 0 ? ` · ${t.pending}` : ""}
      {quality.orders === "current" ? "" : ` · ${t.ordersNotCurrent[quality.orders]}`}
    </p>
  );
}
