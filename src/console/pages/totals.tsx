/** @module Totals over streams: by week, campaign, promoter, channel or stream; one promoter by week is a trend. */
import type { JSX } from "preact";
import { send } from "../lib/client.ts";
import type { Roas, RoasGrouping, RoasRow } from "../lib/live.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { texts as common } from "../lib/texts.ts";
import { dayBegins, dayEnds } from "../lib/zone.ts";
import { Empty, Segmented } from "../ui/basics.tsx";
import { FilterInputs } from "../ui/filter-inputs.tsx";
import { Icon } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { roasColumns, rowName } from "../ui/roas-columns.tsx";
import { SalesChart } from "../ui/sales-chart.tsx";
import { Table } from "../ui/table.tsx";
import { useTitle } from "../ui/title.ts";
import { salesTexts } from "./sales.text.ts";

const texts = {
  "zh-CN": {
    title: "汇总",
    back: "直播",
    by: "按什么汇总",
    span: "时间",
    spans: { "7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "365": "近一年" },
    from: "开播不早于",
    to: "开播不晚于",
    creator: "推广者编号",
    campaign: "活动",
    none: "这段时间没有直播带短链接",
    trendOf: (who: string) => `${who} 的走势`,
    all: "看全部",
  },
  en: {
    title: "Totals",
    back: "Streams",
    by: "Group by",
    span: "Time",
    spans: { "7": "7 days", "30": "30 days", "90": "90 days", "365": "A year" },
    from: "Starts from",
    to: "Starts until",
    creator: "Promoter’s id",
    campaign: "Campaign",
    none: "No stream with links began in this time",
    trendOf: (who: string) => `Trend of ${who}`,
    all: "See all",
  },
};

const names = ["by", "span", "from", "to", "creator", "campaign"] as const;
type Query = Readonly<Record<(typeof names)[number], string>>;
type Grouping = Exclude<RoasGrouping, "link" | "item">;

const day = 86_400_000;
const usualSpan = "30";

/** Begins at midnight, so that a page that stays open asks the same for a day. */
function timesOf({ span, from, to }: Query): { from: string; to?: string } {
  const ends = dayEnds(to);
  const today = Math.floor(Date.now() / day) * day;
  return {
    from:
      dayBegins(from) ?? new Date(ends ? 0 : today - Number(span || usualSpan) * day).toISOString(),
    ...(ends ? { to: ends } : {}),
  };
}

export function TotalsPage(): JSX.Element {
  const t = inLanguage(texts);
  useTitle(t.title);
  const [query, setQuery] = useQuery(names);
  const groupings: readonly Grouping[] = [
    "week",
    "campaign",
    "creator",
    "channel",
    "channelClass",
    "stream",
  ];
  const by = groupings.find((one) => one === query.by) ?? "week";
  const { creator, campaign } = query;
  const asked = new URLSearchParams({
    groupBy: by,
    ...timesOf(query),
    ...(creator ? { creator } : {}),
    ...(campaign ? { campaign } : {}),
  }).toString();
  const polled = usePoll<Roas>(
    `totals ${asked}`,
    (headers) => send(`/api/reports/roas?${asked}`, { headers }),
    60_000,
  );
  const { data } = polled;
  const words = inLanguage(salesTexts);
  const heads: Record<Grouping, string> = {
    week: words.byWeek,
    campaign: words.byCampaign,
    creator: words.byCreator,
    channel: words.byChannel,
    channelClass: words.byClass,
    stream: words.byStream,
  };
  return (
    <>
      <div class="page-head">
        <div class="stack tight">
          <a class="crumb" href="/console/">
            <Icon name="back" />
            {t.back}
          </a>
          <h1>{t.title}</h1>
        </div>
        <a
          class="btn small"
          href={`/api/reports/roas?${asked}&format=csv&language=${language.value}`}
          download
        >
          <Icon name="download" />
          {words.csvRoas}
        </a>
      </div>
      <Filters query={query} onChange={setQuery} />
      <section class="card" aria-labelledby="totals">
        <div class="card-head">
          <h2 id="totals">
            {creator ? t.trendOf(creator) : heads[by]}{" "}
            {creator ? (
              <button
                type="button"
                class="btn quiet small"
                onClick={() => setQuery({ creator: "", by: "creator" })}
              >
                {t.all}
              </button>
            ) : null}
            {creator ? (
              <a
                class="btn quiet small"
                href={`/console/settlements?${new URLSearchParams({ creator })}`}
              >
                {inLanguage(common).nav.settlements}
              </a>
            ) : null}
          </h2>
          <Segmented
            label={t.by}
            value={by}
            onChange={(next) => setQuery({ by: next })}
            options={groupings.map((one) => [one, heads[one]] as const)}
          />
        </div>
        {data ? <Totals key={asked} roas={data} by={by} /> : <Pending polled={polled} lines={6} />}
      </section>
    </>
  );
}

interface FiltersProps {
  query: Query;
  onChange: (change: Partial<Query>) => void;
}

function Filters({ query, onChange }: FiltersProps): JSX.Element {
  const t = inLanguage(texts);
  const isOwn = query.from !== "" || query.to !== "";
  return (
    <div class="row further">
      <Segmented
        label={t.span}
        value={isOwn ? "" : query.span || usualSpan}
        onChange={(span) => onChange({ span, from: "", to: "" })}
        options={Object.entries(t.spans)}
      />
      <FilterInputs
        isDate
        names={["from", "to"]}
        labels={t}
        values={query}
        onChange={(name, value) => onChange({ [name]: value })}
      />
      <FilterInputs
        names={["creator", "campaign"]}
        labels={t}
        values={query}
        onChange={(name, value) => onChange({ [name]: value })}
      />
    </div>
  );
}

/** Where there is more to see of a row: a promoter's weeks, a campaign's promoters, a stream. */
function moreOf(by: Grouping, { key }: RoasRow): string | undefined {
  if (key === "none") return undefined;
  const params = new URLSearchParams(location.search);
  if (by === "stream") return `/console/streams/${key}/sales`;
  if (by === "creator") params.set("by", "week");
  else if (by === "campaign") params.set("by", "creator");
  else return undefined;
  params.set(by, key);
  return `/console/totals?${params}`;
}

function Totals({ roas, by }: { roas: Roas; by: Grouping }): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(salesTexts);
  const { data, totals } = roas;
  if (data.length === 0) return <Empty small title={t.none} />;
  const isByTime = by === "week";
  const inOrder = isByTime
    ? data.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(-12)
    : data.toSorted((a, b) => b.netGmv - a.netGmv).slice(0, 12);
  return (
    <>
      {totals.gmv > 0 || totals.cost.total > 0 ? (
        <SalesChart
          label={words.roas}
          rows={inOrder.map((row) => ({
            name: rowName(row, by),
            netGmv: row.netGmv,
            cost: row.cost.total,
            roas: row.netRoas,
          }))}
        />
      ) : null}
      <Table
        label={words.roas}
        rows={isByTime ? data.toSorted((a, b) => (a.key > b.key ? -1 : 1)) : data}
        columns={roasColumns(by, totals, (row) => moreOf(by, row))}
        keyOf={({ key }) => key}
        {...(isByTime ? {} : { sort: { id: "netGmv", descending: true } })}
        atMost={50}
        more={inLanguage(common).showAll}
      />
    </>
  );
}
