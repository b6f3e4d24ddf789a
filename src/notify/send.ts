/** @module Sends one message and says what became of it. Neither URL nor secret leaves this file but to its host. */
import { orAborted, signalled } from "../lib/deadline.ts";
import { type Fetch, readBody, Strayed } from "../outbound/safe-fetch.ts";
import { robotOf } from "./channels/index.ts";
import {
  type Block,
  failed,
  type Outcome,
  type Post,
  type RobotAnswer,
  utf8Bytes,
} from "./channels/robot.ts";
import { signedPost, webhookBody } from "./channels/webhook.ts";
import type { NotifyEvent } from "./events.ts";
import { blockOf, reportIn, testBlock, withKeyword } from "./messages.ts";
import type { Notifier } from "./notifier.ts";

const within = 10_000;
const answerBytesAtMost = 64 * 1_024;
/** A receiver may ask for at most an hour. */
const waitSecondsAtMost = 3_600;

/** What one message carries: events of a robot's queue, one event of a webhook's, or the test. */
export type Content = { events: readonly NotifyEvent[] } | { test: string };

/** How many of these events, in their order, one message holds: at least one. */
export function fitting(notifier: Notifier, events: readonly NotifyEvent[]): number {
  const robot = robotOf(notifier.kind);
  if (!robot) return 1;
  const blocks: Block[] = [];
  for (const event of events) {
    blocks.push(blockOf(event, notifier.language));
    const body = robot.write(withKeyword(blocks, notifier.keyword));
    // The signature's fields take less than this.
    if (utf8Bytes(JSON.stringify(body)) + 100 > robot.bytesAtMost) {
      return Math.max(1, blocks.length - 1);
    }
  }
  return blocks.length;
}

function postOf(notifier: Notifier, content: Content, now: number): Post {
  const robot = robotOf(notifier.kind);
  if (robot) {
    const blocks =
      "events" in content
        ? content.events.map((event) => blockOf(event, notifier.language))
        : [testBlock(notifier.name, notifier.language)];
    let body = robot.write(withKeyword(blocks, notifier.keyword));
    // One event alone may be too long: its last lines go.
    for (let most = blocks[0]?.lines.length ?? 0; most > 0; most -= 1) {
      if (utf8Bytes(JSON.stringify(body)) + 100 <= robot.bytesAtMost) break;
      const cut = blocks.map(({ title, lines }) => ({
        title,
        lines: [...lines.slice(0, most - 1), "…"],
      }));
      body = robot.write(withKeyword(cut, notifier.keyword));
    }
    const signed = robot.sign(new URL(notifier.url), body, notifier.secret, now);
    return {
      url: signed.url.href,
      headers: {},
      body: JSON.stringify(signed.body),
    };
  }
  const [event] = "events" in content ? content.events : [];
  const body = event
    ? webhookBody(event, (reports) => reportIn(reports, notifier.language))
    : JSON.stringify({
        type: "test",
        timestamp: new Date(now).toISOString(),
        data: { message: testBlock(notifier.name, notifier.language).lines[0] },
      });
  const id = event?.id ?? ("test" in content ? content.test : "");
  return signedPost(notifier.url, notifier.secret ?? "", id, body, now);
}

/** Never rejects: what goes wrong is an outcome. */
export async function send(
  notifier: Notifier,
  content: Content,
  fetch: Fetch,
  now: number,
): Promise<Outcome> {
  if (notifier.awaits) {
    const missing = notifier.awaits.needs.join(" and ");
    return failed("to_be_set_again", `Set the ${missing} again first.`, "mend");
  }
  return signalled(within, async (signal) => {
    try {
      const { url, headers, body } = postOf(notifier, content, now);
      const work = fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: {
          "Content-Type": "application/json; charset=utf-8",
          "User-Agent": "Moongate",
          ...headers,
        },
        body,
        signal,
      });
      return await outcomeOfResponse(notifier, await orAborted(work, signal), signal);
    } catch (error) {
      const { hostname } = new URL(notifier.url);
      // Its words may hold the URL: they are not repeated.
      const why = signal.aborted
        ? `${hostname} took longer than ${within / 1_000} s.`
        : error instanceof Strayed
          ? `${error.message}.`
          : `${hostname} did not answer.`;
      return failed("no_answer", why, "wait");
    }
  });
}

async function outcomeOfResponse(
  notifier: Notifier,
  response: Response,
  signal: AbortSignal,
): Promise<Outcome> {
  const { status } = response;
  const robot = robotOf(notifier.kind);
  const host = new URL(notifier.url).hostname;
  const isFine = status >= 200 && status <= 299;
  // Feishu's status of a failure is not known: a robot's body says more, whatever the status.
  const isRead =
    robot !== undefined && (isFine || (status >= 400 && status < 500 && status !== 429));
  if (!isRead) void response.body?.cancel().catch(() => {});
  if (status === 429 || status === 503) {
    const asked = Number(response.headers.get("Retry-After"));
    const waitSeconds = asked > 0 ? Math.min(asked, waitSecondsAtMost) : undefined;
    const outcome = failed(`http_${status}`, `${host} answered ${status}.`, "wait");
    return outcome.ok || waitSeconds === undefined ? outcome : { ...outcome, waitSeconds };
  }
  if (status === 410 && !robot) {
    const failure = { code: "http_410", detail: `${host} answered 410: it asks to be left alone.` };
    return { ok: false, severity: "now", failure };
  }
  if (status >= 300 && status <= 399) {
    return failed(
      `http_${status}`,
      `${host} answered ${status}: a redirect is not followed; set the URL that it leads to.`,
      "mend",
    );
  }
  if (!isRead) {
    if (isFine) return { ok: true };
    return failed(`http_${status}`, `${host} answered ${status}.`, status >= 500 ? "wait" : "mend");
  }
  const bytes = await readBody(new URL(notifier.url), response, {
    bytesAtMost: answerBytesAtMost,
    signal,
  });
  let answer: unknown;
  try {
    answer = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return failed(`http_${status}`, `${host} answered ${status}, and not with JSON.`, "wait");
  }
  return robot.read(Object(answer) as RobotAnswer);
}
