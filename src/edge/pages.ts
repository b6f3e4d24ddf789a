/** @module The landing page as an answer: whole, or what an open page asks for to stay true. */
import { createHash } from "node:crypto";
import { raw } from "hono/html";
import { cardOf } from "../landing/head.ts";
import { missingView } from "../landing/missing.ts";
import { renderLanding } from "../landing/page.ts";
import { languageOf } from "../landing/text.ts";
import { renderView, type View } from "../landing/view.ts";
import type { Shown } from "./decide.ts";
import { type Decided, decidedFor, type ShownView } from "./decided.ts";
import type { Opening } from "./open.ts";
import { html, neverCached } from "./respond.ts";
import { issueToken } from "./token.ts";

function inputOf(
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

/** Rendered once for each decision and language. */
function viewFor(decided: Decided, input: View): ShownView {
  const { language } = input;
  let view = decided.views.get(language);
  if (!view) {
    const markup = renderView(input).toString();
    const version = createHash("sha256").update(markup).digest("base64url").slice(0, 12);
    view = { html: markup, version, card: cardOf(input.stream, input.outcome, input) };
    decided.views.set(language, view);
  }
  return view;
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
    const input = inputOf(opening, decided, outcome);
    const { html: markup, version, card } = viewFor(decided, input);
    const { until } = decided;
    page = renderLanding({ ...input, view: raw(markup), card, version, until, withWechat });
    decided.pages.set(language, page);
  }
  const { token, now } = liveOf(opening);
  return html(page, { live: `{"token":"${token}","now":${now}}`, withWechat });
}

/**
 * What an open page asks for: the phase now, a fresh token, and the view with its card when it is another
 * than the page names. It counts nothing. Where a new visitor would now be redirected the page shows the
 * way: nothing jumps by itself.
 */
export function answerState(opening: Opening): Response {
  const { target, visitor, now, ports, request } = opening;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const { outcome } = decided;
  const until = Number.isFinite(decided.until) ? decided.until : null;
  const { phase } = outcome;
  if (outcome.action !== "page" && outcome.action !== "redirect") {
    return Response.json({ now, phase, until }, { headers: neverCached });
  }
  const { html: markup, version, card } = viewFor(decided, inputOf(opening, decided, outcome));
  const isKnown = new URL(request.url).searchParams.get("view") === version;
  const state = { ...liveOf(opening), phase, view: version, until };
  return Response.json(isKnown ? state : { ...state, html: markup, card }, {
    headers: neverCached,
  });
}

/** Tells an open page that its link is no longer to be used. */
export function goneState(): Response {
  const view = { html: missingView(410).toString() };
  return Response.json(view, { status: 410, headers: neverCached });
}
