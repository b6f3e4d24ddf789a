/** @module Tmall 天猫: its pages: hosts, ids, short links. Sources: docs/reference/destinations.md#tmall. */
import { unverified } from "../redirectors.ts";
import type { PlatformPages } from "../types.ts";
import { anyPage } from "../url.ts";

/** `detail.tmall.com`, `chaoshi.detail.tmall.com`, `detail.m.tmall.hk` … */
const itemHost = /^(?:[a-z0-9-]+\.)?detail\.(?:m\.)?tmall\.(?:com|hk)$/;

export const tmall: PlatformPages = {
  name: "tmall",
  hosts: [
    { names: [".tmall.com"], confidence: "M", source: "public projects" },
    {
      names: [".tmall.hk"],
      confidence: "M",
      source: "public projects: items of 天猫国际 on detail.tmall.hk",
    },
  ],
  domains: ["tmall.com", "tmall.hk", "taobao.com"],
  redirectors: [
    {
      host: "login.tmall.com",
      confidence: "M",
      source: "public projects: leads to its `redirectURL`",
    },
    { host: "login.m.tmall.com", confidence: "U", source: unverified },
    { host: "pass.tmall.com", confidence: "U", source: unverified },
    { host: "pass.m.tmall.com", confidence: "U", source: unverified },
    { host: "jump.tmall.com", confidence: "U", source: unverified },
    { host: "click.tmall.com", confidence: "U", source: unverified },
  ],
  recognize(url) {
    const id = url.searchParams.get("id");
    if (itemHost.test(url.hostname) && id && /^\d+$/.test(id)) return { kind: "item", id };
    const shop = url.hostname.replace(/\.tmall\.(?:com|hk)$/, "");
    if (url.pathname === "/" && /^[a-z0-9-]+$/.test(shop) && shop !== "www") {
      return { kind: "shop", id: shop };
    }
    return anyPage(url);
  },
  unknowns: [
    "No live host of Tmall's own was found: its rooms are Taobao URLs and are recognised as Taobao.",
    "No universal link was found.",
    "Shop pages as the host name (brand.tmall.com) are general knowledge, unverified.",
  ],
};
