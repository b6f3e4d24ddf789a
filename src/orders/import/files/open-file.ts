/**
 * @module What was uploaded → its tables: a text as it comes, a workbook's sheets, or the one table in a zip.
 * A zip is held in memory, up to a size, and few at a time.
 */

import { joined } from "../../../lib/bytes.ts";
import { readTable, type Table } from "../csv-table.ts";
import { decodeText, type Encoding, encodingOf, headSize } from "../decode.ts";
import { Budget, entriesAtMost, packedAtMost } from "./budget.ts";
import { FileProblem } from "./file-problem.ts";
import { Holding } from "./holding.ts";
import { compoundProblem, isCompound, isZip, refuseForeign } from "./signatures.ts";
import { contentOf, entriesOf, type ZipEntry } from "./unzip.ts";
import { isPackage, sheetsOf } from "./workbook.ts";

export interface FileTable {
  /** The encoding of a text; of a workbook its format. */
  encoding: Encoding | "xlsx";
  /** The sheet's name; `null` of a text. */
  sheet: string | null;
  table: Table;
}

export interface OpenedFile {
  /** The file in a zip that was read; `null` without one. */
  entry: string | null;
  tables: AsyncGenerator<FileTable>;
}

/** Files in a zip that are a table, and those that nobody put there. */
const isTable = (name: string) => /\.(?:csv|tsv|txt|xlsx)$/i.test(name);
const isNoise = (name: string) =>
  name.endsWith("/") || /^__MACOSX\/|(?:^|\/)(?:\.[^/]*|Thumbs\.db|desktop\.ini)$/i.test(name);

/**
 * @param atMost bytes of a text
 * @param pause lets others have their turn
 * @throws {FileProblem} that names what can't be read
 */
export async function openFile(
  body: ReadableStream<Uint8Array>,
  atMost: number,
  pause?: () => Promise<void>,
): Promise<OpenedFile> {
  const source = new Source(body, atMost);
  const head = await source.read(headSize);
  if (isCompound(head)) throw compoundProblem(await source.read(packedAtMost));
  refuseForeign(head);
  if (!isZip(head)) return { entry: null, tables: textTable(head, source.rest()) };
  const holding = new Holding();
  try {
    const bytes = await source.all(packedAtMost, holding);
    await holding.unpack(pause);
    const budget = new Budget(async () => {
      holding.touch();
      await pause?.();
    });
    const entries = entriesOf(bytes);
    const opened = isPackage(entries)
      ? { entry: null, tables: workbookTables(bytes, entries, budget) }
      : await inArchive(bytes, entries, budget, holding);
    return { ...opened, tables: releasing(opened.tables, holding) };
  } catch (error) {
    holding.release();
    await source.cancel();
    throw error;
  }
}

/**
 * A text alone, for what takes no workbook.
 *
 * @throws {FileProblem} also for a workbook
 */
export async function openText(body: ReadableStream<Uint8Array>, atMost: number): Promise<Table> {
  const source = new Source(body, atMost);
  const head = await source.read(headSize);
  refuseForeign(head);
  if (isZip(head) || isCompound(head)) {
    throw new FileProblem(
      "spreadsheet",
      "This is a workbook. Copy its cells, or save it as CSV UTF-8, and send that.",
      "这是工作簿。请复制其中的单元格，或另存为 CSV UTF-8。",
    );
  }
  const encoding = encodingOf(head.subarray(0, headSize));
  return readTable(decodeText(encoding, head, source.rest()));
}

/** Gives the place back when the last table was read, or reading stopped. */
async function* releasing(
  tables: AsyncGenerator<FileTable>,
  holding: Holding,
): AsyncGenerator<FileTable> {
  try {
    yield* tables;
  } finally {
    holding.release();
  }
}

