/** @module A bound on waiting for somebody else: what does not answer in time has failed, whatever it still does. */

export class TimedOut extends Error {}

/**
 * @param ms how long to wait
 * @param what it is, for the error's words
 * @throws {TimedOut} when the work is not done by then; what it comes to later is nobody's concern
 */
export async function within<T>(work: PromiseLike<T>, ms: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`${what} did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
