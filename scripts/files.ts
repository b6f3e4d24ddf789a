/**
 * @module Lays the files of build/ into dist/files for one's own server, texts also compressed, and lists them for what
 * answers them there (src/own/files.ts). On Cloudflare the assets binding does the same by itself.
 */
import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type Keyed, recordOf, tableOf } from "../src/lib/records.ts";
import { type Coding, codings, type ListedFile } from "../src/own/listed-files.ts";
import { filesBelow } from "./start/files-below.ts";

export const filesFolder = "dist/files";
const built = "build";

const utf8 = "; charset=utf-8";
/** By the end of a name: its media type, and whether it is a text, which is compressed. */
const types = tableOf<[type: string, isText: boolean]>({
  ".css": [`text/css${utf8}`, true],
  ".html": [`text/html${utf8}`, true],
  ".ico": ["image/vnd.microsoft.icon", false],
  ".js": [`text/javascript${utf8}`, true],
  ".json": ["application/json", true],
  ".png": ["image/png", false],
  ".svg": ["image/svg+xml", true],
  ".woff2": ["font/woff2", false],
});

const compressed: Record<Coding, (bytes: Buffer) => Buffer> = {
  br: (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  gzip: (bytes) => gzipSync(bytes, { level: 9 }),
};

function listed(file: string): ListedFile {
  const known = types.get(extname(file));
  if (!known) throw new Error(`${file}: no media type is known of such a name (scripts/files.ts)`);
  const [type, isText] = known;
  const bytes = readFileSync(file);
  const made = codings.filter(([coding, end]) => {
    if (!isText) return false;
    const less = compressed[coding](bytes);
    if (less.length >= bytes.length) return false;
    writeFileSync(file + end, less);
    return true;
  });
  return {
    type,
    hash: createHash("sha256").update(bytes).digest("hex").slice(0, 16),
    codings: made.map(([coding]) => coding),
  };
}

/** @returns every file by its path, from `/` */
export function layFiles(): Keyed<ListedFile> {
  rmSync(filesFolder, { recursive: true, force: true });
  cpSync(built, filesFolder, { recursive: true });
  return recordOf(
    filesBelow(filesFolder).map((file): [string, ListedFile] => [
      `/${file}`,
      listed(join(filesFolder, file)),
    ]),
  );
}
