/** @module Breaking a text into lines where nothing measures it for us: SVG has no line breaks. */

/** Width in em of a character in a bold system font, rather too wide: Chinese and emoji are square. */
const widths: readonly [RegExp, number][] = [
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u, 1],
  [/[\u3000-\u303f\uff00-\uffef]|\p{Extended_Pictographic}/u, 1],
  [/[MWmw@%]/, 0.95],
  [/[A-Z]/, 0.74],
  [/[a-z0-9]/, 0.6],
  [/\s/, 0.3],
  [/[!-/:-@[-`{-~]/, 0.5],
];
const otherWidth = 0.8;

const widthOf = (character: string): number =>
  widths.find(([test]) => test.test(character))?.[1] ?? otherWidth;

/** No line begins with one of these. */
const closing = /^[，。、；：！？）」』】》…,.;:!?)\]}]/u;

const words = new Intl.Segmenter("zh-CN", { granularity: "word" });
const graphemes = new Intl.Segmenter("zh-CN", { granularity: "grapheme" });

const charactersOf = (text: string): string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);
/** Of one line, em. */
export const widthOfAll = (text: string): number =>
  charactersOf(text).reduce((sum, character) => sum + widthOf(character), 0);

/**
 * @param most width of a line, em
 * @param lines how many at most; of a text that is longer the last ends in …
 */
export function breakLines(text: string, most: number, lines: number): string[] {
  const result: string[] = [];
  let line = "";
  let width = 0;
  const push = () => {
    result.push(line);
    line = "";
    width = 0;
  };
  const add = (piece: string, wide: number) => {
    if (width > 0 && width + wide > most && !closing.test(piece)) push();
    line += piece;
    width += wide;
  };
  for (const { segment } of words.segment(text)) {
    const wide = widthOfAll(segment);
    if (wide <= most) add(segment, wide);
    // A word longer than a line is broken inside.
    else for (const character of charactersOf(segment)) add(character, widthOf(character));
  }
  if (line.trim() !== "") push();
  if (result.length <= lines) return result.map((kept) => kept.trim());
  const kept = result.slice(0, lines - 1).map((whole) => whole.trim());
  return [
    ...kept,
    cut(
      result
        .slice(lines - 1)
        .join("")
        .trim(),
      most,
    ),
  ];
}

/** As much of a text as one line holds, with … after it. */
function cut(text: string, most: number): string {
  let width = 1;
  let kept = "";
  for (const character of charactersOf(text)) {
    width += widthOf(character);
    if (width > most) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** The font size, px, at which a line fits: the wanted one, or less. @param width px */
export function fontSizeFor(text: string, width: number, wanted: number): number {
  return Math.min(wanted, Math.floor(width / widthOfAll(text)));
}
