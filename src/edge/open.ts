/**
 * @module Opening a link: everything below `/{slug}`. The shell around the pure decision: it finds the
 * link, answers, and records one event for what it answered. Its ports come as arguments.
 */
import type { StreamRecord } from "../catalog/records.ts";
import { coverKey } from "../catalog/records.ts";
import type { CountEvent, Metric } from "../counting/event.ts";
import { renderLanding } from "../landing/page.ts";
import { renderPreview } from "../landing/preview.ts";
import { webPage } from "../platforms/ways.ts";
import { readBeacon } from "./beacon.ts";
import { decide, isGone, type Outcome } from "./decide.ts";
import type { Target } from "./links.ts";
import { html, missing, neverCached, qrCode, redirect } from "./respond.ts";
import { issueToken, Replays, tokenIsGood } from "./token.ts";
import { type Visitor, visitorOf } from "./visitor.ts";

export interface OpenPorts {
  find: (slug: string) => Target | null | Promise<Target | null>;
  /** Counts; synchronous, and never fails a visitor's answer. */
  record: (stream: StreamRecord, events: CountEvent[]) => void;
  readCover: (key: string) => Promise<{ body: ReadableStream; type: string } | null>;
  now: () => number;
  /** Origin of short links, without a slash at its end. */
  origin: string;
}

interface Opening extends Target {
  request: Request;
  slug: string;
  visitor: Visitor;
  now: number;
  shortUrl: string;
  ports: OpenPorts;
}

const replays = new Replays();

/**
 * Answers a request below a slug.
 *
 * @param slug in lower case, of a slug's shape
 * @param rest what follows the slug in the path, without its slash: "", "go", "events", …
 */
export async function open(
  request: Request,
  slug: string,
  rest: string,
  ports: OpenPorts,
): Promise<Response> {
  const route = routes[rest];
  const found = ports.find(slug);
  const target = found instanceof Promise ? await found : found;
  if (!target || !route) return missing(request, 404);
  const { method } = request;
  if (!route.methods.includes(method)) {
    return new Response(null, { status: 405, headers: { Allow: route.methods.join(", ") } });
  }
  const now = ports.now();
  if (isGone(target.stream, target.link, now)) {
    return rest === "events" ? new Response(null, { status: 204 }) : missing(request, 410);
  }
  return route.answer({
    ...target,
    request,
    slug,
    visitor: visitorOf(request.headers.get("User-Agent")),
    now,
    shortUrl: `${ports.origin}/${slug}`,
    ports,
  });
}

const reading = ["GET", "HEAD"];
const routes: Record<
  string,
  { methods: readonly string[]; answer: (opening: Opening) => Response | Promise<Response> }
> = {
  "": { methods: reading, answer: answerLink },
  go: { methods: reading, answer: answerGo },
  events: { methods: ["POST"], answer: answerBeacon },
  "qr.svg": { methods: reading, answer: ({ shortUrl }) => qrCode(shortUrl) },
  cover: { methods: reading, answer: answerCover },
};

function outcomeOf({ visitor, stream, link, now, shortUrl }: Opening): Outcome {
  return decide(visitor, stream, link, now, shortUrl);
}

function answerLink(opening: Opening): Response {
  const { stream, slug, now } = opening;
  const outcome = outcomeOf(opening);
  switch (outcome.action) {
    case "redirect":
      count(opening, outcome, [
        ["views", "redirect"],
        ["clicks", "web"],
      ]);
      return redirect(outcome.location);
    case "page":
      count(opening, outcome, [["views", "page"]]);
      return html(renderLanding(opening, outcome, issueToken(stream, slug, now)));
    case "preview":
      count(opening, outcome, [[opening.visitor.kind === "bot" ? "bots" : "previews", "page"]]);
      return html({ body: renderPreview(opening, outcome) });
    case "gone":
      return missing(opening.request, 410);
  }
}

/** The landing page's link without script: straight to the destination, and a click when a person asks. */
function answerGo(opening: Opening): Response {
  const outcome = outcomeOf({ ...opening, visitor: { ...opening.visitor, kind: "human" } });
  const destination = "destination" in outcome ? outcome.destination : undefined;
  const location =
    outcome.action === "redirect" ? outcome.location : destination && webPage(destination);
  const chosen =
    outcome.ways[Number(new URL(opening.request.url).searchParams.get("way") ?? Number.NaN)];
  if (chosen?.url) {
    count(opening, outcome, [["clicks", chosen.method]]);
    return redirect(chosen.url);
  }
  // No web page (a mini program, or nothing after the end): the landing page says what there is.
  if (!location) return redirect(opening.shortUrl);
  count(opening, outcome, [["clicks", "web"]]);
  return redirect(location);
}

/** Always 204: a page learns nothing from it, and neither does a forger. */
async function answerBeacon(opening: Opening): Promise<Response> {
  const { request, stream, slug, now, visitor } = opening;
  const beacon = await readBeacon(request);
  if (
    beacon &&
    visitor.kind === "human" &&
    tokenIsGood(stream, slug, beacon.token, now) &&
    replays.first(`${beacon.token}${beacon.type}${beacon.way ?? ""}`, now)
  ) {
    const outcome = outcomeOf(opening);
    const way = outcome.ways[beacon.way ?? 0]?.method ?? "web";
    const metric: Metric = {
      rendered: "rendered",
      click: "clicks",
      copy: "copies",
      leave: "leaves",
    }[beacon.type] as Metric;
    count(opening, outcome, [[metric, way]]);
  }
  return new Response(null, { status: 204, headers: neverCached });
}

async function answerCover({ stream, ports }: Opening): Promise<Response> {
  const cover = stream.cover ? await ports.readCover(coverKey(stream.id)) : null;
  if (!cover) return new Response(null, { status: 404, headers: neverCached });
  return new Response(cover.body, {
    headers: {
      "Content-Type": cover.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}

/** Records what was answered. HEAD counts nothing; a prefetch is counted as such, a robot never clicks. */
function count(
  { request, slug, stream, visitor, now, ports }: Opening,
  outcome: Outcome,
  counted: [Metric, string][],
): void {
  if (request.method === "HEAD") return;
  const isPrefetch = /prefetch/i.test(
    `${request.headers.get("Sec-Purpose") ?? ""}${request.headers.get("Purpose") ?? ""}`,
  );
  const opened = counted.some(([metric]) => metric === "views");
  if (isPrefetch && !opened) return;
  if (visitor.kind !== "human" && counted.some(([metric]) => metric === "clicks")) return;
  const about = {
    slug,
    at: now,
    app: visitor.app,
    os: visitor.os,
    country: request.cf?.country ? String(request.cf.country) : "unknown",
    region: request.cf?.regionCode ? String(request.cf.regionCode) : "unknown",
    destination: ("destination" in outcome && outcome.destination?.platform) || "none",
  };
  const events = isPrefetch ? ([["prefetches", "page"]] as [Metric, string][]) : counted;
  ports.record(
    stream,
    events.map(([metric, method]) => ({ ...about, metric, method })),
  );
}
