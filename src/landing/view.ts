/** @module What a landing page shows in a phase: picture, title, host, time, and the ways to watch. */
import { html, raw } from "hono/html";
import type { Choice, Shown } from "../decision/decide.ts";
import type { Language } from "../lib/said.ts";
import type { StreamRecord } from "../model/edge-records.ts";
import type { App } from "../platforms/registry/edge.ts";
import { platformOf } from "../platforms/registry/edge.ts";
import { type Branded, brandLine, operatorLine } from "./brand.ts";
import { hero } from "./cover-image.ts";
import { type Markup, nothing } from "./head.ts";
import { momentIn, type Texts, texts } from "./text.ts";
import { waysMarkup } from "./ways.ts";

export interface View extends Branded {
  stream: StreamRecord;
  slug: string;
  shortUrl: string;
  outcome: Shown;
  /** Live by the clock, and the host not on yet. */
  isEarly: boolean;
  app: App;
  language: Language;
}

/** Everything inside `<main>`: the page puts it there again when the phase changes. */
export function renderView(view: View): Markup {
  const { stream, slug, outcome, isEarly, language, brand, isAd } = view;
  const text = texts[language];
  const other = texts[language === "en" ? "zh-CN" : "en"];
  const state = isEarly ? "early" : outcome.phase;
  const isAhead = state === "early" || state === "upcoming";
  const badge = html`<span class="badge ${state}" role="status">${text[state]} <small lang="${language === "en" ? "zh-CN" : "en"}">${other[state]}</small></span>`;
  const label = isAd ? html`<span class="ad">${text.ad}</span>` : nothing;
  return html`<article class="card">${hero(stream, slug, html`${badge}${label}`)}
<div class="body">
${brandLine(brand)}
<h1>${stream.title}</h1>
${stream.host ? html`<p class="host">${text.host} · ${stream.host}</p>` : nothing}
${isAhead && stream.startsAt !== undefined ? start(stream.startsAt, stream.timezone, language, text) : nothing}
${outcome.phase === "upcoming" && stream.startsAt !== undefined ? html`<a class="way" href="/${slug}/calendar.ics">${text.calendar}</a>` : nothing}
${outcome.destination ? choices(view) : html`<p>${text.endedHint}</p>`}
</div></article>
<footer><p>${text.privacy}</p><p><a class="text" href="/${slug}/poster.svg">${text.poster}</a></p>${operatorLine(brand)}</footer>`;
}

function start(startsAt: number, timezone: string, language: Language, text: Texts): Markup {
  const unit = (name: string, label: string) =>
    html`<span><b data-unit="${name}">00</b>${label}</span>`;
  return html`<p class="when">${text.startsAt} · <time datetime="${new Date(startsAt).toISOString()}">${momentIn(language, startsAt, timezone)}</time></p>
<div class="countdown" role="timer" aria-label="${text.countdown}" data-at="${startsAt}" hidden>${unit("days", text.days)}${unit("hours", text.hours)}${unit("minutes", text.minutes)}${unit("seconds", text.seconds)}</div>`;
}

/** One destination's ways; with more than one destination, a choice among them that needs no script. */
function choices({ slug, outcome, app, language }: View): Markup | Markup[] {
  const { destination, ways, others, phase } = outcome;
  if (!destination) return nothing;
  const all: Choice[] = [{ destination, ways }, ...others];
  const starts = all.map((_, place) =>
    all.slice(0, place).reduce((sum, choice) => sum + choice.ways.length, 0),
  );
  const panels = all.map((choice, place) =>
    waysMarkup(choice, starts[place] ?? 0, { slug, phase, app, language }),
  );
  if (all.length === 1) return html`<div class="panel">${panels[0]}</div>`;
  const name = ({ destination: { platform } }: Choice) =>
    language === "en" ? platformOf(platform).label.en : platformOf(platform).label.zh;
  // Each panel beside its own radio button: the style needs to know no numbers.
  return html`<div class="choices" role="group" aria-label="${texts[language].choose}"><p>${texts[language].choose}</p>
${all.map((choice, place) => html`<input type="radio" name="on" id="on-${place}" value="${choice.destination.platform}"${place === 0 ? raw(" checked") : nothing}><label for="on-${place}">${name(choice)}</label><section class="panel">${panels[place]}</section>`)}
</div>`;
}
