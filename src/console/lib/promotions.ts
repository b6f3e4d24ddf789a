/** @module Promoted links, asked for some at a time, so that somebody sees how far it is and can stop. */
import type { InferResponseType } from "hono/client";
import { client, json } from "./client.ts";
import type { OrderSource } from "./connections.ts";
import { usePoll } from "./poll.ts";
import { may } from "./session.ts";

const { $post } = client.api.streams[":id"].promotions;
export type Promoted = InferResponseType<typeof $post, 200>;

export interface AskedLinks {
  streamId: string;
  connection: string;
  slugs: readonly string[];
  replace: boolean;
}

const atOnce = 20;
/** Of a dry run, which asks nobody: as many as one request takes. */
const lookedAtOnce = 500;
const nothing: Promoted = { made: 0, kept: 0, failed: [], remaining: 0, data: [] };

const sum = (a: Promoted, b: Promoted): Promoted => ({
  made: a.made + b.made,
  kept: a.kept + b.kept,
  failed: [...a.failed, ...b.failed],
  remaining: a.remaining + b.remaining,
  data: [...a.data, ...b.data],
});

/**
 * @param onStep how far it is; `false` as its answer ends it
 * @returns what became of all: where it ended before the last, the others are in `remaining`
 */
export async function promoteAll(
  { streamId, slugs, ...asked }: AskedLinks,
  isDryRun: boolean,
  onStep: (done: Promoted, reached: number) => boolean,
): Promise<Promoted> {
  const size = isDryRun ? lookedAtOnce : atOnce;
  let done = nothing;
  for (let from = 0; from < slugs.length; from += size) {
    const part = slugs.slice(from, from + size);
    const answer = await json(
      $post({
        param: { id: streamId },
        query: isDryRun ? { dryRun: "true" } : {},
        json: { ...asked, slugs: [...part] },
      }),
    );
    done = sum(done, answer);
    const reached = from + part.length;
    if (!onStep(done, reached) || answer.remaining > 0) {
      return { ...done, remaining: done.remaining + slugs.length - reached };
    }
  }
  return done;
}

const none: readonly OrderSource[] = [];

/** The connections that can make promoted links of a stream's destinations. */
export function usePromoters(streamId: string): readonly OrderSource[] {
  const isAsked = may("links:write") && may("stats:read");
  const { data } = usePoll<{ data: OrderSource[] }>(
    isAsked ? `promoters ${streamId}` : null,
    (headers) =>
      client.api.streams[":id"]["order-sources"].$get({ param: { id: streamId } }, { headers }),
    0,
  );
  return (data?.data ?? none).filter(({ enabled, promotes }) => enabled && promotes);
}
