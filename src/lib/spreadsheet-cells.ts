/** @module Cells of order files: ids as text, and the many ways of writing that there is nothing. */

const nothing = new Set(
  [
    "",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "/",
    "\\N",
    "暂无",
    "无",
    "空",
    "null",
    "NULL",
    "N/A",
  ].concat(["#N/A", "None", "NaN", "nan", "NaT", "undefined"]),
);

/** Characters of a cell that are looked at; no id, amount, time or name is longer. */
const readAtMost = 1_024;

/** What is put around what was put around a value; a cell of nothing but quotes has five hundred. */
const layersAtMost = 8;

/** Nothing to take off: letters, digits and marks that exports put nowhere around a value. */
const clean = /^[A-Za-z0-9¥\u4e00-\u9fff-](?:[ -!#-~\u4e00-\u9fff]*[!#-~\u4e00-\u9fff])?$/;

/**
 * A cell without what exports put around it: tabs and spaces, a leading `'`, `="…"`, quotes.
 *
 * @returns `""` for every way of writing nothing
 */
export function plainCell(cell: string | undefined): string {
  if (cell === undefined || cell === "") return "";
  const cut = cell.slice(0, readAtMost);
  if (clean.test(cut)) return nothing.has(cut) ? "" : cut;
  let text = cut.replace(/[\p{Cc}\u00a0\u200b\ufeff]+/gu, " ").trim();
  for (let layer = 0; layer < layersAtMost; layer += 1) {
    const inner = /^="?([^"]*)"?$/.exec(text)?.[1] ?? /^"(.*)"$/.exec(text)?.[1] ?? text;
    const next = inner.replace(/^['‘`]+/, "").trim();
    if (next === text) break;
    text = next;
  }
  return nothing.has(text) ? "" : text;
}

export type Id =
  | { ok: true; id: string }
  | { ok: false; code: "id_missing" | "id_lost_digits" | "id_invalid" };

/** An order's id. `1.23E+18` has lost its digits and is refused, not guessed; so has `6953547102608750000`. */
export function parseId(cell: string | undefined): Id {
  const text = plainCell(cell).normalize("NFKC").replace(/^ID_/i, "").trim();
  if (text === "") return { ok: false, code: "id_missing" };
  if (/^\d+(?:\.\d+)?E\+?\d+$/i.test(text)) return { ok: false, code: "id_lost_digits" };
  // A number that a spreadsheet wrote back as a decimal, or with its thousands separated.
  const whole = /^\d+\.0+$/.test(text) ? text.slice(0, text.indexOf(".")) : text;
  const id = /^\d{1,3}(?:,\d{3})+$/.test(whole) ? whole.replaceAll(",", "") : whole;
  if (!/^[\x21-\x7e]{1,64}$/.test(id)) return { ok: false, code: "id_invalid" };
  return looksRounded(id) && id.length >= surelyFrom
    ? { ok: false, code: "id_lost_digits" }
    : { ok: true, id };
}

/** A count of pieces: `2`, `2.00`, `1,000`, `2件`, `x2`; `undefined` for what is none. */
export function parsePieces(cell: string | undefined): number | undefined {
  const text = plainCell(cell).normalize("NFKC");
  const [, digits] =
    /^[x×]? ?(\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.0{1,9})? ?[件个份]?$/i.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
}

/** Digits that a spreadsheet keeps of a number; those behind become zeros. */
const keptDigits = 15;
/** Digits from which chance makes no such id: three zeros at the end of one in a thousand. */
const surelyFrom = 18;

/** Whether a spreadsheet may have rounded it: every digit after the 15th is a zero. */
export const looksRounded = (id: string): boolean =>
  id.length > keptDigits && /^\d+$/.test(id) && /^0+$/.test(id.slice(keptDigits));

/** A header as it is compared: full width and brackets made one, no spaces, quotes or marks. */
export function plainHeader(cell: string): string {
  return cell
    .slice(0, readAtMost)
    .normalize("NFKC")
    .replace(/[\s"'‘’“”`*\ufeff\u200b]/g, "")
    .toLowerCase();
}
