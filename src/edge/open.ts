/**
 * @module Opening a link: everything below `/{slug}`. The shell around the pure decision: it finds the
 * link, answers, and counts what it answered. Its ports come as arguments.
 */

import { isGone } from "../decision/decide.ts";
import { visitorOf } from "../decision/visitor.ts";
import type { AddressLimit } from "../http/limits.ts";
import { addressOf } from "../http/origin-of-request.ts";
import { reading, refusedMethod, tooMany } from "../http/problems.ts";
import { headerOf } from "../http/request-headers.ts";
import { brandedOf } from "../landing/brand.ts";
import { renderPreview } from "../landing/preview.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import type { Counted } from "./cells.ts";
import { apart, counted, standingOf } from "./counted.ts";
import { decidedFor } from "./decision-cache.ts";
import type { Opening, OpenPorts } from "./opening.ts";
import { answerPage, answerState, goneState } from "./pages.ts";
import { keptRedirect, missing, plainHtml } from "./respond.ts";
import { answerBeacon, answerGo } from "./taps.ts";
import type { Target } from "./target.ts";

/**
 * Answers a request below a slug.
 *
 * @param slug in lower case, of a slug's shape
 * @param rest what follows the slug in the path, without its slashes: "", "go", "events", …
 */
export function open(
  request: Request,
  slug: string,
  rest: string,
  ports: OpenPorts,
): Response | Promise<Response> {
  const limit = rest === "" ? undefined : routes.get(rest)?.limit;
  if (limit === undefined) return find(request, slug, rest, ports);
  return ports
    .isWithin(limit, request)
    .then((isWithin) => (isWithin ? find(request, slug, rest, ports) : tooMany(request)));
}

function find(
  request: Request,
  slug: string,
  rest: string,
  ports: OpenPorts,
): Response | Promise<Response> {
  const now = ports.now();
  const found = ports.find(slug, now);
  return found instanceof Promise
    ? found.then((target) => answer(request, slug, rest, ports, target, now))
    : answer(request, slug, rest, ports, found, now);
}

function answer(
  request: Request,
  slug: string,
  rest: string,
  ports: OpenPorts,
  target: Target | null,
  now: number,
): Response | Promise<Response> {
  const route = routes.get(rest);
  if (!target || !route) return unknown(request, ports);
  const { method, headers } = request;
  const refusal = refusedMethod(request, route.methods, method);
  if (refusal) return refusal;
  const userAgent = headerOf(headers, "User-Agent");
  const agentHash = keyedHash(userAgent ?? "");
  const opening: Opening = {
    target,
    request,
    method,
    headers,
    userAgent,
    agentHash,
    address: addressOf(headers, ports.settings),
    languages: headerOf(headers, "Accept-Language"),
    slug,
    visitor: visitorOf(userAgent, agentHash),
    now,
    ports,
  };
  if (!isGone(target.stream, target.link, now)) return route.answer(opening);
  return route.answerGone ? route.answerGone(opening) : missing(request, 410);
}

/** No such link: an address that asks for many is told to wait. The edge copies were asked, the Catalog never is. */
async function unknown(request: Request, ports: OpenPorts): Promise<Response> {
  return (await ports.isWithin("UNKNOWN_LIMIT", request))
    ? missing(request, 404)
    : tooMany(request);
}

interface Route {
  methods: readonly string[];
  /** By the address of the requester; the way of a redirect has none. */
  limit?: AddressLimit;
  answer: (opening: Opening) => Response | Promise<Response>;
  /** For a link that is gone; by default the page that says so. */
  answerGone?: Route["answer"];
}

/** What hangs below a link is read when it is first asked for: it draws, and no redirect needs it. */
const asset =
  (name: keyof typeof import("./link-assets.ts")): Route["answer"] =>
  async (opening) =>
    (await import("./link-assets.ts"))[name](opening);

const routes = new Map<string, Route>([
  ["", { methods: reading, answer: answerLink }],
  ["go", { methods: reading, answer: answerGo }],
  [
    "events",
    // What happened on a page that was open has happened.
    { methods: ["POST"], limit: "BEACON_LIMIT", answer: answerBeacon, answerGone: answerBeacon },
  ],
  ["state", { methods: reading, limit: "STATE_LIMIT", answer: answerState, answerGone: goneState }],
  ["qr.svg", { methods: reading, limit: "PICTURE_LIMIT", answer: asset("answerQr") }],
  ["qr.png", { methods: reading, limit: "PICTURE_LIMIT", answer: asset("answerQrPng") }],
  ["poster.svg", { methods: reading, limit: "PICTURE_LIMIT", answer: asset("answerPoster") }],
  ["calendar.ics", { methods: reading, answer: asset("answerCalendar") }],
  ["cover", { methods: reading, answer: asset("answerCover") }],
]);

/**
 * The route that a path below a slug begins with, the longest; what chats glue behind it begins with no letter or
 * digit.
 *
 * @returns `undefined` where there is none
 */
export function routeBelow(rest: string): string | undefined {
  if (routes.has(rest)) return rest;
  let found: string | undefined;
  for (const name of routes.keys()) {
    const isIt = rest.startsWith(name) && !/[A-Za-z0-9]/.test(rest.charAt(name.length));
    if (isIt && name.length >= (found?.length ?? 0)) found = name;
  }
  return found;
}

function answerLink(opening: Opening): Response | Promise<Response> {
  const { target, visitor, slug, now, ports, request } = opening;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const { outcome } = decided;
  switch (outcome.action) {
    case "redirect": {
      const what = apart[standingOf(opening)] ?? redirected;
      decided.redirect ??= keptRedirect(outcome.location, decided.origin);
      return counted(opening, decided, what, decided.redirect);
    }
    case "page": {
      const standing = standingOf(opening);
      const page = answerPage(opening, decided, outcome, standing);
      return counted(opening, decided, apart[standing] ?? paged, page);
    }
    case "preview": {
      const shortUrl = `${ports.origin}/${slug}`;
      const shown = {
        stream: target.stream,
        shortUrl,
        isEarly: decided.isEarly,
        ...brandedOf(target.stream, target.link, ports.settings.brand),
      };
      const response = plainHtml(renderPreview(shown, outcome));
      return counted(opening, decided, visitor.kind === "bot" ? crawled : previewed, response);
    }
    case "gone":
      return missing(request, 410);
  }
}

const redirected: Counted = [
  ["views", "redirect"],
  ["clicks", "web"],
];
const paged: Counted = [["views", "page"]];
const previewed: Counted = [["previews", "page"]];
const crawled: Counted = [["bots", "page"]];
