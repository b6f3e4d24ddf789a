/**
 * @module Where an address of the service leads, by its text alone. A broadcast's viewers open a few dozen addresses
 * millions of times, and its boards poll a few, so these are remembered.
 */
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { beyondSlug, isSlug } from "../model/slug.ts";
import { routeBelow } from "./open.ts";

export interface Address {
  /** From the first slash to the query. */
  path: string;
  /** Its first segment. */
  first: string;
  /** There is a slash behind the first segment. */
  hasRest: boolean;
  /** What the first segment names, in lower case; `null` where no link can have that name. */
  slug: string | null;
  /** The segment is longer than the slug. */
  isCut: boolean;
  /** What is asked for of the link: a route of its own, or what else follows. */
  below: string;
}

function read(url: string): Address {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const query = url.indexOf("?", start);
  const end = query === -1 ? url.length : query;
  const border = url.indexOf("/", start + 1);
  const hasRest = border !== -1 && border < end;
  const first = url.slice(start + 1, hasRest ? border : end);
  const path = url.slice(start, end);
  // What chats glue to a link (a full stop, `，`, half a character) is no part of its slug.
  const cutAt = first.search(beyondSlug);
  const isCut = cutAt !== -1;
  const slug = (isCut ? first.slice(0, cutAt) : first).toLowerCase();
  if (!isSlug(slug)) return { path, first, hasRest, slug: null, isCut, below: "" };
  const rest = hasRest ? url.slice(border + 1, end) : "";
  return { path, first, hasRest, slug, isCut, below: routeBelow(rest) ?? (isCut ? "" : rest) };
}

/** Characters. */
const longestRemembered = 512;
/** What is cut from an address keeps all of it. */
const remembered = new BoundedMap<string, Address>({
  bytes: 524_288,
  weigh: (url) => textBytes(url) + 256,
});

/** @param url of bounded length; what it asks is not remembered, which may be a visitor's own */
export function addressIn(url: string): Address {
  const known = remembered.get(url);
  if (known) return known;
  const address = read(url);
  if (url.length <= longestRemembered && !url.includes("?")) remembered.set(url, address);
  return address;
}
