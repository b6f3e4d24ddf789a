/** @module What an answer counts, and what an open is to the counts: a view, one past its address's limit, or nothing. */
import type { Who } from "../counting/isolate/visitors.ts";
import { placeOf } from "../http/origin-of-request.ts";
import { headerOf } from "../http/request-headers.ts";
import { Cells, type Counted } from "./cells.ts";
import { openLimit } from "./open-limit.ts";
import type { Opening } from "./opening.ts";
import type { Standing } from "./page-token.ts";
import { unavailable } from "./respond.ts";
import type { Decided } from "./target.ts";

/** What is booked instead of views and clicks where nobody looked, or an address asked too often. */
export const apart: { readonly [standing in Standing]?: Counted } = {
  prefetched: [["prefetches", "page"]],
  limited: [["limited", "page"]],
};

/**
 * What a person's open is to the counts. HEAD and prefetches are not opens, so they are not held against
 * their address.
 */
export function standingOf({ method, headers, address, ports, now }: Opening): Standing {
  if (isPrefetch(headers)) return "prefetched";
  const { settings } = ports;
  if (method === "HEAD" || settings.openLimit === 0) return "viewed";
  return openLimit.isPast(address, settings.openLimit, now) ? "limited" : "viewed";
}

export interface Particulars {
  /** That was chosen, where it is not the decision's own. */
  destination?: string;
  /** The click is known to follow a view. */
  isViewed?: boolean;
}

/**
 * Counts what is answered; with `durability: "strict"` the answer waits until the count is durable, and is
 * 503 when that takes too long. HEAD counts nothing.
 */
export function counted(
  opening: Opening,
  { cells: own, destination }: Decided,
  what: Counted,
  response: Response,
  { destination: other, isViewed = false }: Particulars = {},
): Response | Promise<Response> {
  const { request, method, target, visitor, now, ports } = opening;
  if (method === "HEAD") return response;
  const { stream } = target;
  const { country, region } = placeOf(request, ports.settings, () =>
    ports.provinceOf(opening.address),
  );
  const cells =
    other === undefined || other === destination ? own : new Cells(opening.slug, visitor, other);
  const keys = cells.keys(what, now, country, region);
  const ticket = ports.record(stream, keys, isViewed ? null : whoOf(opening, what), now);
  if (stream.durability !== "strict") return response;
  return ports.settled(ticket).then((isDurable) => (isDurable ? response : unavailable(request)));
}

/** Whether nobody looks: a browser fetches ahead, or a page loads the link as a picture, script or frame. */
function isPrefetch(headers: Headers): boolean {
  const destination = headerOf(headers, "Sec-Fetch-Dest");
  if (destination && destination.toLowerCase() !== "document") return true;
  const purpose = headerOf(headers, "Sec-Purpose") ?? headerOf(headers, "Purpose");
  return purpose?.toLowerCase().includes("prefetch") ?? false;
}

const roles = { views: "viewer", clicks: "clicker" } as const;

/** What tells visitors apart, never stored nor logged: the address' prefix, user agent, languages. */
function whoOf(opening: Opening, [first]: Counted): Who | null {
  const metric = first?.[0];
  if (metric !== "views" && metric !== "clicks") return null;
  const { address, userAgent, agentHash, languages, slug } = opening;
  return {
    role: roles[metric],
    slug,
    address,
    userAgent: userAgent ?? "",
    agentHash,
    languages: languages ?? "",
  };
}
