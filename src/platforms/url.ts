/** @module Reading a pasted URL without being fooled by it (docs/platforms.md, "What is refused"). */
import { type Said, said } from "../lib/said.ts";

type UrlRefusal =
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
  | "short_link_without_code"
  | "leads_outside";

export type UrlReading = { ok: true; url: URL } | { ok: false; code: UrlRefusal; detail: Said };

const maxLength = 2048;
/** A URL as the standard writes it is longer where a quote becomes `%27`. */
export const writtenAtMost = 3 * maxLength;
/** Percent-encodings of characters that never need one: they only serve to disguise a path. */
const disguised = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;
/** An encoded slash, backslash, NUL or other control character changes what a path means downstream. */
const structural = /%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)/i;
/** What no URL has as it stands: white space, controls, what is not seen, quotes, brackets, half characters. */
const foreign =
  /[\0-\x20\x7f-\xa0\\<>"^`{|}\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]|\p{Cs}/u;
const beyondAscii = /[^\0-\x7f]+/g;

/**
 * Reads an absolute http(s) URL and refuses what could lead elsewhere than it seems to. Letters beyond ASCII
 * behind the host, as an address bar shows them, are percent-encoded.
 *
 * @param text the URL exactly as pasted
 * @param atMost characters
 * @returns the parsed URL, or why it is refused
 */
export function readUrl(text: string, atMost = maxLength): UrlReading {
  const refuse = (code: UrlRefusal, en: string, zh: string): UrlReading => ({
    ok: false,
    code,
    detail: said(en, zh),
  });
  const tooLong = () =>
    refuse(
      "url_too_long",
      `A URL may have at most ${atMost} characters.`,
      `网址最长 ${atMost} 个字符。`,
    );
  if (text.length > atMost) return tooLong();
  if (foreign.test(text)) {
    return refuse(
      "url_characters",
      "A URL has no spaces, backslashes, quotes, brackets or characters that are not seen.",
      "网址里不能有空格、反斜杠、引号、尖括号或看不见的字符。",
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return refuse(
      "not_a_url",
      "Expected an absolute URL that begins with https://.",
      "请填写以 https:// 开头的完整网址。",
    );
  }
  if ((scheme !== "https" && scheme !== "http") || !/^https?:\/\/[^/]/i.test(text)) {
    return refuse(
      "url_scheme",
      "Expected a URL that begins with https:// or http://.",
      "只接受以 https:// 或 http:// 开头的网址。",
    );
  }
  const start = text.indexOf("//") + 2;
  const authority = text.slice(start).split(/[/?#]/, 1)[0] ?? "";
  if (authority.includes("@")) {
    return refuse(
      "url_userinfo",
      "A URL with user information before the host (user@host) is refused.",
      "网址的域名前不能带用户名或密码（user@host）。",
    );
  }
  if (authority.includes("%")) {
    return refuse(
      "url_encoding",
      "A host name must not be percent-encoded.",
      "域名不能用百分号编码。",
    );
  }
  if (/[^\0-\x7f]/.test(authority)) {
    return refuse(
      "url_characters",
      "A host name must be plain ASCII.",
      "域名只能用英文字母、数字、点和连字符。",
    );
  }
  const plain = text.replace(beyondAscii, encodeURIComponent);
  if (plain.length > atMost) return tooLong();
  let url: URL;
  try {
    url = new URL(plain);
  } catch {
    return refuse("not_a_url", "This is not a URL.", "这不是网址。");
  }
  if (url.port !== "") {
    return refuse("url_port", "A URL with a port of its own is refused.", "网址里不能带端口。");
  }
  const rawPath = plain.slice(start + authority.length).split(/[?#]/, 1)[0] ?? "";
  if (rawPath.split("/").some((segment) => segment === "." || segment === "..")) {
    return refuse(
      "url_dot_segments",
      "A path with . or .. segments is refused.",
      "网址的路径里不能有 . 或 ..。",
    );
  }
  if (disguised.test(rawPath) || structural.test(rawPath)) {
    return refuse(
      "url_encoding",
      "A path whose letters, digits, dots or slashes are percent-encoded is refused.",
      "网址的路径里，字母、数字、点和斜杠不能用百分号编码。",
    );
  }
  if (/%(?![0-9a-f]{2})/i.test(rawPath)) {
    return refuse(
      "url_encoding",
      "A path with a broken percent-encoding is refused.",
      "网址的路径里有残缺的百分号编码。",
    );
  }
  return { ok: true, url };
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
