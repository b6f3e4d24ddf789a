/**
 * @module Tests of user agents for two tokens that stand apart. `/A.*B/` looks for B anew behind every A,
 * which is the square of the text's length; each of these looks for A once and for B once.
 */

/** A regular expression, or what is asked as one is. */
export interface AgentTest {
  test(userAgent: string): boolean;
  /** For docs/platforms.md. */
  readonly source: string;
}

/** `first`, and anywhere behind it `then`. */
export function inOrder(first: RegExp, then: RegExp): AgentTest {
  return {
    source: `${first.source}.*${then.source}`,
    test: (userAgent) => {
      const found = first.exec(userAgent);
      return found !== null && then.test(userAgent.slice(found.index + found[0].length));
    },
  };
}

/** Both, in any order. */
export function both(one: RegExp, other: RegExp): AgentTest {
  return {
    source: `(?=.*${one.source}).*${other.source}`,
    test: (userAgent) => one.test(userAgent) && other.test(userAgent),
  };
}

/** Any of them. */
export function anyOf(...tests: readonly AgentTest[]): AgentTest {
  return {
    source: tests.map(({ source }) => source).join("|"),
    test: (userAgent) => tests.some((each) => each.test(userAgent)),
  };
}

/** A `word` with no `other` behind it, which of all `word`s is the last one if any. */
export function notBefore(word: string, other: string): AgentTest {
  return {
    source: `${word}(?!.*${other})`,
    test: (userAgent) => userAgent.lastIndexOf(word) > userAgent.lastIndexOf(other),
  };
}

/** `word` in a text that has no `other`, wherever it stands. */
export function without(word: RegExp, other: RegExp): AgentTest {
  return {
    source: `${word.source} without ${other.source}`,
    test: (userAgent) => word.test(userAgent) && !other.test(userAgent),
  };
}

/** `word` anywhere but in the first `part`. */
export function outside(word: RegExp, part: RegExp): AgentTest {
  return {
    source: `${word.source} outside ${part.source}`,
    test: (userAgent) => word.test(userAgent) && word.test(userAgent.replace(part, "")),
  };
}

/** As {@link without}, where the `other` is found sooner than the `word`, and more often. */
export function unless(other: RegExp, word: RegExp): AgentTest {
  const { source } = without(word, other);
  return { source, test: (userAgent) => !other.test(userAgent) && word.test(userAgent) };
}
