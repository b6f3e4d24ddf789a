/** @module Reading a pasted URL without being fooled by it (docs/platforms.md, "What is refused"). */

export type UrlRefusal =
  | "not_a_url"
  | "url_scheme"
  | "url_userinfo"
  | "url_port"
  | "url_characters"
  | "url_encoding"
  | "url_dot_segments"
  | "url_too_long"
  | "host_not_allowed"
  | "login_or_jump_page"
  | "leads_outside";

export type UrlReading = { ok: true; url: URL } | { ok: false; code: UrlRefusal; detail: string };

const maxLength = 2048;
/** A URL as the standard writes it is longer where a quote becomes `%27`. */
export const writtenAtMost = 3 * maxLength;
/** Percent-encodings of characters that never need one: they only serve to disguise a path. */
const disguised = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;
/** An encoded slash, backslash, NUL or other control character changes what a path means downstream. */
const structural = /%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i;

/**
 * Reads an absolute http(s) URL and refuses what could lead elsewhere than it seems to.
 *
 * @param text the URL exactly as pasted
 * @param atMost characters
 * @returns the parsed URL, or why it is refused
 */
export function readUrl(text: string, atMost = maxLength): UrlReading {
  const refuse = (code: UrlRefusal, detail: string): UrlReading => ({ ok: false, code, detail });
  if (text.length > atMost) {
    return refuse("url_too_long", `A URL may have at most ${atMost} characters.`);
  }
  if (/[^\x21-\x7e]|[\\<>"^`{|}]/.test(text)) {
    return refuse(
      "url_characters",
      "A URL must be plain ASCII without spaces, backslashes, quotes or brackets.",
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return refuse("not_a_url", "Expected an absolute URL that begins with https://.");
  }
  if ((scheme !== "https" && scheme !== "http") || !/^https?:\/\/[^/]/i.test(text)) {
    return refuse("url_scheme", "Expected a URL that begins with https:// or http://.");
  }
  const authority = text.slice(text.indexOf("//") + 2).split(/[/?#]/, 1)[0] ?? "";
  if (authority.includes("@")) {
    return refuse(
      "url_userinfo",
      "A URL with user information before the host (user@host) is refused.",
    );
  }
  if (authority.includes("%")) {
    return refuse("url_encoding", "A host name must not be percent-encoded.");
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse("not_a_url", "This is not a URL.");
  }
  if (url.port !== "") return refuse("url_port", "A URL with a port of its own is refused.");

  const rawPath = text.slice(text.indexOf("//") + 2 + authority.length).split(/[?#]/, 1)[0] ?? "";
  if (rawPath.split("/").some((segment) => segment === "." || segment === "..")) {
    return refuse("url_dot_segments", "A path with . or .. segments is refused.");
  }
  if (disguised.test(rawPath) || structural.test(rawPath)) {
    return refuse(
      "url_encoding",
      "A path whose letters, digits, dots or slashes are percent-encoded is refused.",
    );
  }
  if (/%(?![0-9a-f]{2})/i.test(rawPath)) {
    return refuse("url_encoding", "A path with a broken percent-encoding is refused.");
  }
  return { ok: true, url };
}

/**
 * Whether a host name is one of the listed ones. A listed name with a leading dot stands for every name
 * below it, at a label's border only: `.tmall.com` is `nike.tmall.com`, never `eviltmall.com`.
 */
export function hostMatches(hostname: string, listed: string): boolean {
  return listed.startsWith(".")
    ? hostname.endsWith(listed) && hostname.length > listed.length
    : hostname === listed;
}

/** The path's segments without empty ones, percent-decoded where that is possible. */
export function segments(url: URL): string[] {
  return url.pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => {
      try {
        return decodeURIComponent(segment);
      } catch {
        return segment;
      }
    });
}

/** What any page of a platform is when no narrower rule knows it. */
export function anyPage(url: URL): { kind: "web"; id: string } {
  return { kind: "web", id: `${url.hostname}${url.pathname}` };
}

/** The same page over https: platforms still share some links as http. */
export function overHttps(url: string): string {
  return url.replace(/^http:/i, "https:");
}
