/** @module `nanoid` by the schedule's seed. The real one draws ahead, so its ids depend on what was drawn before. */
import { here } from "../place.ts";

export function customAlphabet(alphabet: string, size: number): () => string {
  const letters = [...alphabet];
  return () => Array.from({ length: size }, () => here().chance.pick(letters)).join("");
}
