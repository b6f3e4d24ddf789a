/** @module Reading what a live-ops team pastes: a URL, or a whole share text of an app. */

import { cut } from "../lib/cut.ts";
import { type Said, said } from "../lib/said.ts";
import { gap, type Link, linksIn } from "./links-in-text.ts";
import { miniProgramsIn } from "./mini-program.ts";
import { recognize } from "./recognize.ts";
import type { Destination, Platform } from "./registry/edge.ts";
import { platformOf } from "./registry/edge.ts";
import { platformWords, wordsOf } from "./registry/words.ts";

export interface Refusal {
  ok: false;
  code: string;
  detail: Said;
}

export type Reading =
  | {
      ok: true;
      destinations: Destination[];
      /** Names each link that is none of the destinations, and why. */
      notTaken: string[];
      title?: string;
      host?: string;
    }
  | Refusal;

/** One link of a text, of any kind. */
interface Found {
  at: number;
  link: string;
  reading: { ok: true; destination: Destination } | Refusal;
}

/** Warnings of one text, and characters that each repeats of it. */
const most = { warnings: 20, link: 200 };
/** A single word that may be an address without a scheme, or one of another scheme. */
const address = /^(?:[a-z][a-z0-9+.-]*:|[a-z0-9-]+(?:\.[a-z0-9-]+)+\/)\S*$/i;

/**
 * Understands a pasted URL or share text.
 *
 * @param text what was pasted
 * @param extraHosts the operator's own host names
 * @returns every destination in it, at most one per platform, with the title and host that the text names, and
 *   the links that are none; or why it is refused
 */
export function readText(text: string, extraHosts: readonly string[] = []): Reading {
  const trimmed = trimGaps(text);
  const found = [
    ...linksIn(trimmed, extraHosts).map(foundLink),
    ...miniProgramsIn(trimmed).map(({ at, link, destination }): Found => {
      return { at, link, reading: destination ? { ok: true, destination } : noMiniProgram };
    }),
  ].sort((a, b) => a.at - b.at);
  const [first] = found;
  if (!first) return withoutLink(trimmed, extraHosts);
  const isLone = found.length === 1 && first.at === 0 && !gap.test(trimmed);
  const taken = new Map<string, { destination: Destination; link: string }>();
  const notTaken: string[] = [];
  for (const { link, reading } of found) {
    if (!reading.ok) {
      notTaken.push(`${cut(link, most.link)} was not taken: ${reading.detail.en}`);
      continue;
    }
    const { destination } = reading;
    const before = taken.get(destination.platform);
    if (!before) {
      const shareText = isLone || destination.shareText ? {} : { shareText: trimmed };
      taken.set(destination.platform, { destination: { ...destination, ...shareText }, link });
    } else if (
      before.destination.url !== destination.url ||
      before.destination.id !== destination.id
    ) {
      notTaken.push(secondOf(destination, link, before.link));
    }
  }
  if (taken.size === 0) return refusalOf(found);
  const destinations = [...taken.values()].map(({ destination }) => destination);
  return {
    ok: true,
    destinations,
    notTaken: notTaken.slice(0, most.warnings),
    ...names(trimmed, destinations),
  };
}

/**
 * Reads a field that holds a URL: the same as {@link readText} takes where it is all of the text.
 *
 * @returns the destination, or why the URL is refused
 */
export function readLink(
  text: string,
  extraHosts: readonly string[] = [],
): { ok: true; destination: Destination } | Refusal {
  const trimmed = trimGaps(text);
  if (gap.test(trimmed)) return recognize(trimmed, extraHosts);
  const [mini] = miniProgramsIn(trimmed);
  if (mini?.at === 0 && mini.destination) return { ok: true, destination: mini.destination };
  const [link, ...more] = linksIn(trimmed, extraHosts);
  if (!link) return lone(trimmed, extraHosts);
  return link.at === 0 && more.length === 0 ? foundLink(link).reading : notOne;
}

