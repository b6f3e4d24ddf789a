/** @module WeChat 微信: Channels 视频号 and mini programs: what opening a link needs of it. Sources: docs/reference/web-views.md#wechat, docs/reference/openings.md#wechat. */
import { both } from "../agent-tests.ts";
import type { MiniProgram, PlatformEdge } from "../types.ts";

/**
 * The plaintext URL scheme of a mini program: no API call and no expiry, but its path must be declared in
 * the mini program's console (设置 → 隐私与安全 → 明文 scheme). Works outside WeChat only.
 */
function plaintextScheme({ appId, path, query }: MiniProgram): string {
  const parts = [`appid=${encodeURIComponent(appId)}`, `path=${encodeURIComponent(path)}`];
  if (query) parts.push(`query=${encodeURIComponent(query)}`);
  return `weixin://dl/business/?${parts.join("&")}`;
}

export const wechat = {
  name: "wechat",
  letter: "W",
  label: { zh: "微信", en: "WeChat" },
  webviews: [
    {
      app: "wechat-miniprogram",
      test: both(/MicroMessenger\//i, /miniProgram/i),
      confidence: "H",
      source: "device-detector fixtures, collected user agents",
    },
    {
      app: "wechat",
      test: /MicroMessenger\//,
      confidence: "H",
      source: "device-detector fixtures",
    },
  ],
  relations: { wechat: "own", "wechat-miniprogram": "own" },
  openings: [
    {
      method: "mini-program",
      confidence: "H",
      source: "WeChat documentation (URL scheme, URL Link); outside WeChat only",
      url: ({ kind, url, miniProgram }) =>
        miniProgram
          ? plaintextScheme(miniProgram)
          : kind === "urllink" || url?.startsWith("weixin:")
            ? url
            : undefined,
    },
  ],
  androidPackage: "com.tencent.mm",
  appStoreId: "414478124",
} as const satisfies PlatformEdge;
