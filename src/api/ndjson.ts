/** @module Lines of a body, as they come. */

/** Bytes; a line has a cover or two hundred rows of counts at most. */
const lineAtMost = 16 * 1_048_576;

/** @yields each line that is not blank, from 1; its text is `null` when it is too long */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ number: number; text: string | null }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let number = 0;
  let line = "";
  let isTooLong = false;
  for (let done = false; !done; ) {
    const chunk = await reader.read();
    done = chunk.done;
    // Only what is new is looked through: a line may come in a thousand pieces.
    const pieces = decoder.decode(chunk.value, { stream: !done }).split("\n");
    for (const [index, piece] of pieces.entries()) {
      if (!isTooLong) line += piece;
      if (line.length > lineAtMost) {
        isTooLong = true;
        line = "";
      }
      if (index === pieces.length - 1 && !done) break;
      number += 1;
      if (isTooLong || line.trim() !== "") yield { number, text: isTooLong ? null : line };
      line = "";
      isTooLong = false;
    }
  }
}
