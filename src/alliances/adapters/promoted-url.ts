/** @module The URL of a promoted link, as it can be a destination. */
import { overHttps, writtenAtMost } from "../../platforms/url.ts";

/** The first of these that is an https URL once it is written so. @returns as the standard writes it */
export function usableUrl(...candidates: readonly string[]): string | null {
  for (const candidate of candidates) {
    const text = candidate.startsWith("//") ? `https:${candidate}` : overHttps(candidate);
    if (!text.startsWith("https://") || !URL.canParse(text)) continue;
    const { href } = new URL(text);
    if (href.length <= writtenAtMost) return href;
  }
  return null;
}
