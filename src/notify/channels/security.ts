/** @module By which of the three ways a robot is secured it refused a message, from its words in either language. */

const ways: readonly { words: RegExp; advice: string }[] = [
  {
    words: /关键[词字]|key\s?words?/i,
    advice: "The robot is secured by keywords: set `keyword` to one of them.",
  },
  {
    words: /签名|加签|时间戳|密钥|\bsign(?:ature)?\b|time\s?stamp|\bsecret\b/i,
    advice:
      "The robot is secured by a signature: set `secret` to the one that the robot's settings show (DingTalk's begins with SEC), and look at this machine's clock.",
  },
  {
    words: /白名单|\bips?\b|\bip(?=[^\w\s]|\p{Script=Han})|white\s?-?list|allow\s?-?list/iu,
    advice:
      "The robot is secured by addresses: add this service's address in the robot's settings, or use keywords or a signature.",
  },
];

/**
 * @param message of the platform. DingTalk's says what happened, `description:…`, before it says what may help.
 * @returns `null` when the words name none of them
 */
export function securityAdvice(message: string): string | null {
  const what = /description[:：]([^;；]*)/i.exec(message)?.[1] ?? "";
  for (const text of [what, message]) {
    const way = ways.find(({ words }) => words.test(text));
    if (way) return way.advice;
  }
  return null;
}
