/**
 * @module Tmall 天猫. Its live rooms are Taobao URLs; items and shops are its own. Sources:
 * docs/reference/web-views.md#tmall, docs/reference/destinations.md#tmall, docs/reference/openings.md#tmall.
 */
import { unverified } from "./redirectors.ts";
import { namedApp } from "./share-text.ts";
import type { Platform } from "./types.ts";
import { anyPage, overHttps } from "./url.ts";

/** `detail.tmall.com`, `chaoshi.detail.tmall.com`, `detail.m.tmall.hk` … */
const itemHost = /^(?:[a-z0-9-]+\.)?detail\.(?:m\.)?tmall\.(?:com|hk)$/;

export const tmall: Platform = {
  name: "tmall",
  label: { zh: "天猫", en: "Tmall" },
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
  codes: [namedApp("天猫")],
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
  unknowns: [
    "No live host of Tmall's own was found: its rooms are Taobao URLs and are recognised as Taobao.",
    "No universal link was found.",
    "Shop pages as the host name (brand.tmall.com) are general knowledge, unverified.",
  ],
};
