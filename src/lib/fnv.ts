/** @module FNV-1a, 32 bits: spreads strings evenly; not a secret, not a signature. */

/** @param basis what it begins with: another one than its authors' makes another hash */
export function fnv1a(text: string, basis = 0x811c9dc5): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
