/** @module JD 京东: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#jd. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

/** Activity pages that JD's own app maps to a live room. */
const liveActivities =
  /^\/(?:active\/(?:3Py5mBpfcJux1LmBJb2gCQB2XFb7|4PWVRtMJhmRHkFqHzfP94mJT4qmu)|dev\/3pbY8ZuCx4ML99uttZKLHC2QcAMn)\/live\.html$/;

export const jd: PlatformPages = {
  name: "jd",
  imageHosts: [".360buyimg.com"],
  hosts: [
    {
      names: [
        "lives.jd.com",
        "h5.m.jd.com",
        "eco.m.jd.com",
        "item.jd.com",
        "item.m.jd.com",
        "m.jd.com",
        "wqitem.jd.com",
        "shop.m.jd.com",
        "mall.jd.com",
        "u.jd.com",
        "union-click.jd.com",
      ],
      confidence: "H",
      source: "the rules by which JD's app makes pages native",
    },
    { names: ["3.cn"], confidence: "M", source: "share texts in public projects" },
    {
      names: ["3.jd.com"],
      confidence: "L",
      source: "a public case; where it leads was not seen",
    },
    {
      names: ["prodev.m.jd.com"],
      confidence: "M",
      source: "activity pages in public projects",
    },
  ],
  shortLinks: {
    hosts: ["3.cn", "3.jd.com"],
    confidence: "M",
    source: "public projects; a 302 whose Location carries the fragment",
  },
  domains: ["jd.com", "jd.hk", "3.cn", "360buy.com"],
  redirectors: [
    { host: "passport.jd.com", confidence: "U", source: unverified },
    { host: "passport.m.jd.com", confidence: "U", source: unverified },
    { host: "plogin.m.jd.com", confidence: "U", source: unverified },
    { host: "plogin.jd.com", confidence: "U", source: unverified },
    { host: "wq.jd.com", path: "/mlogin", confidence: "U", source: unverified },
    { host: "un.m.jd.com", path: "/cgi-bin/app/appjmp", confidence: "U", source: unverified },
    { host: "oauth.jd.com", confidence: "U", source: unverified },
    { host: "open-oauth.jd.com", confidence: "U", source: unverified },
    { host: "ccc-x.jd.com", confidence: "U", source: unverified },
    {
      host: "linkst.m.jd.com",
      confidence: "H",
      source: "JD's own web script: the app opens what its query says",
    },
  ],
  recognize(url) {
    const query = url.searchParams;
    const [first = "", second = ""] = segments(url);
    const live = (id: string) => ({ kind: "live" as const, id, idType: "liveId" as const });
    switch (url.hostname) {
      case "lives.jd.com": {
        const id = /^\d+$/.exec(first)?.[0] ?? /^#\/(\d+)(?:[/?]|$)/.exec(url.hash)?.[1];
        return id ? live(id) : anyPage(url);
      }
      case "h5.m.jd.com": {
        const id = query.get("id");
        return liveActivities.test(url.pathname) && id && /^\d+$/.test(id)
          ? live(id)
          : anyPage(url);
      }
      case "eco.m.jd.com": {
        const author = query.get("authorId");
        return author ? { kind: "profile", id: author } : anyPage(url);
      }
      case "item.jd.com":
      case "item.m.jd.com":
      case "m.jd.com":
      case "wqitem.jd.com": {
        const id =
          /^(\d+)(?:\.html)?$/.exec(first === "product" ? second : first)?.[1] ??
          query.get("wareId") ??
          query.get("sku");
        return id && /^\d+$/.test(id) ? { kind: "item", id } : anyPage(url);
      }
      case "shop.m.jd.com": {
        const id = query.get("shopId");
        return id ? { kind: "shop", id } : anyPage(url);
      }
      case "mall.jd.com": {
        const id = /^index-(\d+)/.exec(first)?.[1];
        return id ? { kind: "shop", id } : anyPage(url);
      }
      case "u.jd.com":
      case "union-click.jd.com":
        return { kind: "affiliate", id: first === "" ? anyPage(url).id : first };
      default:
        return anyPage(url);
    }
  },
  unknowns: [
    "A report says the universal link only opens the app's home page; untested.",
    "Whether JD's rule for live rooms also fires on a redirect's target is untested.",
  ],
};
