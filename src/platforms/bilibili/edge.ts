/** @module Bilibili 哔哩哔哩: what opening a link needs of it. Sources: docs/reference/web-views.md#bilibili, docs/reference/openings.md#bilibili. */
import type { DestinationOf, PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

function scheme({ kind, id, url }: DestinationOf): string | undefined {
  if (kind === "live") return `bilibili://live/${id}`;
  return url && `bilibili://browser?url=${encodeURIComponent(overHttps(url))}`;
}

export const bilibili = {
  name: "bilibili",
  letter: "B",
  label: { zh: "哔哩哔哩", en: "Bilibili" },
  webviews: [
    {
      app: "bilibili",
      test: /\bBiliApp\/\d|\bbilibili_pc\/\d/,
      confidence: "M",
      source: "collected user agents; bilibili_pc/ is the computer's",
    },
  ],
  relations: { bilibili: "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "d.bilibili.com wrapper, in public projects",
      url: (destination) => {
        const app = scheme(destination);
        return (
          app &&
          destination.url &&
          `https://d.bilibili.com/download_app.html?preUrl=${encodeURIComponent(overHttps(destination.url))}&schema=${encodeURIComponent(app)}`
        );
      },
    },
    { method: "scheme", confidence: "H", source: "Bilibili app code", url: scheme },
  ],
  desktopUrl: ({ kind, id }) => (kind === "live" ? `https://live.bilibili.com/${id}` : undefined),
  androidPackage: "tv.danmaku.bili",
  appStoreId: "736536022",
} as const satisfies PlatformEdge;
