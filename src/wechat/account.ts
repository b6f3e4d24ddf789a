/** @module Which WeChat account the settings name (docs/deploy.md). */
import { type Env, settings } from "../config/env.ts";

export interface WechatAccount {
  appId: string;
  secret: string;
  /** Origin and path before `/cgi-bin`: WeChat's own, or a proxy's with a fixed address. */
  apiBase: string;
}

/** @returns the account; or the settings that are missing or wrong, both where no account is named at all */
export function wechatAccount(
  env: Env,
): { ok: true; account: WechatAccount } | { ok: false; missing: string[] } {
  const { appId, secret, apiBase } = settings(env).wechat;
  if (appId !== undefined && secret !== undefined) {
    return { ok: true, account: { appId, secret, apiBase } };
  }
  const missing = [];
  if (appId === undefined) missing.push("WECHAT_APP_ID");
  if (secret === undefined) missing.push("WECHAT_APP_SECRET");
  return { ok: false, missing };
}
