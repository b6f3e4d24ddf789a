/** @module A long text as a body, made as it is read: none of it waits in memory. */
import { log } from "../lib/log.ts";

/** Characters in one chunk: a chunk for each part would cost more than the part. */
const chunkAtLeast = 65_536;

/**
 * @param parts of the text; asked for no more once the reader has gone
 * @param failure event of the log when they break off: the answer then ends without its end
 */
export function streamedText(
  parts: AsyncGenerator<string>,
  failure: string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        let chunk = "";
        while (chunk.length < chunkAtLeast) {
          const { value, done } = await parts.next();
          if (done) {
            if (chunk !== "") controller.enqueue(encoder.encode(chunk));
            controller.close();
            return;
          }
          chunk += value;
        }
        controller.enqueue(encoder.encode(chunk));
      } catch (error) {
        log(failure, { error: String(error) });
        controller.error(error);
      }
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
}
