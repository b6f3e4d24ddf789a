/**
 * @module Credentials of connections at rest: AES-256-GCM under a key made of CONNECTIONS_KEY by HKDF (RFC 5869), with
 * the key's id beside each secret. What the former key sealed is read while CONNECTIONS_KEY_OLD has it, and sealed anew.
 */
import { hkdfSync } from "node:crypto";

/** As it is stored; base64. */
export interface Sealed {
  /** Which key: 16 hexadecimal digits, of which the key can't be told. */
  keyId: string;
  iv: string;
  data: string;
}

const algorithm = "AES-GCM";
const ivBytes = 12;

/** Of any text: the salt names the use, the info what is made of it. */
const derived = (text: string, info: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync("sha256", text, "moongate connections", info, bytes));

const keyIdOf = (text: string): string => derived(text, "key id", 8).toString("hex");

const keyOf = (text: string): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", derived(text, "credentials", 32), algorithm, false, [
    "encrypt",
    "decrypt",
  ]);

/** The secret is sealed under a key that this service was not given. */
export class UnknownKey extends Error {}

export class Sealer {
  readonly #current: string;
  readonly #texts: ReadonlyMap<string, string>;

  /**
   * @param current CONNECTIONS_KEY
   * @param old CONNECTIONS_KEY_OLD, which reads and never seals
   */
  constructor(current: string, old?: string) {
    this.#current = current;
    this.#texts = new Map(
      [current, ...(old === undefined ? [] : [old])].map((text) => [keyIdOf(text), text]),
    );
  }

  /** @param owner whose it is: what is sealed for one is no other's, were it moved to its row */
  async seal(plain: object, owner: string): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
    const data = await crypto.subtle.encrypt(
      { name: algorithm, iv, additionalData: Buffer.from(owner) },
      await keyOf(this.#current),
      Buffer.from(JSON.stringify(plain)),
    );
    return {
      keyId: keyIdOf(this.#current),
      iv: Buffer.from(iv).toString("base64"),
      data: Buffer.from(data).toString("base64"),
    };
  }

  /**
   * @returns what {@link seal} was given
   * @throws {UnknownKey} when neither key is the one that sealed it
   */
  async open(sealed: Sealed, owner: string): Promise<unknown> {
    const text = this.#texts.get(sealed.keyId);
    if (text === undefined) throw new UnknownKey(`key ${sealed.keyId} is not known`);
    const data = await crypto.subtle.decrypt(
      { name: algorithm, iv: Buffer.from(sealed.iv, "base64"), additionalData: Buffer.from(owner) },
      await keyOf(text),
      Buffer.from(sealed.data, "base64"),
    );
    return JSON.parse(Buffer.from(data).toString("utf8"));
  }

  /** Whether it is to be sealed anew. */
  isOld({ keyId }: Sealed): boolean {
    return keyId !== keyIdOf(this.#current);
  }
}
