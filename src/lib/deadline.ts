/**
 * @module Bounds on waiting for somebody else. What does not answer in time has failed, whatever it still does. A
 * timer of the world's ends with what it is for: one that goes on, as that of `AbortSignal.timeout` does, keeps a Durable
 * Object in memory.
 */

export class TimedOut extends Error {}

/** Where time passes as it is told, as in the model of counting. */
interface Clock {
  wait(ms: number): Promise<void>;
}

/**
 * @param ms how long to wait
 * @param what it is, for the error's words
 * @param clock by which it waits; by default the world's
 * @throws {TimedOut} when the work is not done by then; what it comes to later is nobody's concern
 */
export async function within<T>(
  work: PromiseLike<T>,
  ms: number,
  what: string,
  clock?: Clock,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over =
    clock?.wait(ms) ??
    new Promise<void>((done) => {
      timer = setTimeout(done, ms);
    });
  const late = over.then(() => {
    throw new TimedOut(`${what} did not answer within ${ms} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A signal for work that takes one: it is aborted after so many ms, unless the work is done by then. */
export async function signalled<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * For work that does not heed its signal by itself.
 *
 * @throws the signal's reason once it is aborted
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.finally(() => signal.removeEventListener("abort", abort)).then(resolve, reject);
  });
}

/** A span of time in which work is begun. By a timer, which a clock that is set back does not move. */
export class TimeLimit {
  readonly #timer: ReturnType<typeof setTimeout>;
  #isOver = false;

  constructor(ms: number) {
    this.#timer = setTimeout(() => {
      this.#isOver = true;
    }, ms);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** All is done. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
