/** @module Writes hostile requests on a socket of their own, pipelined, and sees what is answered. */
import { connect, type Socket } from "node:net";
import type { Body, Hostile } from "./request.ts";

export interface Outcome {
  /** In order; fewer than there were requests when the connection ended before. */
  statuses: number[];
  /** Ended by this side, when time was up. */
  isCut: boolean;
}

export interface Place {
  host: string;
  port: number;
}

function headOf(
  { method = "GET", path, headers = [], body, isHalf }: Hostile,
  { host, port }: Place,
  isLast: boolean,
): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    ...(isLast ? ["Connection: close"] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body ? [lengthOf(body)] : []),
  ];
  return `${lines.join("\r\n")}\r\n${isHalf ? "X-More: " : "\r\n"}`;
}

const lengthOf = (body: Body): string =>
  body.framing === "length" ? `Content-Length: ${body.bytes.length}` : "Transfer-Encoding: chunked";

const pieceSize = 65_536;

/** The body in pieces, framed. */
function* piecesOf(body: Body): Generator<Buffer> {
  if (body.framing === "length") {
    yield body.bytes;
    return;
  }
  if (body.framing === "endless") {
    for (let sent = 0; sent < body.atMost; sent += body.chunk.length) yield framed(body.chunk);
    return;
  }
  for (let at = 0; at < body.bytes.length; at += pieceSize) {
    yield framed(body.bytes.subarray(at, at + pieceSize));
  }
  yield Buffer.from("0\r\n\r\n");
}

const framed = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

async function write(socket: Socket, requests: readonly Hostile[], place: Place): Promise<void> {
  const send = (bytes: Buffer) => {
    if (socket.destroyed) return Promise.resolve(false);
    if (socket.write(bytes)) return Promise.resolve(true);
    return new Promise<boolean>((resolve) => {
      const done = () => {
        socket.off("drain", done).off("close", done);
        resolve(!socket.destroyed);
      };
      socket.on("drain", done).on("close", done);
    });
  };
  for (const [index, request] of requests.entries()) {
    const head = headOf(request, place, index === requests.length - 1);
    if (!(await send(Buffer.from(head, "latin1")))) return;
    for (const piece of request.body ? piecesOf(request.body) : []) {
      if (!(await send(piece))) return;
    }
  }
}

const statusLine = /HTTP\/1\.1 (\d{3}) /g;
const statusLength = 13;

/** One connection: sends all, and reads until the server ends it, or all is answered before all is sent. */
export function converse(
  place: Place,
  requests: readonly Hostile[],
  within: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const outcome: Outcome = { statuses: [], isCut: false };
    const socket = connect(place.port, place.host).setNoDelay();
    let isSent = false;
    let rest = "";
    const timer = setTimeout(() => {
      outcome.isCut = true;
      socket.resetAndDestroy();
    }, within);
    socket.once("connect", () => {
      void write(socket, requests, place).then(() => {
        isSent = true;
      });
    });
    socket.on("data", (bytes) => {
      const text = rest + bytes.toString("latin1");
      let end = 0;
      for (const found of text.matchAll(statusLine)) {
        outcome.statuses.push(Number(found[1]));
        end = found.index + found[0].length;
      }
      rest = text.slice(Math.max(end, text.length - statusLength + 1));
      // The server has its answer out and would wait for a body that has no end.
      if (outcome.statuses.length >= requests.length && !isSent) socket.resetAndDestroy();
    });
    socket.once("error", () => undefined);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}
