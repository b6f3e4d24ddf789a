/**
 * @module Answers kept for their requester: sealed (AES-256-GCM) under a key made of the `Idempotency-Key` that they
 * sent, of which the store has only a digest made another way. So what an answer shows once, such as a
 * webhook's secret, is not at rest, and who sends the same key again gets it.
 */
import { sha256Bytes } from "../lib/hash.ts";
import { nameOf } from "./credential.ts";

const ivSize = 12;
const algorithm = "AES-GCM";

/** Bytes of one row: SQLite in Durable Objects takes 2 MB at most. */
const partSize = 1_000_000;

/** What the store may know of a key. */
export const sealedName = (owned: string): string => nameOf("idempotency name", owned);

const keyFrom = (owned: string): Promise<CryptoKey> => {
  const bytes = sha256Bytes(`idempotency seal\n${owned}`);
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["encrypt", "decrypt"]);
};

/** @returns parts that each fit into a row */
export async function seal(owned: string, text: string): Promise<Uint8Array[]> {
  const iv = crypto.getRandomValues(new Uint8Array(ivSize));
  const data = new TextEncoder().encode(text);
  const sealed = await crypto.subtle.encrypt({ name: algorithm, iv }, await keyFrom(owned), data);
  const whole = new Uint8Array(ivSize + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), ivSize);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += partSize) parts.push(whole.slice(at, at + partSize));
  return parts;
}

/** @throws when the parts are not those that {@link seal} made for the same key */
export async function unseal(owned: string, parts: readonly Uint8Array[]): Promise<string> {
  const whole = Buffer.concat(parts);
  const iv = whole.subarray(0, ivSize);
  const sealed = whole.subarray(ivSize);
  const data = await crypto.subtle.decrypt({ name: algorithm, iv }, await keyFrom(owned), sealed);
  return new TextDecoder().decode(data);
}
