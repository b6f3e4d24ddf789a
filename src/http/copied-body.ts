/**
 * @module Whether an answer has a copy of the bytes that it was made of, so that these may be used for the next one: by
 * the standard it does (https://fetch.spec.whatwg.org/#concept-bodyinit-extract), and memory for 16 KiB more an answer
 * costs a page a tenth. Runtimes once kept the bytes themselves, so each isolate tries it before it relies on it.
 */

let copies: boolean | undefined;

async function tryIt(): Promise<void> {
  const probe = Uint8Array.of(1);
  const answer = new Response(probe);
  probe[0] = 2;
  copies = new Uint8Array(await answer.arrayBuffer())[0] === 1;
}

/** Bytes that may be the body of an answer, though they are written anew for the next one. */
export function bodyOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (copies) return bytes;
  if (copies === undefined) void tryIt().catch(() => undefined);
  return bytes.slice();
}
