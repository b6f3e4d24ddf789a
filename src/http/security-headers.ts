/**
 * @module The headers that every answer of the service has, whatever made it: one table, and the one place
 * that sets them. What an answer says itself stays.
 */

/** A year. Only behind https: browsers ignore it elsewhere. */
export const ofHttps = { "Strict-Transport-Security": "max-age=31536000" };

const nosniff = "X-Content-Type-Options";

/**
 * All that a redirect needs but {@link ofHttps}. One that is made with them is not looked at again.
 */
export const ofRedirects = {
  [nosniff]: "nosniff",
  "Referrer-Policy": "no-referrer",
  // What an answer does not allow to be kept is kept by no cache, shared or not.
  "Cache-Control": "no-store",
};

/** Set unless the answer has them. */
const unlessSaid = Object.entries(ofRedirects);

const frames = "X-Frame-Options";

/** A page that is made with them and with a policy of its own is not looked at again either. */
export const ofPages = { ...ofRedirects, [frames]: "DENY" };

/** Of those that a browser shows: nothing of ours is framed. A redirect is not shown. */
const shown: readonly (readonly [string, string])[] = [
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  [frames, "DENY"],
];

/** Answers that have all they need. */
const kept = new WeakSet<Response>();

/**
 * An answer without a body that is made once and sent to many: making one, with its headers, costs more than all
 * else that a redirect needs here. The runtime reads status and headers of it and nothing more (workerd's
 * `Response::send`), so it may be sent while it is being sent.
 *
 * @param isHttps the answer reaches its readers over https
 */
export function keptAnswer(init: ResponseInit, isHttps: boolean): Response {
  const answer = put(new Response(null, init), isHttps);
  kept.add(answer);
  return answer;
}

/** Says of an answer that another process of ours made it, with all of them. */
export function securedAlready(answer: Response): Response {
  kept.add(answer);
  return answer;
}

/** The answer that was made last with all it needs: who sends it asks right after, and looks at its headers otherwise. */
let lastWhole: Response | undefined;

/** Says of an answer that it was made with all of them. */
export function whole(answer: Response): Response {
  lastWhole = answer;
  return answer;
}

/**
 * Sets them on an answer in place; only one whose headers can't be changed, as a fetched one's, is copied, and one
 * that is kept has them.
 *
 * @param isHttps the answer reaches its reader over https
 */
export function secured(answer: Response, isHttps: () => boolean): Response {
  if (answer === lastWhole || kept.has(answer)) return answer;
  try {
    return put(answer, isHttps());
  } catch {
    return put(new Response(answer.body, answer), isHttps());
  }
}

function put(answer: Response, isHttps: boolean): Response {
  const { headers, status } = answer;
  if (isHttps) for (const [name, value] of Object.entries(ofHttps)) headers.set(name, value);
  const isShown = status < 300 || status >= 400;
  if (headers.has(isShown ? frames : nosniff)) return answer;
  for (const [name, value] of unlessSaid) if (!headers.has(name)) headers.set(name, value);
  if (!isShown) return answer;
  for (const [name, value] of shown) if (!headers.has(name)) headers.set(name, value);
  return answer;
}
