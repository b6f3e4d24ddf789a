/** @module DingTalk 钉钉: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#dingtalk. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage, segments } from "../url.ts";

export const dingtalk: PlatformPages = {
  name: "dingtalk",
  hosts: [
    { names: ["h5.dingtalk.com"], confidence: "U", source: unverified },
    {
      names: ["n.dingtalk.com"],
      confidence: "M",
      source: "live rooms (/dingding/live-room/) in public tools",
    },
  ],
  domains: ["dingtalk.com"],
  redirectors: [
    { host: "login.dingtalk.com", confidence: "U", source: unverified },
    { host: "oapi.dingtalk.com", path: "/connect", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const [first = "", second = ""] = segments(url);
    const live = url.searchParams.get("liveUuid");
    if (first === "dingding" && second === "live-room" && live && /^[\w-]+$/.test(live)) {
      return { kind: "live", id: live };
    }
    if (first === "group-live-share") {
      const id = live ?? url.searchParams.get("liveFromType");
      return {
        kind: "live",
        id: id ?? anyPage(url).id,
        warnings: ["The shape of DingTalk's live links is unverified; it opens as a page."],
      };
    }
    return anyPage(url);
  },
  unknowns: ["The live link h5.dingtalk.com/group-live-share/… is general knowledge, unverified."],
};
