/**
 * @module What unpacking one upload may take, counted while it is unpacked: a file of a kilobyte can say that
 * it holds a terabyte, or hold it.
 */
import { FileProblem } from "./file-problem.ts";

const mebibyte = 1_048_576;

/** Bytes of an upload that is held in memory, as a zip's directory stands at its end. */
export const packedAtMost = 16 * mebibyte;
/** Bytes, of all entries together. */
export const unpackedAtMost = 64 * mebibyte;
/** Entries that are opened. */
export const entriesAtMost = 16;
/** Bytes out of one byte in; a table's XML reaches a hundred. */
const ratioAtMost = 300;
/** Bytes below which a ratio says nothing. */
const ratioFrom = 8 * mebibyte;
/** Bytes after which others have their turn. */
const turnOf = 262_144;

export class Budget {
  #left = unpackedAtMost;
  #entriesLeft = entriesAtMost;
  #sinceTurn = 0;
  readonly #pause: () => Promise<void>;

  /** @param pause lets others have their turn */
  constructor(pause: () => Promise<void> = async () => undefined) {
    this.#pause = pause;
  }

  open(): void {
    this.#entriesLeft -= 1;
    if (this.#entriesLeft < 0) {
      throw new FileProblem(
        "too_large",
        `The file has more than ${entriesAtMost} parts to be read. Send its table alone, as CSV UTF-8.`,
        `文件里要读取的部分超过 ${entriesAtMost} 个。请只上传其中的表格（CSV UTF-8）。`,
      );
    }
  }

  /** @param made bytes just unpacked; `out` of `taken` in this entry so far */
  async spend(made: number, out: number, taken: number): Promise<void> {
    this.#left -= made;
    const isBomb = out > ratioFrom && out > taken * ratioAtMost;
    if (this.#left < 0 || isBomb) {
      const size = unpackedAtMost / mebibyte;
      throw new FileProblem(
        "too_large",
        `Unpacked, the file has more than ${size} MiB. Export fewer days at once, or as CSV.`,
        `文件解压后超过 ${size} MiB。请缩短导出的时间范围，或导出 CSV。`,
      );
    }
    this.#sinceTurn += made;
    if (this.#sinceTurn < turnOf) return;
    this.#sinceTurn = 0;
    await this.#pause();
  }
}
