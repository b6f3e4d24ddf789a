/**
 * @module An answer that comes before its request's body was read to the end, such as that it is too large. Who sends it
 * may be sending still: were the connection closed now, as the runtime does, the system would reset it, and the answer be lost
 * on its way. So what is left is read and thrown away first, within bounds. Cloudflare does so before us; on a server of
 * one's own nobody does, and between an edge and its store it is the same.
 */
import { within } from "../lib/deadline.ts";

/** Bytes, ms. */
const thrownAwayAtMost = 64 * 1_048_576;
const readsWithin = 10_000;

/** Passes on what there is, until nobody takes it; then goes on reading. Never rejects. */
async function pump(
  body: ReadableStream<Uint8Array>,
  to: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const reader = body.getReader();
  let left = thrownAwayAtMost;
  let isTaken = true;
  const isDone = (work: Promise<void>) =>
    work.then(
      () => true,
      () => false,
    );
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (isTaken) isTaken = await isDone(to.write(value));
      else left -= value.length;
      if (left < 0) {
        await reader.cancel();
        break;
      }
    }
    if (isTaken) await to.close();
  } catch (error) {
    // Who sends it is gone, which whoever reads it must hear.
    await isDone(to.abort(error));
  }
}

/** @param answer is given the request with a body that may be read or not */
export async function lingering(
  request: Request,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  if (request.body === null) return answer(request);
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const pumped = pump(request.body, writer);
  const made = await answer(new Request(request, { body: readable }));
  // What was read to its end is closed by now, and stays so.
  writer.abort().catch(() => undefined);
  await within(pumped, readsWithin, "the body's end").catch(() => undefined);
  return made;
}
