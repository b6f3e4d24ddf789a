/** @module Money as integer minor units (分), by string arithmetic: 0.1 + 0.2 is not a price. */

export type Unit = "yuan" | "fen";

/** A comma or a space parts thousands and nothing else: `199,00` is a price elsewhere, and no one's here. */
const shape = /^(-?)(\d+|\d{1,3}(?:[, ]\d{3})+)(?:\.(\d+))?$/;

/** Characters; no price is longer. */
const readAtMost = 64;

/**
 * An amount as order files write it: `¥1,234.5`, `199.00元`, `１９９`; never through a float.
 *
 * @param unit what the file counts in
 * @returns 分; `null` when it is no amount, has more digits than 分 (other than zeros), or is beyond exact integers
 */
export function parseMoney(text: string, unit: Unit = "yuan"): number | null {
  return scaled(plainOf(text), unit === "yuan" ? 2 : 0);
}

const plainOf = (text: string): string =>
  text
    .slice(0, readAtMost)
    .normalize("NFKC")
    .replace(/[¥￥$元"]|CNY|RMB/gi, " ")
    .trim()
    .replace(/^'/, "")
    .replace(/^-\s+/, "-");

/** A number times ten to the power of so many digits; `null` where that is no whole number. */
function scaled(plain: string, digits: number): number | null {
  const [, sign, whole = "", fraction = ""] = shape.exec(plain) ?? [];
  if (sign === undefined) return null;
  const kept = fraction.slice(0, digits).padEnd(digits, "0");
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = Number(`${whole.replace(/[, ]/g, "")}${kept}`);
  if (!Number.isSafeInteger(minor)) return null;
  return sign === "-" && minor !== 0 ? -minor : minor;
}

/** Words for thousands, ten thousands and hundred millions, as people write them, with their powers of ten. */
const multiples: readonly [words: RegExp, power: number][] = [
  [/\s?(?:千|k)$/i, 3],
  [/\s?(?:万|w)$/i, 4],
  [/\s?亿$/, 8],
];

/**
 * A number as people type it into a cell: as order files write it, and `5000块`, `1.5万`, `3k`, `20%`, `20个点`.
 *
 * @returns hundredths; `null` when it is none, or has more digits than that
 */
export function typedHundredths(text: string): number | null {
  const plain = plainOf(text)
    .replace(/(?:块钱?|%|个点|点)$/, "")
    .trimEnd();
  const [words, power] = multiples.find(([words]) => words.test(plain)) ?? [/$/, 0];
  return scaled(plain.replace(words, ""), 2 + power);
}

/** `123456` → `1234.56`, for people and spreadsheets. */
export function formatYuan(minor: number): string {
  const text = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
}
