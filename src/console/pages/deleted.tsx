/** @module What was deleted and can still be brought back: streams in their list, links under a stream's. */
import type { JSX } from "preact";
import { useAttempt } from "../lib/attempt.ts";
import { client, type Link, type Stream } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { promoterName } from "../lib/names.ts";
import { linkPath, streamPath } from "../lib/paths.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { restore } from "../lib/restore.ts";
import { Failed } from "../ui/basics.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { say } from "../ui/toast.tsx";

const texts = {
  "zh-CN": {
    streams: "已删除的直播",
    links: (count: number) => `已删除的短链接 ${count}`,
    name: "名称",
    deletedAt: "删除时间",
    purgesAt: "数据清除时间",
    restore: "恢复",
    restored: "已恢复",
  },
  en: {
    streams: "Deleted streams",
    links: (count: number) => `Deleted short links ${count}`,
    name: "Name",
    deletedAt: "Deleted",
    purgesAt: "Purged",
    restore: "Restore",
    restored: "Restored",
  },
};

/** Brings a thing back, and says so; or why not. */
function useRestore(onRestored: () => void) {
  const t = inLanguage(texts);
  const attempt = useAttempt();
  const bringBack = (path: string) =>
    attempt.run(async () => {
      await restore(path);
      say(t.restored);
      onRestored();
    });
  return { bringBack, failure: <Failed of={attempt} /> };
}

interface RestoreProps {
  name: string;
  onClick: () => void;
}

function Restore({ name, onClick }: RestoreProps): JSX.Element {
  return (
    <button type="button" class="btn small" onClick={onClick}>
      {inLanguage(texts).restore}
      <span class="sr-only"> {name}</span>
    </button>
  );
}

interface StreamsProps {
  streams: readonly Stream[];
  onRestored: () => void;
}

export function Deleted({ streams, onRestored }: StreamsProps): JSX.Element {
  const t = inLanguage(texts);
  const { bringBack, failure } = useRestore(onRestored);
  const columns: Column<Stream>[] = [
    { id: "name", head: t.name, isName: true, cell: ({ title }) => title },
    {
      id: "deletedAt",
      head: t.deletedAt,
      cell: ({ deletedAt, timezone }) => moment(deletedAt ?? null, timezone),
    },
    {
      id: "purgesAt",
      head: t.purgesAt,
      cell: ({ purgesAt, timezone }) => moment(purgesAt ?? null, timezone),
    },
    {
      id: "act",
      head: "",
      numeric: true,
      cell: ({ id, title }) => (
        <Restore name={title} onClick={() => void bringBack(streamPath(id))} />
      ),
    },
  ];
  return (
    <>
      {failure}
      <Table label={t.streams} rows={streams} columns={columns} keyOf={({ id }) => id} />
    </>
  );
}

interface LinksProps {
  stream: Stream;
  /** Rises when one was deleted: the list is read anew. */
  times: number;
  onRestored: () => void;
}

/** Nothing where none was deleted. */
export function DeletedLinks({ stream, times, onRestored }: LinksProps): JSX.Element | null {
  const t = inLanguage(texts);
  const { data, refresh } = usePoll<{ data: Link[] }>(
    `deleted links ${stream.id} ${times}`,
    (headers) =>
      client.api.links.$get(
        { query: { streamId: stream.id, deleted: "true", limit: "200" } },
        { headers },
      ),
    0,
  );
  const { bringBack, failure } = useRestore(() => {
    refresh();
    onRestored();
  });
  if (!data || data.data.length === 0) return failure;
  const columns: Column<Link>[] = [
    {
      id: "name",
      head: t.name,
      isName: true,
      cell: ({ slug, creator }) => (
        <>
          {promoterName(creator)} <span class="mono soft">/{slug}</span>
        </>
      ),
    },
    {
      id: "deletedAt",
      head: t.deletedAt,
      cell: ({ deletedAt }) => moment(deletedAt ?? null, stream.timezone),
    },
    {
      id: "act",
      head: "",
      numeric: true,
      cell: ({ slug }) => <Restore name={slug} onClick={() => void bringBack(linkPath(slug))} />,
    },
  ];
  return (
    <details class="card pad">
      <summary>{t.links(data.data.length)}</summary>
      {failure}
      <Table
        label={t.links(data.data.length)}
        rows={data.data}
        columns={columns}
        keyOf={({ slug }) => slug}
      />
    </details>
  );
}
