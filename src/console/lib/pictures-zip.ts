/**
 * @module One file with every link's poster and QR code and a table of them: made a picture at a time, so that five hundred take
 * no more memory than one. What is done is handed to the browser in parts, which it keeps on disk.
 */
import { strToU8, Zip, ZipPassThrough } from "fflate";
import { qrPng } from "../../landing/qr-png.ts";
import { csvOf } from "../../lib/csv.ts";
import type { Link } from "./client.ts";
import { promoterName } from "./names.ts";
import { fileName, posterPng } from "./poster-png.ts";
import { language } from "./prefs.ts";

/** What a spreadsheet would run as a formula is text in it. */
function asCsv([heads = [], ...rows]: readonly string[][]): string {
  const columns = heads.map((head, index) => ({
    name: head,
    title: { "zh-CN": head, en: head },
    kind: "text" as const,
    of: (row: readonly string[]) => row[index],
  }));
  return csvOf(rows, columns, language.value);
}

/** Bytes of a part. */
const partSize = 4 * 1_048_576;
const qrSize = 1_024;

const nameFor = ({ slug, creator }: Link): string =>
  fileName([promoterName(creator) ?? "", slug].join(" "), 80);

/** What has been written so far. */
class Parts {
  readonly #parts: Blob[] = [];
  #open: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  add(bytes: Uint8Array): void {
    this.#open.push(bytes.slice());
    this.#size += bytes.length;
    if (this.#size >= partSize) this.#close();
  }

  #close(): void {
    this.#parts.push(new Blob(this.#open));
    this.#open = [];
    this.#size = 0;
  }

  whole(): Blob {
    this.#close();
    return new Blob(this.#parts, { type: "application/zip" });
  }
}

export interface ZipOptions {
  /** Of `links.csv`, its heads first. */
  table: readonly string[][];
  /** Called before each link. */
  onProgress: (done: number) => void;
  signal: AbortSignal;
}

/**
 * @throws {ApiProblem} where a poster can't be had
 * @throws the signal's reason, once it is given up
 */
export async function picturesZip(links: readonly Link[], options: ZipOptions): Promise<Blob> {
  const { table, onProgress, signal } = options;
  const parts = new Parts();
  let failure: Error | null = null;
  const zip = new Zip((error, bytes) => {
    if (error) failure = error;
    else parts.add(bytes);
  });
  const put = (name: string, bytes: Uint8Array) => {
    // Pictures are as small as they get.
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
    if (failure) throw failure;
  };
  put("links.csv", strToU8(asCsv(table)));
  for (const [index, link] of links.entries()) {
    signal.throwIfAborted();
    onProgress(index);
    const name = nameFor(link);
    put(`posters/${name}.png`, new Uint8Array(await (await posterPng(link.slug)).arrayBuffer()));
    put(`qr/${name}.png`, await qrPng(link.shortUrl, { size: qrSize }));
  }
  zip.end();
  return parts.whole();
}
