/**
 * @module An answer that comes before its request's body was read to the end, such as that it is too large. Who sends it
 * may be sending still: were the connection closed now, as the runtime does, the system would reset it, and the answer be lost
 * on its way. So what is left is read and thrown away first, within bounds. Cloudflare does so before us; on a server of
 * one's own nobody does, and between an edge and its store it is the same.
 */
import { AtMost } from "../lib/at-most.ts";
import { within } from "../lib/deadline.ts";
import { headerOf } from "./request-headers.ts";

/** Bytes, ms. */
const thrownAwayAtMost = 64 * 1_048_576;
const readsWithin = 10_000;

/** To read what strangers send costs what they may not take: two of them a second are heard out, who said how much it is. */
const strangers = new AtMost(2, 1_000);
const ofStrangers = 32 * 1_048_576;
const tellStrangers: ReadonlySet<number> = new Set([401, 403, 404, 429]);

function isHeardOut({ headers, url }: Request, { status }: Response): boolean {
  if (!tellStrangers.has(status) && new URL(url).pathname.startsWith("/api/")) return true;
  const length = Number(headerOf(headers, "Content-Length") ?? Number.NaN);
  return length <= ofStrangers && strangers.take(Date.now()) !== null;
}

/** A body on its way to who answers, and thrown away once nobody takes it. */
class Passed {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ended: Promise<void>;
  #isTaken = true;

  constructor(body: ReadableStream<Uint8Array>) {
    const { readable, writable } = new IdentityTransformStream();
    this.readable = readable;
    this.#writer = writable.getWriter();
    this.#reader = body.getReader();
    this.#ended = this.#pump();
  }

  /** Never rejects. */
  async #pump(): Promise<void> {
    try {
      for (let left = thrownAwayAtMost; left > 0; ) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        if (this.#isTaken) await this.#writer.write(value).catch(() => this.#nobodyTakes());
        else left -= value.length;
      }
      if (this.#isTaken) await this.#writer.close();
    } catch (error) {
      // Who sends it is gone, which whoever reads it must hear.
      await this.#writer.abort(error).catch(() => undefined);
    }
  }

  #nobodyTakes(): void {
    this.#isTaken = false;
  }

  /** It is answered. What was read to its end is closed by now, and stays so. @param isRead the rest is */
  async end(isRead: boolean): Promise<void> {
    this.#nobodyTakes();
    this.#writer.abort().catch(() => undefined);
    if (isRead) await within(this.#ended, readsWithin, "the body's end").catch(() => undefined);
    this.#reader.cancel().catch(() => undefined);
  }
}

/** @param answer is given the request with a body that may be read or not */
export async function lingering(
  request: Request,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  if (request.body === null) return answer(request);
  const body = new Passed(request.body);
  const made = await answer(new Request(request, { body: body.readable }));
  await body.end(isHeardOut(request, made));
  return made;
}
