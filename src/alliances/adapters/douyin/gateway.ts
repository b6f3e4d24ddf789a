/**
 * @module Douyin's gateway of shops (抖店开放平台): how a call is signed, what its envelopes and codes mean. Source: SDKs
 * made from the documentation (S); the gateway's own codes are seen in public code (C).
 */
import { recordOf } from "../../../lib/records.ts";
import type { Call, Credentials, Opened, SignedRequest } from "../../adapter.ts";
import { parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { hmac } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";

/** JSON with the keys of every depth in their order; nothing is escaped but what JSON itself asks for. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, sorted(part)] as const);
  return recordOf(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The access token and `sign_method` are sent, and not signed. */
export function signDouyin(
  { method, params }: Call,
  { appKey, appSecret, accessToken = "" }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const body = JSON.stringify(sorted(params));
  const timestamp = String(Math.floor(at / 1_000));
  const signed = `app_key${appKey}method${method}param_json${body}timestamp${timestamp}v2`;
  const query = new URLSearchParams([
    ["method", method],
    ["app_key", appKey],
    ...(accessToken === "" ? [] : [["access_token", accessToken]]),
    ["timestamp", timestamp],
    ["v", "2"],
    ["sign", hmac("sha256", appSecret, `${appSecret}${signed}${appSecret}`)],
    ["sign_method", "hmac-sha256"],
  ]);
  return {
    url: `${base}/${method.replaceAll(".", "/")}?${query}`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body,
  };
}

/** Codes of the gateway, and of what is behind it: `isv.business-failed:4130` is more exact than `50002`. */
const kinds = kindsBy({
  // Faults of the platform's, 8193 while it is being upgraded; a time stamp is right once the clock is.
  retry:
    "10001 20000 20001 50001 90000 isv.business-failed:8193 isv.timestamp-invalid isv.timestamp-format-error",
  throttled: "60000",
  // 1039: from when to when, 4168: since when. A start that is too early is moved with the days.
  window: "isv.parameter-invalid:1039 isv.parameter-invalid:4168",
  expired: [
    "isv.access-token-expired isv.access-token-no-existed isv.access-token-missing isv.access-token-invalid",
    // Of a refresh token.
    "dop.token-generate-failed:token-expired dop.token-generate-failed:token-invalid isv.business-failed:31009",
  ].join(" "),
  denied: [
    // No permission, an address that is not allowed, a call that is not signed rightly, at risk.
    "30001 30002 40001 40003 80000 isv.app-permissions-insufficient dop.no-permissions",
    "dop.authorization-no-existed dop.authorization-closed dop.app-forbidden isv.signature-missing isv.signature-invalid",
    "isv.app-id-missing isv.app-id-invalid isv.app-id-expired isv.authorization-type-invalid",
    "dop.token-generate-failed:app-id-invalid dop.token-generate-failed:app-secret-invalid",
    "dop.token-generate-failed:app-forbidden dop.token-generate-failed:no-authorization",
    // Who asks may not promote at all: 8194 another role is to authorise, 4404 it has no account to be paid on.
    "isv.business-failed:4105 isv.business-failed:4113 isv.business-failed:4404 isv.business-failed:4410",
    "isv.business-failed:4411 isv.business-failed:8194",
  ].join(" "),
  // An argument, or this one thing: 4130 the room is not on, 4129 and 4112 its host does not have it promoted.
  refused: "40002 40004 50002 70000",
});

export function openDouyin(_: Call, status: number, text: string): Opened {
  const answer = parseJson(text);
  const word = (name: string) => textOf(valueAt(answer, name));
  const code = word("code");
  if (code === "" || (status >= 400 && code === "10000")) return unreadable(status, text);
  if (code === "10000") return { ok: true, data: valueAt(answer, "data") };
  return faultBy(kinds, [word("sub_code"), code], word("sub_msg") || word("msg"));
}
