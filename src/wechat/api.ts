/** @module The two calls of WeChat's API that the JS-SDK needs: access token and ticket. */
import { type Fetch, readBody, Strayed } from "../outbound/safe-fetch.ts";
import type { WechatAccount } from "./account.ts";
import { failureOf, noAnswer, tokenErrors, tokenRefused, type WechatFailure } from "./failures.ts";

/** A credential and its life in ms. */
export type Grant = { ok: true; value: string; life: number };
export type Refusal = {
  ok: false;
  failure: WechatFailure;
  /** Of WeChat's answer, if it gave one. */
  errcode?: number;
  /** WeChat's own words, for the log. */
  message?: string;
};
export type Called = Grant | Refusal;

/** What its answers have; of the two credentials the one that was asked for. */
interface WechatAnswer {
  errcode?: unknown;
  errmsg?: unknown;
  expires_in?: unknown;
  access_token?: unknown;
  ticket?: unknown;
}

export interface WechatApi {
  /** @param isForced withdraws the token that is in use: at most 20 times a day, 30 s apart */
  token(isForced: boolean, signal: AbortSignal): Promise<Called>;
  ticket(token: string, signal: AbortSignal): Promise<Called>;
}

const bytesAtMost = 64 * 1024;
const longestLife = 7_200;

/** The API of an account (docs/decisions/0007-wechat-token.md: `stable_token`). */
export function wechatApi(fetch: Fetch, { appId, secret, apiBase }: WechatAccount): WechatApi {
  async function call(
    path: string,
    field: "access_token" | "ticket",
    secrets: readonly string[],
    init: RequestInit & { signal: AbortSignal },
  ): Promise<Called> {
    let body: unknown;
    try {
      const response = await fetch(`${apiBase}${path}`, { ...init, redirect: "manual" });
      if (!response.ok) {
        void response.body?.cancel().catch(() => {});
        return { ok: false, failure: noAnswer(`answered ${response.status}`) };
      }
      const bytes = await readBody(new URL(apiBase), response, {
        bytesAtMost,
        signal: init.signal,
      });
      body = JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      const why = init.signal.aborted
        ? "took too long"
        : error instanceof SyntaxError
          ? "did not answer with JSON"
          : error instanceof Strayed
            ? "broke off"
            : "cannot be reached";
      return { ok: false, failure: noAnswer(why) };
    }
    const answer = Object(body) as WechatAnswer;
    const errcode = Number(answer.errcode ?? 0);
    if (errcode !== 0) {
      // WeChat names the address that it refuses here; a proxy might repeat what it was sent.
      const message = secrets
        .reduce((text, hidden) => text.replaceAll(hidden, "…"), String(answer.errmsg ?? ""))
        .slice(0, 200);
      return { ok: false, failure: failureOf(errcode), errcode, message };
    }
    const value = answer[field];
    const seconds = Number(answer.expires_in);
    if (typeof value !== "string" || value === "" || !(seconds > 0)) {
      return { ok: false, failure: noAnswer(`answered without ${field}`) };
    }
    return { ok: true, value, life: Math.min(seconds, longestLife) * 1_000 };
  }

  return {
    token: (isForced, signal) =>
      call("/cgi-bin/stable_token", "access_token", [secret], {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          grant_type: "client_credential",
          appid: appId,
          secret,
          force_refresh: isForced,
        }),
        signal,
      }),
    ticket: async (token, signal) => {
      const query = `access_token=${encodeURIComponent(token)}&type=jsapi`;
      const called = await call(`/cgi-bin/ticket/getticket?${query}`, "ticket", [secret, token], {
        signal,
      });
      const isToken = !called.ok && tokenErrors.has(called.errcode ?? 0);
      return isToken ? { ...called, failure: tokenRefused } : called;
    },
  };
}
