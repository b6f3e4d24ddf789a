/**
 * @module Listening sockets that are handed to workerd, so that one that ends or begins leaves who comes waiting in the
 * system's queue and refuses nobody. Node would take the connections itself as soon as its loop turns: the sockets are
 * made on a thread of its own, whose loop never turns again.
 */
import { Worker } from "node:worker_threads";

/** Where a process can't be given a socket, workerd listens itself. */
export const canHandOver = process.platform !== "win32";

/** As `server.listen` takes it. */
export type Listening = { port: number; host: string } | { path: string };

export interface Listeners {
  /** The descriptors, by the names that were given. */
  descriptors: ReadonlyMap<string, number>;
  /** From now on whoever comes is refused, once those that were given them have ended. */
  close: () => Promise<unknown>;
}

const code = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const descriptors = new Map();
parentPort.once("message", (sockets) => {
  for (const [name, where] of sockets) {
    createServer()
      .once("error", ({ code, message }) => parentPort.postMessage({ failed: name, code, message }))
      .listen({ ...where, backlog: 4096 }, function () {
        descriptors.set(name, this._handle.fd);
        if (descriptors.size < sockets.size) return;
        parentPort.postMessage({ descriptors });
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });
  }
});
`;

/** Which socket could not listen, and why as the system says it, such as EADDRINUSE. */
export class NotListening extends Error {
  readonly socket: string;
  readonly code: string;

  constructor(socket: string, code: string, message: string) {
    super(message);
    this.socket = socket;
    this.code = code;
  }
}

interface Told {
  descriptors?: Map<string, number>;
  failed?: string;
  code?: string;
  message?: string;
}

/** Takes a tenth of a second to begin, so whoever will listen makes it as soon as that is known. */
export class Listener {
  readonly #thread = new Worker(code, { eval: true });
  readonly #failed: Promise<never>;

  constructor() {
    this.#thread.unref();
    this.#failed = new Promise((_, fail) => this.#thread.once("error", fail));
    this.#failed.catch(() => undefined);
  }

  /** To be called once. @throws {NotListening} */
  listen(sockets: ReadonlyMap<string, Listening>): Promise<Listeners> {
    const thread = this.#thread;
    const close = () => thread.terminate();
    const listening = new Promise<Listeners>((done, fail) => {
      thread.ref();
      thread.once("message", ({ descriptors, failed = "", code = "", message = "" }: Told) => {
        thread.unref();
        if (descriptors) done({ descriptors, close });
        else fail(new NotListening(failed, code, message));
      });
      thread.postMessage(sockets);
    });
    return Promise.race([listening, this.#failed]);
  }
}

/** Where nothing is listened for. */
export const noListeners: Listeners = { descriptors: new Map(), close: () => Promise.resolve() };

/** @throws {NotListening} */
export const listen = async (sockets: ReadonlyMap<string, Listening>): Promise<Listeners> =>
  sockets.size === 0 ? noListeners : new Listener().listen(sockets);
