/**
 * @module Whether a stream's destinations are there, for a board that is open: each page is looked at once in a quarter of an
 * hour, by whichever board asks first (docs/decisions/0032-looking-at-destinations.md).
 */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { type Env, extraHosts } from "../../config/env.ts";
import { BoundedMap, textBytes } from "../../lib/bounded-map.ts";
import { log } from "../../lib/log.ts";
import { isFresh } from "../../lib/moments.ts";
import { workThrough } from "../../lib/pool.ts";
import { IdParams } from "../../model/bounded.ts";
import { isoOf, nullable, toldMoment } from "../../model/fields.ts";
import type { Link } from "../../model/link.ts";
import { phaseOfStored } from "../../model/phase.ts";
import type { Stream } from "../../model/stream.ts";
import { statusOf } from "../../notify/destination-check.ts";
import { wayOut } from "../../outbound/way-out.ts";
import type { Destination } from "../../platforms/registry/edge.ts";
import { commonProblems, jsonAnswer, notFoundProblem, router } from "../router.ts";

interface Look {
  /** UTC ms. */
  at: number;
  /** An error's; `null` where the page is there, or says nothing of it. */
  status: number | null;
  /** Looks in a row that found a server's error. */
  tries: number;
}

const minute = 60_000;
const lookEvery = 15 * minute;
/** A server's error is told when it is there a minute later still. */
const againAfter = minute;
const toldAfterTries = 2;
const inParallel = 4;
/** Of one answer; the others' turn comes with the next. */
const looksAtOnce = 12;
/** Links whose own destinations are looked at, the newest. */
const linksAtMost = 200;

const looks = new BoundedMap<string, Look>({
  bytes: 262_144,
  weigh: (url) => textBytes(url) + 64,
});
const isUnsure = ({ status, tries }: Look): boolean =>
  status !== null && status >= 500 && tries < toldAfterTries;

interface Page {
  slug: string | null;
  platform: string;
  url: string;
}

/** Affiliate links are never asked for: the request would be a click. */
const pagesOf = (slug: string | null, destinations: readonly Destination[]): Page[] =>
  destinations.flatMap(({ platform, kind, url }) =>
    url === undefined || kind === "affiliate" ? [] : [{ slug, platform, url }],
  );

async function look(env: Env, url: string, now: number): Promise<void> {
  const before = looks.get(url);
  try {
    const status = await statusOf(url, wayOut(), extraHosts(env));
    const isServers = status !== null && status >= 500;
    looks.set(url, { at: now, status, tries: isServers ? (before?.tries ?? 0) + 1 : 0 });
  } catch (error) {
    // No answer at all may be our own network: nothing is said of the page.
    log("destination_not_looked_at", { error: String(error) });
    looks.set(url, { at: now, status: null, tries: 0 });
  }
}

async function lookAt(env: Env, pages: readonly Page[], now: number): Promise<void> {
  const due = [...new Set(pages.map(({ url }) => url))].filter((url) => {
    const known = looks.get(url);
    return !known || !isFresh(known.at, now, isUnsure(known) ? againAfter : lookEvery);
  });
  await workThrough(due.slice(0, looksAtOnce), inParallel, (url) => look(env, url, now));
}

const LooksView = z
  .object({
    data: z.array(
      z.object({
        slug: nullable(z.string()),
        platform: z.string(),
        url: z.string(),
        status: z.int(),
        at: toldMoment.openapi({ description: "When it was looked at last" }),
      }),
    ),
    looked: z.int().openapi({ description: "Pages that were looked at in the last 15 minutes" }),
  })
  .openapi("FailingDestinations");

export const destinationLooks = router().openapi(
  createRoute({
    method: "get",
    path: "/api/streams/{id}/failing-destinations",
    summary: "Which of its destinations' pages answer an error (404, 410, or 5xx twice)",
    description:
      "Each page is looked at once in 15 minutes at most, and no affiliate link is; of an ended stream none.",
    security: requires("links:read"),
    request: { params: IdParams },
    responses: {
      200: jsonAnswer("Pages that are not there", LooksView),
      ...commonProblems,
      ...notFoundProblem,
    },
  }),
  async (c) => {
    const catalog = catalogOf(c.env);
    const stream: Stream = unwrap(await catalog.stream(c.req.valid("param").id));
    const { data: links }: { data: readonly Link[] } = await catalog.listLinks(
      { streamId: stream.id },
      linksAtMost,
      null,
    );
    const pages = [
      ...pagesOf(null, stream.destinations),
      ...links.flatMap(({ slug, destinations, disabled }) =>
        disabled ? [] : pagesOf(slug, destinations ?? []),
      ),
    ];
    const now = Date.now();
    if (phaseOfStored(stream, now) !== "ended") await lookAt(c.env, pages, now);
    const known = pages.flatMap((page) => {
      const found = looks.get(page.url);
      return found && isFresh(found.at, now, lookEvery) ? [{ page, found }] : [];
    });
    const data = known.flatMap(({ page, found }) =>
      found.status === null || isUnsure(found)
        ? []
        : [{ ...page, status: found.status, at: isoOf(found.at) }],
    );
    return c.json({ data, looked: known.length }, 200);
  },
);
