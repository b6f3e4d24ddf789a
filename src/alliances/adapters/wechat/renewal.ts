/** @module WeChat's token, made of key and secret alone: the stable one (H), which others who ask for it do not end. */
import type { Renewal, Renewed } from "../../adapter.ts";
import { fault, integerOf, textOf, at as valueAt } from "../../raw.ts";
import { kindsBy } from "../fault-kinds.ts";
import { common, openedBy } from "./gateway.ts";

const kinds = new Map([...common, ...kindsBy({ denied: "40001 40002" })]);

function read(status: number, text: string, at: number): Renewed {
  const opened = openedBy(kinds, status, text);
  if (!opened.ok) return opened;
  const accessToken = textOf(valueAt(opened.data, "access_token"));
  const seconds = integerOf(valueAt(opened.data, "expires_in"));
  if (accessToken === "" || seconds === null || seconds <= 0) {
    return fault("retry", "no_token", "The answer has no token.");
  }
  return { ok: true, credentials: { accessToken, expiresAt: at + seconds * 1_000 } };
}

export const renewal: Renewal = {
  isOfSecret: true,
  // Before its last five minutes WeChat answers with the same token (H); in them with a new one, and takes both. A
  // minute less, since clocks differ: asked too early, the same token would be asked for at every step.
  aheadMs: 4 * 60_000,
  request: ({ appKey, appSecret }, base) => ({
    url: `${base}/cgi-bin/stable_token`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ grant_type: "client_credential", appid: appKey, secret: appSecret }),
  }),
  read,
};
