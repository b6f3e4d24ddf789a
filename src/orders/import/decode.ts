/**
 * @module The text of an uploaded file, as a stream: UTF-8 if all of its beginning is, else GB18030, else
 * UTF-16, with or without a byte order mark.
 */
import { FileProblem } from "./files/file-problem.ts";

export type Encoding = "utf-8" | "gb18030" | "utf-16le" | "utf-16be";

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
  if (head.length === 0) throw new FileProblem("empty", "The file is empty.", "文件是空的。");
  if (begins(head, 0xff, 0xfe)) return "utf-16le";
  if (begins(head, 0xfe, 0xff)) return "utf-16be";
  const wide = wideWithoutMark(head);
  if (wide) return wide;
  const encoding = (["utf-8", "gb18030"] as const).find((name) => decodes(head, name));
  if (!encoding) {
    throw new FileProblem(
      "not_text",
      "The file is neither UTF-8 nor GB18030 nor UTF-16 text. Export the orders as CSV or .xlsx and send that file.",
      "文件不是 UTF-8、GB18030 或 UTF-16 文本。请从后台导出 CSV 或 .xlsx 后上传。",
    );
  }
  return encoding;
}

/**
 * Decodes a body as it comes. Past the head a broken byte becomes U+FFFD: platforms cut titles inside a
 * character, and one such row is no reason to refuse the others.
 */
export async function* decodeText(
  encoding: Encoding,
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  // The mark is taken off by the decoder.
  const decoder = new TextDecoder(encoding);
  yield decoder.decode(head, { stream: true });
  for await (const bytes of rest) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}
