/** @module The page for what fetches a pasted link: its head says all, its body the same in words. */
import { html } from "hono/html";
import type { Outcome } from "../decision/decide.ts";
import type { StreamRecord } from "../model/edge-records.ts";
import { type CardAbout, cardMarkup, cardOf } from "./head.ts";

export function renderPreview(
  { stream, ...about }: { stream: StreamRecord } & Omit<CardAbout, "language">,
  outcome: Extract<Outcome, { action: "preview" }>,
): string {
  const card = cardOf(stream, outcome, { ...about, language: "zh-CN" });
  return html`<!doctype html>
<html lang="zh-CN" itemscope itemtype="https://schema.org/BroadcastEvent" prefix="og: https://ogp.me/ns#">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${card.title}</title>${cardMarkup(card)}</head>
<body><h1>${card.title}</h1><p>${card.description}</p><img src="${card.image}" alt=""></body></html>`.toString();
}
