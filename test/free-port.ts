/**
 * @module Ports for what a test starts. The system hands out its own (32768 and above on Linux, 49152 elsewhere) to
 * every connection that goes out, so one of those that is free now may be taken before a process has started; these lie
 * below.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Above what services are known by, below what any system hands out by itself. */
const range = [10_240, 32_768] as const;

/** @returns a port of this machine that nobody listens on, nor is given while a process starts */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...range);
    if (await isFree(port)) return port;
  }
}

const isFree = (port: number) =>
  new Promise<boolean>((tell) => {
    const probe = createServer()
      .once("error", () => tell(false))
      .listen(port, () => probe.close(() => tell(true)));
  });
