/**
 * @module Finds the links in a pasted text, each whole. A link is a URL in any case of letters, or a known host
 * with a path, as apps and people write them: `HTTPS://…`, `https：//…`, `//3.cn/…`, `live.douyin.com/…`.
 *
 * Where a link ends, its text alone does not say: Chinese may follow it without a space, and may be part of it.
 * What it is does: of the ways to read it, the longest that is more than some page of its host is the one that
 * was meant. Nothing is cut off without a word.
 */
import { cut } from "../lib/cut.ts";
import { endsInDot, isAllowedHost, isShortHost, type Recognition, recognize } from "./recognize.ts";

export interface Link {
  /** Where it stands in the text, in characters; `end` is excluded. */
  at: number;
  end: number;
  /** As it was read. */
  url: string;
  reading: Recognition;
  /** What followed it without a space and may have been meant as part of it. */
  rest?: string;
}

const schemes = /https?[:：][/／]{2}/gi;
const hostNames = /[a-z0-9.-]+/gi;
/** White space, and what is not seen, as chats and web pages leave it between words. */
export const gap = /[\s\u0085\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
/** Marks of Chinese and of typography, and emoji; no URL has them as they stand, but for a few titles in a query. */
const mark =
  /[\u2010-\u2027\u2030-\u205e\u3001-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]|\p{Extended_Pictographic}/u;
const beyondAscii = /[^\0-\x7f]/;
/** What a sentence or a quotation puts behind a link. */
const sentenceEnd = new Set(".,;:!?'\"*)]}>|<`");
const opens = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
  [">", "<"],
]);
/** Longer is refused anyway, as too long. */
const longest = 2_100;

/** @param extraHosts the operator's own host names */
export function linksIn(text: string, extraHosts: readonly string[] = []): Link[] {
  const starts = startsIn(text, extraHosts);
  const links: Link[] = [];
  let from = 0;
  for (const [index, start] of starts.entries()) {
    if (start.at < from) continue;
    const border = starts.slice(index + 1).find(({ isBorder }) => isBorder)?.at ?? text.length;
    const link = linkAt(text, start, border, extraHosts);
    links.push(link);
    from = link.end;
  }
  return links;
}

interface Start {
  at: number;
  /** Where the host begins. */
  address: number;
  /** Whether what stands before ends here. A host's name may also stand in a path. */
  isBorder: boolean;
}

function startsIn(text: string, extraHosts: readonly string[]): Start[] {
  const starts: Start[] = [];
  // As a parameter's value it is part of another link.
  for (const { 0: scheme, index } of text.matchAll(schemes)) {
    if (!/[=?&%]/.test(text.charAt(index - 1))) {
      starts.push({ at: index, address: index + scheme.length, isBorder: true });
    }
  }
  for (const { 0: run, index } of text.matchAll(hostNames)) {
    const start = bareStart(text, run, index, extraHosts);
    if (start) starts.push(start);
  }
  return starts.sort((a, b) => a.at - b.at);
}

