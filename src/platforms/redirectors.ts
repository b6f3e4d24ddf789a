/**
 * @module Pages that lead on to where their URL says: logins, jumps, open redirectors. A host being a
 * platform's says nothing of where such a page ends, so it is no destination, and a URL whose parameters name a
 * place outside is refused whatever its page does with them.
 */

import { hostMatches } from "../lib/hosts.ts";
import { trimEndOf } from "../lib/trim-end.ts";
import type { Redirector } from "./types.ts";

/** Source of a row that nobody has checked. */
export const unverified = "general knowledge, unverified";

/** Labels of hosts and words of paths that name such pages on any platform. General knowledge, unverified. */
const hostLabel = /^(?:[mp]?login|signin|passport|pass|sso|oauth2?|auth|accounts?|jump|redirect)$/;
const pathWord =
  /^(?:m?login|newlogin|relogin|signin|logout|passport|sso|oauth2?|authorize|loginpage|jump|redirect|redir|goto|sinaurl)(?:\.\w{2,6})?$/;

/** Parameters whose name says that their value is gone to. Names are compared in small letters, without signs. */
const saysWhere =
  /redir|return|target|goto|callback|jump|forward|continue|dest|location|backto|success|fallback/;
const isWhere = new Set([
  "u",
  "ru",
  "tu",
  "to",
  "go",
  "r",
  "ret",
  "back",
  "next",
  "done",
  "service",
  "out",
]);
/** Names of URLs that are shown, loaded or noted, and not gone to. */
const isShown =
  /img|image|pic|photo|cover|avatar|icon|head|logo|poster|thumb|video|audio|media|stream|refer|source|track/;

function namesTarget(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  if (saysWhere.test(plain) || isWhere.has(plain)) return true;
  return /(?:url|uri|link|href)$/.test(plain) && !isShown.test(plain);
}

/** Whether a page leads on by its nature. @param isPlain whether it is known as nothing else, such as a room */
export function isRedirector(
  url: URL,
  { known, isPlain }: { known: readonly Redirector[]; isPlain: boolean },
): boolean {
  const { hostname, pathname } = url;
  const isListed = known.some(
    ({ host, path }) =>
      hostMatches(hostname, host) &&
      (path === undefined || `${pathname}/`.toLowerCase().startsWith(`${path}/`)),
  );
  if (isListed) return true;
  if (
    hostname
      .split(".")
      .slice(0, -2)
      .some((label) => hostLabel.test(label))
  )
    return true;
  return isPlain && pathname.split("/").some((word) => pathWord.test(word.toLowerCase()));
}

/**
 * The places that a URL's parameters name, in query and fragment.
 *
 * @param any whether every parameter counts, not only those whose name says so
 */
export function targetsOf(url: URL, any = false): URL[] {
  return [url.search.slice(1), afterMark(url.hash)].flatMap((text) =>
    [...new URLSearchParams(text)].flatMap(([name, value]) => {
      // A query that is a URL itself, as in /jump?https://…
      if (value === "" || /^https?:\/\//i.test(name)) return read(`${name}${value && `=${value}`}`);
      return any || namesTarget(name) ? read(value) : [];
    }),
  );
}

/** The parameters of a fragment: `#/login?to=…`, `#to=…`. */
function afterMark(hash: string): string {
  const mark = hash.indexOf("?");
  return mark === -1 ? hash.slice(1) : hash.slice(mark + 1);
}

/** Levels of encoding that are undone, and of app URLs within app URLs. */
const levels = 3;

/** The place that a value names: a URL as browsers read it, encoded or not; of an app's URL what it opens. */
function read(value: string, level = 0): URL[] {
  // Browsers drop tabs, line breaks and leading control characters, and take backslashes for slashes.
  const text = value.replace(/[\t\n\r]/g, "").replace(/^[\0- ]+/, "");
  if (/^https?:/i.test(text) || /^[\\/]{2}/.test(text)) {
    const isWhole = /^https?:/i.test(text);
    const whole = isWhole ? text : `https:${text}`;
    return URL.canParse(whole) ? [new URL(whole)] : [];
  }
  if (level === levels) return [];
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.canParse(text)) {
    return [...new URL(text).searchParams].flatMap(([, inner]) => read(inner, level + 1));
  }
  const plainer = decoded(text);
  return plainer === text ? [] : read(plainer, level + 1);
}

/** One encoding less: percent, or Base64 of a URL. */
function decoded(text: string): string {
  try {
    if (/^aHR0c[\w+/-]+=*$/.test(text)) {
      return atob(trimEndOf(text.replaceAll("-", "+").replaceAll("_", "/"), "="));
    }
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
