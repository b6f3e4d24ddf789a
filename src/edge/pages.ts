/** @module The landing page as an answer: whole, or what an open page asks for to stay true. */

import { raw } from "hono/html";
import type { Shown } from "../decision/decide.ts";
import { holes, type Template } from "../http/html-template.ts";
import { languageIn } from "../http/language.ts";
import { brandedOf, styleOf } from "../landing/brand.ts";
import { type Card, cardOf } from "../landing/head.ts";
import { missingView } from "../landing/missing.ts";
import { renderLanding } from "../landing/page.ts";
import { renderView, type View } from "../landing/view.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { sha256 } from "../lib/hash.ts";
import type { Language } from "../lib/said.ts";
import { decidedFor } from "./decision-cache.ts";
import type { Opening } from "./opening.ts";
import { issueToken, readToken, renewToken, type Standing } from "./page-token.ts";
import { html, json } from "./respond.ts";
import type { Decided } from "./target.ts";

/** What a landing page shows. */
interface ShownView {
  html: string;
  /** Names it: another when anything that is shown has changed. */
  version: string;
  card: Card;
}

interface Page {
  template: Template;
  /** Its own style, as a source of its policy. */
  style: string | undefined;
}

/** A decision's pages, and what an open one is told, in each language that was asked for. */
interface Rendered {
  pages: Map<Language, Page>;
  views: Map<Language, ShownView>;
}

const rendered = new BoundedMap<Decided, Rendered>({
  bytes: 12 * 1_048_576,
  weigh: (_, { pages, views }) =>
    [...pages.values()].reduce((sum, { template: { bytes } }) => sum + bytes, 0) +
    [...views.values()].reduce((sum, { html }) => sum + textBytes(html) + 1_024, 0),
});

/** What is remembered of a decision; whoever adds to it has it weighed by {@link remember}. */
const renderedOf = (decided: Decided): Rendered =>
  rendered.get(decided) ?? { pages: new Map(), views: new Map() };
const remember = (decided: Decided, made: Rendered): void => rendered.set(decided, made);

/** Of people, who read Chinese unless they say otherwise. */
const languageOf = ({ languages }: Opening): Language => languageIn(languages, "zh-CN");

function inputOf(opening: Opening, decided: Decided, outcome: Shown): View {
  const { target, slug, visitor, ports } = opening;
  return {
    stream: target.stream,
    slug,
    shortUrl: `${ports.origin}/${slug}`,
    outcome,
    isEarly: decided.isEarly,
    app: visitor.app,
    language: languageOf(opening),
    ...brandedOf(target.stream, target.link, ports.settings.brand),
  };
}

/** Rendered once for each decision and language. */
function viewFor(decided: Decided, input: View): ShownView {
  const { language } = input;
  const made = renderedOf(decided);
  let view = made.views.get(language);
  if (!view) {
    const markup = renderView(input).toString();
    const version = sha256(markup).slice(0, 12);
    view = { html: markup, version, card: cardOf(input.stream, input.outcome, input) };
    made.views.set(language, view);
    remember(decided, made);
  }
  return view;
}

/** @param standing what became of the open that the page answers; its reports are booked so too */
export function answerPage(
  opening: Opening,
  decided: Decided,
  outcome: Shown,
  standing: Standing,
): Response {
  const { ports, visitor, target, slug, now } = opening;
  const language = languageOf(opening);
  const withWechat = ports.settings.hasWechat && visitor.app === "wechat";
  let page = renderedOf(decided).pages.get(language);
  if (!page) {
    const input = inputOf(opening, decided, outcome);
    const { html: markup, version, card } = viewFor(decided, input);
    const { until } = decided;
    const own = styleOf(input.brand);
    const made = { ...input, view: raw(markup), card, version, until, withWechat, own };
    page = { template: renderLanding(made), style: own?.source };
    const all = renderedOf(decided);
    all.pages.set(language, page);
    remember(decided, all);
  }
  const token = issueToken(target.stream, slug, { standing, offer: decided.offer }, now);
  return html(page.template, {
    live: `{"token":"${token}","now":${now}}`,
    token,
    policy: withWechat ? "wechat" : "page",
    style: page.style,
    origin: ports.origin,
  });
}

/**
 * What an open page asks for: the phase now, and the view with its card when it is another than the page
 * names; and the page's next token, for a page that shows one of this link. It counts nothing. Where a new
 * visitor would now be redirected the page shows the way: nothing jumps by itself.
 */
export function answerState(opening: Opening): Response {
  const { target, visitor, now, ports, request, slug } = opening;
  const decided = decidedFor(target, visitor, now, ports.origin);
  const { outcome } = decided;
  const until = Number.isFinite(decided.until) ? decided.until : null;
  const { phase } = outcome;
  if (outcome.action !== "page" && outcome.action !== "redirect") {
    return json({ now, phase, until });
  }
  const { html: markup, version, card } = viewFor(decided, inputOf(opening, decided, outcome));
  const { searchParams } = new URL(request.url);
  const isKnown = searchParams.get("view") === version;
  const page = readToken(target.stream, slug, searchParams.get("token") ?? "");
  // What is answered here is what the page shows next, if it does not show it already.
  const token = page && renewToken(target.stream, slug, page, decided.offer, now);
  const state = { now, phase, view: version, until, ...(token ? { token } : {}) };
  const html = markup.replaceAll(String(holes.token), token ?? "");
  return json(isKnown ? state : { ...state, html, card });
}

/** Tells an open page that its link is no longer to be used. */
export function goneState(): Response {
  return json({ html: missingView(410).toString() }, 410);
}
