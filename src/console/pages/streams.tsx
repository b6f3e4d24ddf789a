/** @module All streams, with phase, totals and a spark line; or, when there is none, the way to the first link. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { client, type Stats, type Stream } from "../lib/client.ts";
import { change, moment, nothing, percent, short, whole } from "../lib/format.ts";
import { nameOf } from "../lib/names.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { may } from "../lib/session.ts";
import { Empty, Failure, Phase, Segmented, Waiting } from "../ui/basics.tsx";
import { Delta } from "../ui/delta.tsx";
import { Icon } from "../ui/icons.tsx";
import { Spark } from "../ui/spark.tsx";
import { useTitle } from "../ui/title.ts";
import { Deleted } from "./deleted.tsx";

const texts = {
  "zh-CN": {
    title: "直播",
    create: "新建直播",
    search: "按标题或主播搜索",
    filter: "状态",
    all: "全部",
    live: "直播中",
    upcoming: "未开播",
    ended: "已结束",
    deleted: "已删除",
    stream: "直播",
    startsAt: "开播时间",
    views: "浏览",
    clicks: "点击",
    rate: "点击率",
    recent: "近 10 分钟",
    trend: "趋势",
    more: "加载更多",
    emptyTitle: "还没有直播",
    emptyHint: "把直播间的链接或分享口令粘贴进来，几秒钟就能得到每位推广者的短链接。",
    emptyAction: "创建第一个短链接",
    mayNotTitle: "这个密钥看不到直播列表",
    mayNotHint: "它没有“查看链接”（links:read）权限。请向管理员要一个同时能查看链接和数据的密钥。",
    noneTitle: "没有符合条件的直播",
    noneHint: "换个关键词，或者看看全部状态。",
    sparkOf: (title: string) => `${title}的浏览趋势`,
  },
  en: {
    title: "Streams",
    create: "New stream",
    search: "Search title or host",
    filter: "Phase",
    all: "All",
    live: "Live",
    upcoming: "Upcoming",
    ended: "Ended",
    deleted: "Deleted",
    stream: "Stream",
    startsAt: "Starts",
    views: "Views",
    clicks: "Clicks",
    rate: "Click-through",
    recent: "Last 10 min",
    trend: "Trend",
    more: "Load more",
    emptyTitle: "No streams yet",
    emptyHint:
      "Paste the link or share text of a livestream, and get one short link per promoter in seconds.",
    emptyAction: "Make the first short link",
    mayNotTitle: "This key does not show streams",
    mayNotHint: "It lacks the scope links:read. Ask for a key that reads links and stats.",
    noneTitle: "No stream matches",
    noneHint: "Try another word, or look at every phase.",
    sparkOf: (title: string) => `Views of ${title} over time`,
  },
};

type Filter = "all" | "live" | "upcoming" | "ended" | "deleted";

function useDelayed(value: string, by: number): string {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), by);
    return () => clearTimeout(timer);
  }, [value, by]);
  return delayed;
}

export function Streams(): JSX.Element {
  const t = inLanguage(texts);
  useTitle(t.title);
  const [filter, setFilter] = useState<Filter>("all");
  const [text, setText] = useState("");
  const [limit, setLimit] = useState(50);
  const q = useDelayed(text.trim(), 250);
  const { data, problem, refresh } = usePoll<{ data: Stream[]; nextCursor: string | null }>(
    may("links:read") ? `streams ${filter} ${q} ${limit}` : null,
    (headers) =>
      client.api.streams.$get(
        {
          query: {
            limit: String(limit),
            ...(filter === "all"
              ? {}
              : filter === "deleted"
                ? { deleted: "true" }
                : { phase: filter }),
            ...(q === "" ? {} : { q }),
          },
        },
        { headers },
      ),
    15_000,
  );
  const isFiltered = filter !== "all" || q !== "";
  return (
    <>
      <div class="page-head">
        <h1>{t.title}</h1>
        {may("links:write") ? (
          <a class="btn primary" href="/console/new">
            <Icon name="plus" />
            {t.create}
          </a>
        ) : null}
      </div>
      <div class="row filters">
        <label class="search">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            aria-label={t.search}
            placeholder={t.search}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <Segmented
          label={t.filter}
          value={filter}
          onChange={setFilter}
          options={[
            ["all", t.all],
            ["live", t.live],
            ["upcoming", t.upcoming],
            ["ended", t.ended],
            ...(may("links:write") ? [["deleted", t.deleted] as const] : []),
          ]}
        />
      </div>
      {problem && !data ? <Failure problem={problem} retry={refresh} /> : null}
      {may("links:read") ? null : (
        <div class="card">
          <Empty title={t.mayNotTitle}>
            <p>{t.mayNotHint}</p>
          </Empty>
        </div>
      )}
      {!data && !problem && may("links:read") ? (
        <div class="card">
          <Waiting lines={6} />
        </div>
      ) : null}
      {data?.data.length === 0 ? (
        <div class="card">
          {isFiltered ? (
            <Empty title={t.noneTitle}>
              <p>{t.noneHint}</p>
            </Empty>
          ) : (
            <Empty title={t.emptyTitle}>
              <p>{t.emptyHint}</p>
              {may("links:write") ? (
                <a class="btn primary" href="/console/new">
                  {t.emptyAction}
                </a>
              ) : null}
            </Empty>
          )}
        </div>
      ) : null}
      {data && data.data.length > 0 ? (
        <div class="card">
          {filter === "deleted" ? (
            <Deleted streams={data.data} onRestored={refresh} />
          ) : (
            <List streams={data.data} />
          )}
        </div>
      ) : null}
      {data?.nextCursor && limit < 200 ? (
        <p class="center-row">
          <button type="button" class="btn" onClick={() => setLimit(200)}>
            {t.more}
          </button>
        </p>
      ) : null}
    </>
  );
}

function List({ streams }: { streams: readonly Stream[] }): JSX.Element {
  const t = inLanguage(texts);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="table-wrap" tabIndex={0} aria-label={t.title}>
      <table class="streams">
        <thead>
          <tr>
            <th scope="col">{t.stream}</th>
            <th scope="col" class="wide">
              {t.startsAt}
            </th>
            <th scope="col" class="num">
              {t.views}
            </th>
            <th scope="col" class="num">
              {t.clicks}
            </th>
            <th scope="col" class="num">
              {t.rate}
            </th>
            <th scope="col" class="num wide">
              {t.recent}
            </th>
            <th scope="col" class="wide">
              {t.trend}
            </th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <Row key={stream.id} stream={stream} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(texts);
  const isLive = stream.phase === "live";
  const { data } = usePoll<Stats>(
    may("stats:read") ? `figures ${stream.id} ${isLive}` : null,
    (headers) =>
      client.api.streams[":id"].stats.$get(
        {
          param: { id: stream.id },
          query: {
            groupBy: "os",
            interval: isLive ? "minute" : "hour",
            ...(isLive ? { start: new Date(Date.now() - 2 * 3_600_000).toISOString() } : {}),
          },
        },
        { headers },
      ),
    isLive ? 10_000 : 0,
  );
  const recent = data?.recent?.views;
  return (
    <tr>
      <th scope="row">
        <a class="stream-name" href={`/console/streams/${stream.id}`}>
          <span class="row tight">
            <Phase phase={stream.phase} />
            <b>{stream.title}</b>
          </span>
          <span class="sub">
            {[
              stream.host,
              stream.destinations
                .map(({ platform }) => nameOf("destination", platform))
                .join(" / "),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </a>
      </th>
      <td class="wide soft figures">
        {stream.startsAt ? moment(stream.startsAt, stream.timezone) : nothing}
      </td>
      <td class="num" title={whole(data?.totals.views)}>
        {short(data?.totals.views)}
      </td>
      <td class="num" title={whole(data?.totals.clicks)}>
        {short(data?.totals.clicks)}
      </td>
      <td class="num">{percent(data?.rates.clickThrough)}</td>
      <td class="num wide">
        {isLive && recent ? (
          <span class="row tight end">
            {short(recent.last)}
            <Delta share={change(recent.last, recent.previous)} />
          </span>
        ) : (
          <span class="soft">{nothing}</span>
        )}
      </td>
      <td class="wide">
        <Spark values={data?.series?.views ?? []} label={t.sparkOf(stream.title)} />
      </td>
    </tr>
  );
}
