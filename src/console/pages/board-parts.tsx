/** @module The parts of a board that other boards have too: the curve, the funnel, where the views came from. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { curveOf, funnelOf } from "../lib/board.ts";
import type { Cut, Part } from "../lib/board-filter.ts";
import type { Stats, Stream } from "../lib/client.ts";
import { money, percent, short, whole } from "../lib/format.ts";
import { marksOf, type StreamEvent } from "../lib/marks.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { Segmented } from "../ui/basics.tsx";
import { Breakdown } from "../ui/breakdown.tsx";
import { Curve } from "../ui/curve.tsx";
import { Estimate, regionsTitle } from "../ui/estimate.tsx";
import { Happened } from "../ui/happened.tsx";
import { boardTexts } from "./board.text.ts";

const steps = [1, 5, 10] as const;

export function CurveCard(props: {
  stats: Stats;
  stream: Stream;
  isCompared: boolean;
  height?: number;
  events?: readonly StreamEvent[];
}): JSX.Element {
  const { stats, stream, isCompared, height = 21, events } = props;
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
  const marks = useMemo(() => marksOf(events ?? [], curve), [events, curve]);
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
            <Segmented
              label={t.step}
              value={String(gather)}
              onChange={(chosen) => setQuery({ step: chosen === "1" ? "" : chosen })}
              options={steps.map((count) => [String(count), t.minutes(count)] as const)}
            />
          ) : null}
        </div>
      </div>
      <Curve
        curve={curve}
        marks={marks}
        timeZone={timezone}
        isCompared={isCompared}
        height={height}
      />
      {events ? <Happened events={events} timeZone={timezone} /> : null}
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

interface SourcesProps {
  stats: Stats;
  onPick?: (part: Part<Cut>) => void;
}

export function Sources({ stats, onPick }: SourcesProps): JSX.Element {
  const t = inLanguage(boardTexts);
  const { by } = stats;
  return (
    <div class="board-sources">
      <Breakdown title={t.apps} kind="app" rows={by.app ?? []} onPick={onPick} />
      <Breakdown title={t.systems} kind="os" rows={by.os ?? []} onPick={onPick} />
      <Breakdown
        title={regionsTitle(stats, t)}
        kind="region"
        rows={by.region ?? []}
        onPick={onPick}
      />
      <Breakdown
        title={t.destinations}
        kind="destination"
        rows={by.destination ?? []}
        onPick={onPick}
      />
      <Breakdown title={t.methods} kind="method" rows={by.method ?? []} onPick={onPick} />
      <Estimate stats={stats} />
    </div>
  );
}
