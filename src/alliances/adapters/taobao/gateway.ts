/**
 * @module TOP, Taobao's gateway: how a call is signed, what its envelopes and codes mean. Source: TOP's signing page and
 * API metadata (H); the gateway's own codes are general knowledge (GK), its words for a ban are seen in public code (C).
 */
import type { Call, Credentials, Fault, FaultKind, Opened, SignedRequest } from "../../adapter.ts";
import { fault, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { beijingText, hmac, md5Around, sortedPairs, textParams } from "../../signing.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";

type Pairs = readonly (readonly [string, string])[];

/** All that TOP takes; each is pinned by a vector. Calls are signed by the last. */
export const signers = {
  md5: (secret: string, pairs: Pairs) => md5Around(secret, pairs),
  hmac: (secret: string, pairs: Pairs) => hmac("md5", secret, pairs.flat().join("")).toUpperCase(),
  "hmac-sha256": (secret: string, pairs: Pairs) =>
    hmac("sha256", secret, pairs.flat().join("")).toUpperCase(),
};
const signMethod = "hmac-sha256";

export function signTop(
  { method, params }: Call,
  { appKey, appSecret, session = "" }: Credentials,
  base: string,
  at: number,
): SignedRequest {
  const pairs = sortedPairs([
    ...textParams(params),
    ["method", method],
    ["app_key", appKey],
    // A publisher's own orders and links need none; what is given is sent, and must then be good.
    ["session", session],
    ["timestamp", beijingText(at)],
    ["format", "json"],
    ["v", "2.0"],
    // Lists as plain lists.
    ["simplify", "true"],
    ["sign_method", signMethod],
  ]);
  const sign = signers[signMethod](appSecret, pairs);
  return {
    url: `${base}/router/rest`,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded;charset=utf-8" },
    body: new URLSearchParams([...pairs, ["sign", sign]]).toString(),
  };
}

const kinds = kindsBy({
  // 10 service unavailable, 30 and 31 the timestamp; 3001 busy.
  retry: "10 30 31 3001",
  // 4 to 8: calls of a user, a session, a partner, an application.
  throttled: "4 5 6 7 8 9100 isp.call-limited accesscontrol.limited-by-api-access-count",
  // 3000: "lower the rate and go on the next day".
  quota: "3000 accesscontrol.limited-by-app-access-count",
  // A bad position: a smaller window begins without one.
  shrink: "1008",
  // 2007 too wide; 2004 begins over 90 days ago, where the next window begins later.
  window: "2007 2004",
  expired: "26 27 isv.invalid-sessionkey isv.session-expired isv.invalid-refresh-token",
  // 11 to 13 no permission, 22 no such method, 24 and 25 the signature, 28 and 29 the key.
  denied: "11 12 13 22 24 25 28 29",
  refused: "40 41 42 43 1001 1005 1006",
});

/** By how a sub-code begins, where it is in no table; the first that fits. */
const families: readonly (readonly [RegExp, FaultKind])[] = [
  [/^accesscontrol\./, "throttled"],
  [/^isv\.(?:permission|appkey|app-|invalid-signature)/, "denied"],
  // The platform's own fault, and one of ours.
  [/^isp\./, "retry"],
  [/^isv\./, "refused"],
];

/** The documents call 2000 to 2002 faults of the times; elsewhere they are of the account: then the words say so. */
const ofAccount = /权限|授权|账号|帐号|permission/i;

function topFault(error: unknown): Fault {
  const word = (name: string) => textOf(valueAt(error, name));
  const words = word("sub_msg") || word("msg");
  const [code, subCode] = [word("code"), word("sub_code")];
  const seconds = /(\d{1,6}) more second/i.exec(words)?.[1];
  if (seconds !== undefined)
    return fault("throttled", subCode || code, words, Number(seconds) * 1_000);
  if (/^200[012]$/.test(subCode || code)) {
    return fault(ofAccount.test(words) ? "denied" : "retry", subCode || code, words);
  }
  const family = families.find(([pattern]) => pattern.test(subCode))?.[1];
  // TOP's numbers say less than the sub-code of a service behind it: 15 and 50 only that there is one.
  return faultBy(kinds, [subCode, code], words, family ?? "retry");
}

/** What a service behind TOP says of itself, where it has a `result_code`: 200 is well, whatever stands beside it. */
function bizFault(root: unknown, otherwise: FaultKind): Fault | null {
  const told = valueAt(root, "result_code") === undefined ? valueAt(root, "result") : root;
  const result = textOf(valueAt(told, "result_code"));
  if (result === "" || result === "200" || result === "0") return null;
  const code = textOf(valueAt(told, "biz_error_code")) || result;
  const words = textOf(valueAt(told, "biz_error_desc")) || textOf(valueAt(told, "result_msg"));
  // What its codes mean (101 to 103) is not documented (U), its words may say it.
  if (/频繁|频率|限流/.test(words)) return fault("throttled", code, words);
  return fault(/跨度|时间段|时间范围|间隔/.test(words) ? "window" : otherwise, code, words);
}

/** What is over by itself, or with a new session. */
const passing: ReadonlySet<FaultKind> = new Set([
  "retry",
  "throttled",
  "quota",
  "expired",
] as const);

/** Why a list can't be asked for that nothing else depends on: `page` tells it in one row, and the others go on. */
export const withheldOf = (data: unknown): string => textOf(valueAt(data, "withheld"));

/** @param isExtra whether it is such a list; what is wrong with the whole account, the orders' own list says */
export function openTop({ method }: Call, status: number, text: string, isExtra = false): Opened {
  const answer = parseJson(text);
  const error = valueAt(answer, "error_response");
  const root = valueAt(answer, `${method.replace(/^taobao\./, "").replaceAll(".", "_")}_response`);
  if (error === undefined && root === undefined) {
    return answer === undefined || status >= 400
      ? unreadable(status, text)
      : fault("retry", "no_envelope", "The answer is not what was asked for.");
  }
  const found =
    error === undefined ? bizFault(root, isExtra ? "refused" : "retry") : topFault(error);
  if (!found) return { ok: true, data: root };
  return isExtra && !passing.has(found.kind)
    ? { ok: true, data: { withheld: `${found.code}: ${found.detail}` } }
    : found;
}
