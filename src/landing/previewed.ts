/** @module A visitor's page as its team looks at it, by the code that makes it for visitors: nothing on it opens, asks or is counted. */

import type { Outcome } from "../decision/decide.ts";
import type { Visitor } from "../decision/visitor.ts";
import { fill, type Template } from "../http/html-template.ts";
import type { Language } from "../lib/said.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { isEarly as isEarlyAt } from "../model/phase.ts";
import { type Brand, brandedOf, styleOf } from "./brand.ts";
import { cardOf } from "./head.ts";
import { digestsOf } from "./inline.ts";
import { renderMissing } from "./missing.ts";
import { renderLanding } from "./page.ts";
import { renderPreview } from "./preview.ts";
import { renderView } from "./view.ts";

interface Asked {
  link: LinkRecord;
  stream: StreamRecord;
  outcome: Outcome;
  visitor: Visitor;
  shortUrl: string;
  language: Language;
  /** UTC ms. */
  now: number;
  house: Brand;
}

/** Its script runs, and reaches nobody. @param style a style of its own, as a source */
const policyOfPreview = (style = ""): string =>
  `default-src 'none'; style-src ${digestsOf("style")}${style && ` ${style}`}; script-src ${digestsOf("script")}; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`;

/** @returns the document and its Content-Security-Policy; `null` where such a visitor sees no page of ours */
export function previewOf(asked: Asked): { html: string; policy: string } | null {
  const { link, stream, outcome, visitor, shortUrl, language, now, house } = asked;
  const branded = brandedOf(stream, link, house);
  const isEarly = outcome.phase === "live" && isEarlyAt(stream, now);
  const about = { shortUrl, isEarly, language, ...branded };
  const shown = (page: Template, style?: string) => ({
    html: new TextDecoder().decode(fill(page, { live: `{"token":"","now":${now}}`, token: "" })),
    policy: policyOfPreview(style),
  });
  switch (outcome.action) {
    case "redirect":
      return null;
    case "gone":
      return shown(renderMissing(410));
    case "preview":
      return { html: renderPreview({ stream, ...about }, outcome), policy: policyOfPreview() };
    case "page": {
      const view = { stream, slug: link.slug, outcome, app: visitor.app, ...about };
      const own = styleOf(branded.brand);
      const page = renderLanding({
        ...view,
        view: renderView(view),
        card: cardOf(stream, outcome, about),
        version: "",
        until: Number.POSITIVE_INFINITY,
        withWechat: false,
        own,
        isPreview: true,
      });
      return shown(page, own?.source);
    }
  }
}
