/** @module The figures of the streams in a list, asked for together. */
import type { InferResponseType } from "hono/client";
import { partsOf } from "../../lib/sql.ts";
import { client, json, type Stream } from "./client.ts";
import { usePoll } from "./poll.ts";
import { may } from "./session.ts";

export type Figures = InferResponseType<
  typeof client.api.reports.streams.$get,
  200
>["data"][number];

/** As many as one request takes. */
const atOnce = 200;

/** By stream. While one of them is live every ten seconds, else every minute. */
export function useFigures(streams: readonly Stream[]): ReadonlyMap<string, Figures> {
  const ids = streams.map(({ id }) => id);
  const isLive = streams.some(({ phase }) => phase === "live");
  const { data } = usePoll<Figures[]>(
    ids.length > 0 && may("stats:read") ? `figures ${ids.join()}` : null,
    async () => {
      const parts = [...partsOf(ids, atOnce)];
      const answers = await Promise.all(
        parts.map((part) => json(client.api.reports.streams.$get({ query: { ids: part.join() } }))),
      );
      return Response.json(answers.flatMap((answer) => answer.data));
    },
    isLive ? 10_000 : 60_000,
  );
  return new Map((data ?? []).map((row) => [row.streamId, row]));
}
