/** @module The picture at the top of a page: the cover, or a moon gate where there is none. */
import { html, raw } from "hono/html";
import type { StreamRecord } from "../model/edge-records.ts";
import { type Markup, nothing } from "./head.ts";

/** A round opening in a garden wall, with the moon behind a branch: drawn by hand, some 900 bytes. */
export const gate = `<svg class="gate" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><defs><linearGradient id="wall" x2="0" y2="1"><stop stop-color="#b23b26"/><stop offset="1" stop-color="#6f1d1b"/></linearGradient><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#1f2a44"/><stop offset="1" stop-color="#8a5a4e"/></linearGradient><clipPath id="opening"><circle cx="160" cy="96" r="66"/></clipPath></defs><path fill="url(#wall)" d="M0 0h320v180H0z"/><path fill="#3d1113" d="M0 0h320v9H0z"/><path stroke="#571615" stroke-width="2" d="M0 11h320"/><g clip-path="url(#opening)"><path fill="url(#sky)" d="M90 26h140v140H90z"/><circle cx="182" cy="76" r="21" fill="#fdf1d3"/><path fill="#2c1a22" d="M88 150c24-16 44-18 66-8s48 8 82-10v40H88z"/><path fill="none" stroke="#2c1a22" stroke-width="2.4" stroke-linecap="round" d="M94 54c22 2 38 12 52 30m-26-20c2-10 8-16 16-20m-2 28c8-2 14-6 18-12"/><g fill="#e8836b"><circle cx="137" cy="43" r="3"/><circle cx="153" cy="59" r="2.6"/><circle cx="147" cy="85" r="3.2"/><circle cx="112" cy="58" r="2.2"/></g></g><circle cx="160" cy="96" r="66" fill="none" stroke="#f3d9b1" stroke-width="4"/><circle cx="160" cy="96" r="71" fill="none" stroke="#571615" stroke-width="1.5"/></svg>`;

export const emptyHero: Markup = html`<div class="hero">${raw(gate)}</div>`;

/** @param badge the phase, shown on the picture */
export function hero({ cover }: StreamRecord, slug: string, badge: Markup = nothing): Markup {
  return html`<div class="hero">${cover ? html`<img class="cover" src="/${slug}/cover?v=${cover}" alt="" width="640" height="360" decoding="async">` : raw(gate)}${badge}</div>`;
}
