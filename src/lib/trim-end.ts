/** @module Takes characters off the end of a text. `/[…]+$/` goes over each run of them again and again. */

/** @param characters each of which is taken off, in any order */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
