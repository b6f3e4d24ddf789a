/**
 * @module The entries of a zip in memory, by its directory, and their bytes as they are inflated. The
 * directory and not the entries' own headers: what writes while it streams leaves sizes out there, and a
 * workbook's shared strings stand behind the sheets that need them.
 */
import { Inflate } from "fflate/browser";
import type { Budget } from "./budget.ts";
import { FileProblem } from "./file-problem.ts";

export interface ZipEntry {
  /** With `/` between folders. */
  name: string;
  isEncrypted: boolean;
  method: number;
  /** Where its own header stands. */
  offset: number;
  packed: number;
  size: number;
}

const signature = { entry: 0x02014b50, local: 0x04034b50, end: 0x06054b50, end64: 0x06064b50 };
const endLength = 22;
const commentAtMost = 65_535;
/** Entries that a directory may list; a workbook of pictures has some dozens. */
const listedAtMost = 2_000;
/** Bytes inflated at once: a thousand times as many may come out. */
const pieceSize = 8_192;
/** Bytes handed on at once. */
const sliceSize = 65_536;

const broken = (): FileProblem =>
  new FileProblem(
    "malformed_file",
    "The file is cut off or damaged: what a zip or .xlsx must hold is not there. Download it again.",
    "文件不完整或已损坏，请重新下载后上传。",
  );

class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #at<T>(at: number, length: number, read: () => T): T {
    if (at < 0 || at + length > this.#bytes.length) throw broken();
    return read();
  }

  u16(at: number): number {
    return this.#at(at, 2, () => this.#view.getUint16(at, true));
  }

  u32(at: number): number {
    return this.#at(at, 4, () => this.#view.getUint32(at, true));
  }

  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 2 ** 32;
  }

  part(at: number, length: number): Uint8Array {
    return this.#at(at, length, () => this.#bytes.subarray(at, at + length));
  }
}

/** The last record of the directory: it stands at the end, before a comment. */
function endOf(zip: Bytes, size: number): number {
  for (let at = size - endLength; at >= Math.max(0, size - endLength - commentAtMost); at -= 1) {
    if (zip.u32(at) === signature.end && at + endLength + zip.u16(at + 20) <= size) return at;
  }
  throw broken();
}

/** @throws {FileProblem} for what is no whole zip */
export function entriesOf(bytes: Uint8Array): ZipEntry[] {
  const zip = new Bytes(bytes);
  const end = endOf(zip, bytes.length);
  let count = zip.u16(end + 10);
  let length = zip.u32(end + 12);
  let start = zip.u32(end + 16);
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    const far = zip.u64(end - 12);
    if (zip.u32(far) !== signature.end64) throw broken();
    count = zip.u64(far + 32);
    length = zip.u64(far + 40);
    start = zip.u64(far + 48);
  }
  if (count > listedAtMost) {
    throw new FileProblem(
      "too_large",
      `The archive lists ${count} files. Send the table alone.`,
      `压缩包里有 ${count} 个文件，请只上传其中的表格。`,
    );
  }
  const entries: ZipEntry[] = [];
  for (let at = start; entries.length < count; ) {
    if (zip.u32(at) !== signature.entry) throw broken();
    const [nameLength, extraLength] = [zip.u16(at + 28), zip.u16(at + 30)];
    const flags = zip.u16(at + 8);
    const entry = {
      name: nameOf(zip.part(at + 46, nameLength), (flags & 0x800) !== 0),
      isEncrypted: (flags & 1) !== 0,
      method: zip.u16(at + 10),
      packed: zip.u32(at + 20),
      size: zip.u32(at + 24),
      offset: zip.u32(at + 42),
    };
    entries.push(widened(entry, zip.part(at + 46 + nameLength, extraLength)));
    at += 46 + nameLength + extraLength + zip.u16(at + 32);
  }
  return entries;
}

/** Sizes that do not fit 32 bits stand in an extra field; some writers put small ones there too. */
function widened(entry: ZipEntry, extra: Uint8Array): ZipEntry {
  const fields = new Bytes(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + fields.u16(at + 2)) {
    if (fields.u16(at) !== 1) continue;
    let place = at + 4;
    const wide = (value: number): number => {
      if (value !== 0xffffffff) return value;
      place += 8;
      return fields.u64(place - 8);
    };
    const size = wide(entry.size);
    const packed = wide(entry.packed);
    return { ...entry, size, packed, offset: wide(entry.offset) };
  }
  return entry;
}

/** Windows in China writes GBK and marks nothing; a Mac writes UTF-8 and marks nothing. */
function nameOf(bytes: Uint8Array, isMarked: boolean): string {
  const decode = (encoding: string, fatal: boolean) =>
    new TextDecoder(encoding, { fatal, ignoreBOM: false }).decode(bytes);
  let name: string;
  try {
    name = decode("utf-8", !isMarked);
  } catch {
    name = decode("gb18030", false);
  }
  return name.replaceAll("\\", "/");
}

/** Ways of packing that are read: as it is, and deflated. */
const stored = 0;
const deflated = 8;

/**
 * An entry's bytes as they come out, never more than the budget has left.
 *
 * @throws {FileProblem}
 */
export async function* contentOf(
  bytes: Uint8Array,
  entry: ZipEntry,
  budget: Budget,
): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted) {
    throw new FileProblem(
      "encrypted",
      `“${entry.name}” is protected by a password. Take the password off and send the file again.`,
      `“${entry.name}”设有密码。请去掉密码后重新上传。`,
    );
  }
  if (entry.method !== stored && entry.method !== deflated) {
    throw new FileProblem(
      "archive",
      `“${entry.name}” is packed in a way that is not read (method ${entry.method}). Unpack it and send the table.`,
      `“${entry.name}”的压缩方式不支持（${entry.method}），请解压后上传里面的表格。`,
    );
  }
  budget.open();
  const zip = new Bytes(bytes);
  if (zip.u32(entry.offset) !== signature.local) throw broken();
  const at = entry.offset + 30 + zip.u16(entry.offset + 26) + zip.u16(entry.offset + 28);
  const packed = zip.part(at, entry.packed);
  let out = 0;
  for (const [piece, taken] of entry.method === stored
    ? [[packed, packed.length] as const]
    : inflated(packed)) {
    for (let from = 0; from < piece.length; from += sliceSize) {
      const slice = piece.subarray(from, from + sliceSize);
      out += slice.length;
      await budget.spend(slice.length, out, taken);
      yield slice;
    }
  }
  // Neither cut off nor changed.
  if (out !== entry.size) throw broken();
}

/** @yields a piece, and how many packed bytes were taken by then */
function* inflated(packed: Uint8Array): Generator<[Uint8Array, number]> {
  const ready: Uint8Array[] = [];
  const inflate = new Inflate((piece) => ready.push(piece));
  for (let at = 0; at < packed.length; at += pieceSize) {
    const end = at + pieceSize;
    try {
      inflate.push(packed.subarray(at, end), end >= packed.length);
    } catch {
      throw broken();
    }
    for (const piece of ready.splice(0)) yield [piece, Math.min(end, packed.length)];
  }
}
