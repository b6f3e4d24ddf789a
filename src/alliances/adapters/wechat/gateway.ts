/**
 * @module WeChat's gateway: nothing is signed, the token is in the URL; a fault is an `errcode` inside a 200. Source: WeChat's page
 * of common codes (H); codes of orders are seen in public code alone (C).
 */
import type { Call, Credentials, Opened, SignedRequest } from "../../adapter.ts";
import { parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { faultBy, kindsBy } from "../fault-kinds.ts";

export const listMethod = "/channels/ec/order/list/get";
export const detailMethod = "/channels/ec/order/get";
export const liveStatsMethod = "/channels/ec/league/headsupplier/promoteraction/getlivestats";

/** `method` is a path. */
export const callWechat = (
  { method, params }: Call,
  { accessToken = "" }: Credentials,
  base: string,
): SignedRequest => ({
  url: `${base}${method}?${new URLSearchParams({ access_token: accessToken })}`,
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(params),
});

/** "api minute-quota reach limit must slower retry next minute". */
const nextMinuteMs = 60_000;

/** Codes of every call, of the one for a token too. */
export const common = kindsBy({
  retry: "-1",
  throttled: "45011",
  quota: "45009",
  // 45035, 61004, 89503, 89506, 89507 and 40164 our address, which their words name; 48… and 50… the permission and the account;
  // 40013, 40125, 40243 the key and the secret; 10023007 a league that was not joined.
  denied:
    "40013 40125 40164 40243 45035 48001 48004 50001 50002 50007 61004 61007 89501 89503 89506 89507 10020050 10023007",
});
/** Codes of a call with a token. Where a token is asked for, 40001 is a wrong secret. */
const ofCalls = new Map([...common, ...kindsBy({ expired: "40001 40014 41001 42001" })]);
/**
 * An order that is not there, or not this shop's (100002, H); an id that can be none. Else one order would hold up all that wait behind it.
 */
const ofOneOrder = new Map([...ofCalls, ...kindsBy({ refused: "40097 100002 10020051 10020052" })]);
/** A page's key is of another list (C): a narrower window begins without one, and the same key would be asked for ever. */
const ofLists = new Map([...ofCalls, ...kindsBy({ shrink: "606006" })]);

/** A 推客 or a room that is not known (10024000, 1007…, H); 推客 closed for the account. */
const ofLiveStats = new Map([
  ...ofCalls,
  ...kindsBy({ refused: "10024000 10071003 10071030 10071047 10071048", denied: "10071049" }),
]);
const ofMethods = new Map([
  [detailMethod, ofOneOrder],
  [liveStatsMethod, ofLiveStats],
]);

/** The fields, or what the codes say of a fault. */
export function openedBy(kinds: typeof common, status: number, text: string): Opened {
  const data = parseJson(text);
  if (typeof data !== "object" || data === null) return unreadable(status, text);
  const code = textOf(valueAt(data, "errcode"));
  if (code === "" || code === "0") {
    return status >= 400 ? unreadable(status, text) : { ok: true, data };
  }
  const told = faultBy(kinds, [code], textOf(valueAt(data, "errmsg")));
  return told.kind === "throttled" ? { ...told, waitMs: nextMinuteMs } : told;
}

export function openWechat({ method }: Call, status: number, text: string): Opened {
  if (method !== listMethod) {
    return openedBy(ofMethods.get(method) ?? ofCalls, status, text);
  }
  const opened = openedBy(ofLists, status, text);
  if (opened.ok || ofLists.has(opened.code)) return opened;
  // No document says by which code a window of more than seven days is refused (U): its words speak of time.
  return /time|时间/i.test(opened.detail) ? { ...opened, kind: "window" } : opened;
}
