/** @module Kuaishou 快手: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#kuaishou. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

/** Where `v.kuaishou.com` lands, under names that come and go. */
const rotatingHosts = ".m.chenzhongtech.com";

/** Before the code of a short link. */
const words = ["s", "f"];

const principalKeys = ["efid", "shareEid", "principalId", "authorId", "eid"];

export const kuaishou: PlatformPages = {
  name: "kuaishou",
  imageHosts: [".kwimgs.com", ".yximgs.com"],
  hosts: [
    {
      names: ["live.kuaishou.com", "live.kuaishou.cn"],
      confidence: "H",
      source: "a recorder's documentation",
    },
    {
      names: ["v.kuaishou.com", "www.kuaishou.com", "c.kuaishou.com", rotatingHosts],
      confidence: "M",
      source: "share texts and pages in public projects",
    },
    { names: ["m.gifshow.com"], confidence: "L", source: "older share pages" },
    {
      names: ["v.kuaishouapp.com"],
      confidence: "M",
      source: "public cases: the app's newer short host",
    },
    {
      names: ["kuaishou.cn", "www.kuaishou.cn", "kuaishou.com"],
      confidence: "L",
      source: "public cases: pages of videos",
    },
  ],
  shortLinks: {
    hosts: ["v.kuaishou.com", "v.kuaishouapp.com"],
    words,
    confidence: "M",
    source: "public projects; a redirect",
    passingHosts: [rotatingHosts],
  },
  domains: [
    "kuaishou.com",
    "kuaishou.cn",
    "kuaishouapp.com",
    "gifshow.com",
    "chenzhongtech.com",
    "kwai.com",
  ],
  redirectors: [
    { host: "id.kuaishou.com", confidence: "U", source: unverified },
    { host: "passport.kuaishou.com", confidence: "U", source: unverified },
    { host: "open.kuaishou.com", path: "/oauth2", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const [first = "", second = "", third = ""] = segments(url);
    if (/^live\.kuaishou\./.test(url.hostname) && first === "u" && /^[\w-]+$/.test(second)) {
      return { kind: "live", id: second, idType: "principalId" };
    }
    if (words.includes(first) && /^[\w-]+$/.test(second)) return { kind: "short", id: second };
    if (first === "fw" && second === "live" && /^[\w-]+$/.test(third)) {
      const principal = principalKeys.some((key) => url.searchParams.get(key) === third);
      return principal
        ? { kind: "live", id: third, idType: "principalId" }
        : {
            kind: "live",
            id: third,
            warnings: [
              "The id of a /fw/live/ page may be the anchor's or the broadcast's; it opens as a page.",
            ],
          };
    }
    if (first === "profile" && second !== "") return { kind: "profile", id: second };
    if (first === "fw" && second === "user" && third !== "") return { kind: "profile", id: third };
    return anyPage(url);
  },
  unknowns: [
    "No universal-link domain was found.",
    "Whether a /fw/live/<id> page names the anchor or the broadcast cannot be told from the URL.",
  ],
};
