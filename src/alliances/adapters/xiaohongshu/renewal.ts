/**
 * @module An access token of Xiaohongshu's made anew by its refresh token. Source: notes of the documentation (C): they live 7 and 14 days,
 * and the same pair is given until the last half hour.
 */
import type { Renewal, Renewed } from "../../adapter.ts";
import { fault, textOf, at as valueAt } from "../../raw.ts";
import { timeOf } from "../order-row.ts";
import { openXiaohongshu, renewMethod, signXiaohongshu } from "./gateway.ts";

const minuteMs = 60_000;

function read(status: number, text: string): Renewed {
  const opened = openXiaohongshu({ method: renewMethod, params: {} }, status, text);
  // A refresh token that is not good is an argument that is not.
  if (!opened.ok) return opened;
  const word = (name: string) => textOf(valueAt(opened.data, name));
  const accessToken = word("accessToken");
  if (accessToken === "") return fault("retry", "no_token", "The answer has no token.");
  const refreshToken = word("refreshToken");
  const expiresAt = timeOf(word("accessTokenExpiresAt"));
  const refreshExpiresAt = timeOf(word("refreshTokenExpiresAt"));
  return {
    ok: true,
    credentials: {
      accessToken,
      ...(refreshToken === "" ? {} : { refreshToken }),
      ...(expiresAt === null ? {} : { expiresAt }),
      ...(refreshExpiresAt === null ? {} : { refreshExpiresAt }),
    },
  };
}

export const renewal: Renewal = {
  // Within the last half hour: before, the same token would be given again.
  aheadMs: 25 * minuteMs,
  request: ({ accessToken: _, refreshToken, ...credentials }, base, at) =>
    signXiaohongshu({ method: renewMethod, params: { refreshToken } }, credentials, base, at),
  read,
};
