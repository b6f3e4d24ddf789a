/**
 * @module An access token of 抖店's made anew by its refresh token. Source: SDKs (S); how long they live and when a new one is given is
 * general knowledge (GK): 7 and 14 days, and the same pair again until the last hour.
 */
import type { Renewal, Renewed } from "../../adapter.ts";
import { fault, integerOf, textOf, at as valueAt } from "../../raw.ts";
import { openDouyin, signDouyin } from "./gateway.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const accessMs = 7 * dayMs;
const refreshMs = 14 * dayMs;
const method = "token.refresh";

function read(status: number, text: string, at: number): Renewed {
  const opened = openDouyin({ method, params: {} }, status, text);
  if (!opened.ok) return opened;
  const accessToken = textOf(valueAt(opened.data, "access_token"));
  if (accessToken === "") return fault("retry", "no_token", "The answer has no token.");
  const refreshToken = textOf(valueAt(opened.data, "refresh_token"));
  const seconds = integerOf(valueAt(opened.data, "expires_in"));
  const livesMs = seconds !== null && seconds > 0 ? seconds * 1_000 : accessMs;
  return {
    ok: true,
    credentials: {
      accessToken,
      expiresAt: at + livesMs,
      ...(refreshToken === "" ? {} : { refreshToken }),
      // The refresh token is given with the access token, and its end is told nowhere.
      refreshExpiresAt: at + livesMs - accessMs + refreshMs,
    },
  };
}

export const renewal: Renewal = {
  // Before its last hour the same token would be given again.
  aheadMs: 50 * minuteMs,
  request: ({ accessToken: _, refreshToken, ...credentials }, base, at) =>
    signDouyin(
      { method, params: { grant_type: "refresh_token", refresh_token: refreshToken } },
      credentials,
      base,
      at,
    ),
  read,
};
