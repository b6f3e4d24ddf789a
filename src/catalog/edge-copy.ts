/** @module The edge copy of a stream and a link: what of a row the edge needs (model/edge-records.ts). */
import { recordOf } from "../lib/records.ts";
import {
  type LinkRecord,
  linkOnEdge,
  type StreamRecord,
  streamOnEdge,
} from "../model/edge-records.ts";
import type { Link } from "../model/link.ts";
import type { Stream } from "../model/stream.ts";

function onEdge<Row extends { deletedAt: number | null }>(
  row: Row,
  names: readonly (keyof Row & string)[],
) {
  const fields = names.flatMap((name): [string, unknown][] => {
    const value = row[name];
    return value === null || value === false ? [] : [[name, value]];
  });
  return recordOf<unknown>(row.deletedAt === null ? fields : [...fields, ["deleted", true]]);
}

/** Which connection made a destination is nothing to an open. */
export const linkRecord = (link: Link): LinkRecord =>
  onEdge(
    {
      ...link,
      destinations:
        link.destinations?.map(({ promoted: _, ...destination }) => destination) ?? null,
    },
    linkOnEdge,
  ) as unknown as LinkRecord;
export const streamRecord = (stream: Stream): StreamRecord =>
  onEdge(stream, streamOnEdge) as unknown as StreamRecord;
