/** @module Breaking a text into lines where nothing measures it for us: SVG has no line breaks. */

/** Width in em of a character, by what it is: Chinese and emoji are square, Latin about half. */
const widths: readonly [RegExp, number][] = [
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u, 1],
  [/[\u3000-\u303f\uff00-\uffef]|\p{Extended_Pictographic}/u, 1],
  [/[A-ZMW@%]/, 0.7],
  [/[a-z0-9]/, 0.56],
  [/\s/, 0.3],
];

const widthOf = (character: string): number =>
  widths.find(([test]) => test.test(character))?.[1] ?? 0.5;

/** No line begins with one of these. */
const closing = /^[，。、；：！？）」』】》…,.;:!?)\]}]/u;

const segmenter = new Intl.Segmenter("zh-CN", { granularity: "word" });

/**
 * @param most width of a line, em
 * @param lines how many at most; a text that is longer ends in …
 */
export function breakLines(text: string, most: number, lines: number): string[] {
  const result: string[] = [];
  let line = "";
  let width = 0;
  const push = () => {
    result.push(line.trim());
    line = "";
    width = 0;
  };
  for (const { segment } of segmenter.segment(text)) {
    const wide = [...segment].reduce((sum, character) => sum + widthOf(character), 0);
    if (width > 0 && width + wide > most && !closing.test(segment)) push();
    // A word longer than a line is broken inside.
    for (const character of wide > most ? segment : [segment]) {
      const more = wide > most ? widthOf(character) : wide;
      if (width > 0 && width + more > most && !closing.test(character)) push();
      line += character;
      width += more;
    }
  }
  if (line.trim() !== "") push();
  if (result.length <= lines) return result;
  const kept = result.slice(0, lines);
  return [...kept.slice(0, -1), `${(kept.at(-1) ?? "").slice(0, -1)}…`];
}
