/** @module Links, changed: many at once, all or nothing; and what was deleted brought back. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { destinationsOf, type Reading, readingFor } from "../../catalog/destinations.ts";
import { Problem } from "../../http/problem.ts";
import { said } from "../../lib/said.ts";
import { SlugParams } from "../../model/bounded.ts";
import { classOfChannel } from "../../model/channel.ts";
import {
  type Link,
  type LinkChange,
  type LinkPatch,
  LinkPatches,
  LinkView,
} from "../../model/link.ts";
import {
  commonProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  refusedProblem,
  router,
} from "../router.ts";
import { tellLinks, tellOneLink } from "../told-links.ts";

const write = requires("links:write");

/**
 * What a request says of a link that is there, once its destinations are read. A known channel's class need not be
 * given.
 */
export function linkChange(
  { destinations, ...fields }: LinkPatch,
  pointer: string,
  reading: Reading,
): () => Promise<LinkChange> {
  const settle =
    destinations &&
    destinationsOf(destinations, `${pointer}/destinations`, {
      ...reading,
      primary: fields.primary,
    });
  return async () => {
    const change: LinkChange = {
      ...fields,
      destinations: destinations === null ? null : await settle?.(),
    };
    if (fields.channelClass === undefined && fields.channel !== undefined) {
      change.channelClass = fields.channel === null ? null : classOfChannel(fields.channel);
    }
    return change;
  };
}

/** Each link's own change, and where the body says it; and where it names the link. */
interface Asked {
  changes: { slug: string; patch: LinkPatch; at: string }[];
  slugAt: (index: number) => string;
}

function askedOf(body: z.infer<typeof LinkPatches>): Asked {
  if (Array.isArray(body)) {
    return {
      changes: body.map(({ slug, ...patch }, index) => ({ slug, patch, at: `/${index}` })),
      slugAt: (index) => `/${index}/slug`,
    };
  }
  const { slugs, set } = body;
  return {
    changes: slugs.map((slug) => ({ slug, patch: set, at: "/set" })),
    slugAt: (index) => `/slugs/${index}`,
  };
}

/** @throws {Problem} where a link is named twice: which of its changes holds is not for us to guess */
function refuseTwins({ changes, slugAt }: Asked): void {
  const first = new Map<string, number>();
  const errors = changes.flatMap(({ slug }, index) => {
    if (!first.has(slug)) first.set(slug, index);
    if (first.get(slug) === index) return [];
    const message = said(`${slug} is named twice.`, `${slug} 重复了。`);
    return [{ pointer: slugAt(index), message }];
  });
  const [twin] = errors;
  if (twin) throw new Problem("invalid_request", twin.message, errors);
}

export const linksAtOnce = router()
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/links",
      summary: "Changes up to 500 links: all or nothing",
      description:
        "The same change of all of them (`slugs` and `set`), or an array in which each link has its own: its `slug`, and the fields that change.",
      security: write,
      request: { body: jsonBody(LinkPatches) },
      responses: {
        200: jsonAnswer(
          "Changed, in the order of the request",
          z.object({ data: z.array(LinkView) }),
        ),
        ...commonProblems,
        ...notFoundProblem,
        ...refusedProblem,
      },
    }),
    async (c) => {
      const asked = askedOf(c.req.valid("json"));
      refuseTwins(asked);
      // Of all of them together as many short links are followed as of one; and one patch for all is read once.
      const reading = readingFor(c.env);
      const read = new Map(
        asked.changes.map(({ patch, at }) => [patch, linkChange(patch, at, reading)]),
      );
      const settled = new Map(
        await Promise.all(
          [...read].map(async ([patch, settle]) => [patch, await settle()] as const),
        ),
      );
      const changes = asked.changes.map(({ slug, patch }) => ({
        slug,
        change: settled.get(patch) ?? {},
      }));
      const result = await catalogOf(c.env).changeLinks(changes, byOf(c));
      const links: Link[] = unwrap(result, (index) =>
        !result.ok && result.code === "not_found"
          ? asked.slugAt(index)
          : (asked.changes[index]?.at ?? ""),
      );
      await learn(c.env, { links });
      return c.json({ data: await tellLinks(c, links) }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/links/{slug}/restore",
      summary: "Undoes a deletion: the link opens again",
      description: "A link that was deleted with its stream comes back with it.",
      security: write,
      request: { params: SlugParams },
      responses: { 200: jsonAnswer("The link", LinkView), ...commonProblems, ...notFoundProblem },
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      const link: Link = unwrap(await catalogOf(c.env).restoreLink(slug, byOf(c)));
      await learn(c.env, { links: [link] });
      return c.json(await tellOneLink(c, link), 200);
    },
  );
