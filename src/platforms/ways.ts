/** @module Builds the ways into a platform's app from a destination, by method. */

import type { App, Destination } from "./registry/edge.ts";
import { platformOf } from "./registry/edge.ts";
import type { Method, Way } from "./types.ts";
import { overHttps } from "./url.ts";

/** The https page of a destination, where its platform has one. */
export function webPage(destination: Destination): string | undefined {
  const { url } = destination;
  return url && /^https?:/i.test(url) ? overHttps(url) : undefined;
}

/** The page a desktop browser shows: the platform's desktop room, else the pasted page. */
export function desktopPage(destination: Destination): string | undefined {
  return platformOf(destination.platform).desktopUrl?.(destination) ?? webPage(destination);
}

/**
 * Chrome's `intent:` form of an app scheme, which falls back to a web page where the app is missing.
 * It must be launched by a tap.
 *
 * @see https://developer.chrome.com/docs/android/intents
 */
function intentUrl(scheme: string, androidPackage: string, fallback?: string): string {
  const border = scheme.indexOf("://");
  const rest = scheme.slice(border + 3);
  const parts = [`scheme=${scheme.slice(0, border)}`, `package=${androidPackage}`];
  if (fallback) parts.push(`S.browser_fallback_url=${encodeURIComponent(fallback)}`);
  return `intent://${rest}#Intent;${parts.join(";")};end`;
}

function opening(destination: Destination, method: Method): string | undefined {
  for (const candidate of platformOf(destination.platform).openings ?? []) {
    const url = candidate.method === method ? candidate.url(destination) : undefined;
    if (url !== undefined) return url;
  }
  return undefined;
}

/** What ways depend on beside the destination. */
export interface About {
  /** The absolute short link, which the QR code carries. */
  shortUrl: string;
  /** The app that the visitor is in. */
  app: App;
  /** What the stream is found by inside an app: its host, else its title. */
  name: string;
}

type Builder = (destination: Destination, about: About) => Way | undefined;

const builders: Record<Method, Builder> = {
  web: (destination) => withUrl("web", webPage(destination)),
  "universal-link": (destination) =>
    withUrl("universal-link", opening(destination, "universal-link")),
  scheme: (destination) => withUrl("scheme", opening(destination, "scheme")),
  "mini-program": (destination, { app }) => {
    const { miniProgram } = destination;
    // Inside WeChat its own URL schemes do nothing: there the page's opening tag launches it
    // (docs/reference/host-apps.md#mini-program-links).
    if (app === "wechat") return miniProgram && { method: "mini-program", miniProgram };
    return withUrl("mini-program", opening(destination, "mini-program"));
  },
  intent: (destination) => {
    const scheme = opening(destination, "scheme");
    const { androidPackage } = platformOf(destination.platform);
    return scheme && androidPackage
      ? { method: "intent", url: intentUrl(scheme, androidPackage, webPage(destination)) }
      : undefined;
  },
  copy: (destination, { name }) => ({
    method: "copy",
    // What has no page is found by its name in its app; our own link would only lead back here.
    text: destination.shareText ?? destination.resolvedFrom ?? webPage(destination) ?? name,
  }),
  guide: () => ({ method: "guide" }),
  qr: (_destination, { shortUrl }) => ({ method: "qr", url: `${shortUrl}/qr.svg` }),
  store: (destination) => {
    const { appStoreId } = platformOf(destination.platform);
    return withUrl("store", appStoreId && `https://apps.apple.com/cn/app/id${appStoreId}`);
  },
};

function withUrl(method: Method, url: string | undefined): Way | undefined {
  return url ? { method, url } : undefined;
}

/**
 * The ways of a rule that can be built for a destination, in the rule's order.
 *
 * @param methods the rule's methods; one the platform has nothing for is left out
 */
export function buildWays(
  methods: readonly Method[],
  destination: Destination,
  about: About,
): Way[] {
  return methods.flatMap((method) => builders[method](destination, about) ?? []);
}
