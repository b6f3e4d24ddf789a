/** @module Work behind an answer, where it is not known that a platform lets any go on. */
import type { Background } from "../lib/background.ts";
import { within } from "../lib/deadline.ts";

/** ms that an answer is held at most. */
const heldFor = 8_000;

/** A request's context, as platforms give it; maybe none, and maybe without `waitUntil`. */
export type GivenContext = Partial<Background> | undefined;

/**
 * Answers with work behind it, by the platform's `waitUntil`; where there is none the answer is held until the work is
 * done, since what is not done by then may never be.
 */
export async function withBackground(
  given: GivenContext,
  answer: (background: Background) => Response | Promise<Response>,
): Promise<Response> {
  if (typeof given?.waitUntil === "function") {
    return answer({ waitUntil: (work) => given.waitUntil?.(work) });
  }
  const works: Promise<unknown>[] = [];
  const response = await answer({ waitUntil: (work) => void works.push(work) });
  const done = async () => {
    // What goes on may have more go on behind it.
    for (let seen = -1; seen < works.length; ) {
      seen = works.length;
      await Promise.allSettled(works);
    }
  };
  await within(done(), heldFor, "what goes on").catch(() => undefined);
  return response;
}
