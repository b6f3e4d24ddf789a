/**
 * @module What runs on the landing page: it reports that it was seen, makes the buttons open the app itself,
 * copies, tells whether the app took over, and keeps the page true while it stays open. Without it every
 * button goes through /go.
 */
import { wireCopying } from "./copy.ts";
import { wireCountdown } from "./countdown.ts";
import { data } from "./page.ts";
import { keepFresh } from "./refresh.ts";
import { report, reportSeen } from "./report.ts";
import { watch, watchForLeaving } from "./takeover.ts";

function wireOpeners(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-url]")) {
    const way = Number(link.dataset.way);
    link.href = link.dataset.url ?? link.href;
    link.addEventListener("click", () => {
      watch(link, way);
      report("click", way);
    });
  }
}

/** A cover that does not come, or is no picture, leaves the wall behind it. */
function wireCover(): void {
  const cover = document.querySelector<HTMLImageElement>(".cover");
  const hide = () => {
    if (cover) cover.hidden = true;
  };
  if (cover?.complete && cover.naturalWidth === 0) hide();
  cover?.addEventListener("error", hide);
}

function closeGuides(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  for (const guide of document.querySelectorAll("details[open]")) guide.removeAttribute("open");
}

function wire(): void {
  wireCover();
  wireOpeners();
  wireCopying();
  wireCountdown();
  document.dispatchEvent(new Event("moongate:view"));
}

/** As it is for a visitor, but that its links lead nowhere. */
function disarm(): void {
  for (const link of document.querySelectorAll("a")) link.removeAttribute("href");
}

addEventListener("keydown", closeGuides);
wire();
if (data.isPreview) disarm();
else {
  watchForLeaving();
  document.addEventListener("visibilitychange", reportSeen);
  reportSeen();
  keepFresh(wire);
}
