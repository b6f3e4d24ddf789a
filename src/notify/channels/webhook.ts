/**
 * @module A signed webhook, one request an event.
 *
 * @see https://www.standardwebhooks.com
 */
import { Webhook } from "standardwebhooks";
import { fromBase64, randomBytes, toBase64 } from "../../lib/hash.ts";
import type { NotifyEvent, Reports } from "../events.ts";
import type { Post } from "./robot.ts";

/** The specification asks for 24 to 64 bytes. */
export const isWebhookSecret = (text: string): boolean => {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (base64 === undefined || base64.length % 4 !== 0) return false;
  const { length } = fromBase64(base64);
  return length >= 24 && length <= 64;
};

export const newWebhookSecret = (): string => `whsec_${toBase64(randomBytes(32))}`;

/** What the receiver reads: `type`, `timestamp` of the event, `data`; a report in one language. */
export function webhookBody(
  { type, at, stream, details }: NotifyEvent,
  reportOf: (reports: Reports) => unknown,
): string {
  const { reports, ...said } = "reports" in details ? details : { ...details, reports: undefined };
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: { ...stream, ...said, ...(reports ? { report: reportOf(reports) } : {}) },
  });
}

/** @param id the same for every try; the signature is of this moment */
export function signedPost(
  url: string,
  secret: string,
  id: string,
  body: string,
  now: number,
): Post {
  const at = new Date(now);
  return {
    url,
    body,
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / 1_000)),
      "webhook-signature": new Webhook(secret).sign(id, at, body),
    },
  };
}
