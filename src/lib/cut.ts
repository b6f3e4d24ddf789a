/** @module Texts that repeat what somebody sent, cut to a length before they are said. */

/** @returns the text, or its beginning and `…`; never half a character */
export function cut(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  const kept = text.slice(0, atMost - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
