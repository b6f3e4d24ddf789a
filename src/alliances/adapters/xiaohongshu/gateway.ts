/**
 * @module Xiaohongshu's gateway of shops (ark): how a call is signed, what its envelopes mean. Source: SDKs and notes made from the
 * documentation (S, C). Its error codes are published nowhere: its words are read (U).
 */
import type { Call, Credentials, Opened, SignedRequest } from "../../adapter.ts";
import { fault, integerOf, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { md5 } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";
import { kindOfWords } from "../fault-words.ts";

const path = "/ark/open_api/v3/common_controller";
const version = "2.0";
export const listMethod = "order.getOrderList";
export const detailMethod = "order.getOrderDetail";
export const renewMethod = "oauth.refreshToken";

/**
 * Neither the token nor what is asked is signed.
 *
 * The time is in seconds, as most code has it; one source has milliseconds (U).
 */
export function signXiaohongshu(
  { method, params }: Call,
  { appKey, appSecret, accessToken }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const timestamp = String(Math.floor(at / 1_000));
  const signed = `${method}?appId=${appKey}&timestamp=${timestamp}&version=${version}${appSecret}`;
  const body = {
    ...params,
    ...{ method, appId: appKey, timestamp, version, sign: md5(signed) },
    accessToken,
  };
  return {
    url: `${base}${path}`,
    method: "POST",
    headers: { "Content-Type": "application/json;charset=utf-8" },
    body: JSON.stringify(body),
  };
}

/** The codes that public notes name (C): an argument; an order that is not there. */
const kinds = kindsBy({ refused: "-2000400 -2000101" });

/** Some methods have an envelope of their own inside the gateway's, with `code` in the place of `error_code` (C). */
function unwrapped(answer: unknown, status: number, text: string): Opened {
  const word = (name: string) => textOf(valueAt(answer, name));
  const code = word("error_code") || word("code");
  const isTold = valueAt(answer, "success");
  if (typeof isTold !== "boolean") return unreadable(status, text);
  if (!isTold || (code !== "" && code !== "0")) {
    const words = word("error_msg") || word("msg");
    const byWords = kindOfWords(words);
    const said = faultBy(kinds, [code], words, byWords);
    // An argument that is wrong may be the window: it is the words that tell.
    return said.kind === "refused" && byWords === "window" ? { ...said, kind: byWords } : said;
  }
  const data = valueAt(answer, "data");
  return typeof valueAt(data, "success") === "boolean" && valueAt(data, "data") !== undefined
    ? unwrapped(data, status, text)
    : { ok: true, data };
}

const pagesAtMost = 100;

/**
 * An order that the settlement knows nothing of is none that is promoted, and says so as an error or as an empty list (U): that
 * must not stop the feed; nor must a settlement that the account may not see stop its orders. Who lost all permission
 * learns it of the list.
 */
export function openXiaohongshu({ method }: Call, status: number, text: string): Opened {
  const opened = unwrapped(parseJson(text), status, text);
  if (method === listMethod) {
    const pages = opened.ok ? (integerOf(valueAt(opened.data, "maxPageNo")) ?? 1) : 1;
    return pages > pagesAtMost
      ? fault("shrink", "too_many_pages", "A window has 100 pages.")
      : opened;
  }
  if (opened.ok || method === renewMethod) return opened;
  if (opened.kind === "refused") return { ok: true, data: null };
  const isSettlement = method !== detailMethod;
  return isSettlement && opened.kind === "denied"
    ? { ok: true, data: { withheld: `${opened.code}: ${opened.detail}` } }
    : opened;
}
