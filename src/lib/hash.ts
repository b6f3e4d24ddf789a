/**
 * @module Hashes, random bytes, base64 and comparisons of secrets: all that the edge takes of Node's built-ins. They are
 * synchronous, which Web Crypto's are not, and a promise on the way of a redirect costs. A build for a place without
 * them puts another module here, with the same functions.
 */
import { Buffer } from "node:buffer";
import {
  createHash,
  createHmac,
  timingSafeEqual,
  randomBytes as unpredictableBytes,
} from "node:crypto";

/** @returns 43 characters of base64url, or 64 of hexadecimal */
export const sha256 = (
  data: string | Uint8Array,
  form: "base64url" | "hex" = "base64url",
): string => createHash("sha256").update(data).digest(form);

/** @returns 32 bytes, in memory of their own */
export const sha256Bytes = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash("sha256").update(text).digest());

/** @returns 32 bytes of `sha256`, 64 of `sha512` */
export const hmac = (
  algorithm: "sha256" | "sha512",
  key: string | Uint8Array,
  text: string,
): Uint8Array => createHmac(algorithm, key).update(text).digest();

/** Not before a Worker's first request. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(unpredictableBytes(length));

const viewOf = (bytes: Uint8Array | ArrayBuffer): Buffer =>
  bytes instanceof ArrayBuffer
    ? Buffer.from(bytes)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const toBase64 = (bytes: Uint8Array | ArrayBuffer): string =>
  viewOf(bytes).toString("base64");

/** @param from, to of which bytes, as of `subarray` */
export const toBase64Url = (bytes: Uint8Array, from?: number, to?: number): string =>
  viewOf(bytes).toString("base64url", from, to);

/** Memory of its own: never a part of a larger buffer. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, "base64"));

/** Compares two texts, whose lengths are no secret, in a time that does not say where they differ. */
export function isSame(a: string, b: string): boolean {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** Compares digests, so that the time taken says nothing of a secret, its length neither. */
export const isSameSecret = (given: string, expected: string): boolean =>
  isSame(sha256(given), sha256(expected));
