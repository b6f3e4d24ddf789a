/**
 * @module Whose page it is: of each part what the stream says, else what the deployment's settings say. The number that
 * the domain is filed under (备案号) leads to the ministry's register, as 非经营性互联网信息服务备案管理办法 art. 13 asks.
 */
import { html, raw } from "hono/html";
import { inlineSource } from "../http/inline-source.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { type Markup, nothing } from "./head.ts";

export interface Brand {
  name?: string | undefined;
  /** A `data:` URL. */
  logo?: string | undefined;
  /** `#rrggbb`. */
  color?: string | undefined;
  /** Who runs the service. */
  operator?: string | undefined;
  /** 备案号. */
  filing?: string | undefined;
}

/** @param house what the deployment's settings say */
export function brandOf(stream: StreamRecord, house: Brand): Brand {
  const isOwn = stream.brandName !== undefined || stream.brandLogo !== undefined;
  return {
    // One's name beside the other's logo would be a brand that is nobody's.
    name: stream.brandName ?? (isOwn ? undefined : house.name),
    logo: stream.brandLogo ?? (isOwn ? undefined : house.logo),
    color: stream.brandColor ?? house.color,
    operator: stream.operatorName ?? house.operator,
    filing: stream.filingNumber ?? house.filing,
  };
}

/** What a page, a card and a preview of a link say beside what was decided. */
export interface Branded {
  brand: Brand;
  siteName: string;
  /** Whether it says that it is an advertisement. */
  isAd: boolean;
}

export function brandedOf(stream: StreamRecord, link: LinkRecord, house: Brand): Branded {
  const brand = brandOf(stream, house);
  return { brand, siteName: siteNameOf(brand), isAd: link.adLabel === true };
}

/** What a chat names as the site. */
export const siteNameOf = ({ name }: Brand): string => name ?? "Moongate 月门";

/** Logo and name, above the title. */
export function brandLine({ name, logo }: Brand): Markup {
  if (!name && !logo) return nothing;
  const picture = logo ? html`<img src="${logo}" alt="${name ?? ""}" height="24">` : nothing;
  return html`<p class="brand">${picture}${name ?? ""}</p>`;
}

/** Who runs it and under which number, at the foot of a page. */
export function operatorLine({ operator, filing }: Brand): Markup {
  if (!operator && !filing) return nothing;
  const number = filing
    ? html`<a href="https://beian.miit.gov.cn/" target="_blank" rel="noopener noreferrer">${filing}</a>`
    : nothing;
  return html`<p>${operator ?? ""}${operator && filing ? " · " : ""}${number}</p>`;
}

/** @returns what is written on that colour: white, or black where that reads better (WCAG 2.2, relative luminance) */
function inkOn(color: string): "#fff" | "#000" {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#fff" : "#000";
}

/** A page's own style: the brand's colour in the place of ours; `null` without one. */
export interface OwnStyle {
  markup: Markup;
  /** As a source of a Content-Security-Policy. */
  source: string;
}

export function styleOf({ color }: Brand): OwnStyle | null {
  if (color === undefined) return null;
  const style = `:root{--brand:${color};--on:${inkOn(color)}}`;
  return { markup: raw(`<style>${style}</style>`), source: inlineSource(style) };
}
