/** @module What a kind of notifier is: where it may be, how a message is written, signed, and answered. */
import { tableOf } from "../../lib/records.ts";
import type { Failure } from "../events.ts";
import { securityAdvice } from "./security.ts";

/** Text of one event, in plain words: each channel escapes what its markup would take as its own. */
export interface Block {
  title: string;
  lines: string[];
}

/** What a webhook's receiver checks; a robot's message has none. */
type WebhookHeaders = Partial<
  Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>
>;

export interface Post {
  url: string;
  headers: WebhookHeaders;
  body: string;
}

/**
 * What an answer means. `wait`: too fast or busy; `mend`: the team must set something; `gone`: the address is
 * no more; `now`: it asked never to be called again.
 */
export type Outcome =
  | { ok: true }
  | {
      ok: false;
      failure: Failure;
      severity: "wait" | "mend" | "gone" | "now";
      /** Seconds until the host takes anything again. */
      waitSeconds?: number;
    };

/** What the platforms' answers tell of themselves; each has its own two or three of these. */
export interface RobotAnswer {
  errcode?: unknown;
  errmsg?: unknown;
  code?: unknown;
  msg?: unknown;
  StatusCode?: unknown;
  StatusMessage?: unknown;
  status?: unknown;
  wait?: unknown;
}

export interface Robot {
  kind: string;
  hosts: readonly string[];
  /** Whether path and query are those of a robot; `example` says how they look. */
  isRobot: (url: URL) => boolean;
  example: string;
  hasSecret: boolean;
  /** Of a request's body, UTF-8. */
  bytesAtMost: number;
  /** The body without signature. */
  write: (blocks: readonly Block[]) => object;
  /** Signs at this moment: every retry anew. */
  sign: (url: URL, body: object, secret: string | null, now: number) => { url: URL; body: object };
  /** Of the body of an answer with status 200. */
  read: (answer: RobotAnswer) => Outcome;
}

/** One row of what is known of a platform's codes. */
export type Code = readonly [
  severity: "wait" | "mend" | "gone",
  advice: string,
  waitSeconds?: number,
];

/** The outcome that a table of codes knows; any other code is a failure, tried again. */
export function outcomeOf(
  code: number | undefined,
  codes: Readonly<Record<number, Code>>,
  message: string,
): Outcome {
  if (code === 0) return { ok: true };
  if (code === undefined) {
    return failed("unknown_answer", "The robot's answer has no code.", "mend");
  }
  const [severity, known, waitSeconds] = codes[code] ?? ["mend", ""];
  const advice = known || securityAdvice(message);
  const detail = advice || `The platform refused the message: ${message || "it gave no reason"}.`;
  return {
    ok: false,
    severity,
    failure: { code: String(code), detail },
    ...(waitSeconds === undefined ? {} : { waitSeconds }),
  };
}

export function failed(code: string, detail: string, severity: "wait" | "mend" | "gone"): Outcome {
  return { ok: false, severity, failure: { code, detail } };
}

export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

const wide = tableOf({
  "<": "＜",
  ">": "＞",
  "[": "［",
  "]": "］",
  "*": "＊",
  "`": "｀",
});

/**
 * Takes what the robots' Markdown would read as its own: links, emphasis, mentions of people (`<@…>`).
 * Full-width signs, since it is not documented which robots know a backslash; URLs have none of these.
 */
export const inMarkdown = (text: string): string =>
  text.replace(/[<>[\]*`]/g, (sign) => wide.get(sign) ?? sign);
