/** @module The board of a part of the stream, with what it is of, what is not held for it, and the way back. */
import type { JSX } from "preact";
import { type Tile, tilesOfCounts } from "../lib/board.ts";
import {
  type Cut,
  cutOf,
  type Grouping,
  linksAtMost,
  linksCut,
  mergedStats,
  type Part,
} from "../lib/board-filter.ts";
import type { Link, Stats, Stream } from "../lib/client.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Waiting } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { Tiles } from "../ui/tiles.tsx";
import { CurveCard, Funnel, Sources } from "./board-parts.tsx";
import { Promoters } from "./promoters.tsx";

const texts = {
  "zh-CN": {
    only: "只看",
    remove: (name: string) => `去掉筛选 ${name}`,
    tooMany: (count: number, most: number) =>
      `这个筛选涉及 ${count} 个短链接，超过 ${most} 个，无法逐个读取；请点具体的推广者或短链接。`,
    notHeld:
      "计数按“短链接 × 一个维度”保存：这里有各推广者在其中的份额；它的走势、漏斗，以及与其他维度的交叉没有保存，不做推算。",
    sumOfVisitors: "访客为各短链接之和，打开过两个的人会计两次。",
  },
  en: {
    only: "Only",
    remove: (name: string) => `Remove the filter ${name}`,
    tooMany: (count: number, most: number) =>
      `This filter is of ${count} short links; more than ${most} are not read one by one. Choose a promoter or a link.`,
    notHeld:
      "Counts are held by link and one dimension: here is each promoter’s share of it. Its curve, its funnel and what it crosses with other dimensions are not held, and not guessed.",
    sumOfVisitors: "Visitors are the sum of the links’: who opened two counts twice.",
  },
};

interface FilteredProps {
  stream: Stream;
  whole: Stats;
  links: readonly Link[];
  /** `links`: how many the filter is of. */
  parts: { data: Stats[] | undefined; isTooMany: boolean; links: number };
  only: Part<Grouping> | undefined;
  cut: Part<Cut> | undefined;
  onPick: (change: { only?: Part<Grouping> | undefined; cut?: Part<Cut> | undefined }) => void;
}

export function FilteredBoard(props: FilteredProps): JSX.Element {
  const { stream, whole, links, parts, only, cut, onPick } = props;
  const t = inLanguage(texts);
  const { data, isTooMany } = parts;
  const creator = links.find((link) => link.creator?.id === only?.key)?.creator;
  const onlyName =
    only && (only.kind === "creator" ? (creator?.name ?? only.key) : nameOf("channel", only.key));
  const cutName = cut && nameOf(cut.kind, cut.key);
  return (
    <>
      <div class="row tight" role="status">
        <span class="soft small">{t.only}</span>
        {onlyName ? (
          <Chip
            name={only?.kind === "link" ? `/${only.key}` : onlyName}
            onClick={() => onPick({ only: undefined })}
          />
        ) : null}
        {cutName ? <Chip name={cutName} onClick={() => onPick({ cut: undefined })} /> : null}
      </div>
      {isTooMany ? <p class="note warn">{t.tooMany(parts.links, linksAtMost)}</p> : null}
      {cut ? (
        <CutBoard {...props} cut={cut} />
      ) : data ? (
        <PartBoard stream={stream} whole={whole} links={links} data={data} onPick={onPick} />
      ) : isTooMany ? null : (
        <div class="card">
          <Waiting lines={6} />
        </div>
      )}
    </>
  );
}

function Chip({ name, onClick }: { name: string; onClick: () => void }): JSX.Element {
  return (
    <span class="chip">
      {name}
      <button
        type="button"
        class="btn quiet small"
        aria-label={inLanguage(texts).remove(name)}
        onClick={onClick}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

type PartProps = Pick<FilteredProps, "stream" | "whole" | "links" | "onPick"> & { data: Stats[] };

/** Everything of one promoter, channel or link but what only the whole stream has. */
function PartBoard({ stream, whole, links, data, onPick }: PartProps): JSX.Element {
  const t = inLanguage(texts);
  const stats = mergedStats(whole, data);
  const tiles = tilesOfCounts(stats, Date.now());
  return (
    <>
      <Tiles tiles={tiles} isCompared={false} isLive={false} />
      <div class="board-main">
        <CurveCard stats={stats} stream={stream} isCompared={false} />
        <Funnel stats={stats} />
      </div>
      <Promoters
        stats={stats}
        links={links}
        sales={undefined}
        onPick={(part) => onPick({ only: part })}
      />
      <Sources stats={stats} onPick={(part) => onPick({ cut: part })} />
      {data.length > 1 ? <p class="soft small">{t.sumOfVisitors}</p> : null}
    </>
  );
}

/** One app, province, … of the stream or of a part of it: how much, and by whom. */
function CutBoard({
  whole,
  links,
  parts: { data, isTooMany },
  only,
  cut,
  onPick,
}: FilteredProps & { cut: Part<Cut> }): JSX.Element {
  const t = inLanguage(texts);
  const stats = only && data ? mergedStats(whole, data) : whole;
  const { views, clicks } = cutOf(stats, cut);
  const none = { recent: undefined, earlier: undefined };
  const tiles: Tile[] = [
    { ...none, id: "views", kind: "count", value: views },
    { ...none, id: "clicks", kind: "count", value: clicks },
    { ...none, id: "clickThrough", kind: "share", value: views === 0 ? null : clicks / views },
  ];
  return (
    <>
      <Tiles tiles={tiles} isCompared={false} isLive={false} />
      <p class="note">{t.notHeld}</p>
      {isTooMany ? null : data ? (
        <Promoters
          stats={linksCut(stats, data, cut)}
          links={links}
          sales={undefined}
          onPick={(part) => onPick({ only: part })}
        />
      ) : (
        <div class="card">
          <Waiting lines={6} />
        </div>
      )}
    </>
  );
}
