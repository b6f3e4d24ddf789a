/**
 * @module Opening a link: everything below `/{slug}`. The shell around the pure decision: it finds the
 * link, answers, and counts what it answered. Its ports come as arguments.
 */
import type { StreamRecord } from "../catalog/records.ts";
import type { Ticket } from "../counting/lane.ts";
import type { Who } from "../counting/visitors.ts";
import type { Settings } from "../env.ts";
import { addressOf, placeOf } from "../http/origin-of-request.ts";
import { headerOf } from "../http/request-headers.ts";
import { renderPreview } from "../landing/preview.ts";
import type { AddressLimit } from "../limits.ts";
import type { PlatformName } from "../platforms/types.ts";
import { webPage } from "../platforms/ways.ts";
import { readBeacon } from "./beacon.ts";
import { isGone, wayAt } from "./decide.ts";
import { Cells, type Counted, type Decided, decidedFor } from "./decided.ts";
import { answerCalendar, answerCover, answerPoster, answerQr } from "./extras.ts";
import type { Target } from "./links.ts";
import { openLimit } from "./open-limit.ts";
import { answerPage, answerState, goneState } from "./pages.ts";
import {
  methodNotAllowed,
  missing,
  neverCached,
  overloaded,
  plainHtml,
  redirect,
  tooMany,
} from "./respond.ts";
import { mayReport, Replays, readToken, type Standing } from "./token.ts";
import { type Visitor, visitorOf } from "./visitor.ts";

export interface OpenPorts {
  find: (slug: string, now: number) => Target | null | Promise<Target | null>;
  /**
   * Counts cells of a stream; synchronous.
   *
   * @param visitor who opened the link, when a view is among them
   */
  record: (
    stream: StreamRecord,
    keys: readonly string[],
    visitor: Who | null,
    now: number,
  ) => Ticket;
  /** Waits until counts are durable; `false` when they are not in time. */
  settled: (ticket: Ticket) => Promise<boolean>;
  /** Whether the address that asks is within a limit. */
  isWithin: (limit: AddressLimit, request: Request) => Promise<boolean>;
  readCover: (key: string) => Promise<{ body: ReadableStream; type: string } | null>;
  now: () => number;
  /** Origin of short links, without a slash at its end. */
  origin: string;
  settings: Settings;
}

export interface Opening {
  target: Target;
  request: Request;
  method: string;
  headers: Headers;
  userAgent: string | null;
  slug: string;
  visitor: Visitor;
  now: number;
  ports: OpenPorts;
}

const replays = new Replays();

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
    .then((isWithin) => (isWithin ? find(request, slug, rest, ports) : tooMany()));
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
  if (!route.methods.includes(method)) return methodNotAllowed(route.methods);
  if (isGone(target.stream, target.link, now)) {
    if (rest === "events") return new Response(null, { status: 204 });
    return rest === "state" ? goneState() : missing(request, 410);
  }
  const userAgent = headerOf(headers, "User-Agent");
  const visitor = visitorOf(userAgent);
  return route.answer({ target, request, method, headers, userAgent, slug, visitor, now, ports });
}

/** No such link: who asks for many is told to wait. KV was asked, the Catalog never is. */
async function unknown(request: Request, ports: OpenPorts): Promise<Response> {
  return (await ports.isWithin("UNKNOWN_LIMIT", request)) ? missing(request, 404) : tooMany();
}

interface Route {
  methods: readonly string[];
  /** By the address of who asks; the way of a redirect has none. */
  limit?: AddressLimit;
  answer: (opening: Opening) => Response | Promise<Response>;
}

const reading = ["GET", "HEAD"];
const routes = new Map<string, Route>([
  ["", { methods: reading, answer: answerLink }],
  ["go", { methods: reading, answer: answerGo }],
  ["events", { methods: ["POST"], limit: "BEACON_LIMIT", answer: answerBeacon }],
  ["state", { methods: reading, limit: "STATE_LIMIT", answer: answerState }],
  ["qr.svg", { methods: reading, limit: "PICTURE_LIMIT", answer: answerQr }],
  ["poster.svg", { methods: reading, limit: "PICTURE_LIMIT", answer: answerPoster }],
  ["calendar.ics", { methods: reading, answer: answerCalendar }],
  ["cover", { methods: reading, answer: answerCover }],
]);

