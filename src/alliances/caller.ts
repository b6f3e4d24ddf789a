/**
 * @module One call of a gateway: signed, sent, read within bounds. Whatever comes back is an answer or a fault, never a
 * throw; and no word of a fault has a secret in it, though a gateway or a proxy should repeat what it was sent.
 */
import { signalled } from "../lib/deadline.ts";
import { type Fetch, readBody, Strayed } from "../outbound/safe-fetch.ts";
import type {
  Adapter,
  Call,
  Credentials,
  Fault,
  Opened,
  Renewed,
  SignedRequest,
} from "./adapter.ts";
import { fault } from "./raw.ts";

const answersWithinMs = 20_000;
const bytesAtMost = 8 * 1_048_576;

interface Answered {
  status: number;
  text: string;
  /** What the gateway's clock said, UTC ms, where it said so. */
  date: number | null;
}
export type Send = (request: SignedRequest) => Promise<Answered | Fault>;

/** Sends what was signed. */
export const sender =
  (fetch: Fetch): Send =>
  ({ url, method, headers, body }) =>
    signalled(answersWithinMs, async (signal) => {
      try {
        const init = { method, headers, signal, redirect: "manual" as const };
        const response = await fetch(url, body === undefined ? init : { ...init, body });
        const bytes = await readBody(new URL(url), response, { bytesAtMost, signal });
        const date = Date.parse(response.headers.get("Date") ?? "");
        return {
          status: response.status,
          text: new TextDecoder().decode(bytes),
          date: Number.isNaN(date) ? null : date,
        };
      } catch (error) {
        return signal.aborted
          ? fault("retry", "too_slow", `The gateway took longer than ${answersWithinMs / 1_000} s.`)
          : fault(
              "retry",
              "not_reached",
              error instanceof Strayed
                ? `The gateway can't be asked: ${error.message}.`
                : "The gateway can't be reached.",
            );
      }
    });

/** Each as it is written, and as a form or a URL has it. */
const written = (secret: string): string[] => [secret, encodeURIComponent(secret)];
/** Shorter texts are words that an answer may well have. */
const secretFrom = 6;

/** The fault without what the credentials have. */
function discreet(said: Fault, credentials: Credentials): Fault {
  const secrets = Object.values(credentials)
    .filter((value): value is string => typeof value === "string" && value.length >= secretFrom)
    .flatMap(written)
    .sort((a, b) => b.length - a.length);
  const hidden = (text: string) =>
    secrets.reduce((clean, secret) => clean.replaceAll(secret, "…"), text);
  return { ...said, code: hidden(said.code), detail: hidden(said.detail) };
}

export interface Account {
  adapter: Adapter;
  credentials: Credentials;
  /** Instead of the platform's own. */
  apiBase: string | null;
}

/** By how much a gateway's clock is before ours, ms, learnt of its answers; platforms refuse a time that is 10 minutes off. */
export class Skews {
  readonly #skews = new Map<string, number>();

  /** @param origin of the gateway */
  of(origin: string): number {
    return this.#skews.get(origin) ?? 0;
  }

  learn(origin: string, date: number | null, now: number): void {
    const skew = date === null ? 0 : date - now;
    // A `Date` has whole seconds, and an answer takes a while.
    if (Math.abs(skew) < ignoredMs) this.#skews.delete(origin);
    else this.#skews.set(origin, skew);
  }
}
const ignoredMs = 30_000;

export interface CallPorts {
  send: Send;
  now: () => number;
  skews: Skews;
}

/** An answer of the gateway's. A cache in front of it that answers with a stale `Date` is none of ours. */
async function answered(
  { send, now, skews }: CallPorts,
  base: string,
  signed: (at: number) => SignedRequest,
): Promise<(Answered & { at: number }) | Fault> {
  const { origin } = new URL(base);
  const at = now() + skews.of(origin);
  const answer = await send(signed(at));
  if ("ok" in answer) return answer;
  skews.learn(origin, answer.date, now());
  return { ...answer, at };
}

export async function call(ports: CallPorts, account: Account, asked: Call): Promise<Opened> {
  const { adapter, credentials, apiBase } = account;
  const base = apiBase ?? adapter.base;
  const answer = await answered(ports, base, (at) => adapter.sign(asked, credentials, base, at));
  if ("ok" in answer) return answer;
  const { status, text, at } = answer;
  // A redirect is not followed: what is signed is for the gateway alone.
  const opened =
    status >= 300 && status < 400
      ? fault("retry", "redirected", "The gateway leads elsewhere, which is not followed.")
      : adapter.open(asked, status, text, at);
  return opened.ok ? opened : discreet(opened, credentials);
}

export async function renew(ports: CallPorts, account: Account): Promise<Renewed> {
  const { adapter, credentials, apiBase } = account;
  const { renewal } = adapter;
  if (!renewal) return fault("denied", "not_renewable", "This alliance's tokens can't be renewed.");
  const base = apiBase ?? adapter.base;
  const answer = await answered(ports, base, (at) => renewal.request(credentials, base, at));
  if ("ok" in answer) return answer;
  const renewed = renewal.read(answer.status, answer.text, answer.at);
  return renewed.ok ? renewed : discreet(renewed, credentials);
}
