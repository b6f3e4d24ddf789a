/** @module Xiaohongshu 小红书, RED: what opening a link needs of it. Sources: docs/reference/web-views.md#xiaohongshu, docs/reference/openings.md#xiaohongshu. */
import type { DestinationOf, PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

function xhsdiscover({ kind, id, url }: DestinationOf): string | undefined {
  if (kind === "live") return `xhsdiscover://live_audience?room_id=${id}&source=share_out_of_app`;
  return url && `xhsdiscover://webview/${overHttps(url).slice("https://".length)}`;
}

export const xiaohongshu = {
  name: "xiaohongshu",
  letter: "X",
  label: { zh: "小红书", en: "Xiaohongshu" },
  webviews: [
    {
      app: "xiaohongshu",
      test: /xhsdiscover|xiaohongshu|\bdiscover\/\d|\bXHS\/\d/i,
      confidence: "L",
      source: "scripts and a project's test; no collected web-view user agent",
    },
  ],
  relations: { xiaohongshu: "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "oia.xiaohongshu.com wrapper, in several public projects",
      url: (destination) => {
        const scheme = xhsdiscover(destination);
        return scheme && `https://oia.xiaohongshu.com/oia?deeplink=${encodeURIComponent(scheme)}`;
      },
    },
    {
      method: "scheme",
      confidence: "M",
      source: "public projects; webview from the share SDK",
      url: xhsdiscover,
    },
  ],
  androidPackage: "com.xingin.xhs",
  appStoreId: "741292507",
} as const satisfies PlatformEdge;
