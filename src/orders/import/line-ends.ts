/**
 * @module Line ends of order files made one: a header that ends in CR LF above rows that end in LF, or in CR
 * alone. Whether a CR alone ends a line or is a stray one in a title, the count of cells decides.
 */

/** Rows looked at to tell how many cells one has. */
const rowsLookedAt = 20;

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) {
    found += 1;
  }
  return found;
}

/**
 * Whether a CR alone ends a line in this text: the delimiters that are there fit as many rows as there would
 * be better than as many as there would be without.
 *
 * @param head the file's beginning
 */
export function endsInReturns(head: string, delimiter: string): boolean {
  const text = head.replaceAll("\r\n", "\n");
  if (!text.includes("\r")) return false;
  const filled = (rows: readonly string[]) => rows.filter((row) => row.trim() !== "");
  const few = filled(text.split("\n"));
  const many = filled(text.split(/[\r\n]/));
  const inRow = Math.max(...many.slice(0, rowsLookedAt).map((row) => count(row, delimiter)));
  const all = count(text, delimiter);
  return Math.abs(all - inRow * many.length) < Math.abs(all - inRow * few.length);
}

/** Makes every line end LF, piece by piece, and counts the lines. */
export class LineEnds {
  readonly #areReturnsEnds: boolean;
  #held = "";
  #ends = 0;
  #isOpen = false;

  constructor(areReturnsEnds: boolean) {
    this.#areReturnsEnds = areReturnsEnds;
  }

  /** Lines so far, the last one too when it has no end. */
  get lines(): number {
    return this.#ends + (this.#isOpen ? 1 : 0);
  }

  push(piece: string): string {
    const text = this.#held + piece;
    // What follows a CR is not there yet.
    const isCut = text.endsWith("\r");
    this.#held = isCut ? "\r" : "";
    return this.#made(isCut ? text.slice(0, -1) : text);
  }

  end(): string {
    const rest = this.#held;
    this.#held = "";
    return this.#made(rest);
  }

  #made(text: string): string {
    if (text === "") return "";
    const made = text.includes("\r")
      ? text.replaceAll("\r\n", "\n").replaceAll("\r", this.#areReturnsEnds ? "\n" : " ")
      : text;
    this.#ends += count(made, "\n");
    this.#isOpen = !made.endsWith("\n");
    return made;
  }
}
