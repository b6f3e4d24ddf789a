/** @module Lines of a body, as they come. */

/** Characters; a line has a cover or two hundred rows of counts at most. */
const lineAtMost = 16 * 1_048_576;

/**
 * Each character is looked at once, however many chunks a line comes in, and of a line that is too long
 * nothing is kept.
 *
 * @yields each line that is not blank, from 1; its text is `null` when it is too long
 */
export async function* linesOf(
  body: ReadableStream<Uint8Array>,
  atMost = lineAtMost,
): AsyncGenerator<{ number: number; text: string | null }> {
  const decoder = new TextDecoder();
  let number = 0;
  let parts: string[] = [];
  let size = 0;
  const add = (part: string) => {
    size += part.length;
    if (size > atMost) parts = [];
    else if (part !== "") parts.push(part);
  };
  const take = () => {
    const text = size > atMost ? null : parts.join("");
    parts = [];
    size = 0;
    number += 1;
    return { number, text };
  };
  const isBlank = ({ text }: { text: string | null }) => text !== null && text.trim() === "";
  const reader = body.getReader();
  try {
    for (let done = false; !done; ) {
      const chunk = await reader.read();
      done = chunk.done;
      const [first = "", ...others] = decoder.decode(chunk.value, { stream: !done }).split("\n");
      add(first);
      for (const next of others) {
        const line = take();
        if (!isBlank(line)) yield line;
        add(next);
      }
    }
    const last = take();
    if (!isBlank(last)) yield last;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
