/**
 * @module Keeps an open page true: when the phase changes by the clock, or was changed by hand while nobody
 * looked, the new view takes the old one's place; and beacons get a fresh token before theirs expires.
 */
import { age, type Card, data, renew, serverNow, token } from "./page.ts";

interface State {
  /** UTC ms, the server's. */
  now: number;
  /** The page's next token; absent where it has none any more. */
  token?: string;
  view: string;
  until: number | null;
  /** Absent when the view is still the one that is shown. */
  html?: string;
  card?: Card;
}

/** A token is good for ten minutes; ms. */
const renewAfterMs = 8 * 60_000;
/** A page that was not looked at for this long asks when it is seen again, ms. */
const staleAfter = 30_000;
/** Around the planned start, when a host may begin sooner: every minute within this of it, ms. */
const nearStart = 20 * 60_000;
/** Spreads the viewers of one broadcast, ms. */
const spread = 3_000;
const retryAfterMs = 7_500;
const askAtMost = 10_000;
/** What a timer can hold. */
const longest = 2 ** 31 - 1;

let timer: number | undefined;
let isAsking = false;
/** In a row. */
let failures = 0;

/** What a link that is gone shows from now on. */
interface Gone {
  html: string;
}

async function hear(): Promise<State | Gone> {
  const answer = await Promise.race([
    fetch(`/${data.slug}/state?${new URLSearchParams({ view: data.view, token: token() })}`),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("slow")), askAtMost)),
  ]);
  if (!answer.ok && answer.status !== 410) throw new Error(String(answer.status));
  return (await answer.json()) as State | Gone;
}

async function ask(onView: () => void): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    const state = await hear();
    failures = 0;
    if (!("now" in state)) {
      show(state.html, onView);
      return;
    }
    renew(state);
    data.until = state.until;
    data.view = state.view;
    if (data.share && state.card) data.share = state.card;
    if (state.html !== undefined) show(state.html, onView);
    schedule(onView);
  } catch {
    // No network for now, or a busy server.
    failures += 1;
    schedule(onView, Math.min(retryAfterMs * 2 ** failures, renewAfterMs));
  } finally {
    isAsking = false;
  }
}

/** The new view, with the destination that the viewer had chosen. */
function show(html: string, onView: () => void): void {
  const main = document.querySelector("main");
  if (!main) return;
  const chosen = document.querySelector<HTMLInputElement>("input[name=on]:checked")?.value;
  main.innerHTML = html;
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=on]")) {
    if (input.value === chosen) input.checked = true;
  }
  onView();
}

function schedule(onView: () => void, atLeast = 0): void {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  const startsAt =
    Number(document.querySelector<HTMLElement>(".countdown")?.dataset.at) || Infinity;
  const toStart = startsAt - serverNow();
  const pauses = [
    renewAfterMs - age(),
    data.until === null ? Infinity : data.until - serverNow() + Math.random() * spread,
    toStart === Infinity
      ? Infinity
      : Math.max(toStart - nearStart, 60_000 - age()) + Math.random() * spread,
  ];
  const pause = Math.max(atLeast, 500, Math.min(...pauses));
  timer = window.setTimeout(() => void ask(onView), Math.min(pause, longest));
}

/** @param onView wires a view that has just been put in */
export function keepFresh(onView: () => void): void {
  const seen = () => {
    if (document.visibilityState === "visible" && age() > staleAfter) void ask(onView);
    else schedule(onView);
  };
  document.addEventListener("visibilitychange", seen);
  addEventListener("pageshow", (event) => event.persisted && seen());
  schedule(onView);
}
