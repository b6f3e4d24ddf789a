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
const { parentPort, workerData } = require("node:worker_threads");
const descriptors = new Map();
for (const [name, where] of workerData) {
  createServer()
    .once("error", ({ code, message }) => parentPort.postMessage({ failed: name, code, message }))
    .listen({ ...where, backlog: 4096 }, function () {
      descriptors.set(name, this._handle.fd);
      if (descriptors.size < workerData.size) return;
      parentPort.postMessage({ descriptors });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
}
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

/** @throws {NotListening} */
export function listen(sockets: ReadonlyMap<string, Listening>): Promise<Listeners> {
  if (sockets.size === 0) {
    return Promise.resolve({ descriptors: new Map(), close: () => Promise.resolve() });
  }
  return new Promise((done, fail) => {
    const thread = new Worker(code, { eval: true, workerData: sockets });
    thread.once("error", fail);
    thread.once("message", ({ descriptors, failed = "", code = "", message = "" }: Told) => {
      thread.unref();
      if (descriptors) done({ descriptors, close: () => thread.terminate() });
      else fail(new NotListening(failed, code, message));
    });
  });
}
