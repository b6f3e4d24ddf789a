/**
 * @module Where a notifier may send: the documented hosts of the robots, and for webhooks any public host
 * over https, or only what the operator lists (NOTIFY_HOSTS). A refusal never repeats the URL.
 */
import { type Said, said } from "../lib/said.ts";
import { isPrivate } from "../outbound/private-hosts.ts";
import { readUrl } from "../platforms/url.ts";
import type { NotifierKind } from "./channels/index.ts";
import { robotOf } from "./channels/index.ts";

export type AddressReading =
  | { ok: true; url: string }
  | { ok: false; code: "url_refused" | "host_not_allowed"; detail: Said };

/** @param listed the origins of NOTIFY_HOSTS */
export function readAddress(
  kind: NotifierKind,
  text: string,
  listed: readonly string[],
): AddressReading {
  const refuse = (code: "url_refused" | "host_not_allowed", detail: Said): AddressReading => ({
    ok: false,
    code,
    detail,
  });
  const robot = robotOf(kind);
  const url = withoutUser(text);
  if (url && listed.includes(url.origin)) {
    return robot && !robot.isRobot(url)
      ? refuse(
          "url_refused",
          said(
            `Expected the path and query of ${robot.example}.`,
            `路径和参数须如 ${robot.example}。`,
          ),
        )
      : { ok: true, url: url.href };
  }
  const reading = readUrl(text);
  if (!reading.ok) return refuse("url_refused", reading.detail);
  const { hostname, protocol } = reading.url;
  if (protocol !== "https:")
    return refuse(
      "url_refused",
      said("Expected a URL that begins with https://.", "须为以 https:// 开头的网址。"),
    );
  if (robot) {
    if (!robot.hosts.includes(hostname)) {
      return refuse(
        "host_not_allowed",
        said(
          `Expected a URL of the robot: ${robot.example}.`,
          `须为机器人的网址：${robot.example}。`,
        ),
      );
    }
    return robot.isRobot(reading.url)
      ? { ok: true, url: reading.url.href }
      : refuse("url_refused", said(`Expected ${robot.example}.`, `须为 ${robot.example}。`));
  }
  if (isPrivate(hostname) || listed.length > 0) {
    return refuse(
      "host_not_allowed",
      said(
        "This host is not allowed: a webhook goes to a public host name, or to one that NOTIFY_HOSTS lists.",
        "不允许这个域名：Webhook 只能发往公网域名，或 NOTIFY_HOSTS 里列出的域名。",
      ),
    );
  }
  return { ok: true, url: reading.url.href };
}

/** A URL without user information, spaces or control characters, whatever its host; else `null`. */
function withoutUser(text: string): URL | null {
  if (/[^\x21-\x7e]/.test(text) || text.length > 2_048) return null;
  try {
    const url = new URL(text);
    return url.username === "" && url.password === "" && url.hash === "" ? url : null;
  } catch {
    return null;
  }
}
