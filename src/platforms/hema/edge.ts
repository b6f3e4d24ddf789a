/** @module Hema 盒马, Freshippo: what opening a link needs of it. Sources: docs/reference/web-views.md#hema, docs/reference/openings.md#hema. */
import type { PlatformEdge } from "../types.ts";

export const hema = {
  name: "hema",
  letter: "H",
  label: { zh: "盒马", en: "Hema" },
  webviews: [
    {
      app: "hema",
      test: /AliApp\(wdkhema\//,
      confidence: "M",
      source: "collected on Android; the iOS token is expected to be the same",
    },
  ],
  relations: { hema: "own" },
  androidPackage: "com.wudaokou.hippo",
} as const satisfies PlatformEdge;
