/** @module The landing page as an answer: whole, or what an open page asks for to stay true. */
import { renderLanding } from "../landing/page.ts";
import { languageOf } from "../landing/text.ts";
import { renderView, type View } from "../landing/view.ts";
import type { Shown } from "./decide.ts";
import { type Decided, decidedFor } from "./decided.ts";
import type { Opening } from "./open.ts";
import { html, neverCached } from "./respond.ts";
import { issueToken } from "./token.ts";

function viewOf(
  { target, slug, visitor, ports, headers }: Opening,
  decided: Decided,
  outcome: Shown,
): View {
  return {
    stream: target.stream,
    slug,
    shortUrl: `${ports.origin}/${slug}`,
    outcome,
    isEarly: decided.isEarly,
    app: visitor.app,
    language: languageOf(headers.get("Accept-Language")),
  };
}

/** What of a page is each answer's own. */
function liveOf({ target, slug, now }: Opening): { token: string; now: number } {
  return { token: issueToken(target.stream, slug, now), now };
}

export function answerPage(opening: Opening, decided: Decided, outcome: Shown): Response {
  const language = languageOf(opening.headers.get("Accept-Language"));
  const withWechat = opening.ports.hasWechat && opening.visitor.app === "wechat";
  let page = decided.pages.get(language);
  if (!page) {
    const { version, until } = decided;
    page = renderLanding({ ...viewOf(opening, decided, outcome), version, until, withWechat });
    decided.pages.set(language, page);
  }
  const { token, now } = liveOf(opening);
  return html(page, { live: `{"token":"${token}","now":${now}}`, withWechat });
}

/**
 * What an open page asks for: the phase now, a fresh token, and the view when it is another than the page
 * names. It counts nothing. Where a new visitor would now be redirected the page shows the way: nothing
 * jumps by itself.
 */
export function answerState(opening: Opening): Response {
  const { target, visitor, now, ports, request } = opening;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const { outcome, version, until } = decided;
  const isPage = outcome.action === "page" || outcome.action === "redirect";
  const isKnown = new URL(request.url).searchParams.get("view") === version;
  const state = {
    ...(isPage ? liveOf(opening) : { now }),
    phase: outcome.phase,
    view: version,
    until: Number.isFinite(until) ? until : null,
    ...(isPage && !isKnown
      ? { html: renderView(viewOf(opening, decided, outcome)).toString() }
      : {}),
  };
  return Response.json(state, { headers: neverCached });
}
