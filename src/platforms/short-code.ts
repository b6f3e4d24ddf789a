/** @module The code of a short link: what is left of its path, without which it leads nowhere. */
import type { ShortLinks } from "./types.ts";
import { segments } from "./url.ts";

const plain = /^[\w-]{1,128}$/;
/** What may follow a code, such as `/p2` of a Bilibili video. */
const further = /^[\w.@~-]{1,128}$/;

/** @returns `null` for a short host's page that is none of its links */
export function shortCode(url: URL, { words = [], code = plain }: ShortLinks): string | null {
  const [first = "", ...rest] = segments(url);
  const [id = "", ...more] = words.includes(first) ? rest : [first, ...rest];
  return code.test(id) && more.every((segment) => further.test(segment)) ? id : null;
}
