/**
 * @module A session of TOP's made anew by its refresh token (GK, C: `token_result` is a JSON text; only applications of the
 * service market may do so). A publisher's own orders need no session.
 */
import type { Credentials, Renewal, Renewed } from "../../adapter.ts";
import { fault, integerOf, parseJson, textOf, at as valueAt } from "../../raw.ts";
import { openTop, signTop } from "./gateway.ts";

const method = "taobao.top.auth.token.refresh";

/** When what lives so many seconds ends; else when it is said to, UTC ms. `undefined`: nothing says so. */
function endOf(seconds: number | null, moment: number | null, at: number): number | undefined {
  if (seconds !== null && seconds > 0) return at + seconds * 1_000;
  return moment !== null && moment > at ? moment : undefined;
}

function read(status: number, text: string, at: number): Renewed {
  const opened = openTop({ method, params: {} }, status, text);
  if (!opened.ok) return opened;
  const told = valueAt(opened.data, "token_result");
  const token = typeof told === "string" ? parseJson(told) : told;
  const word = (name: string) => textOf(valueAt(token, name));
  const number = (name: string) => integerOf(valueAt(token, name));
  const session = word("access_token");
  if (session === "") {
    return fault("expired", word("error") || "no_token", word("error_description") || "No token.");
  }
  const refreshToken = word("refresh_token");
  const expiresAt = endOf(number("expires_in"), number("expire_time"), at);
  const refreshExpiresAt = endOf(number("re_expires_in"), number("refresh_token_valid_time"), at);
  const credentials: Partial<Credentials> = {
    session,
    ...(refreshToken === "" ? {} : { refreshToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(refreshExpiresAt === undefined ? {} : { refreshExpiresAt }),
  };
  return { ok: true, credentials };
}

export const renewal: Renewal = {
  aheadMs: 3_600_000,
  request: ({ session: _, refreshToken, ...credentials }, base, at) =>
    signTop({ method, params: { refresh_token: refreshToken } }, credentials, base, at),
  read,
};
