/** @module Pinduoduo 拼多多: what opening a link needs of it. Sources: docs/reference/web-views.md#pinduoduo, docs/reference/openings.md#pinduoduo. */
import type { PlatformEdge } from "../types.ts";

export const pinduoduo = {
  name: "pinduoduo",
  letter: "P",
  label: { zh: "拼多多", en: "Pinduoduo" },
  webviews: [
    {
      app: "pinduoduo",
      test: /\bphh_(?:android|ios)_version\/\d/,
      confidence: "M",
      source: "Pinduoduo's own web script tests both tokens",
    },
  ],
  relations: { pinduoduo: "own" },
  openings: [
    {
      method: "scheme",
      confidence: "M",
      source: "public projects, for items",
      url: ({ kind, id }) =>
        kind === "item" ? `pinduoduo://com.xunmeng.pinduoduo/goods.html?goods_id=${id}` : undefined,
    },
    {
      method: "scheme",
      confidence: "L",
      source:
        "`schema_url` of the alliance's answers: the promoted page, path and query as they are",
      url: ({ kind, url }) => {
        if (kind !== "affiliate" || url === undefined) return undefined;
        const { pathname, search } = new URL(url);
        return `pinduoduo://com.xunmeng.pinduoduo${pathname}${search}`;
      },
    },
  ],
  androidPackage: "com.xunmeng.pinduoduo",
  appStoreId: "1044283059",
} as const satisfies PlatformEdge;
