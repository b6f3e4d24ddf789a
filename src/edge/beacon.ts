/** @module Reads a landing page's beacon. By hand, not by zod: the edge loads nothing heavy. */

import { readText, tooLarge } from "../http/read-body.ts";
import { longestOffer, type Report } from "./offer.ts";

const types = ["rendered", "click", "copy", "leave"] as const satisfies readonly Report[];

export interface Beacon {
  type: Report;
  token: string;
  /** Index of the way in the page's list. */
  way?: number;
}

const maxBytes = 1_024;

/** @returns `null` for anything that is not a beacon */
export async function readBeacon(request: Request): Promise<Beacon | null> {
  const text = await readText(request, maxBytes);
  if (text === tooLarge) return null;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== "object" || body === null) return null;
  const { type, token, way } = body as { type?: unknown; token?: unknown; way?: unknown };
  const known = types.find((name) => name === type);
  if (!known || typeof token !== "string") return null;
  if (way === undefined) return { type: known, token };
  if (typeof way !== "number" || !Number.isInteger(way) || way < 0 || way > longestOffer)
    return null;
  return { type: known, token, way };
}
