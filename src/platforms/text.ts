/** @module Reading what a live-ops team pastes: a URL, or a whole share text (口令) of an app. */
import { trimEndOf } from "../lib/trim-end.ts";
import { platformOf, type Recognition, recognize } from "./index.ts";
import type { Destination } from "./types.ts";

export type Reading =
  | { ok: true; destinations: Destination[]; title?: string; host?: string }
  | { ok: false; code: string; detail: string };

/**
 * ASCII only, since a Chinese comma may follow a URL without a space. The trailing characters that a
 * sentence adds are cut afterwards; `@` and `=` stay, since JD's `jkl=@…@` ends in one.
 */
const urlInText = /https?:\/\/[A-Za-z0-9\-._~:/?#@!$&'()*+;=%]+/g;
const sentenceEnd = ").;!'*";
const miniProgramLink = /#小程序:\/\/[^\s/]+\/[^\s/]+\/([A-Za-z0-9]+)/;
const weixinScheme = /^weixin:\/\/dl\/business\/?\?(\S+)$/;
/** A single word without a scheme, such as `live.douyin.com/745964462470`. */
const bareAddress = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/\S+$/i;

/**
 * Understands a pasted URL or share text.
 *
 * @param text what was pasted
 * @param extraHosts the operator's own host names
 * @returns every destination in it, at most one per platform, with the title and host that the text
 *   names; or why it is refused
 */
export function readText(text: string, extraHosts: readonly string[] = []): Reading {
  const trimmed = text.trim();
  const mini = readMiniProgram(trimmed);
  if (mini && !/https?:\/\//.test(trimmed)) return { ok: true, destinations: [mini] };

  const isBareUrl = /^[a-z][a-z0-9+.-]*:\S*$/i.test(trimmed) && !/[^\x20-\x7e]/.test(trimmed);
  const candidates = isBareUrl
    ? [trimmed]
    : bareAddress.test(trimmed)
      ? [`https://${trimmed}`]
      : (trimmed.match(urlInText) ?? []).map((url) => trimEndOf(url, sentenceEnd));
  if (candidates.length === 0) {
    return {
      ok: false,
      code: "no_destination",
      detail: "Expected a URL or a share text that contains one; found no link.",
    };
  }

  const readings = candidates.map((url) => recognize(url, extraHosts));
  const destinations = new Map<string, Destination>(mini ? [[mini.platform, mini]] : []);
  for (const reading of readings) {
    if (reading.ok && !destinations.has(reading.destination.platform)) {
      destinations.set(reading.destination.platform, {
        ...reading.destination,
        ...(candidates[0] === trimmed || isBareUrl ? {} : { shareText: trimmed }),
      });
    }
  }
  if (destinations.size === 0) {
    return (
      readings.find((reading): reading is Extract<Recognition, { ok: false }> => !reading.ok) ?? {
        ok: false,
        code: "no_destination",
        detail: "Found no link in this text.",
      }
    );
  }
  const found = [...destinations.values()];
  return { ok: true, destinations: found, ...names(trimmed, found) };
}

/** `#小程序://名称/页面/CODE` and `weixin://dl/business/?…`: WeChat's links that are no web pages. */
function readMiniProgram(text: string): Destination | null {
  const code = miniProgramLink.exec(text)?.[1];
  if (code) {
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: code,
      shareText: text,
      warnings: [
        "A mini program's short link opens inside WeChat only; elsewhere it is offered to copy.",
      ],
    };
  }
  const query = weixinScheme.exec(text)?.[1];
  if (query === undefined) return null;
  const parameters = new URLSearchParams(query);
  const appId = parameters.get("appid");
  const path = parameters.get("path");
  const ticket = parameters.get("t");
  if (ticket && /^[\w*-]{4,128}$/.test(ticket)) {
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: ticket,
      url: `weixin://dl/business/?t=${ticket}`,
      warnings: ["A URL scheme with a ticket expires, at the latest 30 days after it was made."],
    };
  }
  if (appId && /^wx[0-9a-f]{16}$/.test(appId) && path) {
    const extra = parameters.get("query");
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: appId,
      miniProgram: { appId, path, ...(extra ? { query: extra } : {}) },
    };
  }
  return null;
}

/** The title and host that a platform's share text names, by the patterns of its file. */
function names(text: string, destinations: Destination[]): { title?: string; host?: string } {
  const result: { title?: string; host?: string } = {};
  for (const { platform } of destinations) {
    for (const pattern of platformOf(platform).shareTexts ?? []) {
      const groups = pattern.exec(text)?.groups;
      const title = groups?.title?.trim();
      const host = groups?.host?.trim();
      if (title) result.title ??= title;
      if (host) result.host ??= host;
    }
  }
  return result;
}
