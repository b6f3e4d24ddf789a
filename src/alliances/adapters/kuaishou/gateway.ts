/**
 * @module Kuaishou's gateway of shops (快手电商开放平台): how a call is signed, what its envelopes and codes mean. Source: its guides of
 * calling and authorising and its pages of calls (H); of the gateway's own codes a single one is seen in public code (C), so its
 * words are read (U).
 */
import type { Call, Credentials, Fault, Opened, SignedRequest } from "../../adapter.ts";
import { fault, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { hmac, sortedPairs } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";
import { kindOfWords } from "../fault-words.ts";

/** What is asked by GET; `param` is in the URL then, else in the body. */
const isRead = (method: string): boolean => /\.(?:list|detail)$/.test(method);

/** Each value as it is, before it is encoded. The secret stands behind, and is the key as well. */
export function signKuaishou(
  { method, params }: Call,
  { appKey, signSecret = "", accessToken = "" }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const pairs = sortedPairs([
    ["appkey", appKey],
    ["method", method],
    ["version", "1"],
    ["param", JSON.stringify(params)],
    ["access_token", accessToken],
    ["timestamp", String(at)],
    ["signMethod", "HMAC_SHA256"],
  ]);
  const text = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  const sign = hmac("sha256", signSecret, `${text}&signSecret=${signSecret}`, "base64");
  const isGet = isRead(method);
  const inUrl = isGet ? pairs : pairs.filter(([name]) => name !== "param");
  const inBody = isGet ? [] : pairs.filter(([name]) => name === "param");
  const query = new URLSearchParams([...inUrl, ["sign", sign]]);
  return {
    url: `${base}/${method.replaceAll(".", "/")}?${query}`,
    method: isGet ? "GET" : "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    ...(isGet ? {} : { body: new URLSearchParams(inBody).toString() }),
  };
}

const kinds = kindsBy({
  retry: "100200500",
  // 当天调用额度: of the application, for a day.
  quota: "802006",
  // More than 7 days, more than the rule of the day allows; 300005 begins over 90 days ago: the next window begins later.
  window: "300004 300005 300019",
  // Of tokens whatever is wrong with them: not good, used before, taken back.
  expired: "100200102",
  // 1800608: no permission to promote.
  denied: "100200101 100200106 100200107 1800608",
  refused: "100200100 100200103 100200104 100200105 300003",
});

/** A fault of an answer whose `result` is not 1. */
export function faultOf(answer: unknown): Fault {
  const word = (name: string) => textOf(valueAt(answer, name));
  const said = word("sub_msg") || word("error_msg") || word("msg") || word("error");
  const codes = [word("sub_code"), word("result"), word("code")];
  return faultBy(kinds, codes, said, kindOfWords(said));
}

export function openKuaishou(_: Call, status: number, text: string): Opened {
  const answer = parseJson(text);
  const result = textOf(valueAt(answer, "result"));
  if (result === "" || (status >= 400 && result === "1")) return unreadable(status, text);
  if (result !== "1") return faultOf(answer);
  const data = valueAt(answer, "data");
  return data === undefined
    ? fault("retry", "no_data", "The answer has no data.")
    : { ok: true, data };
}
