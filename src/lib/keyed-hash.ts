/**
 * @module A short keyed hash of a text, for memories that must hold nothing of a visitor: 53 bits, under a
 * key that this isolate draws by itself and never tells. Not for signatures: it is fast, not one-way.
 * Two lanes of MurmurHash3's mixing (A. Appleby, public domain), as in "cyrb53" (bryc, public domain).
 */

let keys: [number, number] | undefined;

/** Drawn at the first use: a Worker has no random values before its first request. */
function isolateKeys(): [number, number] {
  if (!keys) {
    const [first = 1, second = 2] = crypto.getRandomValues(new Uint32Array(2));
    keys = [first, second];
  }
  return keys;
}

/**
 * @param text of bounded length
 * @param seed another hash, which this one goes on from: of several texts in their order
 * @returns a whole number below 2⁵³, another in each isolate
 */
export function keyedHash(text: string, seed = 0): number {
  const [first, second] = isolateKeys();
  let a = first ^ (seed >>> 0) ^ text.length;
  let b = second ^ Math.floor(seed / 0x1_0000_0000);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e37_79b1);
    b = Math.imul(b ^ code, 0x5f35_6495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85eb_ca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2_ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85eb_ca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2_ae35);
  return (b & 0x1f_ffff) * 0x1_0000_0000 + (a >>> 0);
}
