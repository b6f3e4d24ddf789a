/**
 * @module The texts that a workbook's cells share, by their numbers. They are kept as bytes, in blocks, so that
 * what they take is what is counted; a long one is cut, since no cell is read further.
 */
import { FileProblem } from "./file-problem.ts";
import { XmlReader } from "./xml.ts";

/** Bytes of all texts together. */
const bytesAtMost = 16 * 1_048_576;
const textsAtMost = 1_000_000;
/** Characters of one: {@link lib/spreadsheet-cells.ts} reads as many. */
const cellAtMost = 1_024;
const blockSize = 262_144;
/** Places of texts that are kept together. */
const pageSize = 16_384;

const tooMany = () =>
  new FileProblem(
    "too_large",
    "The workbook holds too many different texts. Export fewer days at once, or as CSV.",
    "工作簿里的文本太多。请缩短导出的时间范围，或导出 CSV。",
  );

export class SharedStrings {
  readonly #blocks: Uint8Array[] = [];
  /** Where each text begins, in bytes over all blocks, and how many it has; none lies in two blocks. */
  readonly #starts: Uint32Array[] = [];
  readonly #lengths: Uint16Array[] = [];
  #count = 0;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  #used = blockSize;
  #last: { index: number; text: string } | undefined;

  append(text: string): void {
    if (this.#count >= textsAtMost) throw tooMany();
    const cut = text.slice(0, cellAtMost);
    // A character of UTF-16 takes three bytes at most.
    if (this.#used + cut.length * 3 > blockSize) {
      if ((this.#blocks.length + 1) * blockSize > bytesAtMost) throw tooMany();
      this.#blocks.push(new Uint8Array(blockSize));
      this.#used = 0;
    }
    const last = this.#blocks.length - 1;
    const into = this.#blocks[last];
    if (!into) throw new Error("no block");
    const { written } = this.#encoder.encodeInto(cut, into.subarray(this.#used));
    const place = this.#count % pageSize;
    if (place === 0) {
      this.#starts.push(new Uint32Array(pageSize));
      this.#lengths.push(new Uint16Array(pageSize));
    }
    this.#starts.at(-1)?.fill(last * blockSize + this.#used, place, place + 1);
    this.#lengths.at(-1)?.fill(written, place, place + 1);
    this.#count += 1;
    this.#used += written;
  }

  /** @returns `""` for a number that no text has */
  of(index: number): string {
    if (this.#last?.index === index) return this.#last.text;
    const text = this.#read(index);
    this.#last = { index, text };
    return text;
  }

  #read(index: number): string {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return "";
    const page = Math.floor(index / pageSize);
    const start = this.#starts[page]?.[index % pageSize] ?? 0;
    const length = this.#lengths[page]?.[index % pageSize] ?? 0;
    const from = start % blockSize;
    const block = this.#blocks[Math.floor(start / blockSize)];
    return this.#decoder.decode(block?.subarray(from, from + length));
  }
}

/** Reads `xl/sharedStrings.xml`: runs of rich text are one text, and readings above characters are none of it. */
export async function readSharedStrings(
  content: AsyncIterable<Uint8Array>,
): Promise<SharedStrings> {
  const strings = new SharedStrings();
  const text = new CellText();
  const reader = new XmlReader({
    open: (name) => text.open(name),
    text: (part) => text.append(part),
    close: (name) => {
      text.close(name);
      if (name === "si") strings.append(text.take());
    },
  });
  for await (const bytes of content) reader.push(bytes);
  reader.end();
  return strings;
}

/** What stands in the `<t>` of a text, or the `<v>` of a cell. */
export class CellText {
  #text = "";
  #isIn = false;
  #phonetic = 0;

  open(name: string): void {
    if (name === "rPh") this.#phonetic += 1;
    this.#isIn = (name === "t" || name === "v") && this.#phonetic === 0;
  }

  append(part: string): void {
    if (this.#isIn && this.#text.length < cellAtMost) this.#text += part.slice(0, cellAtMost);
  }

  close(name: string): void {
    if (name === "rPh") this.#phonetic = Math.max(0, this.#phonetic - 1);
    this.#isIn = false;
  }

  /** The text so far, which begins anew; `_x0009_` is how a tab is written. */
  take(): string {
    const text = this.#text;
    this.#text = "";
    if (!text.includes("_x")) return text;
    return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}
