/** @module Changes of many links in one request, and what takes them back. */
import { own, recordOf } from "../../lib/records.ts";
import type { Link } from "./client.ts";
import { send } from "./client.ts";
import { linkPath } from "./paths.ts";
import { saves } from "./saves.ts";

export interface LinkSet {
  slug: string;
  /** Fields as a PATCH takes them. */
  set: object;
}

/** As many as one request takes. */
export const linksAtOnce = 500;

/** All of them or none. @throws {ApiProblem} where one is refused */
export async function changeLinks(changes: readonly LinkSet[]): Promise<void> {
  const answer = await send("/api/links", {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(changes.map(({ slug, set }) => ({ slug, ...set }))),
  });
  const { data } = (await answer.json()) as { data: Link[] };
  for (const link of data) saves.heard(linkPath(link.slug), link);
}

/** What gives the links back the fields that are about to change. A channel has its class with it. */
export function undoOf(links: readonly Link[], changes: readonly LinkSet[]): LinkSet[] {
  const bySlug = new Map(links.map((link) => [link.slug, link]));
  return changes.flatMap(({ slug, set }) => {
    const link = bySlug.get(slug);
    if (!link) return [];
    const names = new Set(Object.keys(set));
    if (names.has("channel")) names.add("channelClass");
    return [{ slug, set: recordOf([...names].map((name) => [name, own(link, name) ?? null])) }];
  });
}
