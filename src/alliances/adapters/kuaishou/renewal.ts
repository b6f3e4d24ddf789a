/**
 * @module An access token of Kuaishou's made anew by its refresh token. Source: its guide of authorising (H): a token lives 48 hours, a refresh
 * token 180 days from the first one on, and a used one ends within five minutes.
 */
import type { Renewal, Renewed } from "../../adapter.ts";
import { fault, integerOf, parseJson, textOf, unreadable, at as valueAt } from "../../raw.ts";
import { faultOf } from "./gateway.ts";

const hourMs = 3_600_000;
const accessMs = 48 * hourMs;

/** When what lives so many seconds ends, UTC ms. */
const endOf = (seconds: number | null, at: number): number | null =>
  seconds !== null && seconds > 0 ? at + seconds * 1_000 : null;

function read(status: number, text: string, at: number): Renewed {
  const answer = parseJson(text);
  const result = textOf(valueAt(answer, "result"));
  if (result === "" || (status >= 400 && result === "1")) return unreadable(status, text);
  if (result !== "1") return faultOf(answer);
  const accessToken = textOf(valueAt(answer, "access_token"));
  if (accessToken === "") return fault("retry", "no_token", "The answer has no token.");
  const refreshToken = textOf(valueAt(answer, "refresh_token"));
  const refreshExpiresAt = endOf(integerOf(valueAt(answer, "refresh_token_expires_in")), at);
  return {
    ok: true,
    credentials: {
      accessToken,
      expiresAt: endOf(integerOf(valueAt(answer, "expires_in")), at) ?? at + accessMs,
      ...(refreshToken === "" ? {} : { refreshToken }),
      ...(refreshExpiresAt === null ? {} : { refreshExpiresAt }),
    },
  };
}

export const renewal: Renewal = {
  aheadMs: 6 * hourMs,
  // By POST, as the guide has it, so that no secret stands in a URL. Nothing is signed.
  request: ({ appKey, appSecret, refreshToken = "" }, base) => ({
    url: `${base}/oauth2/refresh_token`,
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams([
      ["grant_type", "refresh_token"],
      ["refresh_token", refreshToken],
      ["app_id", appKey],
      ["app_secret", appSecret],
    ]).toString(),
  }),
  read,
};
