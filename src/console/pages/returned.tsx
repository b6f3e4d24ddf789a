/** @module Who came back by the 口令 of a stream's links, of a report: our copies beside what the platforms say. */
import type { InferResponseType } from "hono/client";
import type { JSX } from "preact";
import { client } from "../lib/client.ts";
import { moment, whole } from "../lib/format.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { type Column, Table } from "../ui/table.tsx";

const texts = {
  "zh-CN": {
    title: "口令回流",
    link: "短链接",
    creator: "推广者",
    source: { taobao: "淘宝", wechat: "微信" },
    from: "平台",
    copies: "复制",
    pv: "回流次数",
    uv: "回流人数",
    asOf: "数据截至",
  },
  en: {
    title: "口令 that came back",
    link: "Link",
    creator: "Promoter",
    source: { taobao: "Taobao", wechat: "WeChat" },
    from: "Platform",
    copies: "Copies",
    pv: "Came back",
    uv: "People",
    asOf: "As of",
  },
};

const path = client.api.streams[":id"].returns;
type Returns = InferResponseType<(typeof path)["$get"], 200>;
type Row = Returns["data"][number];

interface ReturnedProps {
  streamId: string;
  timezone: string;
}

/** Not there while no platform tells of a link. */
export function Returned({ streamId, timezone }: ReturnedProps): JSX.Element | null {
  const t = inLanguage(texts);
  const { data } = usePoll<Returns>(
    `returns ${streamId}`,
    (headers) => path.$get({ param: { id: streamId } }, { headers }),
    60_000,
  );
  const rows = (data?.data ?? []).filter(({ source }) => source !== null);
  if (rows.length === 0) return null;
  const number = (id: "copies" | "pv" | "uv"): Column<Row> => ({
    id,
    head: t[id],
    numeric: true,
    by: (row) => row[id],
    cell: (row) => whole(row[id]),
  });
  const columns: Column<Row>[] = [
    { id: "slug", head: t.link, isName: true, cell: ({ slug }) => slug },
    { id: "creator", head: t.creator, cell: ({ creator }) => creator ?? "" },
    { id: "source", head: t.from, cell: ({ source }) => source && t.source[source] },
    number("copies"),
    number("pv"),
    number("uv"),
    { id: "asOf", head: t.asOf, cell: ({ asOf }) => asOf && moment(asOf, timezone) },
  ];
  return (
    <section class="card" aria-labelledby="returned">
      <div class="card-head">
        <h2 id="returned">{t.title}</h2>
      </div>
      <Table
        label={t.title}
        rows={rows}
        columns={columns}
        keyOf={({ slug, source }) => `${slug} ${source}`}
        sort={{ id: "pv", descending: true }}
      />
    </section>
  );
}