async function* textTable(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<FileTable> {
  const encoding = encodingOf(head.subarray(0, headSize));
  yield { encoding, sheet: null, table: await readTable(decodeText(encoding, head, rest)) };
}

async function* workbookTables(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  budget: Budget,
): AsyncGenerator<FileTable> {
  for await (const { name, table } of sheetsOf(bytes, entries, budget)) {
    yield { encoding: "xlsx", sheet: name, table };
  }
}

/** The one table in a zip: a text, or a workbook, which is not unpacked any further. */
async function inArchive(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  budget: Budget,
  holding: Holding,
): Promise<OpenedFile> {
  const files = entries.filter(({ name }) => !isNoise(name));
  const tables = files.filter(({ name }) => isTable(name));
  // A file alone is looked at whatever its name: it may be a table, or is named.
  const [only, ...others] = files.length === 1 ? files : tables;
  if (files.length > entriesAtMost || !only || others.length > 0) {
    throw archiveProblem(files, tables);
  }
  const content = contentOf(bytes, only, budget);
  const source = new Source(content, Number.POSITIVE_INFINITY);
  const head = await source.read(headSize);
  if (isCompound(head)) throw compoundProblem(await source.read(packedAtMost));
  refuseForeign(head);
  if (!isZip(head)) return { entry: only.name, tables: textTable(head, source.rest()) };
  const inner = await source.all(packedAtMost, holding);
  const parts = entriesOf(inner);
  if (!isPackage(parts)) throw archiveProblem(files, tables);
  return { entry: only.name, tables: workbookTables(inner, parts, budget) };
}

/** Names that are told of an archive that can't be taken. */
const namedAtMost = 10;

function archiveProblem(files: readonly ZipEntry[], tables: readonly ZipEntry[]): FileProblem {
  const list = (entries: readonly ZipEntry[]) =>
    entries
      .slice(0, namedAtMost)
      .map(({ name }) => name.slice(0, 60))
      .join(", ") || "nothing";
  if (files.length > entriesAtMost) {
    return new FileProblem(
      "archive",
      `This ZIP archive holds ${files.length} files; at most ${entriesAtMost} are looked at. Send its table alone.`,
      `这个 ZIP 压缩包里有 ${files.length} 个文件（最多 ${entriesAtMost} 个）。请只上传其中的表格。`,
    );
  }
  return tables.length > 1
    ? new FileProblem(
        "archive",
        `This ZIP archive holds ${tables.length} tables: ${list(tables)}. Unpack it and send each by itself.`,
        `这个 ZIP 压缩包里有 ${tables.length} 个表格，请解压后逐个上传。`,
      )
    : new FileProblem(
        "archive",
        `This ZIP archive holds no single table (.csv, .txt or .xlsx) but: ${list(files)}. Unpack it and send the table.`,
        "这个 ZIP 压缩包里没有可读的表格（.csv、.txt、.xlsx），请解压后上传表格。",
      );
}

/** A body that is read in parts: some of it to look at, then all, or the rest as it comes. */
class Source {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #atMost: number;
  #head: Uint8Array = new Uint8Array();
  #size = 0;
  #isDone = false;
  #holding: Holding | undefined;

  constructor(body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>, atMost: number) {
    const pieces = body instanceof ReadableStream ? piecesOf(body) : body;
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.#atMost = atMost;
  }

  /** What is there of the first so many bytes, or a little more. */
  async read(size: number): Promise<Uint8Array> {
    const parts = [this.#head];
    let length = this.#head.length;
    while (length < size && !this.#isDone) {
      const piece = await this.#next();
      if (!piece) break;
      parts.push(piece);
      length += piece.length;
    }
    this.#head = joined(parts);
    return this.#head;
  }

  /** @throws {FileProblem} when there are more bytes than `size`, or than all uploads may hold */
  async all(size: number, holding: Holding): Promise<Uint8Array> {
    holding.hold(this.#head.length);
    this.#holding = holding;
    const bytes = await this.read(size + 1);
    if (bytes.length <= size) return bytes;
    await this.cancel();
    throw tooLarge(size, "A workbook or ZIP");
  }

  /** What follows the head that was read. */
  async *rest(): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = await this.#next(); piece; piece = await this.#next()) yield piece;
    } finally {
      await this.cancel();
    }
  }

  async cancel(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #next(): Promise<Uint8Array | null> {
    if (this.#size > this.#atMost) {
      await this.cancel();
      throw tooLarge(this.#atMost, "A file");
    }
    const { done, value } = await this.#pieces.next();
    this.#isDone = done === true;
    if (this.#isDone) return null;
    this.#size += value.length;
    this.#holding?.hold(value.length);
    return value;
  }
}

const tooLarge = (bytes: number, what: string) =>
  new FileProblem(
    "too_large",
    `${what} may have at most ${bytes} bytes.`,
    `文件最大 ${Math.floor(bytes / 1_048_576)} MiB。`,
  );

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
