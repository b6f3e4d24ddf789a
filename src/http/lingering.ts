/**
 * @module An answer that comes before its request's body was read to the end, such as that it is too large. Who sends it
 * may be sending still: were the connection closed now, as the runtime does, the system would reset it, and the answer be lost
 * on its way. So what is left is read and thrown away first, within bounds. Cloudflare does so before us; on a server of
 * one's own nobody does, and between an edge and its store it is the same.
 */
import { AtMost } from "../lib/at-most.ts";
import { toldLength } from "./body-limits.ts";

/** Bytes of a body that said how many it has, and of one that did not: that may have no end. */
const thrownAway = { told: 64 * 1_048_576, untold: 2 * 1_048_576 };
/** ms in all, and without a byte: who waits for the answer sends nothing. */
const readsFor = { all: 10_000, quiet: 250 };

/** To read what strangers send costs what they may not take: two of them a second are heard out, who said how much it is. */
const strangers = new AtMost(2, 1_000);
const tellStrangers: ReadonlySet<number> = new Set([401, 403, 404, 429]);

function isHeardOut(request: Request, { status }: Response): boolean {
  const length = toldLength(request);
  if (length !== null && !(length <= thrownAway.told)) return false;
  if (!tellStrangers.has(status) && new URL(request.url).pathname.startsWith("/api/")) return true;
  return length !== null && strangers.take(Date.now()) !== null;
}

/** A body on its way to who answers, and thrown away once nobody takes it. */
class Passed {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ended: Promise<true>;
  #isTaken = true;
  #pieces = 0;

  /** @param atMost bytes that are thrown away */
  constructor(body: ReadableStream<Uint8Array>, atMost: number) {
    const { readable, writable } = new IdentityTransformStream();
    this.readable = readable;
    this.#writer = writable.getWriter();
    this.#reader = body.getReader();
    this.#ended = this.#pump(atMost);
  }

  /** Never rejects. */
  async #pump(atMost: number): Promise<true> {
    try {
      for (let left = atMost; left > 0; ) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#pieces += 1;
        if (this.#isTaken) await this.#writer.write(value).catch(() => this.#nobodyTakes());
        else left -= value.length;
      }
      if (this.#isTaken) await this.#writer.close();
    } catch (error) {
      // Who sends it is gone, which whoever reads it must hear.
      await this.#writer.abort(error).catch(() => undefined);
    }
    return true;
  }

  #nobodyTakes(): void {
    this.#isTaken = false;
  }

  /** It is answered. What was read to its end is closed by now, and stays so. @param isRead the rest is */
  async end(isRead: boolean): Promise<void> {
    this.#nobodyTakes();
    this.#writer.abort().catch(() => undefined);
    if (isRead) await this.#read();
    this.#reader.cancel().catch(() => undefined);
  }

  /** Until it has ended, or nothing comes any more. */
  async #read(): Promise<void> {
    const until = Date.now() + readsFor.all;
    for (let before = -1; before !== this.#pieces && Date.now() < until; ) {
      before = this.#pieces;
      if (await Promise.race([this.#ended, scheduler.wait(readsFor.quiet)])) return;
    }
  }
}

/** @param answer is given the request with a body that may be read or not */
export async function lingering(
  request: Request,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  if (request.body === null) return answer(request);
  const { told, untold } = thrownAway;
  const body = new Passed(request.body, toldLength(request) === null ? untold : told);
  const made = await answer(new Request(request, { body: body.readable }));
  await body.end(isHeardOut(request, made));
  return made;
}
