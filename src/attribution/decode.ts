/**
 * @module The text of an uploaded file, as a stream: UTF-8 if all of its beginning is, else GB18030, else
 * UTF-16, with or without a byte order mark. What a spreadsheet program keeps for itself is refused.
 */

export type Encoding = "utf-8" | "gb18030" | "utf-16le" | "utf-16be";

/** A file that can't be read at all. */
export class FileProblem extends Error {
  readonly code: "spreadsheet" | "not_text" | "no_header" | "malformed_csv" | "too_large" | "empty";

  constructor(code: FileProblem["code"], detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Bytes looked at to tell the encoding: it holds the header row, which is Chinese. */
export const headSize = 65_536;

const begins = (head: Uint8Array, ...bytes: number[]) =>
  bytes.every((byte, index) => head[index] === byte);

function decodes(head: Uint8Array, encoding: Encoding): boolean {
  try {
    // `stream`: a character that the cut divides is no error.
    new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16 without a mark: digits and commas have a zero beside them, always on the same side. */
function wideWithoutMark(head: Uint8Array): Encoding | null {
  let even = 0;
  let odd = 0;
  for (const [index, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  if (even + odd < head.length / 50) return null;
  return odd > even ? "utf-16le" : "utf-16be";
}

/**
 * The encoding of a file, by its first {@link headSize} bytes.
 *
 * @throws {FileProblem} for what is no text
 */
export function encodingOf(head: Uint8Array): Encoding {
  if (head.length === 0) throw new FileProblem("empty", "The file is empty.");
  if (begins(head, 0x50, 0x4b, 3, 4) || begins(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new FileProblem(
      "spreadsheet",
      "This is an Excel workbook. Open it and save it as “CSV UTF-8 (Comma delimited)” (另存为 CSV UTF-8), with the id columns as text, and send that file.",
    );
  }
  if (begins(head, 0xff, 0xfe)) return "utf-16le";
  if (begins(head, 0xfe, 0xff)) return "utf-16be";
  const wide = wideWithoutMark(head);
  if (wide) return wide;
  const encoding = (["utf-8", "gb18030"] as const).find((name) => decodes(head, name));
  if (!encoding) {
    throw new FileProblem(
      "not_text",
      "The file is neither UTF-8 nor GB18030 nor UTF-16 text. Save it as CSV UTF-8 and send that file.",
    );
  }
  return encoding;
}

/**
 * Decodes a body as it comes. Past the head a broken byte becomes U+FFFD: platforms cut titles inside a
 * character, and one such row is no reason to refuse the others.
 *
 * @param atMost bytes; one more is a problem
 */
export async function decodeText(
  body: ReadableStream<Uint8Array>,
  atMost: number,
): Promise<{ encoding: Encoding; text: AsyncIterable<string> }> {
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  let isDone = false;
  while (size < headSize && !isDone) {
    const { done, value } = await reader.read();
    isDone = done;
    if (value) parts.push(value);
    size += value?.length ?? 0;
  }
  const head = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    head.set(part, at);
    at += part.length;
  }
  const encoding = encodingOf(head.subarray(0, headSize));

  async function* text(): AsyncGenerator<string> {
    // The mark is taken off by the decoder.
    const decoder = new TextDecoder(encoding);
    yield decoder.decode(head, { stream: true });
    for (;;) {
      if (size > atMost) {
        await reader.cancel();
        throw new FileProblem("too_large", `A file may have at most ${atMost} bytes.`);
      }
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      yield decoder.decode(value, { stream: true });
    }
    yield decoder.decode();
  }
  return { encoding, text: text() };
}
