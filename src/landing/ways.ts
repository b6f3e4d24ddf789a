/** @module The ways into an app as a viewer sees them: one piece of markup a method. */
import { html, raw } from "hono/html";
import type { Choice } from "../decision/decide.ts";
import { holes } from "../http/html-template.ts";
import type { Language } from "../lib/said.ts";
import type { Phase } from "../model/phase.ts";
import type { App } from "../platforms/registry/edge.ts";
import { platformOf } from "../platforms/registry/edge.ts";
import type { Method, Way } from "../platforms/types.ts";
import { type Markup, nothing } from "./head.ts";
import { type Texts, texts } from "./text.ts";

/** What the markup of a way depends on. */
interface Shown {
  way: Way;
  /** Place among all ways of the page, as beacons and /go name it. */
  index: number;
  /** The big button, of which a panel has at most one. */
  isPrimary: boolean;
  isFirst: boolean;
  choice: Choice;
  slug: string;
  phase: Phase;
  app: App;
  language: Language;
}

const opens = ({ method, url }: Way): boolean =>
  url !== undefined && method !== "qr" && method !== "store";

/** The ways to one destination. @param start place of its first way among all of the page */
export function waysMarkup(
  choice: Choice,
  start: number,
  about: Pick<Shown, "slug" | "phase" | "app" | "language">,
): Markup[] {
  const { ways } = choice;
  const primary = ways[0]?.method === "guide" ? -1 : ways.findIndex(opens);
  return ways.map((way, place) =>
    markupOf[way.method]({
      ...about,
      choice,
      way,
      index: start + place,
      isPrimary: place === primary,
      isFirst: place === 0,
    }),
  );
}

function appName({ choice, language }: Shown, other = false): string {
  const { label } = platformOf(choice.destination.platform);
  return (language === "en") !== other ? label.en : label.zh;
}

/** What the big button says: by what is there to see. */
function primaryCaption({ choice, phase }: Shown, text: Texts, app: string): string {
  if (choice.destination.kind === "replay") return text.watchReplay(app);
  if (phase === "ended") return text.goOn;
  return phase === "upcoming" ? text.visit(app) : text.open(app);
}

const captions: Partial<Record<Method, (text: Texts, app: string) => string>> = {
  web: (text) => text.openWeb,
  "mini-program": (text) => text.miniProgram,
};

/** A real link: without script it goes through /go, with script to the app itself. */
function opener(shown: Shown): Markup {
  const { way, index, isPrimary, slug, language } = shown;
  const text = texts[language];
  const caption = isPrimary
    ? primaryCaption(shown, text, appName(shown))
    : (captions[way.method]?.(text, appName(shown)) ?? text.openApp(appName(shown)));
  const other: Language = language === "en" ? "zh-CN" : "en";
  const below = isPrimary
    ? html`<small lang="${other}">${primaryCaption(shown, texts[other], appName(shown, true))}</small>`
    : nothing;
  return html`<a class="${isPrimary ? "go" : "way"}" href="/${slug}/go?${index === 0 ? nothing : raw(`way=${index}&amp;`)}token=${holes.token}" data-url="${way.url}" data-method="${way.method}" data-way="${index}" rel="noreferrer">${caption}${below}</a>`;
}

/** WeChat's opening tag is put in by the script once the page is signed; until then nothing is shown. */
function miniProgram(shown: Shown): Markup {
  const { way, index, language } = shown;
  const { appId, path, query } = way.miniProgram ?? {};
  if (appId === undefined) return opener(shown);
  return html`<div class="tag" data-tag data-way="${index}" data-appid="${appId}" data-path="${query ? `${path}?${query}` : path}" data-caption="${texts[language].miniProgram}" hidden></div>`;
}

/** Without script the text itself is shown, by the head's style. */
function copy(shown: Shown): Markup {
  const { way, index, choice, language } = shown;
  const { shareText, url } = choice.destination;
  const text = texts[language];
  const id = `text-${index}`;
  const isName = shareText === undefined && url === undefined;
  const caption = isName ? text.copyName : shareText ? text.copy : text.copyLink;
  const hint = isName ? html`<p class="center">${text.search(way.text ?? "")}</p>` : nothing;
  return html`${hint}<button class="way" type="button" data-copy="${id}" data-way="${index}" data-copied="${text.copied(appName(shown))}" hidden>${caption}</button><p class="share" id="${id}">${way.text}</p>`;
}

/** Towards the menu at the top right of WeChat's, Weibo's and QQ's web-views. */
const arrow = raw(
  '<svg class="arrow" viewBox="0 0 64 64" aria-hidden="true"><path d="M6 58C10 30 26 14 52 10M38 4l16 6-8 15" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);
const menu = raw('<b class="menu" role="img" aria-label="···"><i></i><i></i><i></i></b>');

/** Where the guide is the first thing to do it stands at the top; else a button draws it over the page. */
function guide({ index, isFirst, app, language }: Shown): Markup {
  const text = texts[language];
  const steps = html`<p><span>${text.guideWhere}</span> ${menu}<br><strong>${text.guideChoose(text.guideEntry(app))}</strong></p>`;
  if (isFirst) return html`<div class="guide lead" data-way="${index}">${steps}${arrow}</div>`;
  return html`<details class="guide" data-way="${index}"><summary class="way">${text.guide}</summary><div class="overlay">${arrow}${steps}<small>${text.close}</small></div></details>`;
}

function qr({ slug, language }: Shown): Markup {
  const { qr: caption } = texts[language];
  return html`<figure class="qr"><img src="/${slug}/qr.svg" alt="${caption}" width="184" height="184"><figcaption>${caption}</figcaption></figure>`;
}

function store(shown: Shown): Markup {
  return html`<a class="text" href="${shown.way.url}" rel="noreferrer">${texts[shown.language].store(appName(shown))}</a>`;
}

const markupOf: Record<Method, (shown: Shown) => Markup> = {
  web: opener,
  "universal-link": opener,
  intent: opener,
  scheme: opener,
  "mini-program": miniProgram,
  copy,
  guide,
  qr,
  store,
};
