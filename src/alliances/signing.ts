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
