/**
 * @module How an edge elsewhere says which it is, and that what came is what it sent: an HMAC over name, method, address,
 * date and the body's digest, by a secret that it shares with its origin. The digest stands in the header, so that it is known
 * who sends before anything of a body is read. A request that somebody recorded can be sent again for five minutes, and
 * changes nothing: a batch is added once.
 */
import type { EdgeSecret } from "../config/readers.ts";
import { hmac, isSame, sha256, toBase64Url } from "../lib/hash.ts";

const scheme = "Moongate-Edge";
/** How far the two clocks may be apart, in ms. */
export const clocksWithin = 300_000;

/** What is signed of a request, beside who sends it and what its body is. */
export interface Signed {
  method: string;
  /** Path and query, as they are sent. */
  target: string;
}

/** What the header says beside the signature. */
interface Said {
  name: string;
  /** When it was signed, UTC ms. */
  at: number;
  /** SHA-256 of the body, in base64url. */
  digest: string;
}

function signatureOf(secret: string, { method, target }: Signed, { name, at, digest }: Said) {
  return toBase64Url(hmac("sha256", secret, [name, method, target, at, digest].join("\n")));
}

/** The header `Authorization` of a request. @param body `""` for none; @param now UTC ms */
export function authorizationOf(
  { name, secret }: EdgeSecret,
  signed: Signed,
  body: string,
  now: number,
): string {
  const digest = sha256(body);
  const signature = signatureOf(secret, signed, { name, at: now, digest });
  return `${scheme} name=${name}, date=${now}, digest=${digest}, signature=${signature}`;
}

const shape =
  /^Moongate-Edge name=([a-z0-9-]{1,40}), date=(\d{13}), digest=([\w-]{43}), signature=([\w-]{43})$/;

/** Who sent a request, whose body is to be that of the digest; or why that is not known: `by` is in ms. */
export type Sender =
  | { name: string; isItsBody: (body: Uint8Array) => boolean }
  | { refused: "signature" }
  | { refused: "clock"; by: number };

/**
 * @param authorization the header of that name
 * @param known edges; of a name there may be several secrets
 * @param now UTC ms
 */
export function senderOf(
  authorization: string,
  signed: Signed,
  known: readonly EdgeSecret[],
  now: number,
): Sender {
  const [, name = "", date, digest = "", signature = ""] = shape.exec(authorization) ?? [];
  const at = Number(date);
  const isKnown = known.some(
    (edge) =>
      edge.name === name &&
      isSame(signature, signatureOf(edge.secret, signed, { name, at, digest })),
  );
  if (!isKnown) return { refused: "signature" };
  const by = at - now;
  if (Math.abs(by) > clocksWithin) return { refused: "clock", by };
  return { name, isItsBody: (body) => isSame(sha256(body), digest) };
}
