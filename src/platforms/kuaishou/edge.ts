/** @module Kuaishou 快手: what opening a link needs of it. Sources: docs/reference/web-views.md#kuaishou, docs/reference/openings.md#kuaishou. */

import type { PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

export const kuaishou = {
  name: "kuaishou",
  letter: "K",
  label: { zh: "快手", en: "Kuaishou" },
  webviews: [
    {
      app: "kuaishou-lite",
      test: /\bksNebula\/\d/,
      confidence: "M",
      source: "collected user agent",
    },
    { app: "kuaishou", test: /\bKwai\/\d/, confidence: "H", source: "device-detector fixtures" },
  ],
  relations: { kuaishou: "own", "kuaishou-lite": "own" },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "Kuaishou app code: live by stream id, any page by webview",
      url: ({ kind, id, idType, url }) => {
        if (kind === "live" && idType === "streamId") return `kwai://live/play/${id}`;
        return url && `kwai://webview?url=${encodeURIComponent(overHttps(url))}`;
      },
    },
  ],
  androidPackage: "com.smile.gifmaker",
  appStoreId: "440948110",
} as const satisfies PlatformEdge;
