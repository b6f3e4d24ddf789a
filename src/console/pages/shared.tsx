/** @module What a read-only link shows: a stream's board or wall, or one promoter's own figures of it. Without a key. */
import type { JSX } from "preact";
import { LocationProvider } from "preact-iso";
import { terms } from "../../model/terms.ts";
import { tilesOfCounts } from "../lib/board.ts";
import { type Link, type Stats, type Stream, send } from "../lib/client.ts";
import { money, moneyInFull, whole } from "../lib/format.ts";
import { addressOf, nameOf, promoterName } from "../lib/names.ts";
import { type Polled, usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { LanguageButton, ThemeButton } from "../ui/bar.tsx";
import { Empty, Phase } from "../ui/basics.tsx";
import { Freshness } from "../ui/freshness.tsx";
import { Gate } from "../ui/icons.tsx";
import { Pending } from "../ui/polled.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { Tiles } from "../ui/tiles.tsx";
import { useTitle } from "../ui/title.ts";
import { Toasts } from "../ui/toast.tsx";
import { CurveCard } from "./board-parts.tsx";
import { Promoters } from "./promoters.tsx";
import { OnAir } from "./stream.tsx";
import { WallView } from "./wall.tsx";

const texts = {
  "zh-CN": {
    ...terms["zh-CN"],
    gone: "这个链接已失效",
    goneHint: "它可能已被撤销或已过期。请向发给您的人要一个新的。",
    of: (name: string) => `${name} 的数据`,
    link: "短链接",
    total: "合计",
    note: "订单来自已导入的联盟数据，可能还会增减。",
  },
  en: {
    ...terms.en,
    gone: "This link shows nothing any more",
    goneHint: "It was revoked or has expired. Ask whoever sent it for another.",
    of: (name: string) => `Figures of ${name}`,
    link: "Short link",
    total: "Total",
    note: "Orders are those that were imported from the alliances, and may still change.",
  },
};

interface Own {
  views: number;
  clicks: number;
  visitors: number | null;
  orders: number;
  gmv: number;
  refunds: number;
  netGmv: number;
}
interface OwnLink extends Own {
  slug: string;
  shortUrl: string;
  channel: string | null;
}
type Data =
  | { view: "board" | "wall"; stream: Stream; stats: Stats; links: Link[] }
  | {
      view: "promoter";
      stream: Stream;
      creator: { id: string; name?: string };
      totals: Own;
      links: OwnLink[];
    };

export function Shared({ token }: { token: string }): JSX.Element {
  return (
    <LocationProvider scope="/s">
      <View token={token} />
      <Toasts />
    </LocationProvider>
  );
}

function View({ token }: { token: string }): JSX.Element {
  const t = inLanguage(texts);
  const polled = usePoll<Data>("shared", () => send(`/s/${token}/data`), 4_000);
  const { data, problem } = polled;
  useTitle(data?.stream.title ?? "");
  if (problem?.status === 404) {
    return (
      <main id="main">
        <Empty title={t.gone}>
          <p>{t.goneHint}</p>
        </Empty>
      </main>
    );
  }
  if (!data) {
    return (
      <main id="main">
        <Pending polled={polled} lines={8} />
      </main>
    );
  }
  if (data.view === "promoter") return <PromoterView data={data} />;
  const { stream, stats, links } = data;
  const tiles = tilesOfCounts(stats, Date.now());
  if (data.view === "wall") {
    return <WallView stream={stream} stats={stats} tiles={tiles} links={links} polled={polled} />;
  }
  return (
    <main id="main">
      <Head stream={stream} />
      <div class="board">
        <FreshnessOf stats={stats} stream={stream} polled={polled} />
        <Tiles tiles={tiles} isCompared={false} isLive={stream.phase === "live"} />
        <CurveCard stats={stats} stream={stream} isCompared={false} />
        <Promoters stats={stats} links={links} sales={undefined} />
      </div>
    </main>
  );
}

interface FreshnessProps {
  stats: Stats;
  stream: Stream;
  polled: Polled<unknown>;
}

function FreshnessOf({ stats, stream, polled }: FreshnessProps): JSX.Element {
  const { heardAt, problem } = polled;
  return <Freshness asOf={stats.asOf} heardAt={heardAt} problem={problem} stream={stream} />;
}

function Head({ stream, of }: { stream: Stream; of?: string }): JSX.Element {
  return (
    <div class="page-head stream-head">
      <div class="stack tight">
        <span class="crumb">
          <Gate /> Moongate
        </span>
        <h1>{of ?? stream.title}</h1>
        <div class="row tight soft">
          {of ? <b>{stream.title}</b> : null}
          <Phase phase={stream.phase} />
          <OnAir stream={stream} />
          {stream.host ? <span>{stream.host}</span> : null}
        </div>
      </div>
      <div class="row tight">
        <LanguageButton />
        <ThemeButton />
      </div>
    </div>
  );
}

function PromoterView({ data }: { data: Data & { view: "promoter" } }): JSX.Element {
  const t = inLanguage(texts);
  const { stream, creator, totals, links } = data;
  const counts = ["views", "clicks", "visitors", "orders"] as const;
  const amounts = ["gmv", "refunds", "netGmv"] as const;
  const columns: Column<OwnLink>[] = [
    {
      id: "link",
      head: t.link,
      isName: true,
      foot: t.total,
      cell: ({ shortUrl }) => <span class="mono">{addressOf(shortUrl)}</span>,
    },
    { id: "channel", head: t.channel, cell: ({ channel }) => nameOf("channel", channel) },
    ...counts.map((name) => ({
      id: name,
      head: t[name],
      numeric: true,
      by: (row: OwnLink) => row[name],
      cell: (row: OwnLink) => whole(row[name]),
      foot: whole(totals[name]),
    })),
    ...amounts.map((name) => ({
      id: name,
      head: t[name],
      numeric: true,
      by: (row: OwnLink) => row[name],
      cell: (row: OwnLink) => <span title={moneyInFull(row[name])}>{money(row[name])}</span>,
      foot: money(totals[name]),
    })),
  ];
  return (
    <main id="main">
      <Head stream={stream} of={t.of(promoterName(creator) ?? "")} />
      <dl class="tiles card">
        {[...counts, ...amounts].map((name) => (
          <div key={name} class="tile">
            <dt>{t[name]}</dt>
            <dd>
              <span class="tile-value figures">
                {name === "gmv" || name === "refunds" || name === "netGmv"
                  ? money(totals[name])
                  : whole(totals[name])}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <section class="card">
        <Table label={t.link} rows={links} columns={columns} keyOf={({ slug }) => slug} />
      </section>
      <p class="soft small">{t.note}</p>
    </main>
  );
}
