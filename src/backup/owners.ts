/** @module What a line of an export belongs to: a stream, a link. A line of nobody's is not taken. */
import type { Owners } from "../catalog/archive.ts";
import type { LineType, RowOf } from "./lines.ts";

/** What a row names, and by which field. */
interface Named {
  streamIds?: readonly string[];
  shard?: number;
  slug?: string;
  field: string;
}

/** By the type of a line; one that is not here belongs to nobody, or the Catalog looks after it itself. */
const naming: { [T in LineType]?: (row: RowOf<T>) => Named } = {
  counts: ({ streamId, shard }) => ({ streamIds: [streamId], shard, field: "streamId" }),
  cover: ({ streamId }) => ({ streamIds: [streamId], field: "streamId" }),
  line: ({ link, streamId }) =>
    link === "" ? { field: "link" } : { slug: link, streamIds: [streamId], field: "link" },
  costs: ({ slug }) => ({ slug, field: "slug" }),
  spend: ({ link }) => ({ slug: link, field: "link" }),
  notifier: ({ streams }) => ({ streamIds: streams ?? [], field: "streams" }),
};

/** `absent`: it may still come. */
export type Verdict = { is: "fine" } | { is: "absent" | "wrong"; detail: string };

const fine: Verdict = { is: "fine" };

/**
 * Judges rows of one type.
 *
 * @param ownersOf which of some streams and links are here
 */
export async function judge<T extends LineType>(
  type: T,
  rows: readonly RowOf<T>[],
  ownersOf: (asked: { streamIds: string[]; slugs: string[] }) => Promise<Owners>,
): Promise<Verdict[]> {
  const name = naming[type];
  if (!name || rows.length === 0) return rows.map(() => fine);
  const named = rows.map(name);
  const owners = await ownersOf({
    streamIds: [...new Set(named.flatMap(({ streamIds = [] }) => streamIds))],
    slugs: [...new Set(named.flatMap(({ slug }) => slug ?? []))],
  });
  const streams = new Map(owners.streams.map((stream) => [stream.id, stream]));
  const links = new Map(owners.links.map(({ slug, streamId }) => [slug, streamId]));
  return named.map(({ streamIds = [], shard, slug, field }) => {
    const say = (is: "absent" | "wrong", at: string, detail: string): Verdict => ({
      is,
      detail: `/row/${at}: ${detail}`,
    });
    if (slug !== undefined) {
      const streamId = links.get(slug);
      if (streamId === undefined) {
        return say("absent", field, `There is no link ${slug}, here or in the file.`);
      }
      const isOther = streamIds.some((id) => id !== streamId);
      return isOther ? say("wrong", "streamId", `The link ${slug} is one of ${streamId}.`) : fine;
    }
    for (const id of streamIds) {
      const stream = streams.get(id);
      if (!stream) return say("absent", field, `There is no stream ${id}, here or in the file.`);
      if (stream.isPurged && type !== "notifier") {
        return say("wrong", field, `The stream ${id} was deleted with all it had.`);
      }
      if (shard !== undefined && shard >= stream.shardsEver) {
        return say("wrong", "shard", `The stream ${id} never had more than ${stream.shardsEver}.`);
      }
    }
    return fine;
  });
}
