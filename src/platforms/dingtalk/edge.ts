/** @module DingTalk 钉钉: what opening a link needs of it. Sources: docs/reference/web-views.md#dingtalk, docs/reference/openings.md#dingtalk. */

import type { PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

export const dingtalk = {
  name: "dingtalk",
  letter: "N",
  label: { zh: "钉钉", en: "DingTalk" },
  webviews: [
    {
      app: "dingtalk",
      test: /AliApp\(DingTalk\//,
      confidence: "H",
      source: "collected user agents",
    },
    {
      app: "dingtalk",
      test: /\bDingTalk\(\d/,
      confidence: "L",
      source: "the desktop client's form, general knowledge, no collected sample",
    },
  ],
  relations: { dingtalk: "own" },
  openings: [
    {
      method: "scheme",
      confidence: "H",
      source: "DingTalk documentation",
      url: ({ url }) =>
        url && `dingtalk://dingtalkclient/page/link?url=${encodeURIComponent(overHttps(url))}`,
    },
  ],
  androidPackage: "com.alibaba.android.rimet",
  appStoreId: "930368978",
} as const satisfies PlatformEdge;
