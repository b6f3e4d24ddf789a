/** @module All streams, live ones first: found by words, dates, platform, promoter, tag; what is looked for is in the address. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { recordBy, recordOf } from "../../lib/records.ts";
import { platforms } from "../../platforms/registry/edge.ts";
import { client, type Stream } from "../lib/client.ts";
import { useDelayed } from "../lib/delayed.ts";
import { nameOf } from "../lib/names.ts";
import { usePages } from "../lib/pages.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useQuery } from "../lib/query.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { dayBegins, dayEnds } from "../lib/zone.ts";
import { Empty, Failure, Segmented, Waiting } from "../ui/basics.tsx";
import { FilterInputs } from "../ui/filter-inputs.tsx";
import { Icon } from "../ui/icons.tsx";
import { useTitle } from "../ui/title.ts";
import { Deleted } from "./deleted.tsx";
import { StreamList } from "./stream-list.tsx";
import { streamTexts } from "./streams.text.ts";

const names = ["q", "phase", "platform", "from", "to", "creator", "tag", "campaign"] as const;
type Filters = Readonly<Record<(typeof names)[number], string>>;

function queryOf({ q, phase, from, to, ...others }: Filters): object {
  const given = {
    ...others,
    q: q.trim(),
    from: dayBegins(from),
    to: dayEnds(to),
    ...(phase === "deleted" ? { deleted: "true" } : { phase }),
  };
  return recordOf(Object.entries(given).filter(([, value]) => value));
}

export function Streams(): JSX.Element {
  const t = inLanguage(streamTexts);
  useTitle(t.title);
  const [filters, setFilters] = useQuery(names);
  const [text, setText] = useState(filters.q);
  useDelayed(text, (q) => q !== filters.q && setFilters({ q }), 250);
  const mayRead = may("links:read");
  const query = queryOf(filters);
  const { polled, more } = usePages<Stream>(
    mayRead ? `streams ${JSON.stringify(query)}` : null,
    (cursor, headers) =>
      client.api.streams.$get(
        { query: { limit: "50", sort: "start", ...query, ...(cursor === null ? {} : { cursor }) } },
        { headers },
      ),
    15_000,
  );
  const { data, problem, refresh } = polled;
  const isFiltered = names.some((name) => filters[name] !== "");
  const phases = (["live", "upcoming", "ended", "deleted"] as const).filter(
    (phase) => phase !== "deleted" || may("links:write"),
  );
  return (
    <>
      <div class="page-head">
        <h1>{t.title}</h1>
        <div class="row">
          {may("stats:read") ? (
            <a class="btn" href="/console/totals">
              {t.totals}
            </a>
          ) : null}
          {may("links:write") ? (
            <a class="btn primary" href="/console/new">
              <Icon name="plus" />
              {t.create}
            </a>
          ) : null}
        </div>
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
          value={filters.phase}
          onChange={(phase) => setFilters({ phase })}
          options={[["", t.all], ...phases.map((phase) => [phase, t[phase]] as const)]}
        />
      </div>
      <Further filters={filters} onChange={setFilters} />
      {problem && !data ? <Failure problem={problem} retry={refresh} /> : null}
      {mayRead ? null : (
        <div class="card">
          <Empty title={t.mayNotTitle}>
            <p>{t.mayNotHint}</p>
          </Empty>
        </div>
      )}
      {!data && !problem && mayRead ? (
        <div class="card">
          <Waiting lines={6} />
        </div>
      ) : null}
      {data?.data.length === 0 ? <None isFiltered={isFiltered} /> : null}
      {data && data.data.length > 0 ? (
        <div class="card">
          {filters.phase === "deleted" ? (
            <Deleted streams={data.data} onRestored={refresh} />
          ) : (
            <StreamList streams={data.data} />
          )}
        </div>
      ) : null}
      {more ? (
        <p class="center-row">
          <button type="button" class="btn" onClick={more}>
            {inLanguage(common).further}
          </button>
        </p>
      ) : null}
    </>
  );
}

function None({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  const t = inLanguage(streamTexts);
  return (
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
  );
}

interface FurtherProps {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
}

/** Filters that are wanted less often; open where one of them is set. */
function Further({ filters, onChange }: FurtherProps): JSX.Element {
  const t = inLanguage(streamTexts);
  const own = ["platform", "from", "to", "creator", "tag", "campaign"] as const;
  const isOpen = own.some((name) => filters[name] !== "");
  const none = recordBy(own, () => "");
  return (
    <details class="further" open={isOpen}>
      <summary>{t.further}</summary>
      <div class="row">
        <label>
          {t.platform}
          <select
            class="input compact"
            value={filters.platform}
            onChange={(event) => onChange({ platform: event.currentTarget.value })}
          >
            <option value="">{t.anyPlatform}</option>
            {platforms.map(({ name }) => (
              <option key={name} value={name}>
                {nameOf("destination", name)}
              </option>
            ))}
          </select>
        </label>
        <FilterInputs
          isDate
          names={["from", "to"]}
          labels={t}
          values={filters}
          onChange={(name, value) => onChange({ [name]: value })}
        />
        <FilterInputs
          names={["creator", "tag", "campaign"]}
          labels={t}
          values={filters}
          onChange={(name, value) => onChange({ [name]: value })}
        />
        {isOpen ? (
          <button type="button" class="btn quiet small" onClick={() => onChange(none)}>
            {t.clear}
          </button>
        ) : null}
      </div>
    </details>
  );
}
