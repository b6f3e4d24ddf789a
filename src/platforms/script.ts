/** @module Reads a URL that a page's script carries, as text: the script is never run. */

const assignment = /\bvar\s+url\s*=\s*(["'`])((?:\\.|(?!\1)[^\\\r\n])*)\1/g;
const escapes = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|(.))/gi;

/**
 * The first `var url = '…'` that holds something, in any quotes, its JavaScript escapes undone.
 * Taobao's short links answer so instead of redirecting (docs/reference/destinations.md#taobao).
 */
export function urlVariable(html: string): string | undefined {
  for (const [, , literal = ""] of html.matchAll(assignment)) {
    const text = literal.replace(escapes, (_, byte, unit, point, plain) => {
      const code = Number.parseInt(byte ?? unit ?? point, 16);
      return Number.isNaN(code) ? plain : code > 0x10ffff ? "" : String.fromCodePoint(code);
    });
    if (text.trim() !== "") return text.trim();
  }
  return undefined;
}
