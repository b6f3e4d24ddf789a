/** @module What a share text (口令) names: the title in quotation marks behind an app's mark. */

/** A regular expression with the groups `title` and `host`, or what is asked as one is. */
export interface ShareText {
  exec(text: string): { groups?: { title?: string; host?: string } | undefined } | null;
}

/**
 * `【京东】…「title」`: the first 「 behind the mark that is not closed at once, up to the next 」. As an
 * expression it would try every mark with every quotation mark: the cube of the text's length.
 */
export function titleBehind(mark: string): ShareText {
  return {
    exec: (text) => {
      const start = text.indexOf(mark);
      if (start === -1) return null;
      let open = text.indexOf("「", start + mark.length);
      while (open !== -1 && text.charAt(open + 1) === "」") open = text.indexOf("「", open + 1);
      const close = open === -1 ? -1 : text.indexOf("」", open + 1);
      return close === -1 ? null : { groups: { title: text.slice(open + 1, close) } };
    },
  };
}