/** Another link on a platform that has its destination already. */
export const secondOf = (
  { platform }: Destination,
  link: string | undefined,
  first: string | undefined,
): string =>
  `${cut(link ?? platform, most.link)} was not taken: a stream has one destination on ${platform}, and ${cut(first ?? "another", most.link)} is it.`;

function foundLink({ at, url, reading, rest }: Link): Found {
  if (!reading.ok || rest === undefined) return { at, link: url, reading };
  const { destination } = reading;
  const warning = `Taken up to “${cut(url, most.link)}”: “${rest}”, which follows without a space, is no part of it.`;
  const warnings = [...(destination.warnings ?? []), warning];
  return { at, link: url, reading: { ok: true, destination: { ...destination, warnings } } };
}

const notOne: Refusal = {
  ok: false,
  code: "not_a_url",
  detail: said("Expected one URL and nothing else.", "这里只能填一个网址，不能有别的内容。"),
};

const noMiniProgram: Refusal = {
  ok: false,
  code: "url_scheme",
  detail: said(
    "A URL scheme of WeChat needs `t`, or `appid` and `path`.",
    "微信的 URL Scheme 需要 t，或 appid 和 path。",
  ),
};

/** Of a text none of whose links can be taken: the reason, and with several links that of each. */
function refusalOf(found: readonly Found[]): Refusal {
  const refusals = found.flatMap(({ link, reading }) => (reading.ok ? [] : [{ link, ...reading }]));
  const [first] = refusals;
  if (!first) return noLink;
  if (refusals.length === 1) return first;
  const inEach = (word: (detail: Said) => string) =>
    refusals
      .slice(0, most.warnings)
      .map(({ link, detail }) => `${cut(link, most.link)}: ${word(detail)}`)
      .join("\n");
  return {
    ...first,
    detail: said(
      inEach(({ en }) => en),
      inEach(({ zh }) => zh),
    ),
  };
}

const noLink: Refusal = {
  ok: false,
  code: "no_destination",
  detail: said(
    "Expected a URL or a share text that contains one; found no link.",
    "没有找到链接：请粘贴网址，或含有链接的分享文案。",
  ),
};

function withoutLink(text: string, extraHosts: readonly string[]): Reading {
  const reading = address.test(text) ? lone(text, extraHosts) : noLink;
  if (reading.ok) return { ok: true, destinations: [reading.destination], notTaken: [] };
  const app = platformWords.find(({ codes = [] }) => codes.some(({ test }) => test.test(text)));
  return app ? onlyCode(platformOf(app.name)) : reading;
}

function lone(text: string, extraHosts: readonly string[]) {
  const isBare = address.test(text) && !/^[a-z][a-z0-9+.-]*:/i.test(text);
  return recognize(isBare ? `https://${text}` : text, extraHosts);
}

/** A 口令 is read by its app alone; the same app copies a link too. */
function onlyCode({ label: { zh, en } }: Platform): Refusal {
  return {
    ok: false,
    code: "share_code_without_link",
    detail: said(
      `This is a share code (口令) of ${en} (${zh}) without a link, which only that app can read. In ${zh}, press 分享 (share), then 复制链接 (copy link), and paste what it copies.`,
      `这是${zh}的口令，里面没有链接，只有${zh} App 能识别。请在${zh}里点“分享”，再点“复制链接”，然后粘贴到这里。`,
    ),
  };
}

/** `trim`, and what is not seen. */
function trimGaps(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && gap.test(text.charAt(start))) start += 1;
  while (end > start && gap.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** The title and host that a platform's share text names, by the patterns of its file. */
function names(text: string, destinations: Destination[]): { title?: string; host?: string } {
  const result: { title?: string; host?: string } = {};
  for (const { platform } of destinations) {
    for (const pattern of wordsOf(platform)?.shareTexts ?? []) {
      const groups = pattern.exec(text)?.groups;
      const title = groups?.title?.trim();
      const host = groups?.host?.trim();
      if (title) result.title ??= title;
      if (host) result.host ??= host;
    }
  }
  return result;
}
