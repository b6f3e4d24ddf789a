/** @module The live board of a stream. */
import type { JSX } from "preact";
import {
  type Cut,
  cuts,
  type Grouping,
  groupings,
  type Part,
  partIn,
  partText,
  slugsOf,
  useLinkStats,
} from "../lib/board-filter.ts";
import { client, type Stats, type Stream } from "../lib/client.ts";
import { moment, whole } from "../lib/format.ts";
import { useBestSellers, useBoard, useLinks, useStats } from "../lib/live.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { Alerts } from "../ui/alerts.tsx";
import { Empty } from "../ui/basics.tsx";
import { Freshness } from "../ui/freshness.tsx";
import { Icon } from "../ui/icons.tsx";
import { OrdersAsOf } from "../ui/orders-as-of.tsx";
import { Pending } from "../ui/polled.tsx";
import { chosenOf, isBestShown, TileChoice } from "../ui/tile-choice.tsx";
import { Tiles } from "../ui/tiles.tsx";
import { BestSellers } from "./best-sellers.tsx";
import { boardTexts } from "./board.text.ts";
import { CurveCard, Funnel, Sources } from "./board-parts.tsx";
import { FilteredBoard } from "./filtered-board.tsx";
import { Promoters } from "./promoters.tsx";

export function Board({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(boardTexts);
  const [{ compare, only: onlyText, cut: cutText }, setQuery] = useQuery([
    "compare",
    "only",
    "cut",
  ]);
  const only = partIn(onlyText, groupings);
  const cut = partIn(cutText, cuts);
  const polled = useStats(stream, compare ? { compare } : {});
  const { data: whole, problem, heardAt } = polled;
  const { sales, tiles, goals, alerts, events, sources } = useBoard(stream, whole, compare);
  const best = useBestSellers(stream.id, whole, isBestShown());
  const links = useLinks(stream.id);
  const slugs = whole && (only || cut) ? slugsOf(whole, only) : [];
  const parts = useLinkStats(whole, slugs, stream.phase === "live");
  if (!whole) return <Pending polled={polled} lines={10} />;
  const isLive = stream.phase === "live";
  const isEmpty = whole.totals.views + whole.totals.previews + whole.totals.bots === 0;
  const pick = (change: { only?: Part<Grouping> | undefined; cut?: Part<Cut> | undefined }) =>
    setQuery({
      ...("only" in change ? { only: change.only ? partText(change.only) : "" } : {}),
      ...("cut" in change ? { cut: change.cut ? partText(change.cut) : "" } : {}),
    });
  return (
    <div class="board">
      <div class="row between board-tools">
        <Freshness asOf={whole.asOf} heardAt={heardAt} problem={problem} stream={stream} />
        <div class="row">
          <Earlier
            stream={stream}
            value={compare}
            onChange={(chosen) => setQuery({ compare: chosen })}
          />
          <TileChoice tiles={tiles} />
          <a class="btn small" href={`/console/streams/${stream.id}/wall`}>
            <Icon name="wall" />
            {t.wall}
          </a>
        </div>
      </div>
      <Alerts alerts={alerts} />
      <OrdersAsOf sources={sources} timeZone={stream.timezone} />
      {only || cut ? (
        <FilteredBoard
          stream={stream}
          whole={whole}
          links={links.data ?? []}
          parts={parts}
          only={only}
          cut={cut}
          onPick={pick}
        />
      ) : (
        <>
          <Tiles
            tiles={chosenOf(tiles)}
            isCompared={compare !== ""}
            isLive={isLive}
            goals={goals}
          />
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
                <CurveCard
                  stats={whole}
                  stream={stream}
                  isCompared={compare !== ""}
                  events={events}
                />
                <Funnel stats={whole} />
              </div>
              <Promoters
                stats={whole}
                links={links.data ?? []}
                sales={sales}
                onPick={(part) => pick({ only: part })}
              />
              <BestSellers items={best} of={whole.totals.gmv} />
              <Sources stats={whole} onPick={(part) => pick({ cut: part })} />
            </>
          )}
          <Quality stats={whole} />
        </>
      )}
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
