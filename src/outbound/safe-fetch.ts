/**
 * @module The one way in which this service asks another host for what somebody named: a URL is followed
 * over https only, on allowed hosts only, within bounds of hops, time and bytes.
 */
import { joined } from "../lib/bytes.ts";
import { orAborted } from "../lib/deadline.ts";
import { readUrl } from "../platforms/url.ts";
import { isPrivate } from "./private-hosts.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Bounds {
  fetch: Fetch;
  /** Looked at before every request, also of a redirect's target. */
  isAllowed: (hostname: string) => boolean;
  /** Ends everything, a body that comes slowly too. */
  signal: AbortSignal;
}

export interface Course {
  /** Whether a URL is what was looked for: it is then not asked for. */
  isGoal?: (url: URL) => boolean;
  /** What reads the next URL out of the page at a URL; absent where a page leads nowhere. */
  nextInPage?: (url: URL) => ((html: string) => string | undefined) | undefined;
  /** Where a page leads by its URL alone, so that it need not be asked: a login or jump page. */
  beyond?: (url: URL) => URL | null;
}

/** Where the way ended: at the goal, or at the answer of `url`. */
export type Followed = { url: URL; response?: never } | { url: URL; response: Response };

/** Why a way was not gone to its end, in plain English, to follow "since". */
export class Strayed extends Error {}

/** What a hop of somebody's leads to is not an allowed host: seen, not guessed. */
export class LedOutside extends Strayed {
  readonly target: URL;

  constructor(message: string, target: URL) {
    super(message);
    this.target = target;
  }
}

const requestsAtMost = 5;
const pageBytesAtMost = 256 * 1024;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** The share pages are made for phones, and some platforms answer others differently. Unverified. */
const headers = {
  "User-Agent":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Accept-Language": "zh-CN,zh;q=0.9",
};

/**
 * Follows a URL.
 *
 * @returns the goal, or the first answer that leads nowhere else, its body unread
 * @throws {Strayed} when a bound is met, a URL is refused or a host does not answer
 */
export async function follow(start: string, course: Course, bounds: Bounds): Promise<Followed> {
  const { isGoal, nextInPage } = course;
  let url = check(start, undefined, course, bounds);
  const seen = new Set<string>();
  for (;;) {
    if (isGoal?.(url)) return { url };
    if (seen.has(url.href)) throw new Strayed(`${url.hostname} leads back to itself`);
    if (seen.size === requestsAtMost) {
      throw new Strayed(`it leads through more than ${requestsAtMost} hops`);
    }
    seen.add(url.href);
    const response = await request(url, bounds);
    const readNext = response.ok ? nextInPage?.(url) : undefined;
    let next: string | null | undefined;
    if (redirects.has(response.status)) {
      next = response.headers.get("Location");
      void response.body?.cancel().catch(() => {});
    } else if (readNext) {
      next = readNext(
        new TextDecoder().decode(
          await readBody(url, response, { signal: bounds.signal, bytesAtMost: pageBytesAtMost }),
        ),
      );
    } else {
      return { url, response };
    }
    if (!next) throw new Strayed(`${url.hostname} does not say where it leads`);
    url = check(next, url, course, bounds);
  }
}

/**
 * Reads a URL as a pasted one is read, and looks at its host, before anything is sent.
 *
 * @throws {LedOutside} when a browser would go to a host that is not allowed
 */
function check(text: string, from: URL | undefined, { beyond }: Course, bounds: Bounds): URL {
  const isAllowed = (host: string) => !isPrivate(host) && bounds.isAllowed(host);
  const lead = from ? `${from.hostname} leads to a URL that is refused: ` : "";
  let next = text;
  const seen = from ? asBrowsersRead(text, from) : null;
  if (seen) {
    const place = placeBehind(seen, beyond);
    if (!isAllowed(place.hostname)) {
      throw new LedOutside(`${lead}the host ${place.hostname} is not allowed.`, place);
    }
    if (place !== seen) next = place.href;
  }
  const reading = readUrl(from ? absolute(next, from) : next);
  if (!reading.ok) throw new Strayed(`${lead}${reading.detail.en}`);
  const { url } = reading;
  if (!isAllowed(url.hostname)) {
    throw new Strayed(`${lead}the host ${url.hostname} is not allowed.`);
  }
  // As browsers do: a target without a fragment keeps the one that led to it.
  if (from && url.hash === "") url.hash = from.hash;
  return url;
}

/** Behind the login and jump pages that a URL goes through. */
function placeBehind(start: URL, beyond: Course["beyond"]): URL {
  let url = start;
  for (let hops = 0; hops < requestsAtMost; hops += 1) url = beyond?.(url) ?? url;
  return url;
}

/** Where a browser would go; `null` where that is no web page. */
function asBrowsersRead(text: string, from: URL): URL | null {
  if (!URL.canParse(text, from.href)) return null;
  const url = new URL(text, from.href);
  return /^https?:$/.test(url.protocol) ? url : null;
}

/** A redirect's target may be relative, and carry characters that a pasted URL may not. */
function absolute(text: string, from: URL): string {
  const escaped = text
    .toWellFormed()
    .trim()
    .replace(/[^\x21-\x7e]|["<>^`{|}]/gu, encodeURIComponent);
  if (/^[a-z][a-z0-9+.-]*:/i.test(escaped)) return escaped;
  try {
    return new URL(escaped, from).href;
  } catch {
    return escaped;
  }
}

async function request(url: URL, { fetch, signal }: Bounds): Promise<Response> {
  const target = new URL(url);
  target.protocol = "https:";
  target.hash = "";
  try {
    return await orAborted(fetch(target.href, { redirect: "manual", headers, signal }), signal);
  } catch (error) {
    if (error instanceof Strayed) throw error;
    throw new Strayed(
      signal.aborted ? `${url.hostname} took too long` : `${url.hostname} did not answer`,
    );
  }
}

/**
 * Reads a body as it comes decompressed.
 *
 * @throws {Strayed} as soon as there is more than allowed, or when it comes too slowly
 */
export async function readBody(
  { hostname }: URL,
  { body }: Response,
  { bytesAtMost, signal }: { bytesAtMost: number; signal: AbortSignal },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    for (;;) {
      const { done, value } = (await (reader && orAborted(reader.read(), signal))) ?? {
        done: true,
      };
      if (done || !value) break;
      size += value.length;
      if (size > bytesAtMost) {
        throw new Strayed(`${hostname} answered with more than ${bytesAtMost / 1024} KiB`);
      }
      parts.push(value);
    }
  } catch (error) {
    void reader?.cancel().catch(() => {});
    if (error instanceof Strayed) throw error;
    throw new Strayed(signal.aborted ? `${hostname} took too long` : `${hostname} broke off`);
  }
  return joined(parts);
}
