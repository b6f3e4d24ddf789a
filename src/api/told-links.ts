/** @module Links as answers tell them: with what is to be put into each alliance's field, their creators' ids among it. */
import type { Context } from "hono";
import type { ApiEnv } from "../auth/principal.ts";
import { catalogOf } from "../catalog/calls.ts";
import { publicOrigin } from "../config/env.ts";
import { type Link, tellLink } from "../model/link.ts";
import type { Promotion } from "../model/promotion.ts";
import { subIdsOf } from "../orders/sub-ids.ts";

type Told = ReturnType<typeof tellLink>;

export async function tellLinks(c: Context<ApiEnv>, links: readonly Link[]): Promise<Told[]> {
  const ids = new Set(links.flatMap(({ creator }) => creator?.id ?? []));
  const set: { id: string; ids: Promotion }[] =
    ids.size === 0 ? [] : await catalogOf(c.env).idsOfCreators([...ids]);
  const known = new Map(set.map((creator) => [creator.id, creator.ids]));
  const origin = publicOrigin(c.env, c.req.url);
  return links.map((link) => {
    const ofCreator = known.get(link.creator?.id ?? "") ?? null;
    return tellLink(link, origin, subIdsOf(link.slug, link.promotion, ofCreator));
  });
}

/** The same of one. */
export async function tellOneLink(c: Context<ApiEnv>, link: Link): Promise<Told> {
  const [told] = await tellLinks(c, [link]);
  if (!told) throw new Error("a link was not told");
  return told;
}
