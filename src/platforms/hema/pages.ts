/** @module Hema 盒马, Freshippo: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#hema. */

import type { PlatformPages } from "../types.ts";
import { anyPage } from "../url.ts";

export const hema: PlatformPages = {
  name: "hema",
  hosts: [
    {
      names: [
        "freshhema.com",
        ".freshhema.com",
        "freshippo.com",
        ".freshippo.com",
        "hemaos.com",
        ".hemaos.com",
        "hemashare.cn",
        ".hemashare.cn",
        "shyhhema.com",
        ".shyhhema.com",
      ],
      confidence: "M",
      source: "lists of Hema's domains in public projects",
    },
    {
      names: ["market.m.taobao.com"],
      confidence: "L",
      source: "requests of Hema's app (/app/ha/)",
    },
  ],
  domains: ["freshhema.com", "freshippo.com", "hemaos.com", "hemashare.cn", "shyhhema.com"],
  recognize(url) {
    // Hema's pages on Taobao's host; the rest of that host is Taobao's.
    if (url.hostname === "market.m.taobao.com" && !url.pathname.startsWith("/app/ha/")) return null;
    return anyPage(url);
  },
  unknowns: [
    "No live-room URL was found, so a Hema link is always a page (kind web).",
    "The scheme wdkhema:// is registered on iOS but its paths are unknown, so none is built: web page, guide and copy are offered.",
    "The App Store id was not found.",
  ],
};
