/**
 * @module Pinduoduo's gateway: how a call is signed, what its envelopes and codes mean. Source: its documentation (H). It asks for
 * an allow-listed address (20005).
 */
import type { Call, Credentials, Opened, SignedRequest } from "../../adapter.ts";
import { fault, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { md5Around, sortedPairs, textParams } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";

/** Every value goes as a text, lists as their JSON: what is sent is then what is signed (S; the documents are silent). */
export function signPinduoduo(
  { method, params }: Call,
  { appKey, appSecret }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const pairs = sortedPairs([
    ...textParams(params),
    ["type", method],
    ["client_id", appKey],
    ["timestamp", String(Math.floor(at / 1_000))],
    ["data_type", "JSON"],
  ]);
  const sent = new Map([...pairs, ["sign", md5Around(appSecret, pairs)]]);
  return {
    url: `${base}/api/router`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{${[...sent].map((pair) => pair.map((text) => JSON.stringify(text)).join(":")).join(",")}}`,
  };
}

/** Roots that do not follow from the method. */
const roots = new Map([
  ["pdd.ddk.order.list.increment.get", "order_list_get_response"],
  ["pdd.ddk.goods.promotion.url.generate", "goods_promotion_url_generate_response"],
]);

const kinds = kindsBy({
  // Faults of the platform's, and what it has turned off for a while.
  retry: "50000 50001 50002 52001 52002 52102 52103 70033",
  throttled: "52101 70031",
  // The application is in its state of tests, with few calls.
  quota: "70036",
  expired: "10019",
  // 20004 the signature, 20005 the address, 20031 and 30000 no permission, 70032 to 70035 forbidden or at risk.
  denied: "10016 10017 20004 20005 20031 20032 20034 20035 30000 30001 70032 70034 70035",
  // 60001: pid and parameters are not bound yet (备案, C).
  refused: "10000 10001 21001 21002 52004 60001",
});

export function openPinduoduo({ method }: Call, status: number, text: string): Opened {
  const answer = parseJson(text);
  const error = valueAt(answer, "error_response");
  if (error !== undefined) {
    const word = (name: string) => textOf(valueAt(error, name));
    const words = word("sub_msg") || word("error_msg");
    const codes = [word("sub_code"), word("error_code")];
    const said = faultBy(kinds, codes, words);
    // Which code a window has that is too wide is not documented (U), the words of an argument's fault may say so.
    const isWindow = said.kind === "refused" && /24\s*小时|相差|时间范围|跨度/.test(words);
    return isWindow ? { ...said, kind: "window" } : said;
  }
  const root = valueAt(answer, roots.get(method) ?? "");
  if (root !== undefined) return { ok: true, data: root };
  return answer === undefined || status >= 400
    ? unreadable(status, text)
    : fault("retry", "no_envelope", "The answer is not what was asked for.");
}
