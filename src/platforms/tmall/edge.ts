/** @module Tmall 天猫: what opening a link needs of it. Sources: docs/reference/web-views.md#tmall, docs/reference/openings.md#tmall. */

import type { PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

export const tmall = {
  name: "tmall",
  letter: "M",
  label: { zh: "天猫", en: "Tmall" },
  webviews: [
    { app: "tmall", test: /AliApp\(TM\//, confidence: "H", source: "collected user agents" },
  ],
  relations: {
    tmall: "own",
    taobao: "native",
    diantao: "native",
    taote: "native",
    hema: "family",
    alipay: "family",
    dingtalk: "family",
  },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "public scheme lists",
      url: ({ url }) =>
        url && `tmall://page.tm/appLink?h5Url=${encodeURIComponent(overHttps(url))}`,
    },
  ],
  androidPackage: "com.tmall.wireless",
  appStoreId: "518966501",
} as const satisfies PlatformEdge;
