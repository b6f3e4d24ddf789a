/** @module A promoted link as a link's own destination. */
import { definedOnly } from "../../lib/records.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import { type Refusal, readLink } from "../../platforms/text.ts";
import type { Promoted } from "../adapter.ts";
import type { ToMake } from "./plan.ts";

interface Made {
  connection: string;
  /** UTC ms. */
  at: number;
  /** When what it leads to ends, UTC ms, where somebody said so now; else as it was said before. */
  endsAt: number | null;
}

/**
 * It stays one of the platform that the link leads to, as an alliance's links do that lead to Tmall.
 *
 * @param hosts the operator's own, to which a destination may lead
 * @returns why it can be no destination: an alliance's link is judged as one that somebody pastes
 */
export function placedOf(
  { wanted, own, isOfLink }: ToMake,
  { url, shareText, expiresAt }: Promoted,
  made: Made,
  hosts: readonly string[],
): { ok: true; destination: Destination } | Refusal {
  const read = readLink(url, hosts);
  if (!read.ok) return read;
  const { platform, replay, kind, id, idType, ...source } = wanted.destination;
  const { url: page, resolvedFrom, shareText: pasted } = source;
  return {
    ok: true,
    destination: definedOnly({
      ...{ platform, kind: "affiliate" as const, id: read.destination.id, url, replay },
      shareText: shareText ?? undefined,
      promoted: definedOnly({
        connection: made.connection,
        at: made.at,
        expiresAt: expiresAt ?? undefined,
        endsAt: made.endsAt ?? own?.promoted?.endsAt,
        of: definedOnly({ kind, id, idType, url: page, resolvedFrom, shareText: pasted }),
        isOfLink: isOfLink || undefined,
      }),
    }) as Destination,
  };
}