function answerLink(opening: Opening): Response | Promise<Response> {
  const { target, visitor, slug, now, ports, request } = opening;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const { outcome } = decided;
  switch (outcome.action) {
    case "redirect": {
      const what = apart[standingOf(opening)] ?? redirected;
      return counted(opening, decided, what, new Response(null, decided.redirection));
    }
    case "page": {
      const standing = standingOf(opening);
      const page = answerPage(opening, decided, outcome, standing);
      return counted(opening, decided, apart[standing] ?? paged, page);
    }
    case "preview": {
      const shortUrl = `${ports.origin}/${slug}`;
      const shown = { stream: target.stream, shortUrl, isEarly: decided.isEarly };
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
/** What is booked instead of views and clicks where nobody looked, or an address asked too often. */
const apart: { readonly [standing in Standing]?: Counted } = {
  prefetched: [["prefetches", "page"]],
  limited: [["limited", "page"]],
};

/**
 * What a person's open is to the counts. HEAD and prefetches are not opens, so they are not held against
 * their address.
 */
function standingOf({ method, headers, ports, now }: Opening): Standing {
  if (isPrefetch(headers)) return "prefetched";
  const { settings } = ports;
  if (method === "HEAD" || settings.openLimit === 0) return "viewed";
  const address = addressOf(headers, settings);
  return openLimit.isPast(address, settings.openLimit, now) ? "limited" : "viewed";
}

/** The landing page's link without script: straight to the destination, and a click when a person asks. */
function answerGo(opening: Opening): Response | Promise<Response> {
  const { target, visitor, now, ports, request, slug } = opening;
  const human = visitor.kind === "human" ? visitor : visitorOf("Mozilla/5.0");
  const decided = decidedFor(target, human, now, ports.origin);
  const { outcome } = decided;
  const destination = "destination" in outcome ? outcome.destination : undefined;
  const location =
    outcome.action === "redirect" ? outcome.location : destination && webPage(destination);
  const way = new URL(request.url).searchParams.get("way");
  const chosen = way !== null && /^\d{1,2}$/.test(way) ? wayAt(outcome, Number(way)) : undefined;
  const isOpener = chosen?.way.url !== undefined;
  // No web page (a mini program, or nothing after the end): the landing page says what there is.
  const to = chosen?.way.url ?? location;
  if (to === undefined) return redirect(`${ports.origin}/${slug}`);
  const response = redirect(to);
  if (visitor.kind !== "human") return response;
  const what: Counted = apart[standingOf(opening)] ?? [
    ["clicks", isOpener ? chosen.way.method : "web"],
  ];
  return counted(opening, decided, what, response, {
    ...(isOpener ? { destination: chosen.destination.platform } : {}),
  });
}

const metricOf = {
  rendered: "rendered",
  click: "clicks",
  copy: "copies",
  leave: "leaves",
} as const;

/** Always 204: a page learns nothing from it, and neither does a forger. */
async function answerBeacon(opening: Opening): Promise<Response> {
  const { request, target, slug, now, visitor, ports } = opening;
  const beacon = await readBeacon(request);
  const response = new Response(null, { status: 204, headers: neverCached });
  if (!beacon || visitor.kind !== "human") return response;
  const page = readToken(target.stream, slug, beacon.token);
  if (!page || !mayReport(page, now)) return response;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const chosen = wayAt(decided.outcome, beacon.way ?? 0);
  if (beacon.way !== undefined && !chosen) return response;
  // A page reports each thing once: one page, one click, however often its button is tapped.
  if (!replays.first(slug, page, beacon.type, now)) return response;
  const what: Counted =
    page.standing === "limited"
      ? [["limited", "page"]]
      : [[metricOf[beacon.type], chosen?.way.method ?? "web"]];
  return counted(opening, decided, what, response, {
    ...(chosen ? { destination: chosen.destination.platform } : {}),
    // Its token shows that the page was viewed, whatever network the tap came over.
    isViewed: page.standing === "viewed",
  });
}

interface Particulars {
  /** That was chosen, where it is not the decision's own. */
  destination?: PlatformName;
  /** The click is known to follow a view. */
  isViewed?: boolean;
}

/**
 * Counts what is answered; with `durability: "strict"` the answer waits until the count is durable, and is
 * 503 when that takes too long. HEAD counts nothing.
 */
function counted(
  opening: Opening,
  { cells: own, destination }: Decided,
  what: Counted,
  response: Response,
  { destination: other, isViewed = false }: Particulars = {},
): Response | Promise<Response> {
  const { request, method, target, visitor, now, ports } = opening;
  if (method === "HEAD") return response;
  const { stream } = target;
  const { country, region } = placeOf(request, ports.settings);
  const cells =
    other === undefined || other === destination ? own : new Cells(opening.slug, visitor, other);
  const keys = cells.keys(what, now, country, region);
  const ticket = ports.record(stream, keys, isViewed ? null : whoOf(opening, what), now);
  if (stream.durability !== "strict") return response;
  return ports.settled(ticket).then((isDurable) => (isDurable ? response : overloaded()));
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
function whoOf({ headers, userAgent, slug, ports }: Opening, [first]: Counted): Who | null {
  const metric = first?.[0];
  if (metric !== "views" && metric !== "clicks") return null;
  return {
    role: roles[metric],
    slug,
    address: addressOf(headers, ports.settings),
    userAgent: userAgent ?? "",
    languages: headerOf(headers, "Accept-Language") ?? "",
  };
}
