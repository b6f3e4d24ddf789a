/** @module Douyin 抖音: what opening a link needs of it. Sources: docs/reference/web-views.md#douyin, docs/reference/openings.md#douyin. */

import type { PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

export const douyin = {
  name: "douyin",
  letter: "D",
  label: { zh: "抖音", en: "Douyin" },
  webviews: [
    {
      app: "douyin",
      test: /\baweme[_/]\d|AppName\/aweme/,
      confidence: "H",
      source: "device-detector fixtures",
    },
  ],
  relations: { douyin: "own" },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "public projects; the room scheme needs a room_id, anything else opens as a page",
      url: ({ kind, id, idType, url }) => {
        if (kind === "live" && idType === "room_id") {
          return `snssdk1128://live?room_id=${id}&user_id=&u_code=&from=webview&refer=web`;
        }
        return (
          url &&
          `snssdk1128://webview?url=${encodeURIComponent(overHttps(url))}&from=webview&refer=web`
        );
      },
    },
  ],
  androidPackage: "com.ss.android.ugc.aweme",
  appStoreId: "1142110895",
} as const satisfies PlatformEdge;
