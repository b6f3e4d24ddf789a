/**
 * @module JD's gateway (JOS): how a call is signed, what its envelopes and codes mean. Source: JOS developer guide and the
 * union's API documents (H); the gateway's own codes are seen in public code (C).
 */
import type { Call, Credentials, Opened, SignedRequest } from "../../adapter.ts";
import { fault, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { beijingText, md5Around, sortedPairs } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";

export function signJd(
  { method, params }: Call,
  { appKey, appSecret, accessToken = "" }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const pairs = sortedPairs([
    ["360buy_param_json", JSON.stringify(params)],
    ["method", method],
    ["app_key", appKey],
    ["access_token", accessToken],
    ["timestamp", beijingText(at)],
    ["format", "json"],
    ["v", "1.0"],
    ["sign_method", "md5"],
  ]);
  return {
    url: `${base}/routerjson`,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded;charset=utf-8" },
    body: new URLSearchParams([...pairs, ["sign", md5Around(appSecret, pairs)]]).toString(),
  };
}

const gatewayKinds = kindsBy({
  // 33 and 65 the service behind was too slow.
  retry: "33 52 65 520",
  expired: "19",
  // 12 the signature, 15 no such method, 21 the key, 24 no permission.
  denied: "12 15 21 24",
  // 5 a version that is not known.
  refused: "5",
});

const kinds = kindsBy({
  // 2002408, 2001504 and 2001609: "degraded"; 2001904 and 2001912: the service of coupons.
  retry: "500 2002408 2002500 2001504 2001609 2001910 2001904 2001912",
  throttled: "429",
  // Over 10,000 orders in the window.
  shrink: "2002452",
  window: "2002453",
  expired: "2002401",
  // 2002410 and 2001201 the union id; 2001403, 2001602, 2001603 and 2001920 what is to be applied for or signed.
  denied: "403 2002403 2002410 2001201 2001403 2001602 2001603 2001920",
  refused: "2002400 2002499",
});

/** Names of what holds the result. Of the older gateway it is `result`. */
const resultNames = ["queryResult", "getResult", "result"] as const;

/** The result: a JSON text inside the JSON, or an object as the documents show it. */
function resultOf(root: unknown): unknown {
  const told = resultNames.map((name) => valueAt(root, name)).find((one) => one !== undefined);
  return typeof told === "string" ? parseJson(told) : told;
}

/** What an answer says: the result's data, and the moment of asking, since `payMonth` lies before or behind it. */
export interface JdData {
  askedAt: number;
  data: unknown;
  hasMore: boolean;
}

/** The root is `…_responce`, misspelt by JD; the documents and the older gateway spell it rightly. */
export function openJd({ method }: Call, status: number, text: string, at: number): Opened {
  const answer = parseJson(text);
  const name = method.replaceAll(".", "_");
  const root = valueAt(answer, `${name}_responce`) ?? valueAt(answer, `${name}_response`);
  const result = resultOf(root);
  if (result === undefined) {
    const error = valueAt(answer, "error_response") ?? root;
    if (error === undefined || answer === undefined) return unreadable(status, text);
    const code = textOf(valueAt(error, "code"));
    if (code === "" || code === "0")
      return fault("retry", "no_result", "The answer has no result that can be read.");
    const words = textOf(valueAt(error, "zh_desc")) || textOf(valueAt(error, "en_desc"));
    return faultBy(gatewayKinds, [code], words);
  }
  const code = textOf(valueAt(result, "code"));
  if (code !== "200") {
    const words = textOf(valueAt(result, "message")) || textOf(valueAt(result, "errorMessage"));
    // 2001…: this one link can't be made.
    return faultBy(kinds, [code], words, /^2001\d{3}$/.test(code) ? "refused" : "retry");
  }
  const more = valueAt(result, "hasMore");
  const data: JdData = {
    askedAt: at,
    data: valueAt(result, "data"),
    hasMore: more === true || more === "true",
  };
  return { ok: true, data };
}
