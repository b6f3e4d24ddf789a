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
  const plain = text
    .slice(0, readAtMost)
    .normalize("NFKC")
    .replace(/[¥￥$元"]|CNY|RMB/gi, " ")
    .trim()
    .replace(/^'/, "")
    .replace(/^-\s+/, "-");
  const [, sign, whole = "", fraction = ""] = shape.exec(plain) ?? [];
  if (sign === undefined) return null;
  const digits = unit === "yuan" ? 2 : 0;
  const kept = fraction.slice(0, digits).padEnd(digits, "0");
  if (/[1-9]/.test(fraction.slice(digits))) return null;
  const minor = Number(`${whole.replace(/[, ]/g, "")}${kept}`);
  if (!Number.isSafeInteger(minor)) return null;
  return sign === "-" && minor !== 0 ? -minor : minor;
}

/** `123456` → `1234.56`, for people and spreadsheets. */
export function formatYuan(minor: number): string {
  const text = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${text.slice(0, -2)}.${text.slice(-2)}`;
}