/** Of a host's name that is followed by a path; one that is only mentioned leads nowhere. */
function bareStart(
  text: string,
  run: string,
  index: number,
  extraHosts: readonly string[],
): Start | null {
  const end = index + run.length;
  if (run.length > 255 || !/[/?#／]/.test(text.charAt(end))) return null;
  const next = text.charAt(end + 1);
  if (next === "" || gap.test(next) || mark.test(next)) return null;
  const address = index + hostStart(run, extraHosts);
  if (!isAllowedHost(text.slice(address, end).toLowerCase(), extraHosts)) return null;
  const before = text.slice(Math.max(0, address - 3), address);
  // A mail address, a parameter's value, a URL of an app's own scheme.
  if (/[@_%=&]$|[:：][/／]{2}$/.test(before)) return null;
  const at = /[/／]{2}$/.test(before) ? address - 2 : address;
  return { at, address, isBorder: !/[a-z0-9/?~-]$/i.test(text.slice(0, at).slice(-1)) };
}

/** Behind the dots of a sentence, and behind the number of an item in a list: `1.live.douyin.com/…`. */
function hostStart(run: string, extraHosts: readonly string[]): number {
  const start = /^[.-]*/.exec(run)?.[0].length ?? 0;
  if (isAllowedHost(run.slice(start).toLowerCase(), extraHosts)) return start;
  return start + (/^\d{1,3}\./.exec(run.slice(start, start + 4))?.[0].length ?? 0);
}

interface Way {
  kept: string;
  url: string;
  reading: Recognition;
}

function linkAt(
  text: string,
  { at, address }: Start,
  border: number,
  extraHosts: readonly string[],
): Link {
  const run = upTo(gap, text.slice(address, Math.min(border, address + longest)));
  const isLone = at === 0 && address + run.length === text.length;
  const scheme = /^http[:：]/i.test(text.slice(at, address)) ? "http" : "https";
  const read = (given: string): Way => {
    const plain = withoutMarks(given);
    const hasDot = isLone && given === `${plain}.` && endsInDot(`${scheme}://${cleaned(plain)}`);
    const kept = hasDot ? given : plain;
    const url = `${scheme}://${cleaned(kept)}`;
    return { kept, url, reading: recognize(url, extraHosts) };
  };
  const [words, ascii] = [upTo(mark, run), upTo(beyondAscii, run)];
  const { kept, url, reading } = firstThatSaysMore(
    likely({ run, words, ascii, isLone }),
    [run, words, ascii],
    read,
  );
  const rest = withoutMarks(run.slice(kept.length));
  const isPage = reading.ok && !saysMore(reading);
  return {
    at,
    end: Math.max(address + kept.length, at + 1),
    url,
    reading,
    ...(isPage && rest !== "" && !mark.test(rest) ? { rest: cut(rest, 60) } : {}),
  };
}

/** Of the ways to read a link; the first where none is more than some page of its host. */
function firstThatSaysMore(
  likeliest: string,
  others: readonly string[],
  read: (given: string) => Way,
): Way {
  const first = read(likeliest);
  if (saysMore(first.reading)) return first;
  for (const other of new Set(others)) {
    const way = other === likeliest ? first : read(other);
    if (saysMore(way.reading)) return way;
  }
  return first;
}

/** More than some page of its host. */
const saysMore = (reading: Recognition): boolean =>
  reading.ok && reading.destination.kind !== "web";

/**
 * How a link is most likely meant. One that stands alone is all there is, but for a short link, whose code and
 * parameters are ASCII. In a sentence, letters right behind `/` or `=` are the link's, since it would have nothing
 * there otherwise, and so are those with a further parameter behind them; behind others the next word begins.
 */
function likely(read: { run: string; words: string; ascii: string; isLone: boolean }): string {
  const { words, ascii, isLone } = read;
  if (isShortHost(upTo(/[/?#]/, ascii).toLowerCase())) return ascii;
  const isOwn = isLone || /[/=]$/.test(ascii) || /&\w+=/.test(words.slice(ascii.length));
  return isOwn ? words : ascii;
}

function upTo(end: RegExp, text: string): string {
  const at = text.search(end);
  return at === -1 ? text : text.slice(0, at);
}

/** A closing bracket stays where the link opens it. */
function withoutMarks(text: string): string {
  let end = text.length;
  while (end > 0) {
    const last = text.charAt(end - 1);
    const opening = opens.get(last);
    if (!sentenceEnd.has(last) || (opening && text.slice(0, end).includes(opening))) break;
    end -= 1;
  }
  return text.slice(0, end);
}

/** What copying out of a page's source or a Chinese keyboard does to a URL. */
function cleaned(address: string): string {
  return address.replace(/&(?:amp|#38|#x26);/gi, "&").replace(/^([a-z0-9.-]{1,255})／/i, "$1/");
}
