/**
 * @module What WeChat pushes: is it WeChat's, and of which orders does it speak. Pure. Source: WeChat's pages of message push and
 * of encryption (H). Nothing of a message is kept but the ids, by which each order is then asked for.
 */
import { createDecipheriv, createHash } from "node:crypto";
import { isSame } from "../lib/hash.ts";
import type { Credentials } from "./adapter.ts";
import { listOf, parseJson, textOf, at as valueAt } from "./raw.ts";
import { fieldsOfXml } from "./wechat-xml.ts";

/** A push as it came. */
export interface Pushed {
  method: "GET" | "POST";
  query: URLSearchParams;
  /** Bounded by whoever read it; `""` of a GET. */
  body: string;
}

type PushRefusal =
  /** The connection has no token to verify with. */
  | "push_not_set_up"
  /** More than ten minutes off, or none. */
  | "timestamp_off"
  | "signature_wrong"
  /** It has a key, and what came is not encrypted; or the other way round. */
  | "not_encrypted"
  | "encrypted_without_key"
  /** It can't be decrypted: another key. */
  | "not_decrypted"
  /** It is for another account. */
  | "app_wrong"
  | "not_readable";

export type Push =
  /** Somebody sets up the push: `text` is the answer. */
  | { kind: "echo"; text: string }
  | { kind: "orders"; event: string; ids: readonly string[] }
  | { kind: "other"; event: string }
  | { kind: "refused"; code: PushRefusal };

type Keys = Pick<Credentials, "appKey" | "pushToken" | "encodingAesKey">;

const refused = (code: PushRefusal): Push => ({ kind: "refused", code });

/** Ours: WeChat says nothing of how old a push may be. It repeats one that was not answered within seconds. */
const offAtMostMs = 600_000;
/** Characters of an event's name that are told. */
const eventAtMost = 64;
const idsAtMost = 100;

/** Events whose orders are ours to ask for. After-sales change an order as well. */
const orderEvents: ReadonlySet<string> = new Set([
  ...["new", "pay", "cancel", "deliver", "confirm", "settle", "wait_shipping"].map(ofOrder),
  // The document's title has the one, its text and public code the other.
  ...["ext_info", "ext_info_update"].map(ofOrder),
  "channels_ec_aftersale_update",
  "talent_commission_order_update",
]);
function ofOrder(what: string): string {
  return `channels_ec_order_${what}`;
}

/** @param now UTC ms */
export function readPush({ method, query, body }: Pushed, keys: Keys, now: number): Push {
  const { pushToken: token, encodingAesKey } = keys;
  if (!token) return refused("push_not_set_up");
  const word = (name: string) => query.get(name) ?? "";
  const [timestamp, nonce] = [word("timestamp"), word("nonce")];
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1_000 - now) > offAtMostMs) {
    return refused("timestamp_off");
  }
  const isSigned = (name: string, ...more: string[]) =>
    isSame(word(name), signatureOf([token, timestamp, nonce, ...more]));

  if (method === "GET") {
    const echo = word("echostr");
    // Shops are asked in the plain way whatever their key is (H); the other one is of WeCom and of what may come.
    if (!query.has("msg_signature")) {
      return isSigned("signature") ? { kind: "echo", text: echo } : refused("signature_wrong");
    }
    if (!isSigned("msg_signature", echo)) return refused("signature_wrong");
    const opened = decrypted(echo, keys);
    return typeof opened === "string" ? refused(opened) : { kind: "echo", text: opened.text };
  }

  // Nothing of the message is read before it is known whose it is, but for what is signed.
  const outer = messageOf(body);
  const encrypted = textOf(valueAt(outer, "Encrypt"));
  if (encrypted !== "") {
    if (!isSigned("msg_signature", encrypted)) return refused("signature_wrong");
    const opened = decrypted(encrypted, keys);
    return typeof opened === "string" ? refused(opened) : told(messageOf(opened.text));
  }
  // A plain message's signature is not of what it says: who saw one could send another.
  if (encodingAesKey) return refused("not_encrypted");
  return isSigned("signature") ? told(outer) : refused("signature_wrong");
}

const signatureOf = (parts: readonly string[]): string =>
  createHash("sha1")
    .update([...parts].sort().join(""), "utf8")
    .digest("hex");

const messageOf = (text: string): unknown =>
  /^[\s\ufeff]*</.test(text) ? fieldsOfXml(text) : parseJson(text);

/** Of the order itself, and of after-sales. */
const bodies = ["order_info", "finder_shop_aftersale_status_update"] as const;

function told(message: unknown): Push {
  const event = textOf(valueAt(message, "Event")).slice(0, eventAtMost);
  if (typeof message !== "object" || message === null) return refused("not_readable");
  if (!orderEvents.has(event)) return { kind: "other", event };
  const ids = bodies
    .flatMap((name) => partsOf(valueAt(message, name)))
    .map((part) => textOf(valueAt(part, "order_id")))
    .filter((id) => /^[\x21-\x7e]{1,64}$/.test(id) && id !== "0");
  const some = [...new Set(ids)].slice(0, idsAtMost);
  return some.length > 0 ? { kind: "orders", event, ids: some } : { kind: "other", event };
}

const partsOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? listOf(value) : [value];

/** Bytes: random ones, and the length of the message. */
const [randomBytes, lengthBytes] = [16, 4];
/** AES's own are 16; WeChat fills up to 32. */
const paddedTo = 32;

/** A message out of its encryption: AES-256-CBC, whose first 16 bytes of key are the vector too (WeChat's choice). */
function decrypted(
  encrypted: string,
  { appKey, encodingAesKey }: Keys,
): { text: string } | PushRefusal {
  if (!encodingAesKey) return "encrypted_without_key";
  const key = Buffer.from(`${encodingAesKey}=`, "base64");
  const bytes = Buffer.from(encrypted, "base64");
  if (key.length !== 32 || bytes.length === 0 || bytes.length % 16 !== 0) return "not_decrypted";
  const cipher = createDecipheriv("aes-256-cbc", key, key.subarray(0, 16));
  // Its own check takes padding up to 16 and refuses WeChat's.
  cipher.setAutoPadding(false);
  const plain = unpadded(Buffer.concat([cipher.update(bytes), cipher.final()]));
  const from = randomBytes + lengthBytes;
  if (!plain || plain.length < from) return "not_decrypted";
  const to = from + plain.readUInt32BE(randomBytes);
  if (to > plain.length) return "not_decrypted";
  if (!isSame(plain.toString("utf8", to), appKey)) return "app_wrong";
  return { text: plain.toString("utf8", from, to) };
}

/** Without its PKCS#7 padding; `null` where that is none. What was signed is decrypted alone, so that its time tells nobody anything. */
function unpadded(bytes: Buffer): Buffer | null {
  const count = bytes.at(-1) ?? 0;
  if (count < 1 || count > paddedTo || count > bytes.length) return null;
  const end = bytes.length - count;
  return bytes.subarray(end).every((byte) => byte === count) ? bytes.subarray(0, end) : null;
}
