/** @module Weibo 微博: what opening a link needs of it. Sources: docs/reference/web-views.md#weibo, docs/reference/openings.md#weibo. */
import type { DestinationOf, PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

function scheme({ kind, id, url }: DestinationOf): string | undefined {
  if (kind === "live") return `sinaweibo://wblive?live_id=${id}`;
  return url && `sinaweibo://browser?url=${encodeURIComponent(overHttps(url))}`;
}

export const weibo = {
  name: "weibo",
  letter: "O",
  label: { zh: "微博", en: "Weibo" },
  webviews: [
    {
      app: "weibo",
      test: /__weibo(?:lite)?__|Weibo(?:Intl|Lite)/,
      confidence: "H",
      source: "collected user agents; the lite version's token is a guess by the same form",
    },
  ],
  relations: { weibo: "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "m.weibo.cn/feature/applink, in public projects",
      url: (destination) => {
        const app = scheme(destination);
        return app && `https://m.weibo.cn/feature/applink?scheme=${encodeURIComponent(app)}`;
      },
    },
    { method: "scheme", confidence: "M", source: "public projects", url: scheme },
  ],
  desktopUrl: ({ kind, id }) =>
    kind === "live" && /^\d+:\d+$/.test(id) ? `https://weibo.com/l/wblive/p/show/${id}` : undefined,
  androidPackage: "com.sina.weibo",
  appStoreId: "350962117",
} as const satisfies PlatformEdge;
