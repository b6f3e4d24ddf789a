/** @module A copy of a stream: what it and its promoters are, without what was of that one broadcast. */
import { said } from "../lib/said.ts";
import type { Link, NewLink } from "../model/link.ts";
import type { NewStream, Stream, StreamCopy } from "../model/stream.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import type { Result } from "./results.ts";
import type { Store } from "./store.ts";

/** Links of one copy: all are in one answer, of some kilobyte each at most. */
const copiedAtMost = 2_000;

/**
 * Makes a stream of another one: the same destinations and, but for those that were disabled, the same promoters, each
 * with a new slug. Both or neither. Times, phase, replays, promoted links, the links' expiry and all figures stay the former's own.
 */
export function copyStream(
  store: Store,
  id: string,
  input: StreamCopy,
  by: string,
  now: number,
): Result<{ stream: Stream; links: Link[] }> {
  const found = store.streams.get(id);
  if (!found.ok) return found;
  const links = store.links.openOf(id, copiedAtMost + 1);
  if (links.length > copiedAtMost) {
    return {
      ok: false,
      code: "too_many_links",
      detail: said(
        `A stream of at most ${copiedAtMost} links can be copied. Make a stream, and its links from a table.`,
        `最多可复制带 ${copiedAtMost} 个短链接的直播。请新建直播，再用表格添加短链接。`,
      ),
    };
  }
  return store.createStreamWithLinks(
    { ...lastingOfStream(found.value), ...input },
    links.map(lastingOfLink),
    by,
    now,
  );
}

function lastingOfStream(stream: Stream): NewStream {
  const { id, version, cover, secret, shardsEver, ...kept } = stream;
  const {
    startsAt,
    endsAt,
    endedAt,
    phase,
    createdAt,
    updatedAt,
    deletedAt,
    purgedAt,
    ...lasting
  } = kept;
  return { ...lasting, destinations: lasting.destinations.map(withoutReplay) };
}

function lastingOfLink(link: Link): NewLink {
  const { slug, version, streamId, expiresAt, disabled, ...kept } = link;
  const { createdAt, updatedAt, deletedAt, ...lasting } = kept;
  // What was promoted carries the former slug, and leads to the former broadcast.
  const own = lasting.destinations?.filter(({ promoted }) => !promoted).map(withoutReplay);
  return { ...lasting, destinations: own?.length === 0 ? null : own };
}

/** A replay is of one broadcast. */
function withoutReplay({ replay, ...lasting }: Destination): Destination {
  return lasting;
}
