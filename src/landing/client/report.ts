/** @module Beacons: what the page tells the server happened on it. */
import { data, token } from "./page.ts";

/** @param way place among the ways of the page */
export function report(type: "rendered" | "click" | "copy" | "leave", way?: number): void {
  if (data.isPreview) return;
  const body = JSON.stringify({ type, token: token(), way });
  const url = `/${data.slug}/events`;
  if (!navigator.sendBeacon?.(url, body)) {
    void fetch(url, { method: "POST", body, keepalive: true }).catch(() => undefined);
  }
}

/** Once the page is seen: not when a chat loads it ahead of time in the background. */
export function reportSeen(): void {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", reportSeen);
  report("rendered");
}
