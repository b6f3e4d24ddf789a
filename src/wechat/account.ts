/** @module Which WeChat account the settings name (docs/deploy.md). */
import type { Env } from "../env.ts";
import { trimEndOf } from "../lib/trim-end.ts";

export interface WechatAccount {
  appId: string;
  secret: string;
  /** Origin and path before `/cgi-bin`: WeChat's own, or a proxy's with a fixed address. */
  apiBase: string;
}

/** @returns the account; or the settings that are missing, both where no account is named at all */
export function wechatAccount(
  env: Env,
): { ok: true; account: WechatAccount } | { ok: false; missing: string[] } {
  const appId = env.WECHAT_APP_ID?.trim() ?? "";
  const secret = env.WECHAT_APP_SECRET?.trim() ?? "";
  if (appId !== "" && secret !== "") {
    const apiBase = env.WECHAT_API_BASE?.trim() || "https://api.weixin.qq.com";
    return { ok: true, account: { appId, secret, apiBase: trimEndOf(apiBase, "/") } };
  }
  const missing = [];
  if (appId === "") missing.push("WECHAT_APP_ID");
  if (secret === "") missing.push("WECHAT_APP_SECRET");
  return { ok: false, missing };
}
