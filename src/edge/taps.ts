/**
 * @module What happens on a landing page: a tap, by the page's script or by its link without one. It is booked on
 * what the page offered, as its token says (offer.ts), whatever became of the link since: a stream that has
 * ended, another destination, a link that was disabled.
 */

import { choicesOf, type Outcome } from "../decision/decide.ts";
import { visitorOf } from "../decision/visitor.ts";
import { webPage } from "../platforms/ways.ts";
import { readBeacon } from "./beacon.ts";
import type { Counted } from "./cells.ts";
import { apart, counted, standingOf } from "./counted.ts";
import { decidedFor } from "./decision-cache.ts";
import { chosenIn, type Offered, reportedWay } from "./offer.ts";
import type { Opening } from "./opening.ts";
import { mayReport, type PageSigned, Replays, readToken } from "./page-token.ts";
import { neverCached, redirect } from "./respond.ts";

const replays = new Replays();

/** The page whose token a request carries, while that is good. */
function pageOf({ target, slug, now }: Opening, token: string): PageSigned | null {
  const page = readToken(target.stream, slug, token);
  return page && mayReport(page, now) ? page : null;
}

/**
 * The landing page's link without script: straight to what the page offered there, and a click when a person
 * asks. Without a page's token it is what a page would offer now.
 */
export function answerGo(opening: Opening): Response | Promise<Response> {
  const { target, visitor, now, ports, request, slug, method } = opening;
  const human = visitor.kind === "human" ? visitor : visitorOf("Mozilla/5.0");
  const decided = decidedFor(target, human, now, ports.origin);
  const { searchParams } = new URL(request.url);
  const page = pageOf(opening, searchParams.get("token") ?? "");
  const offer = page?.offer ?? decided.offer;
  const asked = searchParams.get("way") ?? "";
  const way = /^\d{1,3}$/.test(asked) ? reportedWay(offer, "click", Number(asked)) : null;
  const destination = way?.destination ?? chosenIn(offer);
  const to = placeOfWay(decided.outcome, destination, way);
  // No web page (a mini program, or nothing after the end): the landing page says what there is.
  if (to === undefined) return redirect(`${ports.origin}/${slug}`);
  const response = redirect(to);
  if (visitor.kind !== "human" || method === "HEAD") return response;
  if (page && !replays.first(slug, page, "click", now)) return response;
  const what: Counted = apart[page?.standing === "limited" ? "limited" : standingOf(opening)] ?? [
    ["clicks", way?.method ?? "web"],
  ];
  return counted(opening, decided, what, response, {
    destination,
    isViewed: page?.standing === "viewed",
  });
}

/** Where a way leads by now: to its destination's page where it is no more, to what there is where that is gone. */
function placeOfWay(
  outcome: Outcome,
  destination: string,
  way: Offered | null,
): string | undefined {
  const choices = choicesOf(outcome);
  const [first] = choices;
  const choice = choices.find(({ destination: { platform } }) => platform === destination) ?? first;
  const own = way && choice?.ways.find(({ method }) => method === way.method)?.url;
  if (own) return own;
  if (choice !== first && choice) return webPage(choice.destination);
  return outcome.action === "redirect" ? outcome.location : first && webPage(first.destination);
}

const metricOf = {
  rendered: "rendered",
  click: "clicks",
  copy: "copies",
  leave: "leaves",
} as const;

/**
 * Always 204: a page learns nothing from it, and neither does a forger. What is booked stands in the token: the
 * client says only which of the page's ways it was.
 */
export async function answerBeacon(opening: Opening): Promise<Response> {
  const { request, target, slug, now, visitor, ports } = opening;
  const beacon = await readBeacon(request);
  const response = new Response(null, { status: 204, headers: neverCached });
  // Of a stream that is deleted nothing is kept.
  if (!beacon || visitor.kind !== "human" || target.stream.deleted) return response;
  const page = pageOf(opening, beacon.token);
  if (!page) return response;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const offer = page.offer ?? decided.offer;
  const way = reportedWay(offer, beacon.type, beacon.way);
  const isOfPage = way !== null || (beacon.type === "rendered" && beacon.way === undefined);
  if (!isOfPage) return response;
  // A page reports each thing once: one page, one click, however often its button is tapped.
  if (!replays.first(slug, page, beacon.type, now)) return response;
  const what: Counted =
    page.standing === "limited"
      ? [["limited", "page"]]
      : [[metricOf[beacon.type], way?.method ?? "web"]];
  return counted(opening, decided, what, response, {
    destination: way?.destination ?? chosenIn(offer),
    // Its token shows that the page was viewed, whatever network the tap came over.
    isViewed: page.standing === "viewed",
  });
}
