/** @module Hashes that gateways sign with. MD5 is theirs to choose; nothing of ours rests on it. */
import { createHash, createHmac } from "node:crypto";

type Digest = "hex" | "base64";

/** Lower hex. */
export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");

export const hmac = (
  algorithm: "md5" | "sha256",
  key: string,
  text: string,
  as: Digest = "hex",
): string => createHmac(algorithm, key).update(text, "utf8").digest(as);

/** Names and values in the byte order of their names, those without a value left out. */
export function sortedPairs(params: Iterable<readonly [string, string]>): [string, string][] {
  return [...params]
    .filter(([, value]) => value !== "")
    .map(([name, value]): [string, string] => [name, value])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Upper hex MD5 of secret, sorted pairs and secret, nothing between: TOP's `md5`, JD's and Pinduoduo's signature. */
export const md5Around = (secret: string, pairs: readonly (readonly [string, string])[]): string =>
  md5(`${secret}${pairs.flat().join("")}${secret}`).toUpperCase();

/** A time as TOP and JD take it: `2026-11-25 20:00:00`, on Beijing's clock. @param at UTC ms */
export const beijingText = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

/** Parameters as texts: objects and lists as their JSON, what is not there as nothing, which is not signed. */
export const textParams = (params: object): [string, string][] =>
  Object.entries(params).map(([name, value]): [string, string] => [
    name,
    value === undefined || value === null
      ? ""
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value),
  ]);
