/** @module The board for the wall: nothing to press, everything large, dark unless chosen otherwise. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import type { Alert } from "../lib/alerts.ts";
import type { Tile } from "../lib/board.ts";
import type { Link, Stats, Stream } from "../lib/client.ts";
import type { OrderSource } from "../lib/connections.ts";
import { money, percent, short, times } from "../lib/format.ts";
import { useBoard, useLinks, useStats } from "../lib/live.ts";
import type { StreamEvent } from "../lib/marks.ts";
import { nameOf } from "../lib/names.ts";
import type { Polled } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import type { Goal } from "../lib/targets.ts";
import { texts as common } from "../lib/texts.ts";
import { Alerts } from "../ui/alerts.tsx";
import { Phase } from "../ui/basics.tsx";
import { Delta } from "../ui/delta.tsx";
import { Freshness } from "../ui/freshness.tsx";
import { Gate, Icon } from "../ui/icons.tsx";
import { OrdersAsOf } from "../ui/orders-as-of.tsx";
import { Pending } from "../ui/polled.tsx";
import { chosenOf } from "../ui/tile-choice.tsx";
import { GoalLine } from "../ui/tiles.tsx";
import { useTitle } from "../ui/title.ts";
import { boardTexts } from "./board.text.ts";
import { CurveCard } from "./board-parts.tsx";
import { OnAir, useStream } from "./stream.tsx";

export function Wall(): JSX.Element {
  const { params } = useRoute();
  const polled = useStream(params.id ?? "");
  useTitle(polled.data?.title ?? "");
  return polled.data ? <WallOf stream={polled.data} /> : <Pending polled={polled} />;
}

function WallOf({ stream }: { stream: Stream }): JSX.Element {
  const { route } = useLocation();
  const polled = useStats(stream);
  const { data: stats } = polled;
  const links = useLinks(stream.id);
  const { tiles, goals, alerts, events, sources } = useBoard(stream, stats);
  const back = `/console/streams/${stream.id}`;
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => key === "Escape" && route(back);
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [back, route]);
  if (!stats) return <Pending polled={polled} />;
  return (
    <WallView
      stream={stream}
      stats={stats}
      tiles={chosenOf(tiles)}
      goals={goals}
      alerts={alerts}
      events={events}
      sources={sources}
      links={links.data ?? []}
      polled={polled}
      back={back}
    />
  );
}

interface WallProps {
  stream: Stream;
  stats: Stats;
  tiles: readonly Tile[];
  /** Whose names are shown. */
  links: readonly Pick<Link, "creator">[];
  polled: Pick<Polled<unknown>, "heardAt" | "problem">;
  goals?: ReadonlyMap<Tile["id"], Goal> | undefined;
  alerts?: readonly Alert[];
  events?: readonly StreamEvent[];
  sources?: readonly OrderSource[];
  /** Where the cross leads; there is none on a shared wall. */
  back?: string;
}

export function WallView(props: WallProps): JSX.Element {
  const { stream, stats, tiles, links, polled, back, goals, alerts, events, sources } = props;
  const t = inLanguage(boardTexts);
  const { heardAt, problem } = polled;
  const format = { count: short, share: percent, money, times } as const;
  const nameOfCreator = new Map(
    links.flatMap(({ creator }) =>
      creator ? [[creator.id, creator.name ?? creator.id] as const] : [],
    ),
  );
  const top = (stats.by.creator ?? []).slice(0, 8);
  const most = Math.max(1, ...top.map(({ views }) => views));
  return (
    <main class="wall" id="main">
      <header class="row between">
        <div class="row">
          <Gate />
          <h1>{stream.title}</h1>
          <Phase phase={stream.phase} />
          <span class="soft">
            <OnAir stream={stream} />
          </span>
        </div>
        <div class="row">
          <Freshness asOf={stats.asOf} heardAt={heardAt} problem={problem} stream={stream} />
          {back ? (
            <a class="btn quiet" href={back} aria-label={inLanguage(common).close}>
              <Icon name="close" />
            </a>
          ) : null}
        </div>
      </header>
      {alerts && alerts.length > 0 ? <Alerts alerts={alerts} /> : null}
      {sources ? <OrdersAsOf sources={sources} timeZone={stream.timezone} /> : null}
      <dl class="wall-tiles">
        {tiles.map(({ id, kind, value, recent }) => (
          <div key={id}>
            <dt>{t.tiles[id]}</dt>
            <dd>
              <span class="figures">{format[kind](value)}</span>
              {recent != null ? <Delta share={recent} against={t.vsRecent} /> : null}
              <GoalLine goal={goals?.get(id)} kind={kind} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="wall-main">
        <CurveCard
          stats={stats}
          stream={stream}
          isCompared={false}
          height={28}
          {...(events ? { events } : {})}
        />
        <section class="card wall-top" aria-labelledby="wall-top">
          <div class="card-head">
            <h2 id="wall-top">{t.promoters}</h2>
          </div>
          <ol>
            {top.map(({ key, views }) => (
              <li key={key}>
                <span class="row between">
                  <span>
                    {key === "none" ? t.none : (nameOfCreator.get(key) ?? nameOf("channel", key))}
                  </span>
                  <b class="figures">{short(views)}</b>
                </span>
                <span class="funnel-bar" aria-hidden="true">
                  <span style={{ width: `${(views / most) * 100}%` }} />
                </span>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </main>
  );
}
