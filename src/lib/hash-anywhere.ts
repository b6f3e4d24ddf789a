/**
 * @module The functions of hash.ts without Node's built-ins, for platforms that have none: noble's hashes, which are
 * synchronous and audited. A build for such a place puts this module in that one's place (scripts/elsewhere.ts).
 */
import { hmac as keyed } from "@noble/hashes/hmac.js";
import { sha256 as digest256, sha512 as digest512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type * as hash from "./hash.ts";

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === "string" ? new TextEncoder().encode(data) : data;

/** Memory of its own: never a part of a larger buffer. */
const apart = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

export const sha256: typeof hash.sha256 = (data, form = "base64url") => {
  const digest = digest256(bytesOf(data));
  return form === "hex" ? bytesToHex(digest) : toBase64Url(digest);
};

export const sha256Bytes: typeof hash.sha256Bytes = (text) => apart(digest256(bytesOf(text)));

const digests = { sha256: digest256, sha512: digest512 };

export const hmac: typeof hash.hmac = (algorithm, key, text) =>
  keyed(digests[algorithm], bytesOf(key), bytesOf(text));

export const randomBytes: typeof hash.randomBytes = (length) =>
  crypto.getRandomValues(new Uint8Array(length));

/** Characters that one call makes: each is an argument. */
const atOnce = 8_192;

export const toBase64: typeof hash.toBase64 = (bytes) => {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  let text = "";
  for (let start = 0; start < view.length; start += atOnce) {
    text += String.fromCharCode(...view.subarray(start, start + atOnce));
  }
  return btoa(text);
};

export const toBase64Url: typeof hash.toBase64Url = (bytes, from, to) =>
  toBase64(bytes.subarray(from, to)).replace(/[+/=]/g, (one) =>
    one === "+" ? "-" : one === "/" ? "_" : "",
  );

export const fromBase64: typeof hash.fromBase64 = (text) =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const isSame: typeof hash.isSame = (a, b) => {
  const [first, second] = [bytesOf(a), bytesOf(b)];
  if (first.length !== second.length) return false;
  let difference = 0;
  for (const [index, byte] of first.entries()) difference |= byte ^ (second[index] ?? 0);
  return difference === 0;
};

export const isSameSecret: typeof hash.isSameSecret = (given, expected) =>
  isSame(sha256(given), sha256(expected));
