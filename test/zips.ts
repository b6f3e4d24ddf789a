/** @module Writes zips as programs do, and as no program should: names in GBK, sizes told late, lies. */
import { deflateRawSync } from "node:zlib";

export interface ZipFile {
  name: string | Uint8Array;
  content: Uint8Array | string;
  /** Not deflated. */
  isStored?: boolean;
  isEncrypted?: boolean;
  /** The name is said to be UTF-8. */
  isMarked?: boolean;
  /** Sizes stand behind the bytes, as of what writes while it streams. */
  isLate?: boolean;
  /** Sizes stand in the extra field of large files. */
  isWide?: boolean;
  /** Told in the directory instead of the true one. */
  size?: number;
  method?: number;
  /** Deflated already. */
  packed?: Uint8Array;
}

const bytesOf = (text: string | Uint8Array) =>
  typeof text === "string" ? new TextEncoder().encode(text) : text;

function numbers(...parts: [value: number, bytes: 2 | 4 | 8][]): Uint8Array {
  const length = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [value, bytes] of parts) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function zipOf(files: readonly ZipFile[], comment = ""): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const file of files) {
    const name = bytesOf(file.name);
    const content = bytesOf(file.content);
    const packed =
      file.packed ?? (file.isStored ? content : new Uint8Array(deflateRawSync(content)));
    const size = file.size ?? content.length;
    const method = file.method ?? (file.isStored ? 0 : 8);
    const flags = (file.isEncrypted ? 1 : 0) | (file.isLate ? 8 : 0) | (file.isMarked ? 0x800 : 0);
    const [early, earlyPacked] = file.isLate ? [0, 0] : [size, packed.length];
    const local = joined(
      numbers([0x04034b50, 4], [20, 2], [flags, 2], [method, 2], [0, 4], [0, 4]),
      numbers([earlyPacked, 4], [early, 4], [name.length, 2], [0, 2]),
      name,
    );
    const late = file.isLate
      ? numbers([0x08074b50, 4], [0, 4], [packed.length, 4], [size, 4])
      : new Uint8Array();
    const wide = 0xffffffff;
    const extra = file.isWide
      ? numbers([1, 2], [24, 2], [size, 8], [packed.length, 8], [offset, 8])
      : new Uint8Array();
    directory.push(
      numbers([0x02014b50, 4], [20, 2], [20, 2], [flags, 2], [method, 2], [0, 4], [0, 4]),
      numbers([file.isWide ? wide : packed.length, 4], [file.isWide ? wide : size, 4]),
      numbers([name.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [0, 4]),
      numbers([file.isWide ? wide : offset, 4]),
      name,
      extra,
    );
    const entry = joined(local, packed, late);
    parts.push(entry);
    offset += entry.length;
  }
  const list = joined(...directory);
  const end = numbers(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [files.length, 2],
    [files.length, 2],
    [list.length, 4],
    [offset, 4],
    [bytesOf(comment).length, 2],
  );
  return joined(...parts, list, end, bytesOf(comment));
}
