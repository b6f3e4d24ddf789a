/**
 * @module After a tap: did the app take over? A page that is hidden was left for it. One that is still seen
 * after a while offers the next way, in words; nothing ever jumps by itself, since a system's own dialog
 * ("open in Taobao?") may be standing before the page all the while, and no script can tell.
 */
import { data } from "./page.ts";
import { report } from "./report.ts";

/** The page offers the next way after this, ms. */
const patience = 2_500;
/** A page hidden later than this after a tap was hidden for another reason, ms. */
const leftWithin = 10_000;

let tapped: { way: number; method: string; at: number } | undefined;
let timer: number | undefined;

/** An opener was tapped. */
export function watch(element: HTMLElement, way: number): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => offerNext(element), patience);
  tapped = { way, method: element.dataset.method ?? "", at: performance.now() };
}

/** Hidden, and still the page that is open: another app is in front. A web page never is. */
function onHidden(): void {
  const isSoon = tapped && performance.now() - tapped.at <= leftWithin;
  if (tapped && isSoon && tapped.method !== "web") report("leave", tapped.way);
  clearTimeout(timer);
  forget();
}

/**
 * A page that is replaced led to a web page: its own, or the one that a universal link or an intent falls
 * back to. A scheme replaces no page, so after one this is an older web-view's way to say hidden.
 */
function onReplaced(): void {
  if (tapped?.method === "scheme") onHidden();
  else forget();
}

function forget(): void {
  tapped = undefined;
}

/** Marks the way after this one in its panel, and says so. */
function offerNext(tried: HTMLElement): void {
  const panel = tried.closest(".panel");
  if (!panel) return;
  const ways = [...panel.querySelectorAll<HTMLElement>("[data-way]")].filter(
    (way) => !way.hidden && way.offsetParent !== null,
  );
  const next = ways[ways.indexOf(tried) + 1] ?? ways.find((way) => way !== tried);
  if (!next) return;
  for (const way of ways) way.classList.remove("offered");
  next.classList.add("offered");
  const hint = panel.querySelector(".stalled") ?? document.createElement("p");
  hint.className = "stalled";
  hint.setAttribute("role", "status");
  next.before(hint);
  hint.textContent = data.text.stalled;
}

export function watchForLeaving(): void {
  // Before `visibilitychange` when a page is replaced; not at all when an app comes to the front.
  addEventListener("pagehide", onReplaced);
  // The second is of Baidu's app, whose web-view tells by its own (docs/reference/host-apps.md#baidu).
  for (const type of ["visibilitychange", "baiduboxappvisibilitychange"]) {
    document.addEventListener(type, () => {
      if (document.visibilityState === "hidden") onHidden();
    });
  }
  // Who touches the page again is still on it: what hides it later is no answer to the tap.
  for (const type of ["pointerdown", "touchstart", "keydown"]) {
    addEventListener(type, forget, true);
  }
}
