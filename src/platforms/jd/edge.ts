/** @module JD 京东: what opening a link needs of it. Sources: docs/reference/web-views.md#jd, docs/reference/openings.md#jd. */
import type { DestinationOf, PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

/** The app converts `des: "m"` pages it knows, lives.jd.com among them, to native ones. */
function openapp({ url }: DestinationOf): string | undefined {
  if (url === undefined) return undefined;
  const params = JSON.stringify({ category: "jump", des: "m", url: overHttps(url) });
  return `openapp.jdmobile://virtual?params=${encodeURIComponent(params)}`;
}

export const jd = {
  name: "jd",
  letter: "J",
  label: { zh: "京东", en: "JD" },
  webviews: [
    { app: "jd-lite", test: /^jdltapp;/, confidence: "M", source: "public projects" },
    { app: "jd", test: /^jdapp;/, confidence: "M", source: "several public projects" },
  ],
  relations: { jd: "own", "jd-lite": "own" },
  openings: [
    {
      method: "universal-link",
      confidence: "H",
      source: "JD's own web script; one report says it only opens the home page",
      url: (destination) => {
        const scheme = openapp(destination);
        return scheme && `https://linkst.m.jd.com/ul/ul.action?${scheme}`;
      },
    },
    { method: "scheme", confidence: "H", source: "JD app code", url: openapp },
  ],
  androidPackage: "com.jingdong.app.mall",
  appStoreId: "414245413",
} as const satisfies PlatformEdge;
